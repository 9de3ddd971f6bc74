-- Each origin's part of those series as sums over the months before and from the event on. Logarithms are counted
-- from the trifle up, so that months without trade add nothing.
SELECT
  v.via,
  s.product_id,
  p.exporter_iso3,
  s.money_before,
  s.money_after,
  s.log_before,
  s.log_after,
  s.square_before,
  s.square_after,
  s.active_before,
  s.active_after
FROM (
  SELECT
    pair_id,
    product_id,
    CAST(sum(CAST(CASE WHEN month < $event THEN value ELSE 0 END AS DECIMAL(38, 12))) AS DOUBLE) AS money_before,
    CAST(sum(CAST(CASE WHEN month >= $event THEN value ELSE 0 END AS DECIMAL(38, 12))) AS DOUBLE) AS money_after,
    CAST(sum(CAST(CASE WHEN month < $event THEN log_value ELSE 0 END AS DECIMAL(38, 12))) AS DOUBLE) AS log_before,
    CAST(sum(CAST(CASE WHEN month >= $event THEN log_value ELSE 0 END AS DECIMAL(38, 12))) AS DOUBLE) AS log_after,
    CAST(sum(CAST(CASE WHEN month < $event THEN log_value * log_value ELSE 0 END AS DECIMAL(38, 12))) AS DOUBLE) AS square_before,
    CAST(sum(CAST(CASE WHEN month >= $event THEN log_value * log_value ELSE 0 END AS DECIMAL(38, 12))) AS DOUBLE) AS square_after,
    sum(CASE WHEN month < $event AND value > 0 THEN 1 ELSE 0 END) AS active_before,
    sum(CASE WHEN month >= $event AND value > 0 THEN 1 ELSE 0 END) AS active_after
  FROM (
    SELECT pair_id, product_id, month, value, ln(greatest(value / $trifle, 1)) AS log_value FROM origin_months
  ) AS m
  GROUP BY pair_id, product_id
) AS s
INNER JOIN pairs AS p
  ON s.pair_id = p.pair_id
INNER JOIN via_index AS v
  ON p.via_iso3 = v.via_iso3
