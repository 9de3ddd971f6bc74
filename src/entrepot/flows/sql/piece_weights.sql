-- Those rows by line (a leg and an intermediary), product and month.
SELECT line, product_id, month, sum(hundredths) / 100 AS value, sum(grams) / 1000 AS kg
FROM piece_weighed
GROUP BY line, product_id, month
