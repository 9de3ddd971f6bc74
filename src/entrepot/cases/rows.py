"""Alerts as they are read: rows of the store with what is sealed opened, where its key is still there."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from entrepot.alerts import IMPERSONAL, Finding, Thing
from entrepot.cases.keys import ERASED, Keys
from entrepot.cases.people import names_of

if TYPE_CHECKING:
    from sqlalchemy import Connection

# Things of these kinds name nobody; their rows are not sealed.
PUBLIC = IMPERSONAL
STATES = ("open", "assigned", "escalated", "suppressed", "closed")


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert as it stands: findings of one thing, with a state and an owner.

    Attributes:
        alert_id: id.
        kind: route, corridor, company, person, or another kind of record.
        key: what names the thing; ``(erased)`` after its key was destroyed.
        label: as a reader sees it; ``(erased)`` alike.
        status: one of STATES; what is suppressed is open again from the day of its expiry on.
        owner: name of the user who has it.
        severity: low, medium, high or critical.
        certainty: none, weak, moderate or strong.
        amount: money that is at least unexplained; None where unknown.
        currency: of amount.
        because: how the severity came about, in a sentence.
        sources: routes, check, screen, read; those that found something.
        n_findings: findings, earlier ones included.
        first_at: UTC instant of the first finding.
        updated_at: UTC instant of the last change.
        suppressed_until: first day on which it is open again.
        pending: a decision that waits for a second person: ``close``.
        pending_by: who proposed it.
        version: grows with every change; a decision names the one that it was taken on.
    """

    alert_id: str
    kind: str
    key: str
    label: str
    status: str
    owner: str
    severity: str
    certainty: str
    amount: float | None
    currency: str | None
    because: str
    sources: tuple[str, ...]
    n_findings: int
    first_at: str
    updated_at: str
    suppressed_until: str | None
    pending: str | None
    pending_by: str | None
    version: int

    @property
    def is_erased(self) -> bool:
        """Whether the key of what names it was destroyed."""
        return self.label == ERASED


@dataclass(frozen=True, slots=True)
class Recorded:
    """A finding as it was recorded.

    Attributes:
        n: number within the alert.
        recorded_at: UTC instant.
        finding: the finding; None after its key was destroyed.
        source, rule, certainty, amount, currency, inputs: as of the finding; these name nobody and stay.
    """

    n: int
    recorded_at: str
    source: str
    rule: str
    as_of: str
    certainty: str
    amount: float | None
    currency: str | None
    inputs: tuple[str, ...]
    finding: Finding | None

    @property
    def may_show_listing(self) -> bool:
        """Whether a listing's reason may stand beside the thing: never on the strength of a name alone."""
        return self.finding is not None and not self.finding.detail.get("is_name_only", False)


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision: version of what it was taken on, kind, state after it, who, when, and what was said."""

    version: int
    kind: str
    status: str
    actor: str
    at: str
    body: Mapping[Any, Any]


def alert_of(row: Mapping[Any, Any], keys: Keys, names: Mapping[str, str], day: str) -> Alert:
    """Return an alert of its row; ``day`` decides whether a suppression still holds."""
    label = opened(keys, None if row["kind"] in PUBLIC else row["ref"], row["label"]) or {}
    is_over = row["status"] == "suppressed" and (row["suppressed_until"] or "") <= day
    return Alert(
        row["alert_id"],
        row["kind"],
        label.get("key", ERASED),
        label.get("label", ERASED),
        "open" if is_over else row["status"],
        names.get(row["owner"], row["owner"]),
        row["severity"],
        row["certainty"],
        row["amount"],
        row["currency"],
        row["because"],
        tuple(row["sources"].split(";")),
        row["n_findings"],
        row["first_at"],
        row["updated_at"],
        None if is_over else row["suppressed_until"],
        row["pending"],
        names.get(row["pending_by"]) if row["pending_by"] else None,
        row["version"],
    )


def alerts_of(connection: Connection, rows: Iterable[Mapping[Any, Any]], day: str) -> list[Alert]:
    """Return the alerts of many rows, keys read in blocks."""
    listed = list(rows)
    keys = Keys(connection)
    keys.load({row["ref"] for row in listed if row["kind"] not in PUBLIC})
    names = names_of(connection)
    return [alert_of(row, keys, names, day) for row in listed]


def recorded_of(row: Mapping[Any, Any], keys: Keys, thing: Thing) -> Recorded:
    """Return a finding of its row."""
    body = opened(keys, row["subject"], row["body"])
    inputs = tuple(json.loads(row["inputs"]))
    shared = {name: row[name] for name in ("source", "rule", "as_of", "certainty", "amount", "currency")}
    finding = (
        Finding(thing=thing, **shared, inputs=inputs, summary=body["summary"], detail=body["detail"]) if body else None
    )
    return Recorded(row["n"], row["recorded_at"], **shared, inputs=inputs, finding=finding)


def decision_of(row: Mapping[Any, Any], keys: Keys, names: Mapping[str, str]) -> Decision:
    """Return a decision of its row."""
    found = opened(keys, row["subject"], row["body"])
    body = {"reason": ERASED} if found is None else found
    actor = names.get(row["actor"], row["actor"])
    return Decision(row["version"], row["kind"], row["status"], actor, row["at"], body)


def opened(keys: Keys, subject: str | None, body: bytes) -> dict[str, Any] | None:
    """Return the JSON of a body, or None where its key was destroyed."""
    text = bytes(body).decode() if subject is None else keys.unseal(subject, body)
    return None if text is None else dict(json.loads(text))
