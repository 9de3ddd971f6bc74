-- One row a group, side, product and period. Of one prefix the coarsest level that is fine enough counts, of one
-- product in a period the newest revision: a heading and its parts, or two editions, are never added. Only
-- products that can have several of either are looked through for it. Sums are exact decimals, so that they do not
-- depend on the order of rows.
SELECT
  r.group_id,
  r.side,
  k.product_id,
  k.period,
  CAST(sum(CAST(k.value AS DECIMAL(38, 4))) AS DOUBLE) AS value,
  sum(CASE WHEN k.value IS NULL THEN 1 ELSE 0 END) AS n_unknown,
  sum(CASE WHEN k.valuation = 'fob' THEN 1 ELSE 0 END) AS n_fob,
  sum(CASE WHEN k.valuation = 'cif' THEN 1 ELSE 0 END) AS n_cif,
  count(*) AS n_rows,
  max(k.is_rounded) AS is_rounded,
  min(CASE WHEN k.is_rounded = 1 AND k.value > 0 THEN k.value END) AS least_rounded
FROM (
  SELECT c.report_id, c.product_id, c.period, c.value, c.valuation, c.is_rounded
  FROM mirror_codes AS c
  LEFT JOIN mirror_mixed AS x
    ON c.product_id = x.product_id
  WHERE x.product_id IS NULL
  UNION ALL
  SELECT s.report_id, s.product_id, s.period, s.value, s.valuation, s.is_rounded
  FROM (
    SELECT
      c.*,
      min(length(c.hs_code)) OVER (PARTITION BY c.report_id, c.row_period, substr(c.hs_code, 1, $level)) AS digits,
      max(c.hs_revision) OVER (
        PARTITION BY c.report_id, c.row_period, c.product_id, substr(c.hs_revision, 1, 2)
      ) AS newest
    FROM mirror_codes AS c
    INNER JOIN mirror_mixed AS x
      ON c.product_id = x.product_id
  ) AS s
  WHERE length(s.hs_code) = s.digits AND s.hs_revision = s.newest
) AS k
INNER JOIN mirror_reports AS r
  ON k.report_id = r.report_id
GROUP BY r.group_id, r.side, k.product_id, k.period
