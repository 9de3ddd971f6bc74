"""Made findings, people and cases in one line each."""

from __future__ import annotations

import json
from typing import Any

from entrepot.alerts import Finding, Thing, findings_of
from entrepot.cases import Store, add_findings, add_user, list_alerts

AT = "2026-05-04T08:00:00Z"
DAY = AT[:10]
# A name that nobody has, to look for where it must not be.
NAME = "Qwertula Zxcvbnik"


def later(days: int, hour: int = 8) -> str:
    """An instant some days of May after AT."""
    return f"2026-05-{4 + days:02d}T{hour:02d}:00:00Z"


def people(store: Store) -> None:
    for name, role in (("ann", "admin"), ("bob", "reviewer"), ("cat", "analyst"), ("aud", "auditor")):
        add_user(store, name, role, by="ann", at=AT)


def route(via: str = "KGZ", product: str = "854231", low: float | None = 2e7, **other: Any) -> dict[str, Any]:
    """One row of an answer of routes."""
    row = {
        "via_iso3": via,
        "destination_iso3": "RUS",
        "product_id": product,
        "evidence": "in",
        "window_start": "2022-03",
        "window_end": "2024-12",
        "currency": "USD",
        "excess_low": low,
        "excess_min": low,
        "q_value": 0.001,
        "is_alert": True,
    }
    return {**row, **other}


def screened(
    query: str = "c-1", *, name: str = NAME, features: str = "name birth_date", **other: Any
) -> dict[str, Any]:
    """One row of an answer of screen."""
    reasons = [
        {"feature": one, "query": name, "candidate": "LISTED", "detail": "", "weight": 2.0} for one in features.split()
    ]
    row = {
        "query_id": query,
        "rank": 1,
        "entity_id": "ofac-1",
        "dataset": "ofac",
        "schema": "Person",
        "name": "LISTED",
        "score": 0.9,
        "match": True,
        "reasons": json.dumps(reasons),
    }
    return {**row, **other}


def checked(record: str = "c-1", *, flag: str = "KYC-1", **other: Any) -> dict[str, Any]:
    """One row of an answer of check."""
    row = {"record_id": record, "flag_id": flag, "outcome": "fired", "decision": "ask", "title": "a flag", "act": ""}
    return {**row, **other}


def found(
    *rows: dict[str, Any], source: str = "routes", inputs: tuple[str, ...] = ("data:one",), **other: Any
) -> list[Finding]:
    return findings_of(rows, source=source, as_of="2024-12", inputs=inputs, **other)


def finding(source: str = "routes", certainty: str = "moderate", **other: Any) -> Finding:
    """One finding about a firm."""
    given = {"thing": Thing("company", "f-1", "A Firm"), "rule": "r", "as_of": "2024-12", "summary": "said", **other}
    return Finding(source=source, certainty=certainty, **given)


def alert_of(store: Store, *rows: dict[str, Any], source: str = "routes", at: str = AT, **other: Any) -> str:
    """Fold rows into alerts; return the id of the first that came."""
    added = add_findings(store, found(*(rows or (route(),)), source=source, **other), by="cat", at=at)
    return (*added.new, *added.changed, *added.reopened, *(one.alert_id for one in list_alerts(store, day=DAY)))[0]
