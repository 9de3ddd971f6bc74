-- Each origin's part of those series as sums over the months before and from the event on. Logarithms are counted
-- from the trifle up, so that months without trade add nothing; rounded, they add up alike in whatever order they come.
SELECT
  pair_id,
  product_id,
  sum(CASE WHEN month < $event THEN hundredths ELSE 0 END) / 100 AS money_before,
  sum(CASE WHEN month >= $event THEN hundredths ELSE 0 END) / 100 AS money_after,
  sum(CASE WHEN month < $event THEN round(log_value * 1e9) ELSE 0 END) / 1e9 AS log_before,
  sum(CASE WHEN month >= $event THEN round(log_value * 1e9) ELSE 0 END) / 1e9 AS log_after,
  sum(CASE WHEN month < $event THEN round(log_value * log_value * 1e9) ELSE 0 END) / 1e9 AS square_before,
  sum(CASE WHEN month >= $event THEN round(log_value * log_value * 1e9) ELSE 0 END) / 1e9 AS square_after,
  sum(CASE WHEN month < $event AND hundredths > 0 THEN 1 ELSE 0 END) AS active_before,
  sum(CASE WHEN month >= $event AND hundredths > 0 THEN 1 ELSE 0 END) AS active_after
FROM (
  SELECT pair_id, product_id, month, hundredths, ln(greatest(hundredths / 100 / $trifle, 1)) AS log_value
  FROM origin_months
) AS m
GROUP BY pair_id, product_id
