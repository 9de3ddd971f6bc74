-- What those pairs trade in all, by intermediary and month. Money is in whole hundredths, as in leg_rows.
SELECT
  p.via_iso3,
  m.month,
  sum(round(f.value * 100)) / 100 AS value
FROM flows AS f
INNER JOIN total_pairs AS p
  ON f.reporter_iso3 = p.reporter_iso3
  AND f.partner_iso3 = p.partner_iso3
  AND f.flow = p.flow
  AND f.source_id = p.source_id
  AND f.partner_role = p.partner_role
  AND f.currency = p.currency
INNER JOIN months AS m
  ON f.period = m.period
WHERE f.freq = 'M' AND f.hs_code = 'TOTAL' AND NOT f.is_aggregate
GROUP BY p.via_iso3, m.month
