-- Each origin's part of those series as sums over the months before and from the event on. Logarithms are counted
-- from the trifle up, so that months without trade add nothing.
SELECT
  v.via,
  m.product_id,
  m.exporter_iso3,
  sum(CASE WHEN m.month < $event THEN m.value ELSE 0 END) AS money_before,
  sum(CASE WHEN m.month >= $event THEN m.value ELSE 0 END) AS money_after,
  sum(CASE WHEN m.month < $event THEN ln(greatest(m.value / $trifle, 1)) ELSE 0 END) AS log_before,
  sum(CASE WHEN m.month >= $event THEN ln(greatest(m.value / $trifle, 1)) ELSE 0 END) AS log_after,
  sum(CASE WHEN m.month < $event THEN ln(greatest(m.value / $trifle, 1)) * ln(greatest(m.value / $trifle, 1)) ELSE 0 END)
    AS square_before,
  sum(CASE WHEN m.month >= $event THEN ln(greatest(m.value / $trifle, 1)) * ln(greatest(m.value / $trifle, 1)) ELSE 0 END)
    AS square_after,
  sum(CASE WHEN m.month < $event AND m.value > 0 THEN 1 ELSE 0 END) AS active_before,
  sum(CASE WHEN m.month >= $event AND m.value > 0 THEN 1 ELSE 0 END) AS active_after
FROM origin_months AS m
INNER JOIN via_index AS v ON m.via_iso3 = v.via_iso3
WHERE m.leg = $leg AND m.value IS NOT NULL
GROUP BY v.via, m.product_id, m.exporter_iso3
ORDER BY v.via, m.product_id, m.exporter_iso3
