-- What third territories send to intermediaries, of the products looked at, by month. piece_pairs says whose report of
-- a pair is read. Of one prefix the coarsest level that is fine enough counts, so that a heading is never added to its
-- parts; a code given at several stages or under several revisions counts once, by its largest value.
SELECT pair_id, product_id, month, sum(hundredths) / 100 AS value
FROM (
  SELECT
    c.*,
    min(length(c.hs_code)) OVER (PARTITION BY c.pair_id, c.month, substr(c.hs_code, 1, $level)) AS coarsest
  FROM (
    SELECT
      p.pair_id,
      s.product_id,
      m.month,
      f.hs_code,
      max(round(f.value * 100)) AS hundredths
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
    INNER JOIN piece_spans AS s
      ON f.hs_code = s.hs_code
      AND (
        s.any_revision
        OR (coalesce(f.hs_revision, '') = s.hs_revision AND m.year BETWEEN s.first_year AND s.last_year)
      )
    WHERE f.freq = 'M' AND NOT f.is_aggregate AND f.value > 0
    GROUP BY p.pair_id, s.product_id, m.month, f.hs_code
  ) AS c
) AS r
WHERE length(r.hs_code) = r.coarsest
GROUP BY pair_id, product_id, month
