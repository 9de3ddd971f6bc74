-- The product of each other code by revision and year; mostly there are none.
SELECT
  hs_code,
  hs_revision,
  first_year AS year,
  product_id
FROM product_spans
WHERE NOT any_revision
