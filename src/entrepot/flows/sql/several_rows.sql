-- Of reports that may give one cell several times: the row of each that is read, as in leg_rows. Of a product's rows in a
-- month the revision nearest to the one in force counts, then the coarsest level that is fine enough, then the stage
-- that the side of the trade is usually at (exports fob, imports cif); a value before none. n_stages and n_revisions are
-- above one where that left a row out. What a partner, month or product has only once is kept as it is, and not looked
-- at further: mostly that is nearly all.
WITH given AS (
  SELECT
    p.pair_id,
    k.product_id,
    m.month,
    f.hs_code,
    substr(f.hs_code, 1, $level) AS prefix,
    coalesce(f.hs_revision, '') AS revision,
    r.distance,
    CASE
      WHEN f.valuation IS NULL THEN 1
      WHEN (p.flow = 'import') = (f.valuation = 'cif') THEN 0
      ELSE 2
    END AS stage,
    round(f.value * 100) AS hundredths
  FROM flows AS f
  INNER JOIN pairs AS p
    ON f.reporter_iso3 = p.reporter_iso3
    AND f.partner_iso3 = p.partner_iso3
    AND f.flow = p.flow
    AND f.source_id = p.source_id
    AND f.partner_role = p.partner_role
  INNER JOIN months AS m
    ON f.period = m.period
  INNER JOIN product_spans AS k
    ON f.hs_code = k.hs_code
    AND (
      k.any_revision OR (coalesce(f.hs_revision, '') = k.hs_revision AND m.year BETWEEN k.first_year AND k.last_year)
    )
  INNER JOIN revisions AS r
    ON coalesce(f.hs_revision, '') = r.hs_revision AND m.year = r.year
  WHERE f.freq = 'M' AND NOT f.is_aggregate AND p.is_several
),
marked AS (
  SELECT
    g.*,
    coalesce(c.nearest, g.distance) AS nearest,
    coalesce(c.farthest, g.distance) AS farthest,
    c.nearest IS NOT NULL OR h.n_rows IS NOT NULL AS is_repeated
  FROM given AS g
  LEFT JOIN (
    SELECT pair_id, product_id, month, min(distance) AS nearest, max(distance) AS farthest
    FROM given
    GROUP BY pair_id, product_id, month
    HAVING count(*) > 1
  ) AS c
    ON g.pair_id = c.pair_id AND g.product_id = c.product_id AND g.month = c.month
  LEFT JOIN (
    SELECT pair_id, month, prefix, count(*) AS n_rows
    FROM given
    GROUP BY pair_id, month, prefix
    HAVING count(*) > 1
  ) AS h
    ON g.pair_id = h.pair_id AND g.month = h.month AND g.prefix = h.prefix
)
SELECT pair_id, product_id, month, hundredths, 1 AS n_stages, 1 AS n_revisions
FROM marked
WHERE NOT is_repeated
UNION ALL
SELECT s.pair_id, s.product_id, s.month, s.hundredths, s.n_stages, s.n_revisions
FROM (
  SELECT
    d.pair_id,
    d.product_id,
    d.month,
    d.hundredths,
    row_number() OVER (
      PARTITION BY d.pair_id, d.month, d.hs_code
      ORDER BY CASE WHEN d.hundredths IS NULL THEN 1 ELSE 0 END, d.stage, d.revision DESC
    ) AS place,
    CASE
      WHEN min(d.stage) OVER (PARTITION BY d.pair_id, d.month, d.hs_code)
        < max(d.stage) OVER (PARTITION BY d.pair_id, d.month, d.hs_code) THEN 2 ELSE 1
    END AS n_stages,
    CASE
      WHEN d.nearest < d.farthest
        OR min(d.revision) OVER (PARTITION BY d.pair_id, d.month, d.hs_code)
        < max(d.revision) OVER (PARTITION BY d.pair_id, d.month, d.hs_code) THEN 2 ELSE 1
    END AS n_revisions
  FROM (
    SELECT n.*, min(length(n.hs_code)) OVER (PARTITION BY n.pair_id, n.month, n.prefix) AS digits
    FROM marked AS n
    WHERE n.is_repeated AND n.distance = n.nearest
  ) AS d
  WHERE length(d.hs_code) = d.digits
) AS s
WHERE s.place = 1
