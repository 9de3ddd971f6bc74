-- Money and weight of the products looked at and of their neighbours under one heading, by leg, intermediary, product
-- and month. Only rows that give both: a row without a weight has no price.
SELECT
  p.leg,
  p.via_iso3,
  c.product_id,
  m.month,
  sum(round(f.value * 100)) / 100 AS value,
  sum(round(f.netweight_kg * 1000)) / 1000 AS kg
FROM flows AS f
INNER JOIN pairs AS p
  ON f.reporter_iso3 = p.reporter_iso3
  AND f.partner_iso3 = p.partner_iso3
  AND f.flow = p.flow
  AND f.source_id = p.source_id
  AND f.partner_role = p.partner_role
INNER JOIN months AS m
  ON f.period = m.period
INNER JOIN piece_spans AS c
  ON f.hs_code = c.hs_code
  AND (c.any_revision OR (coalesce(f.hs_revision, '') = c.hs_revision AND m.year BETWEEN c.first_year AND c.last_year))
LEFT JOIN mixed_codes AS x
  ON f.reporter_iso3 = x.reporter_iso3
  AND f.partner_iso3 = x.partner_iso3
  AND f.flow = x.flow
  AND f.period = x.period
  AND substr(f.hs_code, 1, $level) = x.prefix
WHERE
  f.freq = 'M'
  AND NOT f.is_aggregate
  AND f.value > 0
  AND f.netweight_kg > 0
  AND (x.digits IS NULL OR length(f.hs_code) = x.digits)
GROUP BY p.leg, p.via_iso3, c.product_id, m.month
