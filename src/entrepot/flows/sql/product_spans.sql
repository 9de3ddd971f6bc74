-- The product of each code, with as few rows as say it: a code that means one product under every revision and in
-- every year has one row, hs_revision NULL; any other has a row for each revision and year.
SELECT
  hs_code,
  product_id,
  any_revision,
  hs_revision,
  min(year) AS first_year,
  max(year) AS last_year
FROM (
  SELECT
    c.hs_code,
    c.product_id,
    c.year,
    k.n_products = 1 AS any_revision,
    CASE WHEN k.n_products = 1 THEN NULL ELSE c.hs_revision END AS hs_revision,
    CASE WHEN k.n_products = 1 THEN 0 ELSE c.year END AS span
  FROM product_codes AS c
  INNER JOIN (
    SELECT hs_code, count(DISTINCT product_id) AS n_products FROM product_codes GROUP BY hs_code
  ) AS k ON c.hs_code = k.hs_code
) AS s
GROUP BY hs_code, product_id, any_revision, hs_revision, span
