-- Report rows that the question needs, each with its leg, intermediary, product and month.
-- pairs says whose report of a pair is used; reports says from which source, in which role, in which months.
SELECT
  p.leg,
  p.via_iso3,
  p.exporter_iso3,
  f.reporter_iso3,
  c.product_id,
  r.month,
  f.value,
  f.netweight_kg
FROM flows AS f
INNER JOIN pairs AS p
  ON f.reporter_iso3 = p.reporter_iso3 AND f.partner_iso3 = p.partner_iso3 AND f.flow = p.flow
INNER JOIN reports AS r
  ON f.reporter_iso3 = r.reporter_iso3
  AND f.flow = r.flow
  AND f.source_id = r.source_id
  AND f.partner_role = r.partner_role
  AND f.period = r.period
INNER JOIN product_codes AS c
  ON f.hs_code = c.hs_code AND coalesce(f.hs_revision, '') = c.hs_revision AND c.year = r.year
LEFT JOIN mixed_codes AS m
  ON r.is_mixed
  AND f.source_id = m.source_id
  AND f.reporter_iso3 = m.reporter_iso3
  AND f.flow = m.flow
  AND f.partner_role = m.partner_role
  AND f.period = m.period
  AND substr(f.hs_code, 1, $level) = m.prefix
WHERE f.freq = 'M' AND NOT f.is_aggregate AND (NOT r.is_mixed OR length(f.hs_code) = m.digits)
