-- Each origin's months in the series that are looked at closely.
SELECT
  l.leg,
  l.via_iso3,
  l.product_id,
  l.exporter_iso3,
  l.month,
  sum(l.value) AS value
FROM leg_rows AS l
INNER JOIN close_series AS s
  ON l.leg = s.leg AND l.via_iso3 = s.via_iso3 AND l.product_id = s.product_id
GROUP BY l.leg, l.via_iso3, l.product_id, l.exporter_iso3, l.month
