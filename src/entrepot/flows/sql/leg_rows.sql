-- Report rows that the question needs, each with its pair, line, product and month: the one pass over flows, kept
-- narrow. The line is that of the pair: later steps add by it without looking it up for every row.
-- pairs says whose report of a pair is used, from which source, in which role.
-- Money is in whole hundredths, whose sums are the same in whatever order rows come.
-- Reports that may give one cell several times are read by the step several_rows; mostly there are none.
SELECT
  p.pair_id,
  p.line,
  coalesce(c.product_id, y.product_id) AS product_id,
  m.month,
  round(f.value * 100) AS hundredths
FROM flows AS f
INNER JOIN pairs AS p
  ON f.reporter_iso3 = p.reporter_iso3
  AND f.partner_iso3 = p.partner_iso3
  AND f.flow = p.flow
  AND f.source_id = p.source_id
  AND f.partner_role = p.partner_role
INNER JOIN months AS m
  ON f.period = m.period
INNER JOIN stable_codes AS c
  ON f.hs_code = c.hs_code
LEFT JOIN changed_codes AS y
  ON f.hs_code = y.hs_code AND coalesce(f.hs_revision, '') = y.hs_revision AND m.year = y.year
LEFT JOIN mixed_codes AS x
  ON f.reporter_iso3 = x.reporter_iso3
  AND f.partner_iso3 = x.partner_iso3
  AND f.flow = x.flow
  AND f.period = x.period
  AND substr(f.hs_code, 1, $level) = x.prefix
WHERE f.freq = 'M' AND NOT f.is_aggregate AND NOT p.is_several AND (x.digits IS NULL OR length(f.hs_code) = x.digits)
UNION ALL
SELECT s.pair_id, p.line, s.product_id, s.month, s.hundredths
FROM several_rows AS s
INNER JOIN pairs AS p
  ON s.pair_id = p.pair_id
