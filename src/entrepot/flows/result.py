"""Routes: the answer of one question, with everything that a report shows of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from entrepot.lake import Table

ROUTE_TYPES = {
    "rank": "INTEGER",
    "via_iso3": "VARCHAR",
    "destination_iso3": "VARCHAR",
    "product_id": "VARCHAR",
    "hs_codes": "VARCHAR",
    "evidence": "VARCHAR",
    "window_start": "VARCHAR",
    "window_end": "VARCHAR",
    "currency": "VARCHAR",
    "observed": "DOUBLE",
    "expected": "DOUBLE",
    "excess": "DOUBLE",
    "excess_low": "DOUBLE",
    "excess_high": "DOUBLE",
    "share_of_lost_direct": "DOUBLE",
    "control_set": "VARCHAR",
    "excess_min": "DOUBLE",
    "excess_max": "DOUBLE",
    "covered_share_low": "DOUBLE",
    "covered_share_high": "DOUBLE",
    "p_value": "DOUBLE",
    "q_value": "DOUBLE",
    "is_alert": "BOOLEAN",
    "top_origins": "VARCHAR",
    "out_observed": "DOUBLE",
    "out_expected": "DOUBLE",
    "out_excess": "DOUBLE",
    "out_excess_low": "DOUBLE",
    "out_excess_high": "DOUBLE",
    "caveats": "VARCHAR",
    "counter_explanation": "VARCHAR",
    "would_change": "VARCHAR",
}
SET_TYPES = {
    "via_iso3": "VARCHAR",
    "product_id": "VARCHAR",
    "control_set": "VARCHAR",
    "expected": "DOUBLE",
    "excess": "DOUBLE",
    "excess_low": "DOUBLE",
    "excess_high": "DOUBLE",
    "pretrend_p": "DOUBLE",
}
PIECE_TYPES = {
    "via_iso3": "VARCHAR",
    "product_id": "VARCHAR",
    "piece": "VARCHAR",
    "label": "VARCHAR",
    "finding": "VARCHAR",
    "estimate": "DOUBLE",
    "low": "DOUBLE",
    "high": "DOUBLE",
    "unit": "VARCHAR",
    "p_value": "DOUBLE",
    "detail": "VARCHAR",
}
HOP_TYPES = {
    "path": "VARCHAR",
    "product_id": "VARCHAR",
    "flow_low": "DOUBLE",
    "flow_high": "DOUBLE",
    "currency": "VARCHAR",
    "lags": "VARCHAR",
    "caveats": "VARCHAR",
}
PATH_TYPES = {
    "via_iso3": "VARCHAR",
    "product_id": "VARCHAR",
    "leg": "VARCHAR",
    "control_set": "VARCHAR",
    "period": "VARCHAR",
    "observed": "DOUBLE",
    "expected": "DOUBLE",
    "low": "DOUBLE",
    "high": "DOUBLE",
}
TOTAL_TYPES = {
    "control_set": "VARCHAR",
    "via_iso3": "VARCHAR",
    "observed": "DOUBLE",
    "expected": "DOUBLE",
    "excess": "DOUBLE",
    "excess_low": "DOUBLE",
    "excess_high": "DOUBLE",
    "lost_direct": "DOUBLE",
}
RIVER_TYPES = {
    "control_set": "VARCHAR",
    "origin_iso3": "VARCHAR",
    "via_iso3": "VARCHAR",
    "excess": "DOUBLE",
    "excess_low": "DOUBLE",
    "excess_high": "DOUBLE",
}
MIRROR_TYPES = {
    "via_iso3": "VARCHAR",
    "product_id": "VARCHAR",
    "period": "VARCHAR",
    "export_value": "DOUBLE",
    "import_value": "DOUBLE",
    "gap_share": "DOUBLE",
    "gap_quiet_low": "DOUBLE",
    "gap_quiet_high": "DOUBLE",
}
MEASURE_TYPES = {"date": "VARCHAR", "jurisdiction": "VARCHAR", "title": "VARCHAR", "status": "VARCHAR"}
SOURCE_TYPES = {
    "snapshot_id": "VARCHAR",
    "source_id": "VARCHAR",
    "publisher": "VARCHAR",
    "title": "VARCHAR",
    "url": "VARCHAR",
    "retrieved_at": "VARCHAR",
    "licence": "VARCHAR",
    "sha256": "VARCHAR",
    "n_rows": "BIGINT",
}


class Routes(Table):
    """The ranked table of one question; columns as the contract of ``routes`` lists them.

    Attributes:
        paths: observed and expected path of the top rows, by leg, control set and month.
        sets: each control set's own estimates and pre-trend test for the top rows' headline leg.
        totals: sums over the tested products, by control set and intermediary ("ALL" for all), with the fall of
            direct trade.
        river: excess by control set, origin and intermediary; origin NULL is the leg via -> destination.
        mirror: both reports of the top rows where both exist.
        pieces: evidence of the alerts and top rows beside their excess, grain via, product, piece; see
            docs/methods/pieces.md. No piece raises an alert.
        hops: routes of two intermediaries, with the least and the most that can have gone each way.
        measures: dated measures inside the window.
        sources: the snapshots whose rows were used.
        parameters: the question and the method, as asked.
        caveat_texts: what each caveat id means.
        control_sets: what each control set is.
        product_names: product id -> words, where known.
    """

    def __init__(
        self,
        columns: Mapping[str, Sequence[Any]],
        *,
        paths: Table,
        sets: Table,
        totals: Table,
        river: Table,
        mirror: Table,
        pieces: Table,
        hops: Table,
        measures: Table,
        sources: Table,
        parameters: dict[str, Any],
        caveat_texts: dict[str, str],
        control_sets: dict[str, str],
        product_names: dict[str, str],
    ) -> None:
        super().__init__(columns, ROUTE_TYPES | {name: "DOUBLE" for name in columns if name not in ROUTE_TYPES})
        self.sets = sets
        self.paths = paths
        self.totals = totals
        self.river = river
        self.mirror = mirror
        self.pieces = pieces
        self.hops = hops
        self.measures = measures
        self.sources = sources
        self.parameters = parameters
        self.caveat_texts = caveat_texts
        self.control_sets = control_sets
        self.product_names = product_names
