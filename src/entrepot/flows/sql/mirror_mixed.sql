-- Products that may have rows at several digit levels, or under several revisions of one system, at one time.
SELECT c.product_id
FROM mirror_products AS c
INNER JOIN (
  SELECT substr(hs_code, 1, $level) AS prefix
  FROM mirror_products
  GROUP BY substr(hs_code, 1, $level)
  HAVING count(DISTINCT length(hs_code)) > 1
) AS l
  ON substr(c.hs_code, 1, $level) = l.prefix
UNION
SELECT product_id
FROM mirror_products
GROUP BY product_id, year, substr(hs_revision, 1, 2)
HAVING count(DISTINCT hs_revision) > 1
