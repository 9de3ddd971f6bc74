"""Judgements: what a person decided of a pair, kept as entries of the lake's ledger, never edited, and withdrawable."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from entrepot.codes import parse_dated
from entrepot.errors import LedgerError
from entrepot.lake import Lake

if TYPE_CHECKING:
    from entrepot.ledger import Entry, Ledger

# The ledger is imported when a judgement is read or written: screening does without it.
IDENTITY = ("same", "different", "unsure", "withdrawn")
CONTROL = ("controls", "does_not_control", "withdrawn")


def judge(lake: Lake, one: str, other: str, says: str, *, by: str, reason: str, at: str, command: str = "") -> Entry:
    """Record a person's judgement of a pair; an earlier one on the same pair is corrected, not changed.

    Args:
        one, other: ids as the answers show them. Of ``controls`` and ``does_not_control``, owner and asset.
        says: one of IDENTITY or CONTROL; ``withdrawn`` takes back what stands.
        by, reason: who judged, and why.
        at: UTC instant.

    Returns:
        The entry.

    Raises:
        LedgerError: an empty id, name or reason, another word, one id twice, or nothing to withdraw.
        LakeBusy: another process writes to the lake.
    """
    if says not in (*IDENTITY, *CONTROL):
        raise LedgerError(
            f"judgement {says!r}", remedy=f"Use one of {', '.join(dict.fromkeys((*IDENTITY, *CONTROL)))}."
        )
    given = {"the first id": one, "the second id": other, "by": by, "reason": reason}
    if empty := [name for name, text in given.items() if not text.strip()]:
        raise LedgerError(f"{empty[0]} is empty", remedy="A judgement names two ids, who judged, and why.")
    if one == other:
        raise LedgerError(f"{one!r} is judged against itself", remedy="Name two ids.")
    from entrepot.ledger import open_ledger, record

    ledger, day = open_ledger(lake=lake), at[:10]
    left, right = sorted((one, other))
    subject = "control" if says in ("controls", "does_not_control") else "identity"
    earlier = _standing(ledger, left, right, "identity", day=day) if subject == "identity" else None
    if subject == "control" or (says == "withdrawn" and earlier is None):
        subject, left, right = "control", one, other
        earlier = _standing(ledger, one, other, "control", day=day)
    if earlier is None and says == "withdrawn":
        raise LedgerError(f"no judgement of {one!r} and {other!r} stands", remedy="There is nothing to withdraw.")
    entry = _entry(left, right, says, subject, by, reason, at, earlier.entry_id if earlier else "")
    record(lake, [entry], at=at, command=command or "judge")
    return entry


def judgements(ledger: Ledger, *, as_of: str) -> dict[frozenset[str], str]:
    """Return what was judged of pairs as known on a day: same, different or unsure; what was withdrawn is left out."""
    found = _facts(ledger, as_of)
    return {
        frozenset((facts["a"], facts["b"])): facts["says"]
        for facts in found
        if facts["subject"] == "identity" and facts["says"] != "withdrawn"
    }


def control_judgements(ledger: Ledger, *, as_of: str) -> dict[tuple[str, str], bool]:
    """Return whether owners control assets, as persons judged and as known on a day."""
    found = _facts(ledger, as_of)
    return {
        (f["a"], f["b"]): f["says"] == "controls"
        for f in found
        if f["subject"] == "control" and f["says"] != "withdrawn"
    }


def _facts(ledger: Ledger, day: str) -> list[dict[str, str]]:
    return [entry.facts for entry in _entries(ledger, day) if {"a", "b", "says", "subject"} <= entry.facts.keys()]


def _entries(ledger: Ledger, day: str) -> Sequence[Entry]:
    from entrepot.ledger import Filters

    return ledger.select(Filters(kinds=("judgement",)), on=day, known=day).entries


def _standing(ledger: Ledger, left: str, right: str, subject: str, *, day: str) -> Entry | None:
    for entry in _entries(ledger, day):
        facts = entry.facts
        if facts.get("subject") == subject and (facts.get("a"), facts.get("b")) == (left, right):
            return entry
    return None


def _entry(left: str, right: str, says: str, subject: str, by: str, reason: str, at: str, replaces: str) -> Entry:
    from entrepot.ledger import Citation, Entry

    words = "\n".join((left, right, says, subject, by, reason, at, replaces))
    return Entry(
        entry_id=f"judgement-{hashlib.sha256(words.encode()).hexdigest()[:16]}",
        kind="judgement",
        jurisdiction="UN",
        instrument="judgement",
        title=f"{left} and {right}: {says}",
        dates={"date": parse_dated(at[:10])},
        sources=(Citation(f"Judgement of {by}, {at[:10]}: {reason}"),),
        recorded_at=at,
        replaces=replaces,
        facts={"a": left, "b": right, "subject": subject, "says": says, "by": by, "reason": reason},
    )
