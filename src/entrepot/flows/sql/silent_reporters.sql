-- How much of each series the reporters with silent months carry, by the direction in which they are silent.
SELECT
  p.leg,
  p.via_iso3,
  l.product_id,
  p.reporter_iso3,
  p.flow,
  CAST(sum(CAST(l.value AS DECIMAL(38, 4))) AS DOUBLE) AS value
FROM leg_rows AS l
INNER JOIN pairs AS p
  ON l.pair_id = p.pair_id
INNER JOIN silent AS s
  ON p.reporter_iso3 = s.reporter_iso3 AND p.flow = s.flow
GROUP BY p.leg, p.via_iso3, l.product_id, p.reporter_iso3, p.flow
