-- How much of each series the reporters with silent months carry.
SELECT
  p.leg,
  p.via_iso3,
  l.product_id,
  p.reporter_iso3,
  sum(l.value) AS value
FROM leg_rows AS l
INNER JOIN pairs AS p
  ON l.pair_id = p.pair_id
INNER JOIN silent AS s
  ON p.reporter_iso3 = s.reporter_iso3
GROUP BY p.leg, p.via_iso3, l.product_id, p.reporter_iso3
