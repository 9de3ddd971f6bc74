"""Routes: the main job. Which intermediaries take more of a product than their controls explain, by how much at least.

``routes`` reads the lake, forms the series of each leg, infers, and ranks. docs/methods/routes.md is the method.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from entrepot.codes import goods_name, month_text
from entrepot.flows.attachments import (
    measures_in_window,
    origin_texts,
    paths_of_top,
    river_of,
    sources_used,
    totals_of,
)
from entrepot.flows.caveats import CAVEATS
from entrepot.flows.leg import Leg, leg_of
from entrepot.flows.legs import Legs, legs_of
from entrepot.flows.mirror_panels import MirrorPanels, mirror_panels
from entrepot.flows.options import CONTROL_SETS, RoutesOptions
from entrepot.flows.pieces import pieces_of
from entrepot.flows.products import list_title
from entrepot.flows.ranking import Ranking, ranked
from entrepot.flows.result import MIRROR_TYPES, ROUTE_TYPES, Routes
from entrepot.flows.scope import Scope
from entrepot.flows.sets import seen_sets, sets_of_top
from entrepot.lake import Engine, Lake, Table


def routes(lake: Lake, *, destination: str, event: str, **question: Any) -> Routes:
    """Return the ranked table of routes to a destination.

    Args:
        lake: an open lake with monthly flows.
        destination: ISO3 of the sanctioned market.
        event: first treated month, YYYY-MM.
        **question: the other fields of :class:`RoutesOptions` (until, origins, via, products, level, as_of, alpha,
            controls, has_sellers, method).

    Returns:
        grain via, product. Money in ``currency`` over window_start .. window_end; shares 0-1. Rows that could not
        be tested have NULL estimates and say why in ``caveats``. With ``controls="all"`` each set adds SET_excess,
        SET_excess_low, SET_excess_high and SET_pretrend_p. Attached: paths, sets, totals, river, mirror, measures,
        sources.

    Raises:
        ConfigError: a part of the question is malformed.
        UnknownCode: a territory, group, list or HS code is not known.
        EstimateError: the data cannot answer: no monthly rows, event outside them, destination never present.
        MixedCurrency: one leg's reports are in several currencies.

    Source: docs/methods/routes.md.
    """
    return worked(lake, destination=destination, event=event, **question).answer


@dataclass(frozen=True)
class Work:
    """An answer of routes with the series it came from, for those who want to look behind an estimate.

    Attributes:
        options: the question.
        data: scope, products and panels.
        legs: leg -> estimates.
        ranking: the rows as arrays, in the order of the answer.
        answer: what ``routes`` returns.
    """

    options: RoutesOptions
    data: Legs
    legs: dict[str, Leg]
    ranking: Ranking
    answer: Routes


def worked(lake: Lake, *, destination: str, event: str, **question: Any) -> Work:
    """Return an answer with the series it came from; takes and raises what :func:`routes` does."""
    options = RoutesOptions(destination=destination, event=event, **question)
    with lake.engine(as_of=options.as_of) as engine:
        data = legs_of(engine, options)
        legs = {name: leg_of(engine, name, data, options) for name, panel in data.panels.items() if len(panel)}
        ranking = ranked(data, legs, options)
        return Work(options, data, legs, ranking, _answer(engine, data, legs, ranking, options))


def _answer(engine: Engine, data: Legs, legs: dict[str, Leg], ranking: Ranking, options: RoutesOptions) -> Routes:
    columns = ranking.columns(top_origins=origin_texts(ranking, legs))
    mirror = _mirror_of_top(engine, ranking, data, options)
    evidence = pieces_of(engine, data, legs, ranking, mirror, options)
    for row, counter in evidence.counters.items():
        columns["counter_explanation"][row] = counter.explanation
        columns["would_change"][row] = counter.would_change
    noted = {*columns["caveats"], *evidence.hops["caveats"]}
    used = {caveat for text in noted for caveat in text.split("; ") if caveat}
    return Routes(
        {name: columns[name] for name in (*ROUTE_TYPES, *(name for name in columns if name not in ROUTE_TYPES))},
        sets=sets_of_top(ranking, legs, options),
        paths=paths_of_top(ranking, data, legs, options),
        totals=totals_of(data, legs, options),
        river=river_of(data, legs, options),
        mirror=mirror.table,
        pieces=evidence.pieces,
        hops=evidence.hops,
        measures=measures_in_window(engine, data.scope),
        sources=sources_used(engine, data.scope),
        parameters=_parameters(options, data.scope),
        caveat_texts={key: text for key, text in CAVEATS.items() if key in used},
        control_sets={name: CONTROL_SETS[name] for name in CONTROL_SETS if name in seen_sets(legs)},
        product_names=_names(columns["product_id"]),
    )


def _names(products: list[str]) -> dict[str, str]:
    """Words for products, where the code list has any."""
    found = {product: goods_name(product[:6].rstrip("+~@")) for product in set(products)}
    return {product: name for product, name in sorted(found.items()) if name}


def _mirror_of_top(engine: Engine, ranking: Ranking, data: Legs, options: RoutesOptions) -> MirrorPanels:
    """Both reports of the top rows' inward leg, where the intermediary reports too."""
    top = [i for i in np.flatnonzero(ranking.is_ranked)[: options.method.top] if ranking.at["in"][i] >= 0]
    if not top:
        return MirrorPanels(Table.from_rows([], MIRROR_TYPES), {})
    keys = [(int(ranking.via[i]), int(ranking.product[i])) for i in top]
    return mirror_panels(engine, data, keys, level=options.level)


def _parameters(options: RoutesOptions, scope: Scope) -> dict[str, Any]:
    return {
        **{key: value for key, value in asdict(options).items() if key != "method"},
        "window": [month_text(scope.first_month), month_text(scope.last_month)],
        "months_before": scope.n_before,
        "months_after": scope.n_months - scope.n_before,
        "goods": list_title(options),
        "origins_left_out": scope.left_out,
        "method": asdict(options.method),
    }
