-- In which months, at one digit level or several.
SELECT *
FROM reports
