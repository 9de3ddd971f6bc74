"""An effect in words and as one page: the path of the estimate by month with its band."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from entrepot.report.words import place, window
from entrepot.report.writing import template

if TYPE_CHECKING:
    from entrepot.flows import Effect

_WIDTH, _HEIGHT = 1000, 300


def effect_sentence(found: Effect) -> str:
    """Return the answer in a sentence or two; it never says that a measure caused a change."""
    told = found.as_json()
    importers = ", ".join(place(code) or code for code in told["importers"])
    if not found.answered:
        return f"Not answered: {told['reason']}. The trade with {importers} around {told['date'][:7]} cannot tell."
    change, low, high = told["effect_pct"], told["low"], told["high"]
    between = f"between {_signed(low)} and {_signed(high)}" if None not in (low, high) else f"from {_signed(low)} up"
    return (
        f"From {told['date'][:7]} on, {importers} bought {_signed(change)} against what {told['n_controls']} other"
        f" importers suggest (90 % interval {between}; p {told['p_value']:.2f} among dates,"
        f" {told['p_value_units']:.2f} among importers). In the months before: {_signed(told['anticipation_pct'])}."
        f" In the last third: {_signed(told['persistence_pct'])}."
    )


def effect_page(found: Effect) -> str:
    """Return the answer as one HTML page that needs no network."""
    told = found.as_json()
    months = [row for row in told["path"] if row["estimate_pct"] is not None]
    span = window(months[0]["period"], months[-1]["period"]) if months else ""
    return template("effect.html.j2").render(
        told=told, sentence=effect_sentence(found), span=span, chart=_chart(told, months), width=_WIDTH, height=_HEIGHT
    )


def _signed(value: float | None) -> str:
    return "an unknown share" if value is None else f"{value:+.0f} %"


def _chart(told: dict[str, Any], months: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Points of the path between -100 % and the largest estimate; ends of the band beyond the frame are cut."""
    if not months:
        return None
    top: float = max(50.0, *(1.1 * row["estimate_pct"] for row in months))
    step = next(s for s in (25, 50, 100, 250, 500, 1000, 2500, 10000, 10**6) if (top + 100) / s <= 8)

    def y(value: float | None) -> float:
        inside = top if value is None else min(max(value, -100.0), top)
        return round(float(_HEIGHT * (1 - (inside + 100) / (top + 100))), 1)

    x = [round(_WIDTH * (i + 0.5) / len(months), 1) for i in range(len(months))]
    event = sum(row["period"] < told["date"][:7] for row in months)
    points = [f"{at} {y(row['estimate_pct'])}" for at, row in zip(x, months, strict=True)]
    upper = [f"{at} {y(row['high'])}" for at, row in zip(x, months, strict=True)]
    lower = [f"{at} {y(row['low'])}" for at, row in zip(x, months, strict=True)]
    return {
        "line": "M" + "L".join(points),
        "band": "M" + "L".join([*upper, *reversed(lower)]) + "Z",
        "event": round(_WIDTH * event / len(months), 1),
        "ticks": [(y(v), f"{v:+d} %" if v else "0") for v in range(-100, int(top) + 1, step) if v % step == 0 or not v],
        "zero": y(0),
        "years": [(at, row["period"][:4]) for at, row in zip(x, months, strict=True) if row["period"].endswith("-01")],
    }
