"""Mirror: the same trade as both sides report it, what gap is ordinary for the pair, and whether it changed.

docs/methods/mirror.md is the method.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from entrepot.errors import EstimateError
from entrepot.flows.caveats import CAVEATS
from entrepot.flows.mirror_caveats import MIRROR_CAVEATS, caveats_of
from entrepot.flows.mirror_cells import SIDES, Pair, pair_of
from entrepot.flows.mirror_noise import Band, Change, change_test, quiet_band, ratio_summary
from entrepot.flows.mirror_options import MirrorOptions
from entrepot.flows.panel import Bools, Floats
from entrepot.flows.result import SOURCE_TYPES
from entrepot.lake import Engine, Lake, Table

TABLE_TYPES = {
    "exporter_iso3": "VARCHAR",
    "importer_iso3": "VARCHAR",
    "product_id": "VARCHAR",
    "hs_codes": "VARCHAR",
    "period": "VARCHAR",
    "export_value": "DOUBLE",
    "import_value": "DOUBLE",
    "currency": "VARCHAR",
    "gap": "DOUBLE",
    "gap_share": "DOUBLE",
    "gap_quiet_low": "DOUBLE",
    "gap_quiet_high": "DOUBLE",
    "change_p_value": "DOUBLE",
    "caveats": "VARCHAR",
}


class Mirror(Table):
    """Both reports of one pair, a row a product and period; columns as the contract of ``mirror`` lists them.

    Attributes:
        parameters: the question, the reports that were used, and what the pair's quiet time is like.
        sources: the snapshots whose rows were used.
        caveat_texts: what each caveat id means.
    """

    def __init__(
        self,
        columns: Mapping[str, Sequence[Any]],
        *,
        parameters: dict[str, Any],
        sources: Table,
        caveat_texts: dict[str, str],
    ) -> None:
        super().__init__(columns, TABLE_TYPES)
        self.parameters = parameters
        self.sources = sources
        self.caveat_texts = caveat_texts


def mirror(
    lake: Lake,
    *,
    exporter: str,
    importer: str,
    event: str | None = None,
    products: str = "all",
    level: int = 6,
    cif: float = 0.07,
    freq: str = "auto",
) -> Mirror:
    """Return both reports of the goods that go from one territory to another.

    Args:
        lake: an open lake.
        exporter: ISO3.
        importer: ISO3.
        event: first treated month, YYYY-MM; without one no change is tested.
        products: all, a list id, a file, or HS codes joined by commas.
        level: 4, 6 or 8 digits; the finest that both reports have in common and that is not finer than this is used.
        cif: margin of cif over fob values, 0 to 1.
        freq: M, A, or auto for months where both sides have them, else years.

    Returns:
        grain product, period. Money in ``currency``. ``gap`` is import_value / (1 + cif) - export_value, the margin
        only where the two reports are not known to be at one stage; ``gap_share`` is gap / import_value, NULL where
        import_value is NULL or 0. ``gap_quiet_low`` and ``gap_quiet_high`` hold nine in ten of the product's gap
        shares before the event, or over the whole time without one. ``change_p_value`` is two-sided, one a product.
        NULL in a value is unknown, 0 is recorded as none.

    Raises:
        ConfigError: a part of the question is malformed.
        UnknownCode: a territory, list or HS code is not known.
        EstimateError: neither side names the other; the event is outside the reports; none of the products is in
            either report.
        MixedCurrency: both sides report, never in one currency.

    Source: docs/methods/mirror.md.
    """
    options = MirrorOptions(
        exporter=exporter, importer=importer, event=event, products=products, level=level, cif=cif, freq=freq
    )
    with lake.engine() as engine:
        return _mirror(engine, options)


def _mirror(engine: Engine, options: MirrorOptions) -> Mirror:
    pair = pair_of(engine, options)
    cells = pair.cells
    before, after = _sides_of_event(pair, options)
    reports = cells.noise_input()
    both = cells.reports["export"] & cells.reports["import"]
    band = quiet_band(reports, before & both)
    change = change_test(reports, before & both, after & both)
    listed = _listed(pair)
    if not listed[0].size:
        raise EstimateError(
            f"neither report has a row of the products asked for ({options.products})",
            remedy="Choose other --products.",
        )
    columns = _columns(pair, options, band, change, listed)
    used = {caveat.partition(":")[0] for text in set(columns["caveats"]) for caveat in text.split("; ")}
    texts = {**CAVEATS, **MIRROR_CAVEATS}
    return Mirror(
        columns,
        parameters=_parameters(pair, options, change, quiet=ratio_summary(reports, before & both)),
        sources=_sources(engine, pair, options),
        caveat_texts={key: text for key, text in texts.items() if key in used},
    )


def _sides_of_event(pair: Pair, options: MirrorOptions) -> tuple[Bools, Bools]:
    """Which periods are before the event, and which after; a year cut by the event may be neither."""
    periods = np.array(pair.cells.periods)
    if options.event is None:
        return np.ones(len(periods), dtype=bool), np.zeros(len(periods), dtype=bool)
    event = options.event if pair.choice.freq == "M" else options.event[:4]
    is_after = periods >= event if _counts_as_after(options) or pair.choice.freq == "M" else periods > event
    return np.asarray(periods < event), np.asarray(is_after)


def _counts_as_after(options: MirrorOptions) -> bool:
    return options.event is not None and int(options.event[5:]) <= 6


def _listed(pair: Pair) -> tuple[Any, Any]:
    """The cells that make a row: of products asked for, that either report has."""
    asked = np.array([pair.products[i].is_tested for i in pair.cells.product], dtype=bool)
    has_row = pair.cells.has_row["export"] | pair.cells.has_row["import"]
    rows, columns = np.nonzero(has_row & asked[:, None])
    return rows, columns


def _columns(
    pair: Pair, options: MirrorOptions, band: Band, change: Change, listed: tuple[Any, Any]
) -> dict[str, list[Any]]:
    cells, (row, column) = pair.cells, listed
    products = [pair.products[i] for i in cells.product]
    order = sorted(range(len(row)), key=lambda i: (products[row[i]].product_id, cells.periods[column[i]]))
    row, column = row[order], column[order]
    at = (row, column)
    exports, imports = (cells.values[side][at] for side in SIDES)
    gap = cells.imports_fob[at] - exports
    share = np.where(imports > 0, gap / np.where(imports > 0, imports, 1.0), np.nan)
    low, high = _as_share(band.low[row], cells.margin[at]), _as_share(band.high[row], cells.margin[at])
    n = len(row)
    return {
        "exporter_iso3": [options.exporter] * n,
        "importer_iso3": [options.importer] * n,
        "product_id": [products[i].product_id for i in row],
        "hs_codes": [";".join(products[i].codes) for i in row],
        "period": [cells.periods[i] for i in column],
        "export_value": known(exports),
        "import_value": known(imports),
        "currency": [pair.choice.currency] * n,
        "gap": known(gap),
        "gap_share": known(share),
        "gap_quiet_low": known(low),
        "gap_quiet_high": known(high),
        "change_p_value": known(change.p_value[row]),
        "caveats": caveats_of(pair, options, band, change, at),
    }


def _as_share(ratio: Floats, margin: Floats) -> Floats:
    """A log ratio of imports without margin over exports, as a share of the imports as reported."""
    return np.asarray((1 - np.exp(-ratio)) / margin)


def known(values: Floats) -> list[float | None]:
    """Return numbers as a list, None where unknown."""
    return [None if value != value else value for value in values.tolist()]


def _parameters(
    pair: Pair, options: MirrorOptions, change: Change, *, quiet: dict[str, float | int | None]
) -> dict[str, Any]:
    return {
        **asdict(options),
        "level": pair.choice.level or "TOTAL",
        "freq": pair.choice.freq,
        "reports": {
            report.side: {name: getattr(report, name) for name in ("source_id", "partner_role", "currency", "row_freq")}
            for report in pair.choice.reports
        },
        "periods": [pair.cells.periods[0], pair.cells.periods[-1]],
        "common_periods": len(pair.choice.common()),
        "quiet": quiet,
        "drift": None if np.isnan(change.drift) else change.drift,
        "tested_products": int((~np.isnan(change.p_value)).sum()),
    }


def _sources(engine: Engine, pair: Pair, options: MirrorOptions) -> Table:
    """The snapshots whose rows were used, with the number of rows of the pair in each."""
    rows = engine.rows(
        "SELECT s.snapshot_id, s.source_id, s.publisher, s.title, s.url, s.retrieved_at, s.licence, s.sha256,"
        " count(*) FROM flows AS f INNER JOIN mirror_reports AS r ON f.reporter_iso3 = r.reporter_iso3"
        " AND f.partner_iso3 = r.partner_iso3 AND f.flow = r.side AND f.source_id = r.source_id"
        " AND f.partner_role = r.partner_role AND f.currency = r.currency AND f.freq = r.freq"
        " INNER JOIN mirror_periods AS m ON r.report_id = m.report_id AND f.period = m.row_period"
        " INNER JOIN snapshots AS s ON f.snapshot_id = s.snapshot_id"
        " AND f.source_id = s.source_id GROUP BY ALL ORDER BY s.source_id, s.title, s.snapshot_id"
    )
    return Table.from_rows([dict(zip(SOURCE_TYPES, row, strict=True)) for row in rows], SOURCE_TYPES)
