-- Which codes the monthly rows use, under which revision, from when to when.
-- A revision that the publisher did not name is the one in force in the row's own year. The bare columns are grouped
-- first: an expression as a key would be worked out for every row.
SELECT
  coalesce(hs_revision, '') AS hs_revision,
  hs_code,
  first_period,
  last_period
FROM (
  SELECT hs_revision, hs_code, min(period) AS first_period, max(period) AS last_period
  FROM flows
  WHERE freq = 'M' AND length(hs_code) >= $level AND hs_code <> 'TOTAL'
  GROUP BY hs_revision, hs_code
) AS u
