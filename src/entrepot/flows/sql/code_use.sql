-- Which codes the monthly rows use, under which revision, from when to when.
-- A revision that the publisher did not name is the one in force in the row's own year. Bare columns are grouped first:
-- what is worked out here is worked out for every row otherwise.
SELECT
  coalesce(hs_revision, '') AS hs_revision,
  hs_code,
  min(period) AS first_period,
  max(period) AS last_period
FROM (SELECT hs_revision, hs_code, period FROM flows WHERE freq = 'M' GROUP BY hs_revision, hs_code, period) AS u
WHERE length(hs_code) >= $level AND hs_code <> 'TOTAL'
GROUP BY coalesce(hs_revision, ''), hs_code
