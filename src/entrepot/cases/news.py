"""What is new since a day: findings that came, and the data, measure or list because of which they came."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from entrepot.alerts import Thing
from entrepot.cases.keys import ERASED, Keys
from entrepot.cases.rows import PUBLIC, alerts_of, recorded_of
from entrepot.cases.tables import ALERTS, FINDINGS
from entrepot.codes import parse_day
from entrepot.lake import Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from entrepot.cases.store import Store

NEWS = {
    "alert_id": "VARCHAR",
    "kind": "VARCHAR",
    "label": "VARCHAR",
    "what": "VARCHAR",
    "source": "VARCHAR",
    "rule": "VARCHAR",
    "summary": "VARCHAR",
    "because": "VARCHAR",
    "recorded_at": "VARCHAR",
    "certainty_before": "VARCHAR",
    "certainty": "VARCHAR",
    "severity": "VARCHAR",
    "status": "VARCHAR",
    "owner": "VARCHAR",
}
# What a finding may newly rest on, in the order in which it is told; a flag and an article are always there.
_CAUSES = ("data", "measure", "list", "article", "flag")


def alerts_diff(store: Store, since: str, *, day: str) -> Table:
    """Return the findings that were recorded on a day or after it, the gravest alerts first.

    Args:
        since: the first day that counts as new, YYYY-MM-DD.
        day: decides which suppressions still hold.

    Returns:
        grain alert, source, rule, recorded_at; columns NEWS. ``what`` is new (the alert was not there before), added (a
        further finding), changed (a finding that differs from the earlier one of its source and rule), taken_back
        (it does not stand any more) or back (it stands again). ``because`` names what the finding rests on and its
        forerunner did not: data:SNAPSHOT, measure:ID, list:DATASET ...; all of it where it has no forerunner; ``same
        inputs`` where only the question or the records changed.

    Raises:
        CodeError: ``since`` is no day.
    """
    parse_day(since)
    with store.read() as connection:
        touched = select(FINDINGS.c.alert_id).where(FINDINGS.c.recorded_at >= since).distinct()
        rows = connection.execute(select(ALERTS).where(ALERTS.c.alert_id.in_(touched))).mappings().all()
        alerts = {alert.alert_id: alert for alert in alerts_of(connection, rows, day)}
        ranks = {row["alert_id"]: row["severity_rank"] for row in rows}
        keys = Keys(connection)
        keys.load({row["ref"] for row in rows if row["kind"] not in PUBLIC})
        history = select(FINDINGS).where(FINDINGS.c.alert_id.in_(touched))
        found: list[dict[str, Any]] = []
        past: dict[tuple[str, str, str], Mapping[Any, Any]] = {}
        old: set[str] = set()
        for row in connection.execute(history.order_by(FINDINGS.c.alert_id, FINDINGS.c.n)).mappings():
            rule = (row["alert_id"], row["source"], row["rule"])
            if row["recorded_at"] >= since:
                alert = alerts[row["alert_id"]]
                told = recorded_of(row, keys, Thing(alert.kind, alert.key, alert.label))
                found.append(
                    {
                        **{name: row[name] for name in ("alert_id", "source", "rule", "recorded_at", "certainty")},
                        **{name: getattr(alert, name) for name in ("kind", "label", "severity", "status", "owner")},
                        "what": _what(row, past.get(rule), is_old=row["alert_id"] in old),
                        "summary": told.finding.summary if told.finding else ERASED,
                        "because": _because(row, past.get(rule)),
                        "certainty_before": past[rule]["certainty"] if rule in past else None,
                    }
                )
            else:
                old.add(row["alert_id"])
            past[rule] = row
    found.sort(
        key=lambda one: (ranks[one["alert_id"]], one["alert_id"], one["recorded_at"], one["source"], one["rule"])
    )
    return Table.from_rows(found, NEWS)


def _what(row: Mapping[Any, Any], before: Mapping[Any, Any] | None, *, is_old: bool) -> str:
    if before is None:
        return "added" if is_old else "new"
    if row["certainty"] == "none":
        return "taken_back"
    return "back" if before["certainty"] == "none" else "changed"


def _because(row: Mapping[Any, Any], before: Mapping[Any, Any] | None) -> str:
    now = json.loads(row["inputs"])
    then = set(json.loads(before["inputs"])) if before is not None else set()
    fresh = [one for one in now if one not in then]
    fresh.sort(key=lambda one: (_CAUSES.index(kind) if (kind := one.partition(":")[0]) in _CAUSES else 9, one))
    return "; ".join(fresh) or "same inputs"
