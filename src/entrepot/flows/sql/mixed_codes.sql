-- For reporters that give one product at several digit levels: the coarsest level that is fine enough, so that
-- a heading's rows and its parts are never added. A reporter and direction are read from one source only; what it
-- gives in full for one partner it may give as a heading for another.
SELECT
  f.reporter_iso3,
  f.partner_iso3,
  f.flow,
  f.period,
  substr(f.hs_code, 1, $level) AS prefix,
  min(length(f.hs_code)) AS digits
FROM flows AS f
INNER JOIN reports AS r
  ON f.source_id = r.source_id
  AND f.reporter_iso3 = r.reporter_iso3
  AND f.flow = r.flow
  AND f.partner_role = r.partner_role
  AND f.period = r.period
WHERE f.freq = 'M' AND r.is_mixed AND length(f.hs_code) >= $level AND f.hs_code <> 'TOTAL'
GROUP BY f.reporter_iso3, f.partner_iso3, f.flow, f.period, substr(f.hs_code, 1, $level)
