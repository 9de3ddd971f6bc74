-- Months of the window.
SELECT *
FROM months
