-- One row a leg, intermediary, product and month: the bloc's trade, and how many of its reports hold no value.
SELECT
  leg,
  via_iso3,
  product_id,
  month,
  sum(value) AS value,
  sum(CASE WHEN value IS NULL THEN 1 ELSE 0 END) AS n_unknown
FROM leg_rows
GROUP BY leg, via_iso3, product_id, month
