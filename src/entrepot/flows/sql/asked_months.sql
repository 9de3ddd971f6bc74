-- What those pairs trade of the goods that are asked about, by intermediary and month.
SELECT
  p.via_iso3,
  l.month,
  sum(l.hundredths) / 100 AS value
FROM leg_rows AS l
INNER JOIN total_pairs AS p
  ON l.pair_id = p.pair_id
INNER JOIN asked_products AS a
  ON l.product_id = a.product_id
GROUP BY p.via_iso3, l.month
