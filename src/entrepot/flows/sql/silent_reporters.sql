-- How much of each series the reporters with silent months carry.
SELECT
  l.leg,
  l.via_iso3,
  l.product_id,
  l.reporter_iso3,
  sum(l.value) AS value
FROM leg_rows AS l
INNER JOIN silent AS s ON l.reporter_iso3 = s.reporter_iso3
GROUP BY l.leg, l.via_iso3, l.product_id, l.reporter_iso3
