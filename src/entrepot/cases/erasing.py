"""Erasing: the key of what names somebody is destroyed, on request or when its time is over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from entrepot.cases.folding import alert_id_of
from entrepot.cases.tables import ALERTS, CASE_ITEMS, CASES
from entrepot.codes import day_text, parse_day
from entrepot.errors import DeskError, NotFound

if TYPE_CHECKING:
    from entrepot.cases.store import Store
    from entrepot.cases.writer import Writer

# Keys that go with those of alerts and cases.
_INNER = ("alert", "filing", "pair")


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased: ids of alerts and of cases."""

    alerts: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()


def erase_subject(store: Store, kind: str, key: str, *, by: str, at: str) -> Erased:
    """Erase a person, firm or other record: name, findings and reasons cannot be read from then on, by anybody.

    The rows stay, so that the audit log still holds; what they sealed is lost. Backups of the database hold the key
    until they are gone as well.

    Args:
        kind: person, company, or another kind of record; or ``case``: notes and documents are the case's.
        key: the user's own id of it; of a case its id.

    Raises:
        NotFound: the store knows nothing of it.
        DeskError: ``by`` is no admin, an open case holds it, or the policy asks to keep it longer.
    """
    with store.write(by=by, at=at) as writer:
        writer.require("admin")
        ref = writer.keys.find(kind, key)
        if ref is None or kind in _INNER:
            raise NotFound(f"nothing is kept of {kind} {key!r}", remedy="There is nothing to erase.")
        wanted = select(ALERTS).where(ALERTS.c.alert_id == alert_id_of(kind, ref))
        row = writer.connection.execute(wanted).mappings().first()
        done = Erased()
        if kind == "case":
            case = writer.connection.execute(select(CASES).where(CASES.c.case_id == key)).mappings().one()
            if case["status"] != "closed":
                raise DeskError(f"case {key} is open", remedy="Close the case first.")
            _is_old_enough(store, "case", case, at)
            _erase_case(writer, case, "request")
            done = Erased(cases=(key,))
        elif row is not None:
            if cases := _open_cases(writer, row["alert_id"]):
                raise DeskError(f"case {cases[0]} holds it and is open", remedy="Close the case first.")
            _is_old_enough(store, kind, row, at)
            _erase_alert(writer, row, "request")
            done = Erased(alerts=(row["alert_id"],))
        else:
            writer.keys.destroy(ref)
            writer.record("erase", ref)
    store.forget()
    return done


def erase_due(store: Store, *, by: str, at: str) -> Erased:
    """Erase what was closed so long ago that the policy keeps it no longer.

    Raises:
        DeskError: ``by`` is no admin.
    """
    today = parse_day(at[:10])
    alerts, cases = [], []
    with store.write(by=by, at=at) as writer:
        writer.require("admin")
        closed = select(ALERTS).where(ALERTS.c.status == "closed")
        for row in writer.connection.execute(closed).mappings().all():
            is_due = _age(row, today) >= store.policy.kept(row["kind"]).days
            if is_due and _has_key(writer, row) and not _open_cases(writer, row["alert_id"]):
                _erase_alert(writer, row, "retention")
                alerts.append(row["alert_id"])
        for row in writer.connection.execute(select(CASES).where(CASES.c.status == "closed")).mappings().all():
            is_there = writer.keys.find_ref(row["subject"]) is not None
            if is_there and _age(row, today) >= store.policy.kept("case").days:
                _erase_case(writer, row, "retention")
                cases.append(row["case_id"])
    store.forget()
    return Erased(tuple(alerts), tuple(cases))


def _age(row: Mapping[Any, Any], today: int) -> int:
    return today - parse_day(row["updated_at"][:10])


def _has_key(writer: Writer, row: Mapping[Any, Any]) -> bool:
    own = writer.keys.find_ref(row["ref"])
    return own is not None or writer.keys.find("alert", row["alert_id"]) is not None


def _is_old_enough(store: Store, kind: str, row: Mapping[Any, Any], at: str) -> None:
    least = store.policy.kept(kind).least_days
    if _age(row, parse_day(at[:10])) < least:
        until = day_text(parse_day(row["updated_at"][:10]) + least)
        remedy = "The policy says so (retention, least_days)."
        raise DeskError(f"it has to be kept until {until}", where=f"policy {store.policy.id}", remedy=remedy)


def _open_cases(writer: Writer, alert_id: str) -> list[str]:
    wanted = (
        select(CASES.c.case_id)
        .join(CASE_ITEMS, CASE_ITEMS.c.case_id == CASES.c.case_id)
        .where(CASE_ITEMS.c.kind == "alert", CASE_ITEMS.c.target == alert_id, CASES.c.status != "closed")
    )
    return [str(one) for one in writer.connection.execute(wanted).scalars()]


def _erase_alert(writer: Writer, row: Mapping[Any, Any], why: str) -> None:
    over = {"pending": None, "pending_by": None, "suppressed_until": None}
    writer.change(ALERTS, row["alert_id"], version=row["version"], status="closed", **over)
    writer.decide(row["alert_id"], version=row["version"] + 1, kind="erase", status="closed", why=why)
    writer.keys.destroy(row["ref"])
    if (reasons := writer.keys.find("alert", row["alert_id"])) is not None:
        writer.keys.destroy(reasons)


def _erase_case(writer: Writer, row: Mapping[Any, Any], why: str) -> None:
    writer.change(CASES, row["case_id"], version=row["version"])
    writer.decide(row["case_id"], version=row["version"] + 1, kind="erase", status=row["status"], why=why)
    writer.keys.destroy(row["subject"])
    if (filed := writer.keys.find("filing", row["case_id"])) is not None:
        writer.keys.destroy(filed)
