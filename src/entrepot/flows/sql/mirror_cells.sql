-- One row a group, side, product and period. Of one prefix the coarsest level that is fine enough counts, of one
-- product in a period the newest revision: a heading and its parts, or two editions, are never added.
SELECT
  group_id,
  side,
  product_id,
  period,
  sum(value) AS value,
  sum(CASE WHEN value IS NULL THEN 1 ELSE 0 END) AS n_unknown,
  sum(CASE WHEN valuation = 'fob' THEN 1 ELSE 0 END) AS n_fob,
  sum(CASE WHEN valuation = 'cif' THEN 1 ELSE 0 END) AS n_cif,
  count(*) AS n_rows,
  max(is_rounded) AS is_rounded,
  min(CASE WHEN is_rounded = 1 AND value > 0 THEN value END) AS least_rounded
FROM (
  SELECT
    *,
    min(length(hs_code)) OVER (
      PARTITION BY group_id, side, reporter_iso3, partner_iso3, row_period, substr(hs_code, 1, $level)
    ) AS digits,
    max(hs_revision) OVER (
      PARTITION BY
        group_id, side, reporter_iso3, partner_iso3, row_period, product_id, substr(hs_revision, 1, 2)
    ) AS newest
  FROM mirror_codes
) AS marked
WHERE length(hs_code) = digits AND hs_revision = newest
GROUP BY group_id, side, product_id, period
