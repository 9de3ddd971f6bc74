"""Origins: who carries a series, as sums over the months before and from the event on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from entrepot.flows.features import OriginSums
from entrepot.flows.legs import SQL
from entrepot.flows.panel import Bools, Floats, Ints, Panel
from entrepot.flows.scope import Scope
from entrepot.lake import Engine

# In a larger table only series that moved up at all are split by origin.
_ALL_UP_TO = 20_000
_MOVED = 0.5


@dataclass(frozen=True)
class Origins:
    """Each origin's part of each series looked at closely.

    Attributes:
        sums: what the score reads.
        names: m, ISO3 of the origin.
        rise: m, money from the event on above the origin's own past mean.
    """

    sums: OriginSums
    names: NDArray[np.object_]
    rise: Floats


def is_close(score: Floats) -> Bools:
    """Return which series are split by origin: all of a small table, those that rose in a large one."""
    return np.ones(len(score), dtype=bool) if len(score) <= _ALL_UP_TO else score > _MOVED


def origins_of(
    engine: Engine,
    leg: str,
    panel: Panel,
    *,
    via: list[str],
    trifle: float,
    close: Bools,
    scope: Scope,
) -> Origins:
    """Return the origins of a leg's close series."""
    rows = np.flatnonzero(close)
    place = {iso3: line for line, (name, iso3) in enumerate(scope.lines()) if name == leg}
    line_of = np.array([place.get(iso3, -1) for iso3 in via], dtype=np.int64)
    engine.table(
        "close_series",
        {"line": line_of[panel.via[rows]], "product_id": panel.product[rows]},
        {"line": "INTEGER", "product_id": "INTEGER"},
    )
    engine.step(SQL, "close_lines")
    engine.step(SQL, "origin_sums", using=("origin_months",), trifle=trifle, event=scope.event_month)
    found = engine.arrays("SELECT * FROM origin_sums")
    return _origins(found, panel, via, trifle, scope)


def _origins(
    found: dict[str, NDArray[np.generic]], panel: Panel, via: list[str], trifle: float, scope: Scope
) -> Origins:
    before, after = scope.n_before, scope.n_months - scope.n_before
    place = {iso3: i for i, iso3 in enumerate(via)}
    pair = np.asarray(found["pair_id"], dtype=np.int64)
    row = _rows(panel, np.array([place.get(p[1], -1) for p in scope.pairs])[pair], np.asarray(found["product_id"]))
    # Pairs are numbered by origin; every run meets them in the same order.
    order = np.lexsort((pair, row))
    row, pair = row[order], pair[order]
    columns = {name: np.asarray(found[name], dtype=float)[order] for name in found}
    log_before, log_after = columns["log_before"] / before, columns["log_after"] / after
    # Sums of squares about zero, from which the variance about each side's own mean is taken.
    left = columns["square_before"] - before * log_before**2
    left += columns["square_after"] - after * log_after**2
    money_before, money_after = columns["money_before"] / before, columns["money_after"] / after
    return Origins(
        sums=OriginSums(
            row=row,
            money_before=money_before,
            money_after=money_after,
            log_before=np.log(trifle) + log_before,
            log_after=np.log(trifle) + log_after,
            variance=np.maximum(left, 0) / max(before + after - 2, 1),
            active_before=columns["active_before"] / before,
            active_after=columns["active_after"] / after,
        ),
        names=np.array([p[2] for p in scope.pairs], dtype=object)[pair],
        rise=(money_after - money_before) * after,
    )


def _rows(panel: Panel, via: Ints, product: Ints) -> Ints:
    """Row in the panel of each (via, product); a panel's keys rise."""
    size = int(panel.product.max(initial=0)) + 1
    keys = panel.via.astype(np.int64) * size + panel.product
    return np.searchsorted(keys, via.astype(np.int64) * size + product.astype(np.int64))
