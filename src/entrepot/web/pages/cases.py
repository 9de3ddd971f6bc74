"""Cases: the case desk; one case with what is in it, what was decided and how to replay it; the audit log."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from secrets import token_hex
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Request, UploadFile
from fastapi import Query as Parameter
from starlette.responses import RedirectResponse, Response

from entrepot.cases import (
    AlertStory,
    CaseStory,
    Item,
    Query,
    add_document,
    add_note,
    add_query,
    audit_trail,
    close_case,
    get_alert,
    get_case,
    hand_over,
    list_cases,
    new_case,
    publish,
    verify_store,
)
from entrepot.errors import EntrepotError
from entrepot.web.api.cases import frozen, item_shown
from entrepot.web.api.common import Bench
from entrepot.web.desk import AtDesk, Turn
from entrepot.web.errors import Refused, status_of
from entrepot.web.pages.alerts import Short, Text, owners
from entrepot.web.pages.rendering import page
from entrepot.web.question import routes_question
from entrepot.web.security import refuse_forged
from entrepot.web.workbench import Workbench

router = APIRouter(include_in_schema=False)

STATES = ("open", "frozen", "closed")
_ENTRIES = 100


@router.get("/desk/cases")
def cases(
    request: Request,
    turn: AtDesk,
    status: Annotated[str, Parameter(max_length=20)] = "",
    owner: Annotated[str, Parameter(max_length=100)] = "",
) -> Response:
    """Show cases, the latest first, and the form for a new one."""
    store = turn.desk.find()
    found = list_cases(store, status=status or None, owner=owner or None) if store else []
    return page(
        request,
        "cases.html.j2",
        tab="cases",
        cases=found,
        states=STATES,
        owners=owners(request),
        asked={"status": status, "owner": owner},
        me=turn.by,
        request_id=token_hex(12),
    )


@router.post("/desk/cases")
def open_case(
    request: Request,
    turn: AtDesk,
    title: Short = "",
    request_id: Annotated[str | None, Form(max_length=80)] = None,
    csrf: Short = "",
) -> Response:
    """Open a case and show it."""
    refuse_forged(request, csrf)
    made = new_case(turn.store, title, request_id=request_id, **turn.deciding)
    return RedirectResponse(f"/desk/case/{made.case_id}", 303)


@router.get("/desk/case/{case_id}")
def case(request: Request, bench: Bench, turn: AtDesk, case_id: str) -> Response:
    """Show one case."""
    return _case(request, bench, turn, case_id)


@router.post("/desk/case/{case_id}")
def decide(
    request: Request,
    bench: Bench,
    turn: AtDesk,
    case_id: str,
    act: Short,
    text: Text = "",
    reason: Text = "",
    owner: Short = "",
    alert_id: Short = "",
    evidence: Text = "",
    reply: Text = "",
    version: Annotated[int | None, Form(ge=0)] = None,
    request_id: Annotated[str | None, Form(max_length=80)] = None,
    csrf: Short = "",
) -> Response:
    """Decide on a case, and show it again; or say why that cannot be."""
    refuse_forged(request, csrf)
    said = {"text": text, "reason": reason, "owner": owner}
    said |= {"alert_id": alert_id, "evidence": evidence, "reply": reply}
    if act not in _ACTS:
        raise Refused(422, f"nothing is called {act[:40]!r}", "Open the page again.")
    try:
        given = {"version": _still(turn, case_id, version), "request_id": request_id, **turn.deciding}
        _ACTS[act](bench, turn, case_id, said, given)
    except EntrepotError as error:
        return _case(request, bench, turn, case_id, error, said)
    return RedirectResponse(f"/desk/case/{case_id}?done={act}", 303)


@router.post("/desk/case/{case_id}/documents")
def document(
    request: Request,
    bench: Bench,
    turn: AtDesk,
    case_id: str,
    content: Annotated[UploadFile, File()],
    source: Short = "",
    request_id: Annotated[str | None, Form(max_length=80)] = None,
    csrf: Short = "",
) -> Response:
    """Keep a document in a case."""
    refuse_forged(request, csrf)
    try:
        name, data = content.filename or "document", content.file.read()
        add_document(turn.found, case_id, name, data, source=source, request_id=request_id, **turn.deciding)
    except EntrepotError as error:
        return _case(request, bench, turn, case_id, error)
    return RedirectResponse(f"/desk/case/{case_id}?done=document", 303)


@router.post("/desk/case/{case_id}/freeze")
def freeze(
    request: Request,
    bench: Bench,
    turn: AtDesk,
    case_id: str,
    public: Short = "",
    csrf: Short = "",
) -> Response:
    """Send a case as one file."""
    refuse_forged(request, csrf)
    try:
        return frozen(bench, turn, case_id, is_public=bool(public))
    except EntrepotError as error:
        return _case(request, bench, turn, case_id, error)


@router.get("/desk/audit")
def audit(request: Request, turn: AtDesk) -> Response:
    """Show whether the audit log and all that it recorded holds, and its latest entries."""
    store = turn.desk.find()
    entries = audit_trail(store, limit=_ENTRIES) if store else []
    problems = verify_store(store).rows() if store else []
    return page(request, "audit.html.j2", tab="audit", entries=entries, problems=problems, day=turn.at)


def _case(
    request: Request,
    bench: Workbench,
    turn: Turn,
    case_id: str,
    error: EntrepotError | None = None,
    said: Mapping[str, str] | None = None,
) -> Response:
    story = get_case(turn.found, case_id)
    alerts = [get_alert(turn.found, str(item.target), day=turn.day) for item in story.of_kind("alert")]
    done = request.query_params.get("done", "")
    return page(
        request,
        "case.html.j2",
        status=status_of(error) if error else 200,
        tab="cases",
        case=story.case,
        alerts=alerts,
        nameable=_nameable(story, alerts),
        items=[_shown(one) for one in story.items if one.kind != "alert"],
        decisions=[one for one in reversed(story.decisions) if not one.kind.startswith("add_")],
        trail=[asdict(one) for one in audit_trail(turn.found, [story.case.case_id])],
        owners=owners(request),
        me=turn.by,
        error=error,
        said=said or {},
        done=done if done in (*_ACTS, "document") else "",
        request_id=token_hex(12),
        question=bench.options.question,
    )


def _nameable(story: CaseStory, alerts: list[AlertStory]) -> list[AlertStory]:
    """Alerts about persons and firms whom a public file does not name yet."""
    cleared = {item.target for item in story.of_kind("publish")}
    return [one for one in alerts if one.alert.kind != "route" and one.alert.alert_id not in cleared]


def _shown(item: Item) -> dict[str, Any]:
    body = item_shown(item)["body"]
    parameters = body.get("parameters", {})
    asked = ", ".join(f"{name} {value}" for name, value in sorted(parameters.items()))
    text = body.get("text") or body.get("name") or body.get("manifest_sha256") or asked or body.get("evidence") or ""
    return {"n": item.n, "kind": item.kind, "at": item.at, "actor": item.actor, "body": body, "text": text}


def _still(turn: Turn, case_id: str, version: int | None) -> int | None:
    """The version to decide upon: the page's own, or the present one where it was only frozen in between.

    To freeze a case sends a file and leaves the page as it was.
    """
    decisions = get_case(turn.found, case_id).decisions
    after = [one for one in decisions if version is not None and one.version > version]
    is_frozen_only = bool(after) and all(one.kind == "add_freeze" for one in after)
    return after[-1].version if is_frozen_only else version


def _question(bench: Workbench, turn: Turn, case_id: str, said: Mapping[str, str], given: dict[str, Any]) -> None:
    add_query(turn.found, case_id, Query("routes", routes_question({}, bench.options.question)), **given)


def _publish(bench: Workbench, turn: Turn, case_id: str, said: Mapping[str, str], given: dict[str, Any]) -> None:
    publish(turn.found, case_id, said["alert_id"], evidence=said["evidence"], reply=said["reply"], **given)


Act = Callable[[Workbench, Turn, str, Mapping[str, str], dict[str, Any]], Any]

_ACTS: Mapping[str, Act] = {
    "note": lambda bench, turn, case_id, said, given: add_note(turn.found, case_id, said["text"], **given),
    "question": _question,
    "assign": lambda bench, turn, case_id, said, given: hand_over(
        turn.found, case_id, said["owner"], reason=said["reason"], **given
    ),
    "publish": _publish,
    "close": lambda bench, turn, case_id, said, given: close_case(turn.found, case_id, reason=said["reason"], **given),
}
