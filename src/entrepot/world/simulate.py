"""simulate: make a world, month by month, and write it with its truth."""

from __future__ import annotations

import csv
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from entrepot.world.calendar import Calendar, calendar
from entrepot.world.demand import Demand, demand, month_of_demand
from entrepot.world.draws import Kind, draws
from entrepot.world.goods import Goods, concordance, goods
from entrepot.world.months import reports
from entrepot.world.options import WorldOptions
from entrepot.world.paths import Leg, legs, paths
from entrepot.world.places import Places, places, reporting
from entrepot.world.series import Cohort, cohorts
from entrepot.world.store import FlowsWriter, Rows, make_folder, write_lines, write_text
from entrepot.world.truth import month_lines, origin_record, readme, series_lines, total_lines


@dataclass(frozen=True)
class World:
    """Where a simulated world lies.

    Attributes:
        folder: holds all the files. options: what it was made from. n_rows: reports in ``flows``.
        flows: Parquet in the layout of the source ``flows``.
        concordance: CSV in the layout of the source ``hs-concordance``.
        truth_series: one row per intermediary, product and leg, planted or not.
        truth_months: one row per path, leg and month.
        truth_totals: name, value.
    """

    folder: Path
    options: WorldOptions
    n_rows: int
    flows: Path
    concordance: Path
    truth_series: Path
    truth_months: Path
    truth_totals: Path

    def planted_usd(self, via: Collection[str]) -> int:
        """Return USD of listed goods planted from origins to these intermediaries, as exporters report it."""
        with self.truth_series.open(encoding="utf-8", newline="") as file:
            return sum(
                int(row["export_report_usd"])
                for row in csv.DictReader(file)
                if row["leg"] == "in" and row["is_listed"] == "true" and row["via_iso3"] in via
            )


def simulate(folder: Path, options: WorldOptions, *, block_rows: int = 1_000_000) -> World:
    """Write a simulated world into ``folder`` and return where its files are.

    The same options give the same bytes. Memory grows with the number of series and of one month's reports,
    not with the length of the window. Files of an earlier world in the folder are replaced.

    Args:
        folder: made if absent.
        options: what world; see WorldOptions and preset.
        block_rows: how many reports wait in memory before they go to disk; changes no byte.

    Raises:
        SourceError: the folder cannot be made or written.

    Source: docs/methods/world.md.
    """
    make_folder(folder)
    where, when, made = places(options.n_territories), calendar(options), goods(options)
    does_report = reporting(where, when, options)
    made_cohorts = list(cohorts(made, where, options))
    direct = np.concatenate([cohort.direct for cohort in made_cohorts])
    planted = [
        leg
        for path in paths(made, direct, where, when, options)
        for leg in legs(path, made, where, when, does_report, options)
    ]
    codes = tuple(sorted({*made.before, *made.after}))
    maker = _Maker(where, when, made, options, does_report, made_cohorts, planted, codes)
    with FlowsWriter(folder, when=when, where=where, codes=codes, block_rows=block_rows) as writer:
        for month in range(len(when)):
            writer.add(month, maker.month(month))
        n_rows = writer.finish()
    write_text(folder / "README.txt", readme(options))
    for name in ("flows.parquet", "hs_concordance.csv"):
        write_text(folder / f"{name}.origin.json", origin_record(name, options))
    return World(
        folder=folder,
        options=options,
        n_rows=n_rows,
        flows=folder / "flows.parquet",
        concordance=write_lines(folder / "hs_concordance.csv", CONCORDANCE_HEAD, concordance(made)),
        truth_series=write_lines(folder / "truth_series.csv", *series_lines(planted, made, where, when)),
        truth_months=write_lines(folder / "truth_months.csv", *month_lines(planted, made, where, when)),
        truth_totals=write_lines(
            folder / "truth_totals.csv",
            *total_lines(planted, made, where, when, maker.direct_listed, options),
        ),
    )


CONCORDANCE_HEAD = ("code.after", "code.before", "Relationship", "adjustment")


class _Maker:
    """Everything that lives from one month to the next."""

    def __init__(
        self,
        where: Places,
        when: Calendar,
        made: Goods,
        options: WorldOptions,
        does_report: NDArray[np.bool_],
        made_cohorts: list[Cohort],
        planted: list[Leg],
        codes: tuple[str, ...],
    ) -> None:
        self.where, self.when, self.made, self.options = where, when, made, options
        self.does_report = does_report
        self.planted = planted
        index = {code: i for i, code in enumerate(codes)}
        self.code_before = np.array([index[code] for code in made.before])
        self.code_after = np.array([index[code] for code in made.after])
        self.cohorts: list[tuple[Cohort, Demand]] = [
            (cohort, demand(cohort.number, cohort.goods, made, where, options)) for cohort in made_cohorts
        ]
        trend = draws(options.seed, Kind.SHARED, 1 << 21).standard_normal(128)[: len(where.iso3)]
        self.supply_trend = 0.04 * options.growth * trend
        self.direct_listed = np.zeros(len(when))

    def month(self, month: int) -> Rows:
        """Return every report of a month."""
        is_revised = month >= self.when.revision
        code_of_good = self.code_after if is_revised else self.code_before
        pieces: list[Rows] = []
        for cohort, state in self.cohorts:
            log_demand = month_of_demand(state, cohort.number, month, self.when, self.where, self.options)
            told = reports(
                cohort,
                log_demand,
                supply_trend=self.supply_trend * (month / 12),
                does_report=self.does_report[:, month],
                is_coalition=self.where.is_coalition,
                month=month,
                is_revised=is_revised,
                options=self.options,
            )
            code = code_of_good[cohort.goods][cohort.good]
            self._count_direct(cohort, told.export_usd, month)
            pieces += _as_rows(
                cohort.exporter,
                cohort.importer,
                code,
                told.export_usd,
                told.import_usd,
                told.export_kg,
                told.import_kg,
            )
        pieces += self._planted_rows(month, code_of_good)
        return _joined(pieces)

    def _count_direct(self, cohort: Cohort, export_usd: NDArray[np.float64], month: int) -> None:
        mine = (cohort.importer == self.where.destination) & self.where.is_coalition[cohort.exporter]
        mine &= self.made.is_listed[cohort.goods][cohort.good]
        self.direct_listed[month] += export_usd[mine].sum()

    def _planted_rows(self, month: int, code_of_good: NDArray[np.int64]) -> list[Rows]:
        live = [leg for leg in self.planted if leg.export_usd[month] or leg.import_usd[month]]
        if not live:
            return []
        return _as_rows(
            np.array([leg.exporter for leg in live]),
            np.array([leg.importer for leg in live]),
            code_of_good[[leg.path.good for leg in live]],
            np.array([leg.export_usd[month] for leg in live]),
            np.array([leg.import_usd[month] for leg in live]),
            np.array([leg.export_kg[month] for leg in live]),
            np.array([leg.import_kg[month] for leg in live]),
        )


def _as_rows(
    exporter: NDArray[np.int64],
    importer: NDArray[np.int64],
    code: NDArray[np.int64],
    export_usd: NDArray[np.float64],
    import_usd: NDArray[np.float64],
    export_kg: NDArray[np.float64],
    import_kg: NDArray[np.float64],
) -> list[Rows]:
    sent, got = export_usd > 0, import_usd > 0
    return [
        Rows(
            exporter[sent],
            importer[sent],
            np.zeros(int(sent.sum()), dtype=np.int64),
            code[sent],
            export_usd[sent],
            export_kg[sent],
        ),
        Rows(
            importer[got],
            exporter[got],
            np.ones(int(got.sum()), dtype=np.int64),
            code[got],
            import_usd[got],
            import_kg[got],
        ),
    ]


def _joined(pieces: list[Rows]) -> Rows:
    return Rows(*(np.concatenate([getattr(piece, name) for piece in pieces]) for name in Rows.__dataclass_fields__))
