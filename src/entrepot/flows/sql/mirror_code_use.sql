-- Which codes any row uses, monthly or yearly, under which revision, from when to when.
SELECT
  coalesce(hs_revision, '') AS hs_revision,
  hs_code,
  min(CASE freq WHEN 'A' THEN concat(period, '-01') ELSE period END) AS first_period,
  max(CASE freq WHEN 'A' THEN concat(period, '-12') ELSE period END) AS last_period
FROM flows
WHERE length(hs_code) >= $level AND hs_code <> 'TOTAL'
GROUP BY coalesce(hs_revision, ''), hs_code
