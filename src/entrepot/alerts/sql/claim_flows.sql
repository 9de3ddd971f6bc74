-- What reporters of one side say of the asked flows, by source, role, level of detail, currency and period.
-- Nothing is added across sources, roles, levels or currencies here. Grain side, reporter, source, role, digits,
-- currency, freq, period.
SELECT CASE f.flow WHEN 'export' THEN 'export' ELSE 'import' END AS side, f.reporter_iso3, f.source_id, f.partner_role,
  CASE WHEN f.hs_code = 'TOTAL' THEN 0 ELSE length(f.hs_code) END AS digits, f.currency, f.freq, f.period,
  sum(f.value) AS value, count(*) AS n_rows, count(f.value) AS n_values, min(f.snapshot_id) AS snapshot_id
FROM flows AS f
WHERE f.flow IN ('export', 'import') AND f.period <= $last AND f.is_aggregate = $is_aggregate
  AND ($every_code OR EXISTS (SELECT 1 FROM asked_codes AS c WHERE f.hs_code LIKE c.code || '%'))
  AND ($every_exporter OR EXISTS (
    SELECT 1 FROM asked_exporters AS e
    WHERE e.code = CASE f.flow WHEN 'export' THEN f.reporter_iso3 ELSE f.partner_iso3 END))
  AND ($every_importer OR EXISTS (
    SELECT 1 FROM asked_importers AS i
    WHERE i.code = CASE f.flow WHEN 'export' THEN f.partner_iso3 ELSE f.reporter_iso3 END))
GROUP BY f.flow, f.reporter_iso3, f.source_id, f.partner_role, f.hs_code = 'TOTAL', length(f.hs_code), f.currency,
  f.freq, f.period
