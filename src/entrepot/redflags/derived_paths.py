"""Derived tables of paths: banks and wallets of a payment, grants near an office, shares sold near a listing.

- ``bank_path``: the listings and profiles that stood on the value date for the banks on a payment's path;
  those in Russia count as users of its messaging system for nobody.
- ``wallet_path``: how a payment comes to listed wallets or services, directly or through one wallet between.
- ``office_near``: a person, and an office that this person or the nearest kin holds.
- ``person_listing``: listings of a person, or of a firm of which the person holds half or more.
- ``refund``: what came back of a payment, and after how many days.
- ``grant_office``: who held a public office near the owners and directors of a firm when it was granted something.
- ``sell_down``: a listed owner's share that fell below its regime's line near the listing, and who bought then.
"""

from __future__ import annotations

from entrepot.redflags.relations import Relations

BIC = "left(upper(replace({}, ' ', '')), 8)"
# A list of shippers of goods is no list of sanctions.
SANCTIONS = "NOT contains(upper(coalesce(regime, '')), 'SHIPPER')"
_WALLET = "CASE WHEN starts_with(lower({0}), '0x') THEN lower(trim({0})) ELSE trim({0}) END"
_KIN = "('spouse', 'parent', 'child', 'sibling')"
_SOLD_DAYS = 90


def live(on: str, table: str = "l") -> str:
    """SQL: a listing stands from its day until the day of its removal, which is free again."""
    return f"{table}.listing_date <= {on} AND ({table}.delisting_date IS NULL OR {table}.delisting_date > {on})"


def bank_paths(tables: Relations) -> str:
    """Banks by the first eight letters of their BIC, listings by that or by the name of the bank behind it."""
    path = (
        f"SELECT DISTINCT payment_id, value_date, role, {BIC.format('bic')} AS bic FROM ("
        " SELECT payment_id, value_date, 'payer' AS role, payer_bic AS bic FROM r_payment"
        " UNION ALL SELECT payment_id, value_date, 'beneficiary', beneficiary_bic FROM r_payment"
        " UNION ALL SELECT payment_id, value_date, 'agent', unnest(intermediary_bics) FROM r_payment) WHERE bic <> ''"
    )
    given = tables.given
    listed, used = ["SELECT NULL::VARCHAR AS payment_id, NULL::VARCHAR AS regime, NULL::VARCHAR AS entity"], []
    if "listing" in given:
        marks = (
            f"SELECT {BIC.format('entity_id')} AS bic, entity_name, regime, listing_date, delisting_date"
            f" FROM r_listing WHERE {SANCTIONS}"
        )
        if "bank" in given:
            marks += (
                f" UNION SELECT {BIC.format('b.bic')}, entity_name, regime, listing_date, delisting_date"
                f" FROM r_listing JOIN r_bank b ON lower(trim(b.name)) = lower(trim(entity_name)) WHERE {SANCTIONS}"
            )
        listed.append(
            "SELECT p.payment_id, upper(trim(l.regime)), p.role || ' ' || p.bic || ' ' || coalesce(l.entity_name, '')"
            f" FROM path p JOIN ({marks}) l ON l.bic = p.bic WHERE {live('p.value_date')}"
        )
    if "bank" in given:
        # A bank in Russia is at home there: what the acts forbid and warn of is that banks elsewhere join.
        profiles = (
            f"SELECT p.payment_id, p.role || ' ' || p.bic AS bank, arg_max(b.uses_spfs, b.profile_date) AS dated,"
            " bool_or(b.uses_spfs) FILTER (WHERE b.profile_date IS NULL) AS undated FROM path p"
            f" JOIN r_bank b ON {BIC.format('b.bic')} = p.bic AND coalesce(b.profile_date <= p.value_date, true)"
            " WHERE b.uses_spfs IS NOT NULL AND coalesce(b.country, '') <> 'RUS' AND substr(p.bic, 5, 2) <> 'RU'"
            " GROUP BY ALL"
        )
        used.append(f"SELECT payment_id, NULL, NULL, bank FROM ({profiles}) WHERE coalesce(dated, undated)")
    rows = " UNION ALL ".join(["SELECT *, NULL::VARCHAR AS bank FROM (" + " UNION ALL ".join(listed) + ")", *used])
    text = "array_to_string(list_sort(list_distinct(list({0}) FILTER (WHERE {0} IS NOT NULL))), ';')"
    return (
        f"WITH path AS ({path}) SELECT payment_id, {text.format('regime')} AS regimes, {text.format('entity')} AS"
        f" listed, {text.format('bank')} AS spfs_banks FROM ({rows}) WHERE payment_id IS NOT NULL GROUP BY payment_id"
    )


def wallet_paths(tables: Relations) -> str:
    """A next payment goes out on the day or later, one before came in on the day or earlier; both when listed."""
    wallets = (
        f"SELECT {_WALLET.format('value')} AS wallet, entity_id, regime, listing_date, delisting_date FROM"
        f" (SELECT *, unnest(wallets) AS value FROM r_listing) WHERE {SANCTIONS}"
    )
    moves = (
        f"SELECT payment_id, value_date, payer_id, beneficiary_id, {_WALLET.format('wallet_from')} AS wallet_from,"
        f" {_WALLET.format('wallet_to')} AS wallet_to, rail FROM r_payment"
        " WHERE wallet_from <> '' OR wallet_to <> '' OR lower(rail) = 'crypto'"
    )
    return f"""
        WITH moves AS ({moves}), listed AS ({wallets}), touches AS (
          SELECT m.*, 'to' AS side, l.regime, l.wallet AS party FROM moves m JOIN listed l ON l.wallet = m.wallet_to
            WHERE {live("m.value_date")}
          UNION ALL SELECT m.*, 'from', l.regime, l.wallet FROM moves m JOIN listed l ON l.wallet = m.wallet_from
            WHERE {live("m.value_date")}
          UNION ALL SELECT m.*, 'to', l.regime, l.entity_id FROM moves m JOIN r_listing l
            ON l.entity_id = m.beneficiary_id WHERE {SANCTIONS} AND {live("m.value_date")}
          UNION ALL SELECT m.*, 'from', l.regime, l.entity_id FROM moves m JOIN r_listing l
            ON l.entity_id = m.payer_id WHERE {SANCTIONS} AND {live("m.value_date")}
        ), paths AS (
          SELECT payment_id, regime, 1 AS hops, side || ' ' || party AS path FROM touches
          UNION ALL SELECT p.payment_id, z.regime, 2, p.wallet_to || ' > ' || z.payment_id || ' > ' || z.party
            FROM moves p JOIN touches z ON z.side = 'to' AND z.wallet_from = p.wallet_to
            AND z.value_date >= p.value_date AND z.payment_id <> p.payment_id
          UNION ALL SELECT p.payment_id, z.regime, 2, z.party || ' > ' || z.payment_id || ' > ' || p.wallet_from
            FROM moves p JOIN touches z ON z.side = 'from' AND z.wallet_to = p.wallet_from
            AND z.value_date <= p.value_date AND z.payment_id <> p.payment_id
        )
        SELECT payment_id, array_to_string(list_sort(list_distinct(list(upper(trim(regime))))), ';') AS regimes,
          min(hops) AS hops, array_to_string(list_slice(list_sort(list_distinct(list(path))), 1, 5), '; ') AS path
        FROM paths GROUP BY payment_id
    """


def grant_offices(tables: Relations) -> str:
    """Owners, directors and their nearest kin on the day of the grant, and the office that one of them held then."""
    then = "coalesce({0}.start_date <= g.date, true) AND coalesce({0}.end_date > g.date, true)"
    people = []
    if "ownership" in tables.given:
        people.append(
            "SELECT g.*, o.owner_id AS person FROM grants g JOIN r_ownership o ON o.asset_id = g.company_id"
            f" WHERE {then.format('o')}"
        )
    if "directorship" in tables.given:
        people.append(
            "SELECT g.*, d.person_id AS person FROM grants g JOIN r_directorship d ON d.company_id = g.company_id"
            f" WHERE {then.format('d')}"
        )
    return f"""
        WITH grants AS (SELECT beneficiary_id AS company_id, record_id, date FROM r_public_record
          WHERE kind IN ('licence', 'award', 'exemption', 'decree') AND beneficiary_id IS NOT NULL),
        people AS ({" UNION ALL ".join(people)}), circle AS (
          SELECT *, person AS official FROM people
          UNION ALL SELECT p.*, r.to_id FROM people p JOIN r_relation r ON r.from_id = p.person WHERE r.kind IN {_KIN}
          UNION ALL SELECT p.*, r.from_id FROM people p JOIN r_relation r ON r.to_id = p.person WHERE r.kind IN {_KIN}
        )
        SELECT DISTINCT g.company_id, g.record_id, g.date, g.person, g.official, o.office FROM circle g
        JOIN r_relation o ON o.from_id = g.official AND o.kind = 'office_holder' AND {then.format("o")}
    """


def sell_downs(tables: Relations) -> str:
    """The line: half or more, under the UK more than half. A new firm is one founded in the year before the sale."""
    given = tables.given
    near = f"BETWEEN -{_SOLD_DAYS} AND {_SOLD_DAYS}"
    held = (
        "SELECT owner_id, asset_id, percentage, coalesce(start_date, DATE '0001-01-01') AS since, end_date"
        " FROM r_ownership WHERE owner_id IS NOT NULL AND coalesce(kind, 'share') <> 'control'"
    )
    line = "CASE WHEN upper({0}) IN ('UK', 'GBR', 'GB', 'OFSI') THEN {1} > 50 ELSE {1} >= 50 END"
    is_kin, is_new = "NULL::BOOLEAN", "NULL::BOOLEAN"
    if "relation" in given:
        tied = f"r.kind IN {_KIN[:-1]}, 'employee', 'associate', 'agent')"
        is_kin = (
            f"EXISTS (SELECT 1 FROM r_relation r WHERE {tied} AND ((r.from_id = e.owner_id AND r.to_id = b.owner_id)"
            " OR (r.to_id = e.owner_id AND r.from_id = b.owner_id)))"
        )
    if "company" in given:
        age = "date_diff('day', c.incorporation_date, e.day)"
        is_new = (
            "CASE WHEN c.company_id IS NULL THEN false WHEN c.incorporation_date IS NOT NULL THEN"
            f" {age} BETWEEN -{_SOLD_DAYS} AND 365 END"
        )
    firms = "LEFT JOIN r_company c ON c.company_id = b.owner_id" if "company" in given else ""
    return f"""
        WITH held AS ({held}), ends AS (
          SELECT DISTINCT h.owner_id, h.asset_id, h.end_date AS day, l.regime, l.listing_date FROM held h
          JOIN r_listing l ON l.entity_id = h.owner_id AND date_diff('day', l.listing_date, h.end_date) {near}
          WHERE {SANCTIONS} AND h.end_date <= DATE '{tables.as_of}'
        ), shares AS (
          SELECT e.*,
            round(sum(percentage) FILTER (WHERE since < e.day AND coalesce(end_date >= e.day, true)), 6) AS before,
            coalesce(sum(percentage) FILTER (WHERE since <= e.day AND coalesce(end_date > e.day, true)), 0) AS after
          FROM ends e JOIN held h ON h.owner_id = e.owner_id AND h.asset_id = e.asset_id GROUP BY ALL
        ), fallen AS (
          SELECT * FROM shares e WHERE {line.format("regime", "before")} AND NOT ({line.format("regime", "after")})
        )
        SELECT e.asset_id AS company_id, e.owner_id, e.day, e.regime, e.listing_date, e.before, e.after,
          b.owner_id AS buyer_id, {is_kin} AS is_tied, {is_new} AS is_new
        FROM fallen e JOIN held b ON b.asset_id = e.asset_id AND b.owner_id <> e.owner_id
          AND date_diff('day', e.day, b.since) {near} {firms}
    """


def offices_near(tables: Relations) -> str:
    return f"""
        WITH circle AS (
          SELECT from_id AS person_id, from_id AS official FROM r_relation WHERE kind = 'office_holder'
          UNION SELECT to_id, from_id FROM r_relation WHERE kind IN {_KIN}
          UNION SELECT from_id, to_id FROM r_relation WHERE kind IN {_KIN}
        )
        SELECT c.person_id, c.official, o.office, o.start_date, o.end_date FROM circle c
        JOIN r_relation o ON o.from_id = c.official AND o.kind = 'office_holder'
    """


def person_listings(tables: Relations) -> str:
    """Half or more of a firm at any time counts: a share sold near the listing is what is looked for."""
    listed = f"SELECT entity_id, regime, listing_date FROM r_listing WHERE {SANCTIONS} AND entity_id IS NOT NULL"
    parts = [f"SELECT entity_id AS person_id, entity_id, regime, listing_date FROM ({listed})"]
    if "ownership" in tables.given:
        parts.append(
            f"SELECT o.owner_id, l.* FROM ({listed}) l JOIN (SELECT owner_id, asset_id FROM r_ownership"
            " GROUP BY ALL HAVING max(percentage) >= 50) o ON o.asset_id = l.entity_id"
        )
    return " UNION ".join(parts)


def refunds(tables: Relations) -> str:
    return (
        "SELECT p.payment_id, p.beneficiary_id AS payee_id, p.currency, p.purpose, p.value_date, r.amount,"
        " date_diff('day', p.value_date, r.value_date) AS days FROM r_payment p JOIN r_payment r"
        " ON r.is_refund_of = p.payment_id WHERE coalesce(r.currency = p.currency, true)"
    )
