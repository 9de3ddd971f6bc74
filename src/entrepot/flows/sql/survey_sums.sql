-- One row a pair of exporter and importer and a product: money in hundredths before the event and from it on.
SELECT
  pair_id,
  product_id,
  sum(CASE WHEN month < $event THEN hundredths ELSE 0 END) AS hundredths_before,
  sum(CASE WHEN month >= $event THEN hundredths ELSE 0 END) AS hundredths_after
FROM leg_rows
GROUP BY pair_id, product_id
