-- Series that are looked at closely. is_repeated: several codes of the product are in use in one year, so that a pair's
-- month may have several rows.
SELECT
  s.line,
  s.product_id,
  coalesce(r.product_id >= 0, false) AS is_repeated
FROM close_series AS s
LEFT JOIN repeated_products AS r
  ON s.product_id = r.product_id
