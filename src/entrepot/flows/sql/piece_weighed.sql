-- Report rows with money and weight of the products looked at and of their neighbours under one heading. A row without
-- a weight has no price.
SELECT
  p.line,
  c.product_id,
  m.month,
  round(f.value * 100) AS hundredths,
  round(f.netweight_kg * 1000) AS grams
FROM flows AS f
INNER JOIN pairs AS p
  ON f.reporter_iso3 = p.reporter_iso3
  AND f.partner_iso3 = p.partner_iso3
  AND f.flow = p.flow
  AND f.source_id = p.source_id
  AND f.partner_role = p.partner_role
INNER JOIN months AS m
  ON f.period = m.period
INNER JOIN piece_spans AS c
  ON f.hs_code = c.hs_code
  AND (c.any_revision OR (coalesce(f.hs_revision, '') = c.hs_revision AND m.year BETWEEN c.first_year AND c.last_year))
LEFT JOIN mixed_codes AS x
  ON f.reporter_iso3 = x.reporter_iso3
  AND f.partner_iso3 = x.partner_iso3
  AND f.flow = x.flow
  AND f.period = x.period
  AND substr(f.hs_code, 1, $level) = x.prefix
WHERE
  f.freq = 'M'
  AND NOT f.is_aggregate
  AND f.value > 0
  AND f.netweight_kg > 0
  AND (x.digits IS NULL OR length(f.hs_code) = x.digits)
