-- In which months the monthly rows use which codes.
SELECT hs_revision, hs_code, period
FROM flows
WHERE freq = 'M'
GROUP BY hs_revision, hs_code, period
