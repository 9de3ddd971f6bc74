-- How much of each series the reporters with silent months carry, by the direction in which they are silent.
SELECT
  p.line,
  l.product_id,
  p.reporter_iso3,
  p.flow,
  sum(l.hundredths) / 100 AS value
FROM leg_rows AS l
INNER JOIN pairs AS p
  ON l.pair_id = p.pair_id
INNER JOIN silent AS s
  ON p.reporter_iso3 = s.reporter_iso3 AND p.flow = s.flow
GROUP BY p.line, l.product_id, p.reporter_iso3, p.flow
