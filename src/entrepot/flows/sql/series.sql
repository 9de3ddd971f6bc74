-- One row a line (a leg and an intermediary), product and month: the bloc's trade, and how many of its reports hold no
-- value.
SELECT
  p.line,
  l.product_id,
  l.month,
  sum(l.hundredths) / 100 AS value,
  sum(CASE WHEN l.hundredths IS NULL THEN 1 ELSE 0 END) AS n_unknown
FROM leg_rows AS l
INNER JOIN pairs AS p
  ON l.pair_id = p.pair_id
GROUP BY p.line, l.product_id, l.month
