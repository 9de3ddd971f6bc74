-- Each origin's months in those series. Of a product with one code they are rows already.
SELECT l.pair_id, l.product_id, l.month, l.hundredths
FROM leg_rows AS l
INNER JOIN close_lines AS c
  ON l.line = c.line AND l.product_id = c.product_id
WHERE NOT c.is_repeated AND l.hundredths IS NOT NULL
UNION ALL
SELECT l.pair_id, l.product_id, l.month, sum(l.hundredths) AS hundredths
FROM leg_rows AS l
INNER JOIN close_lines AS c
  ON l.line = c.line AND l.product_id = c.product_id
WHERE c.is_repeated AND l.hundredths IS NOT NULL
GROUP BY l.pair_id, l.product_id, l.month
