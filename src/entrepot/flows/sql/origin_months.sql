-- Each origin's months in those series. Of a product with one code they are rows already.
SELECT pair_id, product_id, month, hundredths
FROM close_rows
WHERE NOT is_repeated
UNION ALL
SELECT pair_id, product_id, month, sum(hundredths) AS hundredths
FROM close_rows
WHERE is_repeated
GROUP BY pair_id, product_id, month
