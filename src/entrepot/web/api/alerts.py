"""Alerts: what the answers say of one thing, listed, told and decided upon, as ``entrepot alerts`` does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from entrepot.alerts import findings_of
from entrepot.cases import (
    Added,
    AlertFilter,
    add_findings,
    alert_json,
    alerts_diff,
    close_alert,
    count_alerts,
    get_alert,
    refuse_closing,
)
from entrepot.cases import (
    Alert as DeskAlert,
)
from entrepot.cases import (
    assign as give,
)
from entrepot.cases import (
    comment as say,
)
from entrepot.cases import (
    escalate as hand_up,
)
from entrepot.cases import (
    list_alerts as alerts_by,
)
from entrepot.cases import (
    suppress as set_aside,
)
from entrepot.web.api.common import Bench, responses
from entrepot.web.desk import AtDesk, Turn
from entrepot.web.sending import json_response
from entrepot.web.workbench import Workbench

router = APIRouter(tags=["Alerts"])

Words = Annotated[str, Query(max_length=200, description="Any of these, joined by commas.")]
Name = Annotated[str, Query(max_length=100)]
AlertId = Annotated[str, Path(max_length=40, description="Id of an alert, or its beginning.")]
Reason = Annotated[str, Field(max_length=5000)]
Source = Literal["routes", "check", "screen", "read"]


class Decided(BaseModel):
    """What a decision names beside itself, so that two people neither lose nor double one."""

    version: int | None = Field(None, ge=0, description="Of what was decided on; another one that stands is a 409.")
    request_id: str | None = Field(None, max_length=80, description="Your own: sent twice, it is decided once.")

    @property
    def given(self) -> dict[str, Any]:
        """The two, as the functions of the desk take them."""
        return {"version": self.version, "request_id": self.request_id}


class Reasoned(Decided):
    """A decision and why it is taken."""

    reason: Reason = Field(examples=["The goods went back; see document 3."])


class Assigned(Decided):
    """Who is to have it; a reason is needed where a closed one is taken up again."""

    owner: str = Field(max_length=100)
    reason: Reason = ""


class Escalated(Reasoned):
    """Which reviewer or admin is to have it, and why."""

    owner: str = Field(max_length=100)


class Suppressed(Reasoned):
    """Until which day it is set aside, and why; from that day on it is open again."""

    until: str = Field(max_length=10, examples=["2026-12-31"])


class Commented(Decided):
    """A comment; the alert stays as it is."""

    text: Reason


class Answered(BaseModel):
    """Rows of an answer, with the columns that the command of that name writes."""

    source: Source
    rows: list[dict[str, Any]] = Field(max_length=10_000)
    kind: str = Field("", max_length=40, description="Of check: what its records are.")
    as_of: str = Field("", max_length=10, description="Up to when was looked; today by default.")
    owner: str | None = Field(None, max_length=100, description="Who is to have new alerts; you by default.")


class Alert(BaseModel):
    """An alert: findings of one thing, with a state and an owner. It is a reason to look; it says nobody's guilt."""

    alert_id: str
    kind: str
    key: str
    label: str
    status: Literal["open", "assigned", "escalated", "suppressed", "closed"]
    owner: str
    severity: Literal["low", "medium", "high", "critical"]
    certainty: Literal["none", "weak", "moderate", "strong"]
    amount: float | None
    currency: str | None
    because: str
    sources: list[str]
    n_findings: int
    first_at: str
    updated_at: str
    suppressed_until: str | None
    pending: str | None
    pending_by: str | None
    version: int


class Alerts(BaseModel):
    """Alerts, the gravest first, then by money; how many there are in all."""

    alerts: list[Alert]
    total: int
    offset: int
    is_simulated: bool


class Story(Alert):
    """An alert with its findings and decisions, oldest first."""

    findings: list[dict[str, Any]]
    decisions: list[dict[str, Any]]


class News(BaseModel):
    """Findings recorded since a day, and the data, measure or list because of which they came."""

    since: str
    news: list[dict[str, Any]]


class Folded(BaseModel):
    """What findings came to: ids of alerts that are new, changed or open again, and how many findings were known."""

    n_findings: int
    new: list[str]
    changed: list[str]
    reopened: list[str]
    n_known: int


_DECIDED = responses(Alert, 400, 409)


@router.get("/alerts", responses=responses(Alerts, 400))
def list_alerts(
    bench: Bench,
    turn: AtDesk,
    status: Words = "",
    severity: Words = "",
    kind: Words = "",
    owner: Name = "",
    source: Source | None = None,
    is_pending: bool = False,
    limit: Annotated[int, Query(ge=0, le=1000)] = 100,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Response:
    """List alerts by severity, then money, with filters; none where no store has been made."""
    words = words_of(status), words_of(severity), words_of(kind)
    chosen = AlertFilter(*words, owner or None, source, is_pending, limit, offset)
    store = turn.desk.find()
    found = alerts_by(store, chosen, day=turn.day) if store else []
    total = count_alerts(store, chosen, day=turn.day) if store else 0
    shown = {"alerts": [asdict(one) for one in found], "total": total, "offset": offset}
    return json_response({**shown, "is_simulated": bench.options.is_simulated})


@router.post("/alerts", responses=responses(Folded, 400))
def add_alerts(bench: Bench, turn: AtDesk, body: Answered) -> Response:
    """Fold rows of an answer into alerts, one a thing; what is known already changes nothing."""
    added, count = fold(bench, turn, body.source, body.rows, kind=body.kind, as_of=body.as_of, owner=body.owner)
    return json_response({"n_findings": count, **asdict(added)})


@router.get("/alerts/diff", responses=responses(News, 400))
def diff(turn: AtDesk, since: Annotated[str, Query(max_length=10, examples=["2026-05-04"])]) -> Response:
    """Tell what is new since a day, because of which data, measure or list."""
    return json_response({"since": since, "news": alerts_diff(turn.found, since, day=turn.day).rows()})


@router.get("/alerts/{alert_id}", responses=responses(Story))
def show(turn: AtDesk, alert_id: AlertId) -> Response:
    """Tell an alert with its evidence and its history."""
    return json_response(alert_json(get_alert(turn.found, alert_id, day=turn.day), is_public=False))


@router.post("/alerts/{alert_id}/assign", responses=_DECIDED)
def assign(turn: AtDesk, alert_id: AlertId, body: Assigned) -> Response:
    """Give an alert to a user; a closed one is taken up again."""
    given = {**body.given, **turn.deciding}
    return _sent(give(turn.found, alert_id, body.owner, reason=body.reason, **given))


@router.post("/alerts/{alert_id}/escalate", responses=_DECIDED)
def escalate(turn: AtDesk, alert_id: AlertId, body: Escalated) -> Response:
    """Give an alert to a reviewer or admin."""
    given = {**body.given, **turn.deciding}
    return _sent(hand_up(turn.found, alert_id, body.owner, reason=body.reason, **given))


@router.post("/alerts/{alert_id}/comment", responses=_DECIDED)
def comment(turn: AtDesk, alert_id: AlertId, body: Commented) -> Response:
    """Add a comment to an alert."""
    return _sent(say(turn.found, alert_id, body.text, **body.given, **turn.deciding))


@router.post("/alerts/{alert_id}/suppress", responses=_DECIDED)
def suppress(turn: AtDesk, alert_id: AlertId, body: Suppressed) -> Response:
    """Set an alert aside until a day; findings that come meanwhile are recorded all the same."""
    given = {**body.given, **turn.deciding}
    return _sent(set_aside(turn.found, alert_id, until=body.until, reason=body.reason, **given))


@router.post("/alerts/{alert_id}/close", responses=_DECIDED)
def close(turn: AtDesk, alert_id: AlertId, body: Reasoned) -> Response:
    """Close an alert; where the policy asks for two people, the first one's request proposes it."""
    given = {**body.given, **turn.deciding}
    return _sent(close_alert(turn.found, alert_id, reason=body.reason, **given))


@router.post("/alerts/{alert_id}/refuse", responses=_DECIDED)
def refuse(turn: AtDesk, alert_id: AlertId, body: Reasoned) -> Response:
    """Refuse a closing that somebody proposed."""
    given = {**body.given, **turn.deciding}
    return _sent(refuse_closing(turn.found, alert_id, reason=body.reason, **given))


def words_of(text: str) -> tuple[str, ...]:
    """Return the parts of a text that commas join."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def fold(
    bench: Workbench,
    turn: Turn,
    source: str,
    rows: Iterable[dict[str, Any]],
    *,
    kind: str = "",
    as_of: str = "",
    owner: str | None = None,
) -> tuple[Added, int]:
    """Fold rows of an answer into alerts; return what came of it and how many findings they were.

    Raises:
        SourceError: a row lacks a column, or a cell is malformed.
    """
    found = findings_of(rows, source=source, as_of=as_of or turn.day, kind=kind, inputs=_inputs(bench, source))
    return add_findings(turn.store, found, owner=owner, **turn.deciding), len(found)


def _inputs(bench: Workbench, source: str) -> list[str]:
    """What of the lake an answer may rest on: trade for routes, lists for screen."""
    table = {"routes": "flows", "screen": "parties"}.get(source, "")
    return sorted({f"data:{part.snapshot_id}" for part in bench.listings.version.parts_of(table)})


def _sent(alert: DeskAlert) -> Response:
    return json_response(asdict(alert))
