"""Today: what changed: in the lake, on the lists, in the law."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from entrepot.cases import AlertFilter, alerts_diff, count_alerts, list_cases, users
from entrepot.lake import PARTIES, Version
from entrepot.ledger import Filters
from entrepot.parties import changes
from entrepot.web.api.common import Bench
from entrepot.web.desk import AtDesk, Turn
from entrepot.web.pages.rendering import page
from entrepot.web.workbench import Workbench

router = APIRouter(include_in_schema=False)

_DAYS_BACK, _DAYS_AHEAD = 60, 120
_MOST, _LOOKED_BACK = 40, 30


@router.get("/today")
def today(request: Request, bench: Bench, turn: AtDesk) -> Response:
    """Show the newest versions of the lake, who came to the lists and left them, and measures near today."""
    day = datetime.now(UTC).date()
    versions = bench.lake.history().rows()[:8]
    return page(
        request,
        "today.html.j2",
        day=day.isoformat(),
        versions=versions,
        desk=_desk(turn) if request.state.session.may("propose") else None,
        lists=bench.remembered("changes", _lists),
        measures=_measures(bench, day),
        days_back=_DAYS_BACK,
        days_ahead=_DAYS_AHEAD,
    )


def _desk(turn: Turn) -> dict[str, Any] | None:
    """What waits on the desk: how much is to do, whose, and what came within a day."""
    store = turn.desk.find()
    if store is None:
        return None
    since = (date.fromisoformat(turn.day) - timedelta(days=1)).isoformat()
    to_do = AlertFilter(("open", "assigned", "escalated"))
    has_me = any(one.name == turn.by for one in users(store))
    return {
        "since": since,
        "to_do": count_alerts(store, to_do, day=turn.day),
        "mine": count_alerts(store, replace(to_do, owner=turn.by), day=turn.day) if has_me else 0,
        "waits": count_alerts(store, AlertFilter(is_pending=True), day=turn.day)
        + sum(bool(case.pending) for case in list_cases(store)),
        "new": len(alerts_diff(store, since, day=turn.day)),
        "me": turn.by,
    }


def _lists(bench: Workbench) -> dict[str, Any]:
    """What the last version that touched lists changed, of those held before; a list that is new is new as a whole."""
    before = _before(bench)
    held = {part.source_id for part in before.parts_of(PARTIES.name)} if before else set()
    names = [name for name in bench.listings.datasets if name in held]
    if before is None or not names:
        return {"rows": [], "counts": {}, "since": None}
    found = changes(bench.lake, names, since=before.version, until=bench.version).rows()
    counts = Counter(str(row["change"]) for row in found)
    return {"rows": [row for row in found if row["is_target"]][:_MOST], "counts": dict(counts), "since": before.at}


def _before(bench: Workbench) -> Version | None:
    """The last version whose lists were others than now."""
    now = set(bench.listings.version.parts_of(PARTIES.name))
    for number in range(bench.version - 1, max(bench.version - _LOOKED_BACK, 0), -1):
        version = bench.lake.version(number)
        if set(version.parts_of(PARTIES.name)) != now:
            return version
    return None


def _measures(bench: Workbench, day: date) -> list[Any]:
    first, last = day - timedelta(days=_DAYS_BACK), day + timedelta(days=_DAYS_AHEAD)
    found = bench.ledger.select(Filters(since=first.isoformat(), until=last.isoformat()), on=day.isoformat())
    return list(found[:_MOST])
