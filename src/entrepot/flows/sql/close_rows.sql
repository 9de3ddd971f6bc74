-- Rows of the series that are looked at closely. is_repeated: several codes of the product are in use in one year, so
-- that a pair's month may have several rows.
SELECT
  l.pair_id,
  l.product_id,
  l.month,
  l.hundredths,
  c.is_repeated
FROM leg_rows AS l
INNER JOIN close_pairs AS c
  ON l.pair_id = c.pair_id AND l.product_id = c.product_id
WHERE l.hundredths IS NOT NULL
