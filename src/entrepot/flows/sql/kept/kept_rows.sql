-- Rows of the last look, read once.
SELECT pair_id, line, product_id, month, hundredths
FROM leg_rows
