-- The inward leg of the series that are looked at closely, split by origin.
SELECT
  l.via_iso3,
  l.product_id,
  l.exporter_iso3,
  l.month,
  sum(l.value) AS value
FROM leg_rows AS l
INNER JOIN close_series AS s
  ON l.via_iso3 = s.via_iso3 AND l.product_id = s.product_id
WHERE l.leg = 'in'
GROUP BY l.via_iso3, l.product_id, l.exporter_iso3, l.month
