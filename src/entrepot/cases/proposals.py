"""What two people decide beside alerts and cases: that a report was filed, and judgements of identity and control.

That a report was filed, or drafted, is kept apart from the case: it never goes into a file that can be shared.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from entrepot.cases.casework import case_row
from entrepot.cases.desk import DECIDERS, is_settled
from entrepot.cases.keys import Keys
from entrepot.cases.people import names_of
from entrepot.cases.rows import Decision, decision_of
from entrepot.cases.tables import DECISIONS
from entrepot.errors import DeskError
from entrepot.parties import judge

if TYPE_CHECKING:
    from entrepot.cases.store import Store
    from entrepot.cases.writer import Writer
    from entrepot.lake import Lake
    from entrepot.ledger import Entry


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a proposal came to: done, or proposed and waiting for a second person.

    Attributes:
        is_done: whether it is carried out.
        proposed_by: who proposed it, where a second person carried it out.
        entry: of a judgement that is carried out, its entry in the ledger.
    """

    is_done: bool
    proposed_by: str | None
    entry: Entry | None = None


def file_report(store: Store, case_id: str, *, reference: str, by: str, at: str) -> Outcome:
    """Record that a person filed a report about a case; a second person confirms where the policy says so.

    Args:
        reference: the receipt of whoever received it.

    Raises:
        SecondPersonNeeded: the same person twice, or one who may not review.
        DeskError: no reference.
    """
    if not reference.strip():
        raise DeskError("a filing without a reference", remedy="Give the receipt's number.")
    with store.write(by=by, at=at) as writer:
        writer.require(*DECIDERS)
        row = case_row(writer.connection, case_id)
        subject = writer.keys.of("filing", row["case_id"], at=at)
        needs = store.policy.needs_second("file")
        return _propose(store, writer, f"f-{row['case_id']}", "file", {"reference": reference}, subject, needs)


def record_draft(store: Store, case_id: str, digest: str, *, by: str, at: str) -> None:
    """Record that a draft of a report was written, by its hash."""
    with store.write(by=by, at=at) as writer:
        writer.require(*DECIDERS)
        row = case_row(writer.connection, case_id)
        object_id = f"f-{row['case_id']}"
        subject = writer.keys.of("filing", row["case_id"], at=at)
        last = _last(writer, object_id)
        made = (last["version"] if last else 0) + 1
        status = last["status"] if last and last["status"] == "done" else "draft"
        writer.decide(object_id, version=made, kind="draft", status=status, subject=subject, sha256=digest)


def filings(store: Store, case_id: str) -> list[Decision]:
    """Return the drafts and filings of a case, oldest first."""
    with store.read() as connection:
        row = case_row(connection, case_id)
        keys, names = Keys(connection), names_of(connection)
        wanted = select(DECISIONS).where(DECISIONS.c.object_id == f"f-{row['case_id']}").order_by(DECISIONS.c.version)
        return [decision_of(one, keys, names) for one in connection.execute(wanted).mappings()]


def judge_pair(
    store: Store, lake: Lake, one: str, other: str, says: str, *, reason: str, by: str, at: str, command: str = ""
) -> Outcome:
    """Record a judgement of a pair in the lake's ledger, once two people made the same one where the policy says so.

    Args:
        one, other, says, reason: as for ``entrepot.parties.judge``.

    Raises:
        SecondPersonNeeded: the same person twice, or one who may not review.
        LedgerError: as ``judge`` raises it.
        LakeBusy: another process writes to the lake.
    """
    if not reason.strip():
        raise DeskError("a judgement without a reason", remedy="Say why.")
    with store.write(by=by, at=at) as writer:
        writer.require(*DECIDERS)
        # Of control the order counts: owner, then asset.
        pair = (one, other) if says in ("controls", "does_not_control", "withdrawn") else sorted((one, other))
        words = "\n".join((*pair, says))
        subject = writer.keys.of("pair", words, at=at)
        object_id = f"j-{hashlib.sha256(subject.encode()).hexdigest()[:16]}"
        said = {"one": one, "other": other, "says": says, "reason": reason}
        outcome = _propose(store, writer, object_id, "judge", said, subject, store.policy.needs_second("judgement"))
        if outcome.is_done:
            people = f"{outcome.proposed_by} and {by}" if outcome.proposed_by else by
            entry = judge(lake, one, other, says, by=people, reason=reason, at=at, command=command)
            return replace(outcome, entry=entry)
        return outcome


def _propose(
    store: Store,
    writer: Writer,
    object_id: str,
    what: str,
    body: Mapping[str, Any],
    subject: str,
    needs: bool,
) -> Outcome:
    last = _last(writer, object_id)
    is_waiting = last is not None and last["status"] == "proposed"
    pending = {"pending": what if is_waiting else None, "pending_by": last["actor"] if last and is_waiting else None}
    is_done = is_settled(store, writer, pending, what, needs)
    made = (last["version"] if last else 0) + 1
    kind, status = (what, "done") if is_done else (f"propose_{what}", "proposed")
    writer.decide(object_id, version=made, kind=kind, status=status, subject=subject, **body)
    names = names_of(writer.connection)
    return Outcome(is_done, names.get(last["actor"]) if last and is_waiting else None)


def _last(writer: Writer, object_id: str) -> Mapping[Any, Any] | None:
    wanted = select(DECISIONS).where(DECISIONS.c.object_id == object_id).order_by(DECISIONS.c.version.desc()).limit(1)
    return writer.connection.execute(wanted).mappings().first()
