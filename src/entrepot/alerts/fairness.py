"""Alert rates by group on the user's own records: who is asked more often, and which flags are behind it."""

from __future__ import annotations

from collections.abc import Iterable

from entrepot.alerts.checking import Check
from entrepot.alerts.rates import ratio_interval, wilson
from entrepot.errors import ConfigError
from entrepot.lake import Table, get_kind

# A ratio of alert rates outside these bounds is for a person to look at (the four-fifths rule, both ways).
LEAST_RATIO, MOST_RATIO = 0.8, 1.25
TYPES = {
    "field": "VARCHAR",
    "group": "VARCHAR",
    "records": "BIGINT",
    "alerts": "BIGINT",
    "alert_rate": "DOUBLE",
    "low": "DOUBLE",
    "high": "DOUBLE",
    "ratio": "DOUBLE",
    "ratio_low": "DOUBLE",
    "ratio_high": "DOUBLE",
    "is_outside": "BOOLEAN",
    "flags": "VARCHAR",
}
_OF_PERSONS = ("citizenships", "birth_country")
_OF_OTHERS = {"payment": ("payer_country", "beneficiary_country"), "company": ("country",)}
_LINKS = ("person_id", "holder_id", "payer_id")


def fairness(check: Check, *, innocent: Iterable[str] | None = None) -> Table:
    """Return how often the records of each group lead to anything but pass, beside everybody else's.

    Args:
        check: with its outcomes.
        innocent: ids of records known to be innocent; given, only these count, and the rates are rates of false alerts.

    Returns:
        grain field, group. ``ratio`` is the group's rate over that of all others; ``is_outside`` where its whole
        interval lies outside 0.8 to 1.25; ``flags`` names those that fire in the group more often than elsewhere.

    Raises:
        ConfigError: nothing says of which group a record is.
    """
    connection = check.tables.connection
    connection.execute(check.answer())
    connection.execute("CREATE OR REPLACE TEMP TABLE innocent (record_id VARCHAR)")
    if innocent is not None:
        connection.executemany("INSERT INTO innocent VALUES (?)", [[one] for one in innocent])
    chosen = "AND o.record_id IN (SELECT record_id FROM innocent)" if innocent is not None else ""
    rows: list[dict[str, object]] = []
    for field, groups in _groups(check).items():
        connection.execute(f"CREATE OR REPLACE TEMP TABLE groups AS {groups}")
        connection.execute(
            "CREATE OR REPLACE TEMP TABLE told AS SELECT DISTINCT o._row, g.part,"
            " coalesce(d.decision, 'pass') <> 'pass' AS is_alert FROM outcomes o JOIN groups g USING (_row)"
            f" LEFT JOIN decisions d USING (_row) WHERE true {chosen}"
        )
        counts = connection.execute(
            "SELECT part, count(*), count_if(is_alert) FROM told GROUP BY part ORDER BY part"
        ).fetchall()
        all_records, all_alerts = sum(n for _, n, _ in counts), sum(n for _, _, n in counts)
        behind = _flags_behind(check)
        for part, records, alerts in counts:
            rows.append(_row(field, part, records, alerts, all_records, all_alerts, behind.get(part, "")))
    return Table.from_rows(rows, TYPES)


def _row(field: str, part: str, n: int, hits: int, all_n: int, all_hits: int, flags: str) -> dict[str, object]:
    low, high = wilson(hits, n)
    others, other_hits = all_n - n, all_hits - hits
    ratio_low, ratio_high = ratio_interval(hits, n, other_hits, others)
    ratio = (hits / n) / (other_hits / others) if n and others and other_hits else None
    is_outside = (
        ratio_low is not None and ratio_high is not None and (ratio_low > MOST_RATIO or ratio_high < LEAST_RATIO)
    )
    return {
        "field": field, "group": part, "records": n, "alerts": hits, "alert_rate": hits / n if n else None, "low": low,
        "high": high, "ratio": ratio, "ratio_low": ratio_low, "ratio_high": ratio_high, "is_outside": is_outside,
        "flags": flags if is_outside and ratio_low is not None and ratio_low > MOST_RATIO else "",
    }  # fmt: skip


def _groups(check: Check) -> dict[str, str]:
    """SQL of the group of every record, by the field that says it; a record of two groups counts in both."""
    given, kind = check.tables.given, check.kind
    if kind != "person" and "person" in given:
        link = next((name for name in _LINKS if name in get_kind(kind).columns and name in given[kind]), None)
        if link:
            joined = f'FROM r_{kind} k JOIN r_person r ON r.person_id = k."{link}"'
            return {f"person.{name}": _parts(name, joined, "k") for name in _OF_PERSONS if name in given["person"]}
    fields = _OF_PERSONS if kind == "person" else _OF_OTHERS.get(kind, ())
    found = {name: _parts(name, f"FROM r_{kind} r", "r") for name in fields if name in given[kind]}
    if not found:
        remedy = "Give the persons behind them, --with person=FILE with citizenships or birth_country."
        raise ConfigError(f"nothing says of which group a {kind} is", where="--fairness", remedy=remedy)
    return found


def _parts(name: str, joined: str, rows: str) -> str:
    part = f'unnest(list_distinct(r."{name}"))' if name == "citizenships" else f'r."{name}"'
    return f"SELECT * FROM (SELECT {rows}._row, {part} AS part {joined}) WHERE part IS NOT NULL"


def _flags_behind(check: Check) -> dict[str, str]:
    """Flags by group that fire there at more than 1.25 times the rate of everybody else."""
    rows = check.tables.connection.execute(
        """
        WITH fired AS (
          SELECT t.part, o.flag, count(*) AS hits
          FROM told t JOIN outcomes o USING (_row)
          WHERE o.outcome = 'fired' GROUP BY ALL
        ), sizes AS (SELECT part, count(*) AS n FROM told GROUP BY part),
        whole AS (SELECT flag, sum(hits) AS hits FROM fired GROUP BY flag), n AS (SELECT sum(n) AS n FROM sizes)
        SELECT part, list(flag ORDER BY flag)
        FROM fired JOIN sizes USING (part) JOIN whole w USING (flag), n
        WHERE fired.hits / sizes.n > ? * (w.hits - fired.hits) / nullif(n.n - sizes.n, 0) GROUP BY part
        """,
        [MOST_RATIO],
    ).fetchall()
    return {part: ";".join(sorted(check.flags[place].id for place in places)) for part, places in rows}
