-- Product of each code.
SELECT *
FROM product_codes
