-- Products that one report can give in several rows of one month, having several codes in one year.
SELECT product_id
FROM (SELECT product_id, year FROM product_codes GROUP BY product_id, year HAVING count(*) > 1) AS c
GROUP BY product_id
