"""Derived tables of accounts, devices, phones and powers of attorney; SQL over the tables of one check.

- ``device_share``: for an account, how many other customers use one of its devices (by log-ins, accounts and persons).
- ``account_flow``: what came in, and how much of each credit went out again within 24 and 48 hours, never more than the
  credit itself; the same over the first 90 days of the account.
- ``phone_use``: how many persons of different addresses have a phone.
- ``power_use``: how many principals of one holder of powers paid one payee within 30 days.
"""

from __future__ import annotations

from entrepot.redflags.relations import Relations

DIGITS = "regexp_replace({}, '[^0-9]', '', 'g')"


def device_shares(tables: Relations) -> str:
    uses = []
    if "login" in tables.given:
        uses.append("SELECT device_id, holder_id FROM r_login")
    uses.append("SELECT unnest(device_ids) AS device_id, holder_id FROM r_account")
    if "person" in tables.given:
        uses.append("SELECT unnest(device_ids) AS device_id, person_id AS holder_id FROM r_person")
    own = "SELECT account_id, holder_id, unnest(device_ids) AS device_id FROM r_account"
    if "login" in tables.given:
        own += " UNION SELECT account_id, holder_id, device_id FROM r_login"
    return (
        f"WITH uses AS (SELECT DISTINCT * FROM ({' UNION ALL '.join(uses)}) WHERE device_id IS NOT NULL"
        f" AND holder_id IS NOT NULL), own AS (SELECT DISTINCT * FROM ({own}) WHERE device_id IS NOT NULL),"
        " crowd AS (SELECT device_id, count(*) AS holders FROM uses GROUP BY device_id)"
        " SELECT account_id, array_to_string(list_sort(list(device_id)), ';') AS devices, max(holders) - 1 AS others"
        " FROM own JOIN crowd USING (device_id) WHERE account_id IS NOT NULL GROUP BY account_id"
    )


def account_flows(tables: Relations) -> str:
    at = "coalesce(booked_at, value_date::TIMESTAMP)"
    opened = "LEFT JOIN r_account a USING (account_id)" if "account" in tables.given else ""
    young = "coalesce(date_diff('day', a.opened_date, moved_at::DATE) BETWEEN 0 AND 90, false)" if opened else "false"
    span = (
        "OVER (PARTITION BY account_id ORDER BY moved_at RANGE BETWEEN CURRENT ROW AND INTERVAL '{} hours' FOLLOWING)"
    )
    return f"""
        WITH moves AS (
          SELECT beneficiary_account AS account_id, {at} AS moved_at, amount AS credit, 0.0 AS debit FROM r_payment
          UNION ALL SELECT payer_account, {at}, 0.0, amount FROM r_payment
        ), ahead AS (
          SELECT *, sum(debit) {span.format(24)} AS out_24h, sum(debit) {span.format(48)} AS out_48h FROM moves
          WHERE account_id IS NOT NULL AND moved_at IS NOT NULL AND coalesce(credit, debit) IS NOT NULL
        ), marked AS (SELECT ahead.*, {young} AS is_young FROM ahead {opened}),
        sums AS (
          SELECT account_id, sum(credit) AS credits, sum(debit) AS debits, sum(least(credit, out_24h)) AS passed_24h,
            sum(least(credit, out_48h)) AS passed_48h, sum(credit) FILTER (WHERE is_young) AS young_credits,
            sum(debit) FILTER (WHERE is_young) AS young_debits,
            sum(least(credit, out_48h)) FILTER (WHERE is_young) AS young_passed_48h FROM marked GROUP BY account_id
        )
        SELECT account_id, credits, least(passed_24h, debits) AS passed_24h, least(passed_48h, debits) AS passed_48h,
          young_credits, least(young_passed_48h, young_debits) AS young_passed_48h FROM sums
    """


def phone_uses(tables: Relations) -> str:
    digits = DIGITS.format("phone")
    return (
        f"SELECT {digits} AS phone, count(DISTINCT coalesce(lower(address), person_id)) AS persons FROM"
        " (SELECT unnest(phone) AS phone, address, person_id FROM r_person) WHERE phone IS NOT NULL GROUP BY 1"
    )


def power_uses(tables: Relations) -> str:
    """What the principals of one holder of powers paid to one payee, over 30 days."""
    held = (
        "SELECT DISTINCT agent_id, person_id FROM r_document WHERE kind = 'power_of_attorney' AND agent_id IS NOT NULL"
    )
    return f"""
        WITH paid AS (
          SELECT h.agent_id, p.payer_id, p.beneficiary_id, p.value_date FROM r_payment p
          JOIN ({held}) h ON h.person_id = p.payer_id WHERE p.beneficiary_id IS NOT NULL AND p.value_date IS NOT NULL
        ), windows AS (
          SELECT *, count(DISTINCT payer_id) OVER w AS payers, list(DISTINCT payer_id) OVER w AS ids FROM paid
          WINDOW w AS (PARTITION BY agent_id, beneficiary_id ORDER BY value_date
            RANGE BETWEEN INTERVAL 30 DAYS PRECEDING AND CURRENT ROW)
        )
        SELECT agent_id, beneficiary_id, max(payers) AS payers,
          array_to_string(list_sort(arg_max(ids, payers)), ';') AS payer_ids FROM windows GROUP BY ALL
    """
