-- Pairs and products whose series are looked at closely.
SELECT
  p.pair_id,
  s.product_id,
  coalesce(r.product_id >= 0, false) AS is_repeated
FROM close_series AS s
INNER JOIN pairs AS p
  ON s.via_iso3 = p.via_iso3
LEFT JOIN repeated_products AS r
  ON s.product_id = r.product_id
WHERE p.leg = $leg
