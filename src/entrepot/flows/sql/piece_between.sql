-- What third territories send to intermediaries, of the products looked at, by month. piece_pairs says whose report of
-- a pair is read. Of one prefix the coarsest level that is fine enough counts, so that a heading is never added to its
-- parts.
SELECT pair_id, product_id, month, sum(round(value * 100)) / 100 AS value
FROM (
  SELECT
    p.pair_id,
    c.product_id,
    m.month,
    f.value,
    length(f.hs_code) AS digits,
    min(length(f.hs_code)) OVER (PARTITION BY p.pair_id, m.month, substr(f.hs_code, 1, $level)) AS coarsest
  FROM flows AS f
  INNER JOIN piece_pairs AS p
    ON f.reporter_iso3 = p.reporter_iso3
    AND f.partner_iso3 = p.partner_iso3
    AND f.flow = p.flow
    AND f.source_id = p.source_id
    AND f.partner_role = p.partner_role
    AND f.currency = p.currency
  INNER JOIN months AS m
    ON f.period = m.period
  INNER JOIN piece_spans AS c
    ON f.hs_code = c.hs_code
    AND (
      c.any_revision OR (coalesce(f.hs_revision, '') = c.hs_revision AND m.year BETWEEN c.first_year AND c.last_year)
    )
  WHERE f.freq = 'M' AND NOT f.is_aggregate AND f.value > 0
) AS r
WHERE digits = coarsest
GROUP BY pair_id, product_id, month
