-- Report rows of what third territories send to intermediaries, of the products wanted of each. piece_pairs says whose
-- report of a pair is read. Rows are kept apart here and added up in the next step: added up in this one, an engine
-- may add up every row of the products before it looks at the pairs.
SELECT
  p.pair_id,
  s.product_id,
  m.month,
  f.hs_code,
  round(f.value * 100) AS hundredths
FROM flows AS f
INNER JOIN piece_pairs AS p
  ON f.reporter_iso3 = p.reporter_iso3
  AND f.partner_iso3 = p.partner_iso3
  AND f.flow = p.flow
  AND f.source_id = p.source_id
  AND f.partner_role = p.partner_role
  AND f.currency = p.currency
INNER JOIN months AS m
  ON f.period = m.period
INNER JOIN piece_spans AS s
  ON f.hs_code = s.hs_code
  AND (
    s.any_revision
    OR (coalesce(f.hs_revision, '') = s.hs_revision AND m.year BETWEEN s.first_year AND s.last_year)
  )
INNER JOIN piece_wanted AS w
  ON p.importer_iso3 = w.importer_iso3 AND s.product_id = w.product_id
WHERE f.freq = 'M' AND NOT f.is_aggregate AND f.value > 0
