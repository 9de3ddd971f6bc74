-- The codes of the products that a step of the pieces looks at.
SELECT s.hs_code, s.product_id, s.any_revision, s.hs_revision, s.first_year, s.last_year
FROM product_spans AS s
INNER JOIN piece_products AS p
  ON s.product_id = p.product_id
