-- Those rows by pair, product and month. Of one prefix the coarsest level that is fine enough counts, so that a heading
-- is never added to its parts; a code given at several stages or under several revisions counts once, by its largest
-- value.
SELECT pair_id, product_id, month, sum(hundredths) / 100 AS value
FROM (
  SELECT
    c.*,
    min(length(c.hs_code)) OVER (PARTITION BY c.pair_id, c.month, substr(c.hs_code, 1, $level)) AS coarsest
  FROM (
    SELECT pair_id, product_id, month, hs_code, max(hundredths) AS hundredths
    FROM piece_rows
    GROUP BY pair_id, product_id, month, hs_code
  ) AS c
) AS r
WHERE length(r.hs_code) = r.coarsest
GROUP BY pair_id, product_id, month
