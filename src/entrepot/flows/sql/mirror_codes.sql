-- One row a report, period, code and revision. A publisher that gives a value both fob and cif is read at the stage
-- that its side of the trade is usually at; a code under several revisions has a row for each.
SELECT
  r.report_id,
  m.period,
  f.period AS row_period,
  c.product_id,
  f.hs_code,
  c.hs_revision,
  coalesce(max(CASE WHEN f.valuation = r.valuation THEN f.value END), max(f.value)) AS value,
  CASE
    WHEN max(CASE WHEN f.valuation = r.valuation THEN f.value END) IS NULL THEN min(f.valuation)
    ELSE max(r.valuation)
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
INNER JOIN mirror_periods AS m
  ON r.report_id = m.report_id AND f.period = m.row_period
INNER JOIN (SELECT hs_code, hs_revision, product_id, CAST(year AS VARCHAR) AS year FROM mirror_products) AS c
  -- The year of the row itself: joined on that of mirror_periods, every code would be paired with every report first.
  ON f.hs_code = c.hs_code
  AND coalesce(f.hs_revision, '') = c.hs_revision
  AND substr(f.period, 1, 4) = c.year
WHERE NOT f.is_aggregate AND f.hs_code IN (SELECT hs_code FROM mirror_products)
GROUP BY r.report_id, m.period, f.period, c.product_id, f.hs_code, c.hs_revision
