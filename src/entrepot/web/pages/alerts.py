"""Alerts: what is on the desk, what is new, and one alert with its evidence, its history and what can be decided."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from secrets import token_hex
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import RedirectResponse, Response

from entrepot.alerts import CERTAINTIES, SEVERITIES
from entrepot.cases import (
    STATES,
    AlertFilter,
    add_to_case,
    alert_json,
    alerts_diff,
    assign,
    close_alert,
    comment,
    count_alerts,
    escalate,
    get_alert,
    list_alerts,
    list_cases,
    new_case,
    refuse_closing,
    suppress,
)
from entrepot.errors import EntrepotError
from entrepot.report import least_money, told_finding
from entrepot.web.api.alerts import fold, words_of
from entrepot.web.api.common import Bench
from entrepot.web.desk import AtDesk, People, Turn
from entrepot.web.errors import Refused, status_of
from entrepot.web.pages.rendering import page
from entrepot.web.question import routes_question
from entrepot.web.security import refuse_forged
from entrepot.web.workbench import Workbench

router = APIRouter(include_in_schema=False)

_PER_PAGE = 50
_NEW_DAYS, _MOST_NEWS = 7, 100
# Who may have an alert.
_OWNERS = ("analyst", "reviewer", "admin")
KINDS = ("route", "corridor", "company", "person", "shipment")
SOURCES = ("routes", "check", "screen", "read")
Word = Annotated[str, Query(max_length=100)]
Text = Annotated[str, Form(max_length=5000)]
Short = Annotated[str, Form(max_length=300)]


@router.get("/desk")
def alerts(
    request: Request,
    bench: Bench,
    turn: AtDesk,
    status: Word = "",
    severity: Word = "",
    kind: Word = "",
    owner: Word = "",
    source: Word = "",
    waits: Annotated[str, Query(max_length=3)] = "",
    number: Annotated[int, Query(ge=1, le=10_000, alias="page")] = 1,
) -> Response:
    """Show alerts, the gravest first; what is closed only where it is asked for."""
    asked = {"status": status, "severity": severity, "kind": kind, "owner": owner, "source": source, "waits": waits}
    states = words_of(status) or tuple(state for state in STATES if state not in ("closed", "suppressed"))
    chosen = AlertFilter(
        () if status == "all" else states,
        words_of(severity),
        words_of(kind),
        owner or None,
        source or None,
        bool(waits),
        _PER_PAGE,
        (number - 1) * _PER_PAGE,
    )
    store = turn.desk.find()
    found = list_alerts(store, chosen, day=turn.day) if store else []
    total = count_alerts(store, chosen, day=turn.day) if store else 0
    return page(
        request,
        "desk.html.j2",
        tab="alerts",
        asked=asked,
        rows=[{"alert": one, "money": least_money({"amount": one.amount, "currency": one.currency})} for one in found],
        total=total,
        number=number,
        n_pages=max(1, -(-total // _PER_PAGE)),
        states=STATES,
        severities=tuple(reversed(SEVERITIES)),
        kinds=KINDS,
        sources=SOURCES,
        owners=owners(request),
        me=turn.by,
        question=bench.options.question,
    )


@router.post("/desk/routes")
def take_routes(request: Request, bench: Bench, turn: AtDesk, csrf: Short = "") -> Response:
    """Put the alerts of the first page's question, or of one that the explorer asked, on the desk."""
    refuse_forged(request, csrf)
    asked = {name: value for name, value in request.query_params.items() if name in ("destination", "event", "until")}
    asked |= {
        name: request.query_params[name] for name in ("via", "products", "origins") if name in request.query_params
    }
    found = bench.estimates.get("routes", bench.version, routes_question(asked, bench.options.question))
    added, _ = fold(bench, turn, "routes", found.rows)
    return RedirectResponse(f"/desk?source=routes&added={len(added.new) + len(added.reopened)}", 303)


@router.get("/desk/new")
def news(request: Request, turn: AtDesk, since: Annotated[str, Query(max_length=10)] = "") -> Response:
    """Show what is new since a day, because of which data, measure or list."""
    day = since or (date.fromisoformat(turn.day) - timedelta(days=_NEW_DAYS)).isoformat()
    store = turn.desk.find()
    found = alerts_diff(store, day, day=turn.day).rows() if store else []
    return page(request, "news.html.j2", tab="new", since=day, rows=found[:_MOST_NEWS], total=len(found))


@router.get("/desk/alert/{alert_id}")
def alert(request: Request, bench: Bench, turn: AtDesk, alert_id: str) -> Response:
    """Show one alert."""
    return _alert(request, bench, turn, alert_id)


@router.post("/desk/alert/{alert_id}")
def decide(
    request: Request,
    bench: Bench,
    turn: AtDesk,
    alert_id: str,
    act: Short,
    owner: Short = "",
    reason: Text = "",
    until: Short = "",
    case_id: Short = "",
    title: Short = "",
    version: Annotated[int | None, Form(ge=0)] = None,
    request_id: Annotated[str | None, Form(max_length=80)] = None,
    csrf: Short = "",
) -> Response:
    """Decide on an alert, and show it again; or say why that cannot be."""
    refuse_forged(request, csrf)
    said = {"owner": owner, "reason": reason, "until": until, "case_id": case_id, "title": title}
    if act not in _ACTS:
        raise Refused(422, f"nothing is called {act[:40]!r}", "Open the page again.")
    try:
        there = _ACTS[act](turn, alert_id, said, {"version": version, "request_id": request_id, **turn.deciding})
    except EntrepotError as error:
        return _alert(request, bench, turn, alert_id, error, said)
    return RedirectResponse(there or f"/desk/alert/{alert_id}?done={act}", 303)


def owners(request: Request) -> list[str]:
    """Return the names of those who may have an alert or a case."""
    people: People = request.app.state.people
    return [str(user.name) for user in people.all() if user.role in _OWNERS]


def _alert(
    request: Request,
    bench: Workbench,
    turn: Turn,
    alert_id: str,
    error: EntrepotError | None = None,
    said: Mapping[str, str] | None = None,
) -> Response:
    story = get_alert(turn.found, alert_id, day=turn.day)
    told = alert_json(story, is_public=False)
    done = request.query_params.get("done", "")
    return page(
        request,
        "alert.html.j2",
        status=status_of(error) if error else 200,
        tab="alerts",
        alert=story.alert,
        money=least_money(told),
        findings=[_shown(bench, one) for one in reversed(told["findings"])],
        decisions=list(reversed(story.decisions)),
        cases=[one for one in list_cases(turn.found) if one.status != "closed"],
        owners=owners(request),
        me=turn.by,
        error=error,
        said=said or {},
        done=done if done in _ACTS else "",
        request_id=token_hex(12),
        certainties=CERTAINTIES,
    )


def _shown(bench: Workbench, finding: dict[str, Any]) -> dict[str, Any]:
    """A finding with what it rests on in words, and where more of it is to be seen."""
    detail = finding["detail"]
    link = ""
    if finding["source"] == "routes" and detail.get("product_id"):
        link = f"/explore?q={str(detail['product_id']).rstrip('+')}"
    elif finding["source"] == "screen":
        link = f"/names/{finding['rule'].partition(':')[2]}"
    return {**told_finding(finding), "link": link, "rests": [_input(bench, one) for one in finding["inputs"]]}


def _input(bench: Workbench, text: str) -> dict[str, str]:
    """What a finding rests on: a file with its publisher and hash, a measure, a list, a flag, an article."""
    kind, _, name = text.partition(":")
    if kind == "data":
        entry = next((one for one in bench.listings.version.snapshots if one.snapshot_id == name), None)
        if entry is not None:
            return {
                "kind": kind,
                "text": f"{entry.origin.publisher}: {entry.origin.title}",
                "more": f"sha256 {entry.origin.sha256[:16]}",
                "link": "",
            }
    return {"kind": kind, "text": name, "more": "", "link": f"/measures/{name}" if kind == "measure" else ""}


def _to_case(turn: Turn, alert_id: str, said: Mapping[str, str], given: dict[str, Any]) -> str:
    case_id = said["case_id"]
    request_id = given.pop("request_id")
    if not case_id:
        case_id = new_case(turn.found, said["title"], request_id=request_id, **turn.deciding).case_id
        request_id = None
    add_to_case(turn.found, case_id, alert_id, request_id=request_id, **turn.deciding)
    return f"/desk/case/{case_id}"


Act = Callable[[Turn, str, Mapping[str, str], dict[str, Any]], Any]


def _plain(act: Callable[..., Any], *names: str) -> Act:
    def done(turn: Turn, alert_id: str, said: Mapping[str, str], given: dict[str, Any]) -> None:
        act(turn.found, alert_id, **{name: said[name] for name in names}, **given)

    return done


_ACTS: Mapping[str, Act] = {
    "assign": _plain(assign, "owner", "reason"),
    "escalate": _plain(escalate, "owner", "reason"),
    "comment": lambda turn, alert_id, said, given: comment(turn.found, alert_id, said["reason"], **given) and None,
    "suppress": _plain(suppress, "until", "reason"),
    "close": _plain(close_alert, "reason"),
    "refuse": _plain(refuse_closing, "reason"),
    "case": _to_case,
}
