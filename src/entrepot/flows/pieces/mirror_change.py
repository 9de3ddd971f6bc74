"""Mirror: did the gap between both reports of the inward leg change beyond the pair's quiet noise.

Source: docs/methods/pieces.md, section 2; docs/methods/mirror.md.
"""

from __future__ import annotations

import numpy as np

from entrepot.flows.mirror_panels import MirrorPanels
from entrepot.flows.pieces.looked import Looked
from entrepot.flows.pieces.piece import AGAINST, SILENT, SPEAKS_AT, SUPPORTS, TAIL, Piece, named, turned
from entrepot.numerics import normal_quantile


def mirror_change(looked: Looked, mirror: MirrorPanels) -> dict[int, Piece]:
    """Return, per row whose inward leg both sides report, the change of the log ratio importer over exporter.

    A fall means that the intermediary records less of what the origins say they sent it than it used to: what goods
    that never arrive look like.
    """
    found = {}
    for row in looked.rows.tolist():
        change = mirror.changes.get((looked.via(row), looked.product(row)))
        if change is not None:
            found[row] = _piece(named(looked.via(row)), *change)
    return found


def _piece(via: str, size: float, p: float) -> Piece:
    # The interval follows from the size and its p-value: both come from one test.
    error = abs(size) / max(float(-normal_quantile(max(p, 1e-300) / 2)), 1e-9) if p < 1 else np.inf
    low, high = (None, None) if not np.isfinite(error) else (size - TAIL * error, size + TAIL * error)
    label = SILENT if p > SPEAKS_AT else SUPPORTS if size < 0 else AGAINST
    turn = turned(size, more="more", less="less")
    if label == SILENT:
        finding = (
            f"The gap between both reports has not changed beyond the pair's ordinary noise ({turn} in {via}'s report)."
        )
    else:
        finding = f"{via} records {turn} of what the origins report sending than it did before the event."
    return Piece(label, finding, size, low, high, "change of log ratio", p, "importer over exporter, two-sided")
