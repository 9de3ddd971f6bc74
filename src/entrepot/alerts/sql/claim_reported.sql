-- Periods in which a reporter has any row of a level: there, an absent cell means no recorded trade.
SELECT c.reporter_iso3, c.flow, c.source_id, c.partner_role, c.digits, c.currency, c.freq, c.period, sum(c.n_rows) AS n
FROM coverage AS c
WHERE c.flow IN ('export', 'import') AND c.period <= $last
GROUP BY c.reporter_iso3, c.flow, c.source_id, c.partner_role, c.digits, c.currency, c.freq, c.period
