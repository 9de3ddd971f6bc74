"""Front-running: was more bought in the months before a measure's date than usual.

Source: docs/methods/pieces.md, section 4.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from entrepot.codes import month_text
from entrepot.flows.leg import Leg
from entrepot.flows.panel import Floats
from entrepot.flows.pieces.dates import Dated
from entrepot.flows.pieces.looked import Looked
from entrepot.flows.pieces.piece import SILENT, SPEAKS_AT, SUPPORTS, TAIL, Piece, named, per_cent, turned
from entrepot.numerics import student_cdf

# A licence, an order and a lorry need a season at most.
RUN_UP = 3
_BASE, _LEAST_BASE = 12, 6


def front_running(looked: Looked, dates: dict[int, Dated]) -> dict[int, Piece]:
    """Return, per row, how much more than usual the intermediary bought in the three months before a measure's date.

    ``estimate`` is the difference of mean log months, run-up less the year before it; the noise is that of the same
    difference at every earlier date. A buyer who knows a date ahead expects to be touched by it: it supports. The
    direct leg's run-up, in ``detail``, is stock that makes the later fall look larger than it is.
    """
    found = {}
    for row in looked.rows.tolist():
        name, at = looked.main(row)
        if at >= 0:
            piece = _piece(looked, looked.legs[name], at, dates[looked.product(row)])
            if piece is not None:
                found[row] = _with_direct(looked, row, dates, piece)
    return found


def _piece(looked: Looked, leg: Leg, at: int, dated: Dated) -> Piece | None:
    tested = run_up(_logs(leg, at), dated.month - leg.panel.first_month)
    if tested is None:
        return None
    size, error, freedom = tested
    p = float(student_cdf(-size / error, freedom))
    turn = turned(size, more="above", less="below")
    when = f"the {RUN_UP} months before {month_text(dated.month)} ({dated.title})"
    told = f"In {when} trade ran {turn} that of the year before them"
    return Piece(
        SUPPORTS if p <= SPEAKS_AT else SILENT,
        f"{told}{'' if p <= SPEAKS_AT else ', which is ordinary'}.",
        size,
        size - TAIL * error,
        size + TAIL * error,
        "change of mean log month",
        p,
        "no measure that names the product is known; the event asked about is taken" if dated.is_event else "",
    )


def run_up(logs: Floats, date: int) -> tuple[float, float, float] | None:
    """Return size, standard error and degrees of freedom of the run-up before a column, None where too little is known.

    The error is the larger of two: what months scatter, and what the same window showed at earlier dates.
    """
    size = _window(logs, date)
    if size is None:
        return None
    base = logs[max(date - RUN_UP - _BASE, 0) : date - RUN_UP]
    base = base[~np.isnan(base)]
    scatter = float(base.std(ddof=1)) * float(np.sqrt(1 / RUN_UP + 1 / len(base)))
    earlier = [one for one in (_window(logs, d) for d in range(date - RUN_UP, 0, -RUN_UP)) if one is not None]
    seen = float(np.sqrt(np.mean(np.square(earlier)))) if len(earlier) >= 3 else 0.0
    return size, max(scatter, seen, 0.05), float(len(base) - 1)


def _window(logs: Floats, date: int) -> float | None:
    """Mean of the run-up less mean of the base before a column."""
    if date - RUN_UP < _LEAST_BASE:
        return None
    run, base = logs[date - RUN_UP : date], logs[max(date - RUN_UP - _BASE, 0) : date - RUN_UP]
    if np.isnan(run).any() or (~np.isnan(base)).sum() < _LEAST_BASE:
        return None
    return float(run.mean() - base[~np.isnan(base)].mean())


def _logs(leg: Leg, at: int) -> Floats:
    """Months without season on a logarithmic scale, where anything below a twentieth of the usual counts alike."""
    flat = leg.panel.values[at] / np.maximum(leg.inference.season[at], 0.1)
    usual = np.nanmean(flat[: leg.panel.n_before])
    return np.asarray(np.log(np.maximum(flat, max(usual, 1e-9) / 20)))


def _with_direct(looked: Looked, row: int, dates: dict[int, Dated], piece: Piece) -> Piece:
    """The same window on the direct leg, as a remark."""
    direct = looked.legs.get("direct")
    if direct is None:
        return piece
    places = np.flatnonzero(direct.panel.product == looked.product(row))
    if not len(places):
        return piece
    tested = run_up(_logs(direct, int(places[0])), dates[looked.product(row)].month - direct.panel.first_month)
    if tested is None or student_cdf(-tested[0] / tested[1], tested[2]) > SPEAKS_AT:
        return piece
    remark = (
        f"{named(looked.options.destination)} itself bought {per_cent(np.expm1(tested[0]))} more in those months:"
        " part of the later fall is stock"
    )
    return replace(piece, detail="; ".join(filter(None, (piece.detail, remark))))
