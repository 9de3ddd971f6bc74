-- Each origin's months in the series that are looked at closely. Of a product with one code they are rows already.
SELECT l.pair_id, l.product_id, l.month, l.value
FROM leg_rows AS l
INNER JOIN close_pairs AS c
  ON l.pair_id = c.pair_id AND l.product_id = c.product_id
WHERE NOT c.is_repeated AND l.value IS NOT NULL
UNION ALL
SELECT l.pair_id, l.product_id, l.month, CAST(sum(CAST(l.value AS DECIMAL(38, 4))) AS DOUBLE) AS value
FROM leg_rows AS l
INNER JOIN close_pairs AS c
  ON l.pair_id = c.pair_id AND l.product_id = c.product_id
WHERE c.is_repeated AND l.value IS NOT NULL
GROUP BY l.pair_id, l.product_id, l.month
