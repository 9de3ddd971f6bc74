-- Pairs of a leg whose reporter gives totals in every month of the window, each with the source they are read from.
SELECT
  p.pair_id,
  p.via_iso3,
  p.reporter_iso3,
  p.partner_iso3,
  p.flow,
  t.source_id,
  t.partner_role,
  t.currency
FROM pairs AS p
INNER JOIN total_reports AS t
  ON p.reporter_iso3 = t.reporter_iso3 AND p.flow = t.flow
WHERE p.leg = $leg
