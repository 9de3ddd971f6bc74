-- One row a code: its product where that is the same under every revision and in every year, else NULL.
-- Large tables are joined to this one on the bare code, which is all that most codes need.
SELECT
  hs_code,
  max(CASE WHEN any_revision THEN product_id END) AS product_id
FROM product_spans
GROUP BY hs_code
