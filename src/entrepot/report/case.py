"""The page of a case: what was found, on what it rests, what was decided, and how to replay it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from entrepot.report import words
from entrepot.report.writing import template, write_whole

_MOST_ROWS = 40
_COLUMNS = {
    "routes": ("rank", "via_iso3", "product_id", "observed", "expected", "excess_low", "excess_high", "q_value"),
    "check": ("record_id", "flag_id", "outcome", "decision", "evidence"),
    "screen": ("query_id", "rank", "entity_id", "name", "score", "match"),
}


def render_case(content: Mapping[str, Any], *, simulated: bool = False) -> str:
    """Return a case as one HTML page that needs no network.

    Args:
        content: as ``entrepot.cases`` gives it: of the store, or of a case file with its answers and manifest.
        simulated: says SIMULATED on top of the page and of every printed page.

    Returns:
        the page; the same content gives the same text. A listing's reason is never on it.
    """
    # A public case has no owner, and an alert that may not be told has no sentence about itself.
    alerts = [{"because": "", **alert, "shown": least_money(alert)} for alert in content["alerts"]]
    return template("case.html.j2").render(
        case={"owner": "", **content},
        alerts=[{**alert, "findings": [told_finding(one) for one in alert["findings"]]} for alert in alerts],
        answers=[_answer(one) for one in content.get("answers", ())],
        manifest=content.get("manifest"),
        manifest_sha256=content.get("manifest_sha256", ""),
        simulated=simulated,
    )


def write_case(content: Mapping[str, Any], path: str | Path, *, simulated: bool = False) -> Path:
    """Write the page of a case to ``path``, whole or not at all; takes what :func:`render_case` does.

    Raises:
        SourceError: the folder does not exist, may not be written, or the path is a folder.
    """
    return write_whole(render_case(content, simulated=simulated), path)


def least_money(alert: Mapping[str, Any]) -> str:
    """Return the money of an alert in words: at least how much, or that it is unknown."""
    if alert.get("amount") is None:
        return "money unknown"
    return f"at least {words.money(alert['amount'])} {alert.get('currency') or ''}".rstrip()


def told_finding(one: Mapping[str, Any]) -> dict[str, Any]:
    """Return a finding with what stands beside it: what else explains it, what would clear it, its caveats."""
    detail = one.get("detail") or {}
    # Of routes the column of that name says which legs the data have.
    seen = "evidence" if one.get("source") == "check" else ""
    told = [
        (name, str(detail[key]))
        for name, key in (
            ("what was seen", seen),
            ("what else explains it", "counter_explanation"),
            ("lawful look-alikes", "innocent_explanations"),
            ("would clear it", "would_clear"),
            ("would change it", "would_change"),
            ("caveats", "caveats"),
            ("said", "quote"),
        )
        if detail.get(key)
    ]
    return {**one, "told": told, "rests_on": ", ".join(one.get("inputs", ())) or "what its file does not name"}


def _answer(one: Mapping[str, Any]) -> dict[str, Any]:
    names = list(one["types"])
    columns = [name for name in _COLUMNS[one["command"]] if name in names]
    places = [names.index(name) for name in columns]
    rows = [[_cell(row[place]) for place in places] for row in one["rows"][:_MOST_ROWS]]
    asked = ", ".join(f"{words.spoken(name)} {value}" for name, value in sorted(one["parameters"].items()))
    return {"command": one["command"], "asked": asked, "columns": columns, "rows": rows, "n_rows": len(one["rows"])}


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
    return "" if value is None else str(value)
