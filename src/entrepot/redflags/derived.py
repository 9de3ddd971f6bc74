"""Tables worked out from what was given, for flags that would otherwise ask everything of everybody.

- ``trader``: who sold or bought goods of the high-priority list, since when, how much; from shipments and payments.
- ``listed_mark``: one row for each phone, e-mail, address, wallet and director of a listing.
- ``shared_mark``: companies that share such marks with a listed party, how many, and which.
- ``listed_code``: a code of that list and the day from which it was on it.
- ``bank_path``, ``wallet_path``, ``grant_office``, ``sell_down`` and others: see `derived_paths`.
- ``blocked``: who is blocked under a regime, itself or by the shares of those who are (OFAC: half or more, added over
  all blocked owners, again and again; EU: the same line; UK: more than half by one, or a recorded
  control). Percentages are never multiplied.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence

from entrepot.lake import get_kind
from entrepot.redflags.derived_accounts import account_flows, device_shares, phone_uses, power_uses
from entrepot.redflags.derived_paths import (
    SANCTIONS,
    bank_paths,
    grant_offices,
    offices_near,
    person_listings,
    refunds,
    sell_downs,
    wallet_paths,
)
from entrepot.redflags.relations import Relations

# What each is worked out from: one of these, and all of those.
SOURCES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "trader": (("shipment", "payment"), ()),
    "listed_mark": ((), ("listing",)),
    "shared_mark": ((), ("listing", "company")),
    "blocked": ((), ("listing", "ownership")),
    "device_share": ((), ("account",)),
    "account_flow": ((), ("payment",)),
    "phone_use": ((), ("person",)),
    "power_use": ((), ("document", "payment")),
    "listed_code": ((), ()),
    "bank_path": ((), ("payment",)),
    "wallet_path": ((), ("payment", "listing")),
    "grant_office": (("ownership", "directorship"), ("public_record", "relation")),
    "sell_down": ((), ("listing", "ownership")),
    "office_near": ((), ("relation",)),
    "person_listing": ((), ("listing",)),
    "refund": ((), ("payment",)),
}
_MARKS = {"phone": "phones", "email": "emails", "address": "addresses", "wallet": "wallets", "director": "directors"}
_MOST_ROUNDS = 50
# Roughly what an amount is worth beside others, so that the largest of several currencies can be told.
_WEIGHT = "amount / CASE WHEN currency IN ('RUB', 'KZT', 'KGS', 'UZS', 'AMD', 'JPY', 'KRW', 'TRY') THEN 100 ELSE 1 END"
# How a mark is written makes no difference, as far as it can be told.
_PLAIN = """
    CASE mark WHEN 'phone' THEN regexp_replace(value, '[^0-9]', '', 'g') WHEN 'email' THEN lower(trim(value))
    WHEN 'wallet' THEN trim(value) ELSE trim(spaced(value)) END
"""

# What some of them read besides, where it is there.
_BESIDE = {
    "shared_mark": ("directorship", "person"),
    "device_share": ("login", "person"),
    "account_flow": ("account",),
    "bank_path": ("bank", "listing"),
    "grant_office": ("company",),
    "sell_down": ("relation",),
    "wallet_path": ("relation",),
}


def sources_of(wanted: Iterable[str]) -> frozenset[str]:
    """Return the kinds of records that tables are worked out from, and those of ``wanted`` that users give."""
    found: set[str] = set()
    for kind in wanted:
        either, every = SOURCES.get(kind, ((), (kind,)))
        found |= {*either, *every, *_BESIDE.get(kind, ())}
    return frozenset(found)


def sources_lacking(kind: str, given: Container[str]) -> set[str]:
    """Return what a user would have to give for a table to be there; the kind itself where it is not derived."""
    either, every = SOURCES.get(kind, ((), (kind,)))
    lacking = {name for name in every if name not in given}
    return lacking | ({either[0]} if either and not any(name in given for name in either) else set())


def derive(tables: Relations, wanted: Iterable[str], *, codes: Mapping[str, str]) -> None:
    """Make the derived tables that are wanted and can be made.

    Args:
        codes: of the list of high-priority goods, each with the day from which it was listed.
    """
    for kind in sorted(wanted):
        either, every = SOURCES.get(kind, ((), ()))
        has_one = not either or any(name in tables.given for name in either)
        if kind in SOURCES and kind not in tables.given and has_one and all(name in tables.given for name in every):
            if kind == "listed_code":
                sql = _listed_codes(codes)
            else:
                sql = _SQL[kind](tables) if kind in _SQL else _GOODS[kind](tables, tuple(codes))
            tables.take(kind, _numbered(kind, sql), ("_row", *get_kind(kind).columns))


def _numbered(kind: str, sql: str) -> str:
    columns = ", ".join(f'"{name}"' for name in get_kind(kind).columns)
    return f"SELECT row_number() OVER () AS _row, * FROM (SELECT {columns} FROM ({sql}) ORDER BY ALL)"


def _traders(tables: Relations, goods: Sequence[str]) -> str:
    codes = "[" + ", ".join(f"'{code}'" for code in goods) + "]::VARCHAR[]"
    parts = []
    if "shipment" in tables.given:
        for role, column in (("seller", "exporter_id"), ("buyer", "consignee_id")):
            parts.append(
                f"SELECT {column} AS company_id, '{role}' AS side, declaration_date AS day, amount, currency"
                f" FROM r_shipment WHERE is_covered(hs_code, {codes})"
            )
    if "payment" in tables.given:
        for role, column in (("seller", "beneficiary_id"), ("buyer", "payer_id")):
            parts.append(
                f"SELECT {column} AS company_id, '{role}' AS side, value_date AS day, amount, currency"
                f" FROM r_payment WHERE any_covered(hs_codes, {codes})"
            )
    return (
        "SELECT company_id, min(day) AS first_date, count(*) AS records, arg_max(amount, weight) AS largest,"
        " nullif(arg_max(coalesce(currency, ''), weight), '') AS currency, bool_or(side = 'seller') AS is_seller"
        f" FROM (SELECT *, {_WEIGHT} AS weight FROM ({' UNION ALL '.join(parts)})) WHERE company_id IS NOT NULL"
        " GROUP BY company_id"
    )


def _listed_marks(tables: Relations, goods: Sequence[str]) -> str:
    listing = "listing_id, entity_id, regime, listing_date, delisting_date"
    parts = " UNION ALL ".join(
        f"SELECT {listing}, '{mark}' AS mark, unnest({column}) AS value FROM r_listing"
        for mark, column in _MARKS.items()
    )
    # Written alike once for all marks: building a pattern of all letters takes the engine long.
    return f"WITH marks AS MATERIALIZED ({parts}) SELECT {listing}, mark, {_PLAIN} AS value FROM marks"


def _shared_marks(tables: Relations, goods: Sequence[str]) -> str:
    own = [
        f"SELECT company_id, '{mark}' AS mark, unnest({column}) AS value FROM r_company"
        for mark, column in (("phone", "phone"), ("email", "email"), ("address", "[address]"))
    ]
    if "directorship" in tables.given:
        own.append("SELECT company_id, 'director', person_id FROM r_directorship")
        if "person" in tables.given:
            own.append("SELECT company_id, 'director', p.name FROM r_directorship d JOIN r_person p USING (person_id)")
    if "payment" in tables.given:
        own.extend(
            f"SELECT DISTINCT {side}_id, 'wallet', {column} FROM r_payment WHERE {column} IS NOT NULL"
            for side, column in (("payer", "wallet_from"), ("beneficiary", "wallet_to"))
        )
    # Nothing equals NULL. A filter would have the engine write the values alike once more, for the filter.
    return f"""
        WITH listed AS (SELECT * REPLACE (nullif(value, '') AS value) FROM ({_listed_marks(tables, goods)})),
        marks AS MATERIALIZED ({" UNION ALL ".join(own)}),
        own AS (SELECT company_id, mark, nullif({_PLAIN}, '') AS value FROM marks)
        SELECT own.company_id, listing_id, entity_id, regime, listing_date, delisting_date,
          count(DISTINCT mark || value) AS marks,
          array_to_string(list_sort(list_distinct(list(mark || ' ' || value))), '; ') AS shared
        FROM own JOIN listed USING (mark, value) WHERE own.company_id <> entity_id GROUP BY ALL
    """


def _blocked(tables: Relations) -> str:
    day = f"DATE '{tables.as_of}'"
    listed = (
        "SELECT DISTINCT upper(trim(regime)) AS regime, entity_id, 100.0::DOUBLE AS share, 0 AS depth, '' AS owners"
        f" FROM r_listing WHERE {SANCTIONS} AND listing_date <= {day}"
        f" AND (delisting_date IS NULL OR delisting_date > {day})"
    )
    # A recorded control counts under the UK's line, whatever the share; elsewhere it adds nothing.
    live = (
        "SELECT owner_id, asset_id, CASE WHEN coalesce(kind, 'share') <> 'control' THEN percentage END AS percentage,"
        " coalesce(kind = 'control', false) AS is_control FROM r_ownership"
        f" WHERE coalesce(start_date <= {day}, true) AND coalesce(end_date > {day}, true)"
    )
    # Each round adds up over all who are blocked by now (recurring), not only over those of the round before.
    return f"""
        WITH RECURSIVE live AS ({live}), shares AS (
          SELECT owner_id, asset_id, sum(percentage) AS percentage, bool_or(is_control) AS is_control
          FROM live GROUP BY ALL
        ), blocking(regime, entity_id, share, depth, owners) USING KEY (regime, entity_id) AS (
          {listed}
          UNION
          SELECT regime, asset_id, share, depth, owners FROM (
            SELECT b.regime, o.asset_id, bool_or(is_control) AS is_control,
              (SELECT max(depth) + 1 FROM blocking) AS depth,
              CASE WHEN b.regime = 'UK' THEN max(percentage) ELSE round(sum(percentage), 6) END AS share,
              array_to_string(list_sort(list(DISTINCT o.owner_id)), ';') AS owners
            FROM shares o JOIN recurring.blocking b ON b.entity_id = o.owner_id GROUP BY b.regime, o.asset_id
          ) WHERE depth <= {_MOST_ROUNDS}
            AND (CASE WHEN regime = 'UK' THEN share > 50 OR is_control ELSE share >= 50 END)
            AND (regime, asset_id) NOT IN (SELECT (regime, entity_id) FROM recurring.blocking)
        ), unsaid AS (
          -- Depth -1: a blocked owner whose share nobody tells, so that whether the line is reached stays open.
          SELECT b.regime, o.asset_id, NULL::DOUBLE AS share, -1 AS depth,
            array_to_string(list_sort(list(DISTINCT o.owner_id)), ';') AS owners
          FROM live o JOIN blocking b ON b.entity_id = o.owner_id
          WHERE o.percentage IS NULL AND NOT o.is_control
            AND (b.regime, o.asset_id) NOT IN (SELECT (regime, entity_id) FROM blocking) GROUP BY ALL
        )
        SELECT regime, entity_id, share::DECIMAL(4, 1) AS share, depth, owners, NULL::DOUBLE AS percentage
        FROM (FROM blocking UNION ALL FROM unsaid)
    """


def _listed_codes(codes: Mapping[str, str]) -> str:
    rows = ", ".join(f"('{code}', DATE '{day}')" for code, day in codes.items())
    return f"SELECT * FROM (VALUES {rows}) AS listed (hs_code, listed_date)"


_GOODS: dict[str, Callable[[Relations, Sequence[str]], str]] = {
    "trader": _traders,
    "listed_mark": _listed_marks,
    "shared_mark": _shared_marks,
}
_SQL: dict[str, Callable[[Relations], str]] = {
    "blocked": _blocked,
    "device_share": device_shares,
    "account_flow": account_flows,
    "phone_use": phone_uses,
    "power_use": power_uses,
    "bank_path": bank_paths,
    "wallet_path": wallet_paths,
    "grant_office": grant_offices,
    "sell_down": sell_downs,
    "office_near": offices_near,
    "person_listing": person_listings,
    "refund": refunds,
}
