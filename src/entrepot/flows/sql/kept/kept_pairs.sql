-- Whose reports they are.
SELECT *
FROM pairs
