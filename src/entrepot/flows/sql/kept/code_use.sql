-- The step code_use as of a month, from what the last look read.
SELECT
  coalesce(hs_revision, '') AS hs_revision,
  hs_code,
  min(period) AS first_period,
  max(period) AS last_period
FROM kept_use
WHERE period <= $as_of AND length(hs_code) >= $level AND hs_code <> 'TOTAL'
GROUP BY coalesce(hs_revision, ''), hs_code
