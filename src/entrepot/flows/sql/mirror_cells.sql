-- One row a group, side, product and period. Of one prefix the coarsest level that is fine enough counts, of one
-- product in a period the newest revision: a heading and its parts, or two editions, are never added. Sums are exact
-- decimals, so that they do not depend on the order of rows.
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
  SELECT
    *,
    min(length(hs_code)) OVER (PARTITION BY report_id, row_period, substr(hs_code, 1, $level)) AS digits,
    max(hs_revision) OVER (
      PARTITION BY report_id, row_period, product_id, substr(hs_revision, 1, 2)
    ) AS newest
  FROM mirror_codes
) AS k
INNER JOIN mirror_reports AS r
  ON k.report_id = r.report_id
WHERE length(k.hs_code) = k.digits AND k.hs_revision = k.newest
GROUP BY r.group_id, r.side, k.product_id, k.period
