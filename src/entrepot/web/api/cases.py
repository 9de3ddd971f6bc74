"""Cases: opened, filled, frozen into one file and closed by two people, as ``entrepot case`` does."""

from __future__ import annotations

import base64
import binascii
from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path
from fastapi import Query as Parameter
from pydantic import BaseModel, Field
from starlette.responses import Response

from entrepot.cases import (
    Item as CaseItem,
)
from entrepot.cases import (
    Query,
    add_query,
    add_to_case,
    audit_trail,
    close_case,
    get_case,
    hand_over,
)
from entrepot.cases import (
    add_document as keep_document,
)
from entrepot.cases import (
    add_note as keep_note,
)
from entrepot.cases import (
    list_cases as cases_by,
)
from entrepot.cases import (
    new_case as open_case,
)
from entrepot.cases import (
    publish as allow,
)
from entrepot.errors import NotFound
from entrepot.web.api.alerts import Assigned, Commented, Decided, Reasoned
from entrepot.web.api.common import Bench, responses
from entrepot.web.desk import AtDesk, Turn
from entrepot.web.errors import Refused
from entrepot.web.question import routes_question
from entrepot.web.sending import json_response
from entrepot.web.workbench import Workbench

router = APIRouter(tags=["Cases"])

CaseId = Annotated[str, Path(max_length=40, description="Id of a case, or its beginning.")]
ZIP = "application/zip"
_FILE: dict[int | str, dict[str, Any]] = {
    200: {"description": "The file.", "content": {ZIP: {"schema": {"type": "string", "format": "binary"}}}}
}
_BYTES = "application/octet-stream"
_DOCUMENT: dict[int | str, dict[str, Any]] = {
    200: {"description": "Its bytes.", "content": {_BYTES: {"schema": {"type": "string", "format": "binary"}}}}
}


class Opened(BaseModel):
    """A case that is to be opened."""

    title: str = Field(max_length=300)
    owner: str | None = Field(None, max_length=100, description="Who is to have it; you by default.")
    request_id: str | None = Field(None, max_length=80)


class Alerted(Decided):
    """An alert that goes into a case."""

    alert_id: str = Field(max_length=40)


class Documented(Decided):
    """A document for a case; kept sealed, never shown as a page."""

    name: str = Field(max_length=200)
    content: str = Field(description="The bytes, in base64.", examples=["aGVsbG8="])
    source: str = Field("", max_length=1000, description="Where it comes from.")


class Asked(Decided):
    """A question of routes that is frozen with the case, with its answer and what it reads."""

    destination: str = Field("", max_length=12, examples=["RUS"])
    event: str = Field("", max_length=7, examples=["2022-03"])
    until: str = Field("", max_length=7)
    via: str = Field("", max_length=400)
    products: str = Field("", max_length=400)
    origins: str = Field("", max_length=400)


class Published(Decided):
    """Why a public file of a case may name the person or firm of an alert; a second person sends the same."""

    alert_id: str = Field(max_length=40)
    evidence: str = Field(max_length=5000)
    reply: str = Field(max_length=5000)


class Frozen(BaseModel):
    """How a case is frozen: for the house, or in public without whoever may not be named."""

    is_public: bool = False


class Case(BaseModel):
    """A case as it stands."""

    case_id: str
    title: str
    status: Literal["open", "frozen", "closed"]
    owner: str
    opened_at: str
    updated_at: str
    pending: str | None
    pending_by: str | None
    n_items: int
    version: int


class Cases(BaseModel):
    """Cases, the latest first."""

    cases: list[Case]


class Item(BaseModel):
    """One thing in a case: alert, note, document, query, publish or freeze."""

    n: int
    kind: str
    target: str | None
    actor: str
    at: str
    body: dict[str, Any]


class CaseStory(BaseModel):
    """A case with what is in it, what was decided, and the entries of the audit log about it."""

    case: Case
    items: list[Item]
    decisions: list[dict[str, Any]]
    trail: list[dict[str, Any]]


_DECIDED = responses(Case, 400, 409)
_ADDED = responses(Item, 400, 409)


@router.get("/cases", responses=responses(Cases, 400))
def list_cases(
    turn: AtDesk,
    status: Literal["open", "frozen", "closed"] | None = None,
    owner: Annotated[str, Parameter(max_length=100)] = "",
) -> Response:
    """List cases; none where no store has been made."""
    store = turn.desk.find()
    found = cases_by(store, status=status, owner=owner or None) if store else []
    return json_response({"cases": [asdict(one) for one in found]})


@router.post("/cases", responses=_DECIDED)
def new_case(turn: AtDesk, body: Opened) -> Response:
    """Open a case."""
    made = open_case(turn.store, body.title, owner=body.owner, request_id=body.request_id, **turn.deciding)
    return json_response(asdict(made))


@router.get("/cases/{case_id}", responses=responses(CaseStory))
def show(turn: AtDesk, case_id: CaseId) -> Response:
    """Tell a case: what is in it, who decided what, and how the audit log recorded it."""
    story = get_case(turn.found, case_id)
    return json_response(
        {
            "case": asdict(story.case),
            "items": [item_shown(one) for one in story.items],
            "decisions": [asdict(one) for one in story.decisions],
            "trail": [asdict(one) for one in audit_trail(turn.found, [story.case.case_id])],
        }
    )


@router.post("/cases/{case_id}/alerts", responses=_ADDED)
def add_alert(turn: AtDesk, case_id: CaseId, body: Alerted) -> Response:
    """Put an alert into a case."""
    return json_response(item_shown(add_to_case(turn.found, case_id, body.alert_id, **body.given, **turn.deciding)))


@router.post("/cases/{case_id}/notes", responses=_ADDED)
def add_note(turn: AtDesk, case_id: CaseId, body: Commented) -> Response:
    """Add a note to a case."""
    return json_response(item_shown(keep_note(turn.found, case_id, body.text, **body.given, **turn.deciding)))


@router.post("/cases/{case_id}/queries", responses=_ADDED)
def add_question(bench: Bench, turn: AtDesk, case_id: CaseId, body: Asked) -> Response:
    """Add a question of routes to a case; what is not said is as on the first page."""
    asked = body.model_dump(include={"destination", "event", "until", "via", "products", "origins"})
    query = Query("routes", routes_question(asked, bench.options.question))
    return json_response(item_shown(add_query(turn.found, case_id, query, **body.given, **turn.deciding)))


@router.post("/cases/{case_id}/documents", responses={**_ADDED, **responses(Item, 400, 409, 413)})
def add_document(turn: AtDesk, case_id: CaseId, body: Documented) -> Response:
    """Add a document to a case; a report to a financial intelligence unit is refused."""
    try:
        content = base64.b64decode(body.content, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Refused(422, "the content is no base64", "Send the document's bytes in base64.") from error
    given = {"source": body.source, **body.given, **turn.deciding}
    return json_response(item_shown(keep_document(turn.found, case_id, body.name, content, **given)))


@router.get("/cases/{case_id}/documents/{n}", responses={**responses(Item), **_DOCUMENT})
def document(turn: AtDesk, case_id: CaseId, n: Annotated[int, Path(ge=0, le=1_000_000)]) -> Response:
    """Send a document to be kept, as bytes that no browser shows."""
    item = next((one for one in get_case(turn.found, case_id).of_kind("document") if one.n == n), None)
    if item is None or "bytes" not in item.body:
        raise NotFound(f"no document {n} in the case", remedy="Choose one of its items of kind document.")
    # Its own name may hold anything; the number is enough to tell it by.
    headers = {"Content-Disposition": f'attachment; filename="document-{n}"'}
    return Response(base64.b64decode(item.body["bytes"]), media_type=_BYTES, headers=headers)


@router.post("/cases/{case_id}/assign", responses=_DECIDED)
def assign(turn: AtDesk, case_id: CaseId, body: Assigned) -> Response:
    """Give a case to a user; a closed one is taken up again."""
    given = {"reason": body.reason, **body.given, **turn.deciding}
    return json_response(asdict(hand_over(turn.found, case_id, body.owner, **given)))


@router.post("/cases/{case_id}/publish", responses=_DECIDED)
def publish(turn: AtDesk, case_id: CaseId, body: Published) -> Response:
    """Allow public files of a case to name an alert's person or firm; a second person sends the same."""
    given = {"evidence": body.evidence, "reply": body.reply, **body.given, **turn.deciding}
    return json_response(asdict(allow(turn.found, case_id, body.alert_id, **given).case))


@router.post("/cases/{case_id}/close", responses=_DECIDED)
def close(turn: AtDesk, case_id: CaseId, body: Reasoned) -> Response:
    """Close a case; where the policy asks for two people, the first one's request proposes it."""
    given = {"reason": body.reason, **body.given, **turn.deciding}
    return json_response(asdict(close_case(turn.found, case_id, **given)))


@router.post("/cases/{case_id}/freeze", responses={**responses(Case, 400, 409), **_FILE})
def freeze(bench: Bench, turn: AtDesk, case_id: CaseId, body: Frozen) -> Response:
    """Freeze a case into one file that anybody can verify and replay; X-Manifest-SHA256 names every byte of it."""
    return frozen(bench, turn, case_id, is_public=body.is_public)


def frozen(bench: Workbench, turn: Turn, case_id: str, *, is_public: bool) -> Response:
    """Return a case as its file. Its queries are asked in a process of their own, as every estimate."""
    case = get_case(turn.found, case_id).case
    asked = {"where": str(turn.desk.where), "policy": bench.options.policy, "case_id": case.case_id}
    made = bench.estimates.once("freeze", {**asked, "is_public": is_public, **turn.deciding}).value
    name = f"{case.case_id}{'-public' if is_public else ''}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Manifest-SHA256": made["manifest_sha256"]}
    return Response(made["content"], media_type=ZIP, headers=headers)


def item_shown(item: CaseItem) -> dict[str, Any]:
    """An item without the bytes of documents and files, which have an address of their own."""
    body = dict(item.body)
    if "bytes" in body:
        body["n_bytes"] = len(base64.b64decode(body.pop("bytes")))
    if "files" in body:
        body["files"] = {role: name for role, (name, _) in body["files"].items()}
    return {**asdict(item), "body": body}
