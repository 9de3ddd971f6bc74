-- Rows of an earlier look, from those that the last look read: fewer months, and the products as they were then.
SELECT
  r.pair_id,
  r.line,
  p.product_id,
  r.month,
  r.hundredths
FROM kept_rows AS r
INNER JOIN months AS m
  ON r.month = m.month
INNER JOIN (
  SELECT DISTINCT
    k.product_id AS kept_id,
    c.product_id
  FROM kept_codes AS k
  INNER JOIN product_codes AS c
    ON k.hs_revision = c.hs_revision AND k.hs_code = c.hs_code AND k.year = c.year
) AS p
  ON r.product_id = p.kept_id
