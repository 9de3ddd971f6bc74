-- One row a reporter, partner, period, code and revision. A publisher that gives a value both fob and cif is read
-- at the stage that its side of the trade is usually at; a code under several revisions has a row for each.
SELECT
  r.group_id,
  r.side,
  f.reporter_iso3,
  f.partner_iso3,
  r.period,
  f.period AS row_period,
  c.product_id,
  f.hs_code,
  coalesce(f.hs_revision, '') AS hs_revision,
  coalesce(max(CASE WHEN f.valuation = r.valuation THEN f.value END), max(f.value)) AS value,
  CASE
    WHEN max(CASE WHEN f.valuation = r.valuation THEN f.value END) IS NULL THEN min(f.valuation)
    ELSE r.valuation
  END AS valuation,
  min(CASE WHEN f.report_status = 'rounded' THEN 1 ELSE 0 END) AS is_rounded
FROM flows AS f
INNER JOIN mirror_reports AS r
  ON f.reporter_iso3 = r.reporter_iso3
  AND f.partner_iso3 = r.partner_iso3
  AND f.flow = r.side
  AND f.source_id = r.source_id
  AND f.partner_role = r.partner_role
  AND f.currency = r.currency
  AND f.freq = r.freq
  AND f.period = r.row_period
INNER JOIN mirror_products AS c
  ON f.hs_code = c.hs_code AND coalesce(f.hs_revision, '') = c.hs_revision AND c.year = r.year
WHERE NOT f.is_aggregate
GROUP BY
  r.group_id,
  r.side,
  f.reporter_iso3,
  f.partner_iso3,
  r.period,
  f.period,
  c.product_id,
  f.hs_code,
  coalesce(f.hs_revision, ''),
  r.valuation
