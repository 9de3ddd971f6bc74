-- One row a line (a leg and an intermediary), product and month: the bloc's trade, and how many of its reports hold no
-- value.
SELECT
  line,
  product_id,
  month,
  sum(hundredths) / 100 AS value,
  sum(CASE WHEN hundredths IS NULL THEN 1 ELSE 0 END) AS n_unknown
FROM leg_rows
GROUP BY line, product_id, month
