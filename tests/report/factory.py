"""One line makes a whole routes answer, by hand: no lake, no estimate."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from entrepot.lake import Table

TEXT = "destination_iso3 via_iso3 product_id hs_codes evidence window_start window_end currency control_set"
NUMBERS = (
    "observed expected excess excess_low excess_high share_of_lost_direct excess_min excess_max "
    "covered_share_low covered_share_high p_value q_value"
)
OUT = "out_observed out_expected out_excess out_excess_low out_excess_high"
TYPES = {
    "rank": "INTEGER",
    **dict.fromkeys(TEXT.split(), "VARCHAR"),
    **dict.fromkeys(NUMBERS.split(), "DOUBLE"),
    "is_alert": "BOOLEAN",
    "top_origins": "VARCHAR",
    "caveats": "VARCHAR",
    "counter_explanation": "VARCHAR",
    "would_change": "VARCHAR",
    **dict.fromkeys(OUT.split(), "DOUBLE"),
}
SETS = {
    "own": "the series' own past and season, nothing else",
    "destination": "the same product to other destinations",
    "via": "everything else that goes to the same intermediary",
    "pooled": "the sister goods and the other destinations together",
}
PARTS = ("paths", "sets", "totals", "river", "mirror", "pieces", "hops", "measures", "sources")
CAVEATS = {
    "one_leg": "Only one leg of this route is in the data.",
    "customs_union": "Trade inside the customs union is recorded by firms' reports, not by declarations.",
    "short_history": "Fewer than 24 months before the event.",
    "born_code": "The code did not exist before the event, so nothing comparable precedes it.",
    "no_trade_before": "No trade was reported in any month before the event.",
}


@dataclass(frozen=True)
class MadeRoutes:
    """The duck that the report reads."""

    ranked: Table
    paths: Table
    sets: Table
    totals: Table
    river: Table
    mirror: Table
    pieces: Table
    hops: Table
    measures: Table
    sources: Table
    parameters: dict[str, Any] = field(default_factory=dict)
    caveat_texts: dict[str, str] = field(default_factory=lambda: dict(CAVEATS))
    control_sets: dict[str, str] = field(default_factory=lambda: dict(SETS))
    product_names: dict[str, str] = field(default_factory=dict)

    def rows(self) -> list[dict[str, Any]]:
        return self.ranked.rows()

    def __len__(self) -> int:
        return len(self.ranked)

    def __iter__(self) -> Any:
        return iter(self.ranked)


def made(names: str, rows: list[dict[str, Any]]) -> Table:
    types = {}
    for name in names.split():
        types[name] = "VARCHAR"
        if rows and any(isinstance(row.get(name), int | float) for row in rows):
            types[name] = "DOUBLE"
    return Table.from_rows(rows, types)


def route(**changes: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "rank": 1,
        "via_iso3": "KGZ",
        "destination_iso3": "RUS",
        "product_id": "870323",
        "hs_codes": "870323",
        "evidence": "in",
        "window_start": "2022-03",
        "window_end": "2022-11",
        "currency": "EUR",
        "observed": 48_300_000.0,
        "expected": 4_100_000.0,
        "excess": 44_200_000.0,
        "excess_low": 38_000_000.0,
        "excess_high": 47_000_000.0,
        "share_of_lost_direct": 0.031,
        "control_set": "pooled",
        "excess_min": 31_000_000.0,
        "excess_max": 46_000_000.0,
        "covered_share_low": 0.2,
        "covered_share_high": 0.55,
        "p_value": 0.0004,
        "q_value": 0.01,
        "is_alert": True,
        "top_origins": "DEU 61%; POL 20%; LTU 9%",
        "caveats": "one_leg",
        "counter_explanation": "Own growth: the series' own trend would account for 12 % of the rise.",
        "would_change": "It would stand without its largest month, 2022-08.",
    }
    return {**row, **changes}


def untested(**changes: Any) -> dict[str, Any]:
    nothing = dict.fromkeys([*NUMBERS.split(), "rank", "window_start", "window_end", "control_set"])
    return route(**{**nothing, "is_alert": False, "top_origins": None, "caveats": "born_code", **changes})


def path(via: str, product: str, *, leg: str = "in", level: float = 4e5, jump: float = 9.0) -> list[dict[str, Any]]:
    rows = []
    for control, tilt in (("pooled", 1.0), ("own", 0.8), ("destination", 1.3), ("via", 1.8)):
        for i in range(59):
            period = f"{2018 + i // 12}-{i % 12 + 1:02d}"
            after = period >= "2022-03"
            base = level * (1 + 0.25 * math.sin(i * 0.9)) * (tilt if after else 1)
            seen = level * (1 + 0.25 * math.sin(i * 0.9 + 0.4) + 0.2 * math.sin(i * 2.7)) * (jump if after else 1)
            rows.append(
                {
                    "via_iso3": via,
                    "product_id": product,
                    "leg": leg,
                    "period": period,
                    "observed": None if period == "2020-05" else seen,
                    "expected": base,
                    "low": base * 0.5,
                    "high": base * 1.7,
                    "control_set": control,
                }
            )
    return rows


def total(control_set: str, via: str, excess: float | None, **changes: Any) -> dict[str, Any]:
    spread = abs(excess or 0) * 0.35
    row = {
        "control_set": control_set,
        "via_iso3": via,
        "observed": 900e6,
        "expected": None if excess is None else 900e6 - excess,
        "excess": excess,
        "excess_low": None if excess is None else excess - spread,
        "excess_high": None if excess is None else excess + spread,
        "lost_direct": 5e9,
    }
    return {**row, **changes}


PIECE = "via_iso3 product_id piece label finding estimate low high unit p_value detail"
HOP = "path product_id flow_low flow_high currency lags caveats"


def piece(**changes: Any) -> dict[str, Any]:
    row = {
        "via_iso3": "KGZ",
        "product_id": "870323",
        "piece": "mirror",
        "label": "supports",
        "finding": "Kyrgyzstan records 58 % less of what the origins report sending than it did before the event.",
        "estimate": -0.87,
        "low": -1.32,
        "high": -0.43,
        "unit": "change of log ratio",
        "p_value": 0.0013,
        "detail": "importer over exporter, two-sided",
    }
    return {**row, **changes}


SET = "via_iso3 product_id control_set expected excess excess_low excess_high pretrend_p"


def held(control_set: str, **changes: Any) -> dict[str, Any]:
    row = {
        "via_iso3": "KGZ",
        "product_id": "870323",
        "control_set": control_set,
        "expected": 4_100_000.0,
        "excess": 44_200_000.0,
        "excess_low": 38_000_000.0,
        "excess_high": 47_000_000.0,
        "pretrend_p": 0.42,
    }
    return {**row, **changes}


def hop(**changes: Any) -> dict[str, Any]:
    row = {
        "path": "EU27 -> ARE -> KGZ -> RUS",
        "product_id": "870323",
        "flow_low": 2_100_000.0,
        "flow_high": 5_300_000.0,
        "currency": "EUR",
        "lags": "1; unknown",
        "caveats": "customs_union",
    }
    return {**row, **changes}


def answer(rows: list[dict[str, Any]] | None = None, **changes: Any) -> MadeRoutes:
    """Return a whole answer: three intermediaries, four control sets, one in-leg."""
    weights = {"own": 2.3, "destination": 0.6, "via": 0.9, "pooled": 1.0}
    vias = {"KAZ": 2.0e8, "KGZ": 9.0e7, "ARM": 6.0e7}
    origins = {"DEU": 0.5, "POL": 0.25, "other": 0.25}
    totals, river = [], []
    for name, weight in weights.items():
        totals.append(total(name, "ALL", weight * sum(vias.values())))
        totals += [total(name, via, weight * value) for via, value in vias.items()]
        for via, value in vias.items():
            for origin, part in [*origins.items(), (None, 1.0)]:
                middle = weight * value * part
                known = origin is not None
                river.append(
                    {
                        "control_set": name,
                        "origin_iso3": origin,
                        "via_iso3": via,
                        "excess": middle if known else None,
                        "excess_low": middle * 0.6 if known else None,
                        "excess_high": middle * 1.4 if known else None,
                    }
                )
    ready: dict[str, Any] = {
        "ranked": Table.from_rows([route(), untested()] if rows is None else rows, TYPES),
        "paths": made("via_iso3 product_id leg period observed expected low high control_set", path("KGZ", "870323")),
        "sets": made(SET, [held(name) for name in SETS]),
        "totals": made("control_set via_iso3 observed expected excess excess_low excess_high lost_direct", totals),
        "river": made("control_set origin_iso3 via_iso3 excess excess_low excess_high", river),
        "mirror": made(
            "via_iso3 product_id period export_value import_value gap_share gap_quiet_low gap_quiet_high", []
        ),
        "pieces": made(PIECE, [piece()]),
        "hops": made(HOP, [hop()]),
        "measures": made("date jurisdiction title status", MEASURES),
        "sources": made(
            "snapshot_id publisher title url retrieved_at sha256 n_rows",
            [
                {
                    "snapshot_id": "0123456789abcdef",
                    "publisher": "A statistical office",
                    "title": "Exports by month",
                    "url": "https://example.org/data.csv",
                    "retrieved_at": "2024-05-01T00:00:00Z",
                    "sha256": "0123456789abcdef" * 4,
                    "n_rows": 120_000,
                }
            ],
        ),
        "parameters": {
            "destination": "RUS",
            "event": "2022-03",
            "until": "2022-11",
            "origins": "EU27",
            "products": "chpl",
            "level": 6,
            "alpha": 0.1,
            "controls": "pooled",
        },
        "product_names": {"870323": "Cars, petrol, 1,500 to 3,000 cc"},
    }
    return MadeRoutes(**{**ready, **changes})


MEASURES = [
    {"date": "2022-03-15", "jurisdiction": "EU", "title": "Luxury goods export ban", "status": "in_force"},
    {"date": "2022-03-28", "jurisdiction": "KGZ", "title": "Re-export checks, by a press account", "status": "alleged"},
    {"date": "2022-07-21", "jurisdiction": "EU", "title": "Maintenance and alignment package", "status": "in_force"},
    {"date": "2031-01-01", "jurisdiction": "EU", "title": "Long after the window", "status": "proposed"},
]
