-- Corridors: exports to third countries by six digits and month, beside the same months before, the importer's own
-- report, and what went on to the market. Grain reporter (or ALL), partner, hs_code, period.
-- One source, one role and one digit level speak for a reporter, flow and month, so nothing is added twice.
WITH cells AS (
  SELECT source_id, reporter_iso3, partner_iso3, flow, partner_role, length(hs_code) AS digits, hs_code, period,
    value, currency, netweight_kg
  FROM flows
  WHERE freq = 'M' AND NOT is_aggregate AND length(hs_code) >= 6 AND flow IN ('export', 'import')
    AND value IS NOT NULL AND period <= $last
),
spoken AS (
  SELECT reporter_iso3, flow, period, source_id, partner_role, digits
  FROM (SELECT reporter_iso3, flow, period, source_id, partner_role, digits, count(*) AS n FROM cells GROUP BY ALL)
  QUALIFY row_number() OVER (
    PARTITION BY reporter_iso3, flow, period ORDER BY n DESC, digits, partner_role, source_id
  ) = 1
),
clean AS (
  SELECT reporter_iso3, partner_iso3, flow, left(hs_code, 6) AS hs_code, period, sum(value) AS value,
    min(currency) AS currency, sum(netweight_kg) AS kg
  FROM cells JOIN spoken USING (reporter_iso3, flow, period, source_id, partner_role, digits)
  GROUP BY ALL
),
sent AS (
  SELECT * FROM clean WHERE flow = 'export' AND reporter_iso3 <> $market
),
legs AS (
  SELECT reporter_iso3, partner_iso3, hs_code, period, value, currency, kg FROM sent
  WHERE NOT list_contains($left_out, partner_iso3)
  UNION ALL
  SELECT 'ALL', partner_iso3, hs_code, period, sum(value), min(currency), sum(kg) FROM sent
  WHERE NOT list_contains($left_out, partner_iso3) GROUP BY partner_iso3, hs_code, period
),
reported AS (
  SELECT DISTINCT reporter_iso3, period FROM sent
  UNION ALL SELECT DISTINCT 'ALL', period FROM sent
),
years AS (
  SELECT reporter_iso3, right(period, 2) AS month_of, count(*) AS n FROM reported
  WHERE period < $first GROUP BY reporter_iso3, right(period, 2)
),
months AS (
  SELECT reporter_iso3, count(*) AS n FROM reported WHERE period < $first GROUP BY reporter_iso3
),
same_month AS (
  SELECT reporter_iso3, partner_iso3, hs_code, right(period, 2) AS month_of, sum(value) AS value, sum(kg) AS kg
  FROM legs WHERE period < $first GROUP BY ALL
),
spread AS (
  -- Months without a row count as zero: the sum of squares runs over them all.
  SELECT l.reporter_iso3, partner_iso3, hs_code, sum(value) / any_value(m.n) AS mean,
    sqrt(greatest(sum(value * value) / any_value(m.n) - (sum(value) / any_value(m.n)) ** 2, 0)) AS deviation
  FROM legs AS l JOIN months AS m ON l.reporter_iso3 = m.reporter_iso3
  WHERE period < $first GROUP BY l.reporter_iso3, partner_iso3, hs_code
),
bought AS (
  SELECT reporter_iso3 AS partner_iso3, partner_iso3 AS reporter_iso3, hs_code, period, value FROM clean
  WHERE flow = 'import'
),
importing AS (
  SELECT DISTINCT reporter_iso3 AS partner_iso3, period FROM clean WHERE flow = 'import'
),
onward AS (
  SELECT partner_iso3, hs_code, period, max(value) AS value, max(kg) AS kg FROM (
    SELECT reporter_iso3 AS partner_iso3, hs_code, period, value, kg FROM sent WHERE partner_iso3 = $market
    UNION ALL
    SELECT partner_iso3, hs_code, period, value, kg FROM clean WHERE flow = 'import' AND reporter_iso3 = $market
  ) GROUP BY partner_iso3, hs_code, period
),
onward_base AS (
  SELECT partner_iso3, hs_code, right(period, 2) AS month_of, sum(coalesce(kg, value)) AS kg FROM onward
  WHERE period < $first GROUP BY ALL
),
joined AS (
  SELECT l.*, coalesce(s.value, 0) / y.n AS base, y.n AS base_years,
    (l.value - coalesce(d.mean, 0)) / greatest(coalesce(d.deviation, 0), 0.1 * coalesce(d.mean, 0), 1) AS z,
    CASE WHEN i.period IS NOT NULL AND l.reporter_iso3 <> 'ALL' THEN coalesce(b.value, 0) END AS mirror,
    coalesce(s.kg, s.value, 0) / y.n AS in_base_kg, coalesce(o.kg, o.value, 0) AS out_kg,
    coalesce(ob.kg, 0) / y.n AS out_base_kg
  FROM legs AS l
  LEFT JOIN years AS y ON l.reporter_iso3 = y.reporter_iso3 AND right(l.period, 2) = y.month_of
  LEFT JOIN same_month AS s ON l.reporter_iso3 = s.reporter_iso3 AND l.partner_iso3 = s.partner_iso3
    AND l.hs_code = s.hs_code AND right(l.period, 2) = s.month_of
  LEFT JOIN spread AS d ON l.reporter_iso3 = d.reporter_iso3 AND l.partner_iso3 = d.partner_iso3
    AND l.hs_code = d.hs_code
  LEFT JOIN bought AS b ON l.reporter_iso3 = b.reporter_iso3 AND l.partner_iso3 = b.partner_iso3
    AND l.hs_code = b.hs_code AND l.period = b.period
  LEFT JOIN importing AS i ON l.partner_iso3 = i.partner_iso3 AND l.period = i.period
  LEFT JOIN onward AS o ON l.partner_iso3 = o.partner_iso3 AND l.hs_code = o.hs_code AND l.period = o.period
  LEFT JOIN onward_base AS ob ON l.partner_iso3 = ob.partner_iso3 AND l.hs_code = ob.hs_code
    AND right(l.period, 2) = ob.month_of
  WHERE l.period >= $first
),
gaps AS (
  SELECT *, coalesce(value > 2 * mirror AND value - mirror > 100000, false) AS is_gap,
    CAST(left(period, 4) AS INTEGER) * 12 + CAST(right(period, 2) AS INTEGER) AS month_number
  FROM joined
),
run AS (
  SELECT *, month_number - row_number() OVER (
      PARTITION BY reporter_iso3, partner_iso3, hs_code, is_gap ORDER BY month_number
    ) AS island,
    sum(coalesce(kg, value)) OVER w AS in_kg_3, sum(in_base_kg) OVER w AS in_base_3, sum(out_kg) OVER w AS out_kg_3,
    sum(out_base_kg) OVER w AS out_base_3
  FROM gaps
  WINDOW w AS (
    PARTITION BY reporter_iso3, partner_iso3, hs_code ORDER BY month_number RANGE BETWEEN 2 PRECEDING AND CURRENT ROW
  )
)
SELECT reporter_iso3 || '>' || partner_iso3 || ':' || hs_code || ':' || period AS corridor_id, reporter_iso3,
  partner_iso3, hs_code, period, currency, value, base, CAST(base_years AS BIGINT) AS base_years, z, mirror,
  CASE WHEN mirror IS NULL THEN NULL WHEN is_gap THEN row_number() OVER (
    PARTITION BY reporter_iso3, partner_iso3, hs_code, is_gap, island ORDER BY month_number
  ) ELSE 0 END AS gap_months,
  in_kg_3 AS in_kg, in_base_3 AS in_base_kg, out_kg_3 AS out_kg, out_base_3 AS out_base_kg,
  CAST(NULL AS VARCHAR) AS bank_bic, CAST(NULL AS DOUBLE) AS share, CAST(NULL AS DOUBLE) AS share_before
FROM run
