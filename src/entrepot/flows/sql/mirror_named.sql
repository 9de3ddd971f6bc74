-- In which periods, and at which digit levels, each side's reports name the other side.
SELECT
  flow,
  source_id,
  partner_role,
  currency,
  freq,
  period,
  CASE WHEN hs_code = 'TOTAL' THEN 0 ELSE length(hs_code) END AS digits
FROM flows
WHERE
  NOT is_aggregate
  AND (
    (flow = 'export' AND reporter_iso3 = $exporter AND partner_iso3 = $importer)
    OR (flow = 'import' AND reporter_iso3 = $importer AND partner_iso3 = $exporter)
  )
GROUP BY
  flow,
  source_id,
  partner_role,
  currency,
  freq,
  period,
  CASE WHEN hs_code = 'TOTAL' THEN 0 ELSE length(hs_code) END
