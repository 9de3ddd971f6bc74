"""Decisions on cases: who may be named in public, closing, and handing over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from entrepot.cases.casework import Case, CaseStory, add_item, decide_case, get_case, has_item, taken_case
from entrepot.cases.desk import alert_row, is_settled
from entrepot.cases.folding import user_ref
from entrepot.errors import DeskError

if TYPE_CHECKING:
    from entrepot.cases.store import Store


def publish(
    store: Store, case_id: str, alert_id: str, *, evidence: str, reply: str, by: str, at: str, **given: Any
) -> CaseStory:
    """Allow a public export of a case to name the person or firm of an alert; a second person decides.

    Args:
        evidence: what is known, beside this program's findings, and from where.
        reply: what the named said when asked, or how and when they were asked.

    Raises:
        SecondPersonNeeded: the same person twice, or one who may not review.
        DeskError: evidence or reply is empty, or the alert is not in the case.
    """
    if not evidence.strip() or not reply.strip():
        remedy = "Say what is known from where, and what the named said or how they were asked."
        raise DeskError("naming somebody takes evidence and a right of reply", remedy=remedy)
    with store.write(by=by, at=at) as writer:
        alert = alert_row(writer.connection, alert_id)["alert_id"]
        row, is_done = taken_case(writer, case_id, **given)
        if not is_done:
            if not has_item(writer.connection, row["case_id"], "alert", alert):
                raise DeskError(f"{alert} is not in the case", remedy="Add it first.")
            what = f"publish:{alert}"
            said = {"evidence": evidence, "reply": reply}
            if is_settled(store, writer, row, what, store.policy.needs_second("publish")):
                add_item(writer, row, "publish", alert, said, pending=None, pending_by=None, **given)
            else:
                decide_case(writer, row, "propose_publish", what, said, pending=what, pending_by=writer.actor, **given)
    return get_case(store, case_id)


def close_case(store: Store, case_id: str, *, by: str, at: str, reason: str, **given: Any) -> Case:
    """Close a case; where the policy asks for it, the first call proposes and a second person closes.

    Raises:
        SecondPersonNeeded: the second call is by the person who proposed, or by one who may not review.
        DeskError: no reason, or it is closed already.
    """
    if not reason.strip():
        raise DeskError("closing without a reason", remedy="Say why.")
    with store.write(by=by, at=at) as writer:
        row, is_done = taken_case(writer, case_id, **given)
        if not is_done:
            if is_settled(store, writer, row, "close", store.policy.needs_second("close_case")):
                said: dict[str, Any] = {"status": "closed", "pending": None, "pending_by": None}
                decide_case(writer, row, "close", None, {"reason": reason}, **said, **given)
            else:
                said = {"pending": "close", "pending_by": writer.actor}
                decide_case(writer, row, "propose_close", None, {"reason": reason}, **said, **given)
    return get_case(store, case_id).case


def hand_over(store: Store, case_id: str, owner: str, *, by: str, at: str, reason: str = "", **given: Any) -> Case:
    """Give a case to another user; a closed one is taken up again, which needs a reason."""
    with store.write(by=by, at=at) as writer:
        row, is_done = taken_case(writer, case_id, is_closed_allowed=True, **given)
        if not is_done:
            if row["status"] == "closed" and not reason.strip():
                raise DeskError("taking up a closed case without a reason", remedy="Say why.")
            status = "open" if row["status"] == "closed" else row["status"]
            ref = user_ref(writer.connection, owner)
            said: dict[str, Any] = {"status": status, "owner": ref, "pending": None, "pending_by": None}
            decide_case(writer, row, "hand_over", None, {"reason": reason}, **said, **given)
    return get_case(store, case_id).case
