"""Findings into alerts: one alert a thing, with its history; what a later answer no longer finds is taken back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, tuple_

from entrepot.alerts import Combination, Finding, Thing, combined
from entrepot.cases.audit import canonical
from entrepot.cases.policy import severity_rank
from entrepot.cases.tables import ALERTS, FINDINGS, USERS
from entrepot.errors import NotFound

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from entrepot.cases.store import Store
    from entrepot.cases.writer import Writer

_BLOCK = 400


@dataclass(frozen=True, slots=True)
class Added:
    """What findings came to, as ids of alerts: new, changed, reopened; and how many findings had been known."""

    new: tuple[str, ...]
    changed: tuple[str, ...]
    reopened: tuple[str, ...]
    n_known: int


@dataclass
class _Folding:
    """An alert while findings are folded into it."""

    thing: Thing
    subject: str | None
    row: Mapping[Any, Any] | None
    found: list[Finding] = field(default_factory=list)
    digests: dict[tuple[str, str], str] = field(default_factory=dict)
    n_before: int = 0
    n_added: int = 0


def add_findings(store: Store, findings: Iterable[Finding], *, by: str, at: str, owner: str | None = None) -> Added:
    """Fold findings into alerts.

    A finding that the alert has already, word for word, changes nothing. One that differs is added to the history and
    the alert is weighed anew. A closed alert with a finding that is new and stands is open again. A finding of
    certainty ``none`` takes back an earlier one, and makes no alert.

    Args:
        by: who adds them.
        at: UTC instant.
        owner: who is to have new alerts; whoever adds them by default.

    Raises:
        NotFound: there is no such user.
    """
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.thing.kind, finding.thing.key), []).append(finding)
    came: dict[str, list[str]] = {"new": [], "changed": [], "reopened": []}
    n_known = 0
    with store.write(by=by, at=at) as writer:
        writer.require("analyst", "reviewer", "admin")
        owner_ref = writer.actor if owner is None else user_ref(writer.connection, owner)
        for fold, given in _prepared(writer, groups):
            n_known += len(given) - sum(_take(writer, fold, finding) for finding in given)
            if fold.n_added:
                alert_id, outcome = _settle(store, writer, fold, owner_ref)
                came[outcome].append(alert_id)
    return Added(tuple(came["new"]), tuple(came["changed"]), tuple(came["reopened"]), n_known)


def user_ref(connection: Connection, name: str) -> str:
    """Return the reference of an active user.

    Raises:
        NotFound: there is none of that name.
    """
    statement = select(USERS.c.user_ref).where(USERS.c.name == name, USERS.c.is_active.is_(True))
    found = connection.execute(statement).scalar()
    if found is None:
        raise NotFound(f"there is no user {name!r}", remedy="An admin adds users: `entrepot case user NAME`.")
    return str(found)


def _prepared(
    writer: Writer, groups: Mapping[tuple[str, str], Sequence[Finding]]
) -> Iterator[tuple[_Folding, Sequence[Finding]]]:
    """Each thing with what the store has of it, read in blocks; things that nothing stands against are left out."""
    pairs = list(groups)
    for start in range(0, len(pairs), _BLOCK):
        block = pairs[start : start + _BLOCK]
        things = {pair: groups[pair][0].thing for pair in block}
        sealed = writer.keys.find_many([pair for pair in block if not things[pair].is_public])
        refs = {pair: pair[1] if things[pair].is_public else sealed.get(pair) for pair in block}
        rows = _alert_rows(writer.connection, [(pair[0], ref) for pair, ref in refs.items() if ref is not None])
        history = _history(writer.connection, [row["alert_id"] for row in rows.values()])
        for pair in block:
            given, ref = groups[pair], refs[pair]
            row = rows.get((pair[0], ref)) if ref is not None else None
            if row is None and all(finding.certainty == "none" for finding in given):
                continue
            if ref is None:
                ref = writer.keys.make(*pair, at=writer.at)
            fold = _Folding(things[pair], None if things[pair].is_public else ref, row)
            for past in history.get(row["alert_id"], ()) if row is not None else ():
                fold.found.append(_light(past, fold.thing))
                fold.digests[past["source"], past["rule"]] = past["digest"]
                fold.n_before = past["n"]
            yield fold, given


def _alert_rows(connection: Connection, pairs: list[tuple[str, str]]) -> dict[tuple[str, str], Mapping[Any, Any]]:
    if not pairs:
        return {}
    found = connection.execute(select(ALERTS).where(tuple_(ALERTS.c.kind, ALERTS.c.ref).in_(pairs))).mappings()
    return {(row["kind"], row["ref"]): row for row in found}


def _history(connection: Connection, alert_ids: list[str]) -> dict[str, list[Mapping[Any, Any]]]:
    rows: dict[str, list[Mapping[Any, Any]]] = {}
    if alert_ids:
        statement = (
            select(FINDINGS).where(FINDINGS.c.alert_id.in_(alert_ids)).order_by(FINDINGS.c.alert_id, FINDINGS.c.n)
        )
        for row in connection.execute(statement).mappings():
            rows.setdefault(row["alert_id"], []).append(row)
    return rows


def _light(row: Mapping[Any, Any], thing: Thing) -> Finding:
    """A recorded finding without its body: what weighing needs."""
    inputs = tuple(json.loads(row["inputs"]))
    return Finding(
        thing, row["source"], row["rule"], row["as_of"], row["certainty"], "", row["amount"], row["currency"], inputs
    )


def _take(writer: Writer, fold: _Folding, finding: Finding) -> bool:
    """Add a finding to the history unless it is there already, or takes back what never was; return whether it was."""
    rule = (finding.source, finding.rule)
    if rule not in fold.digests and finding.certainty == "none":
        return False
    body = canonical({"summary": finding.summary, "detail": dict(finding.detail)})
    told = canonical([body, finding.certainty, finding.amount, finding.currency])
    digest = writer.keys.digest(fold.subject, told)
    if fold.digests.get(rule) == digest:
        return False
    fold.n_added += 1
    fold.digests[rule] = digest
    fold.found.append(finding)
    writer.add(
        FINDINGS,
        {
            "alert_id": alert_id_of(fold.thing.kind, fold.subject or fold.thing.key),
            "n": fold.n_before + fold.n_added,
            "source": finding.source,
            "rule": finding.rule,
            "digest": digest,
            "as_of": finding.as_of,
            "recorded_at": writer.at,
            "certainty": finding.certainty,
            "amount": finding.amount,
            "currency": finding.currency,
            "inputs": canonical(list(finding.inputs)),
            "subject": fold.subject,
            "body": body.encode() if fold.subject is None else writer.keys.seal(fold.subject, body),
        },
    )
    return True


def alert_id_of(kind: str, ref: str) -> str:
    """Return the id of the one alert of a thing."""
    return f"a-{hashlib.sha256(f'{kind}|{ref}'.encode()).hexdigest()[:16]}"


def _settle(store: Store, writer: Writer, fold: _Folding, owner_ref: str) -> tuple[str, str]:
    """Weigh an alert anew and write how it stands; return its id and whether it is new, changed or reopened."""
    said = combined(fold.found, store.policy.weighing())
    values = _weighed(fold, said)
    if fold.row is None:
        ref = fold.subject or fold.thing.key
        alert_id = alert_id_of(fold.thing.kind, ref)
        label = canonical({"key": fold.thing.key, "label": fold.thing.label})
        sealed = label.encode() if fold.subject is None else writer.keys.seal(fold.subject, label)
        fixed = {"alert_id": alert_id, "kind": fold.thing.kind, "ref": ref, "label": sealed, "status": "open"}
        times = {"first_at": writer.at, "updated_at": writer.at, "version": 1}
        writer.make(ALERTS, {**fixed, **times, "owner": owner_ref, **values})
        writer.decide(alert_id, version=1, kind="raised", status="open", severity=said.severity)
        return alert_id, "new"
    row = fold.row
    is_reopened = row["status"] == "closed" and any(one.certainty != "none" for one in fold.found[-fold.n_added :])
    status = "open" if is_reopened else row["status"]
    version = row["version"]
    writer.change(ALERTS, row["alert_id"], version=version, status=status, **values)
    kind = "reopened" if is_reopened else "found"
    severities = {"severity_before": row["severity"], "severity": said.severity}
    writer.decide(row["alert_id"], version=version + 1, kind=kind, status=status, **severities)
    return row["alert_id"], "reopened" if is_reopened else "changed"


def _weighed(fold: _Folding, said: Combination) -> dict[str, Any]:
    return {
        "severity": said.severity,
        "severity_rank": severity_rank(said.severity),
        "certainty": said.certainty,
        "amount": said.amount,
        "currency": said.currency,
        "because": said.because,
        "sources": ";".join(dict.fromkeys(one.source for one in fold.found)),
        "n_findings": fold.n_before + fold.n_added,
    }
