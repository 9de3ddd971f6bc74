-- Codes shorter than the level under which a report puts goods whose own code is confidential.
SELECT DISTINCT
  coalesce(f.hs_revision, '') AS hs_revision,
  f.hs_code,
  CAST(substr(f.period, 1, 4) AS INTEGER) AS year
FROM flows AS f
INNER JOIN mirror_reports AS r
  ON f.reporter_iso3 = r.reporter_iso3
  AND f.partner_iso3 = r.partner_iso3
  AND f.flow = r.side
  AND f.source_id = r.source_id
  AND f.partner_role = r.partner_role
  AND f.currency = r.currency
  AND f.freq = r.freq
INNER JOIN mirror_periods AS m
  ON r.report_id = m.report_id AND f.period = m.row_period
WHERE f.report_status = 'suppressed' AND f.hs_code <> 'TOTAL' AND length(f.hs_code) < $level AND NOT f.is_aggregate
