-- Codes of the products that are looked at, and of headings that stand for withheld codes.
SELECT
  c.hs_revision,
  c.hs_code,
  c.year,
  c.product_id
FROM product_codes AS c
INNER JOIN mirror_picked AS p
  ON c.product_id = p.product_id
UNION ALL
SELECT
  hs_revision,
  hs_code,
  year,
  product_id
FROM mirror_withheld
