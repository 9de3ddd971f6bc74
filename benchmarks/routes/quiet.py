"""Quiet stretches of trade: real extracts and simulated worlds in which no event happened at the placebo date."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np

from entrepot.codes import members
from entrepot.flows import Method
from entrepot.flows.controls import growth_sets
from entrepot.flows.features import OriginSums
from entrepot.flows.infer import Inference, infer
from entrepot.flows.noise import noise_of
from entrepot.flows.panel import Panel
from entrepot.world import preset, simulate

DATA = Path(os.environ.get("ENTREPOT_TEST_DATA", Path(__file__).parents[3] / "shared" / "data"))
EU = DATA / "trade/eurostat-cn8-sanctioned/eu27_exports_cn8_monthly.parquet"
INDIA = DATA / "trade/india-russia/india_russia_hs_monthly_fts_vs_mirror.parquet"


@dataclass(frozen=True)
class Cube:
    """Sparse monthly trade: one entry an origin, via, product and month."""

    origin: np.ndarray
    via: np.ndarray
    product: np.ndarray
    month: np.ndarray
    value: np.ndarray
    codes: np.ndarray  # product index -> code
    vias: np.ndarray  # via index -> name
    n_origins: int
    n_months: int

    @classmethod
    def of(cls, rows: dict, first: int) -> Cube:
        origins, origin = np.unique(rows["o"].astype(str), return_inverse=True)
        vias, via = np.unique(rows["v"].astype(str), return_inverse=True)
        codes, product = np.unique(rows["p"].astype(str), return_inverse=True)
        month = rows["m"].astype(int) - first
        return cls(origin, via, product, month, rows["x"].astype(float), codes, vias, len(origins), month.max() + 1)


def eu_cube(level: int, *, until: str = "2022-02", without: tuple[str, ...] = ()) -> Cube:
    """EU27 exports to seven partners, 2020-01 to the month before the event; Russia is just another partner.

    ``without`` leaves out the partners whose names begin so.
    """
    kept = "".join(f" AND NOT starts_with(partner, '{name}')" for name in without)
    rows = duckdb.execute(
        f"SELECT reporter AS o, partner AS v, substr(cn8, 1, {level}) AS p,"
        " CAST(substr(period, 1, 4) AS INT) * 12 + CAST(substr(period, 6, 2) AS INT) - 1 AS m,"
        f" sum(value_eur) AS x FROM '{EU}' WHERE period <= '{until}'{kept} GROUP BY ALL ORDER BY ALL"
    ).fetchnumpy()
    return Cube.of(rows, 2020 * 12)


def india_cube(level: int) -> Cube:
    """India's reports of trade with Russia, 2010 to 2021; the two directions stand for two partners."""
    rows = duckdb.execute(
        f"SELECT 'IND' AS o, NAPR AS v, substr(lpad(TNVED, 6, '0'), 1, {level}) AS p,"
        " year(PERIOD) * 12 + month(PERIOD) - 1 AS m, sum(coalesce(STOIM, 0)) AS x"
        f" FROM '{INDIA}' WHERE Source = 'MIRROR' AND PERIOD < '2022-01-01' GROUP BY ALL ORDER BY ALL"
    ).fetchnumpy()
    return Cube.of(rows, 2010 * 12)


def world_cube(folder: Path, *, seed: int, leg: str, **changes: object) -> Cube:
    """A simulated world without diversion: coalition -> others (leg in), or others -> Russia (leg out).

    Codes that the revision of 2022 touched are left out, as ``routes`` would group them.
    """
    options = preset("small", seed=seed, share_planted=0.0, contaminated_goods=0.0, **changes)
    flows = folder / f"world-{seed}-{leg}-{'-'.join(f'{k}{v}' for k, v in changes.items())}" / "flows.parquet"
    if not flows.is_file():
        simulate(flows.parent, options)
    origins = ", ".join(f"'{iso3}'" for iso3 in sorted(members("COALITION", on="2022-12-31")))
    who = {
        "in": f"flow = 'export' AND reporter_iso3 IN ({origins}) AND partner_iso3 NOT IN ({origins}, 'RUS')",
        "out": f"flow = 'export' AND partner_iso3 = 'RUS' AND reporter_iso3 NOT IN ({origins})",
    }[leg]
    via = "partner_iso3" if leg == "in" else "reporter_iso3"
    rows = duckdb.execute(
        f"WITH stable AS (SELECT hs_code FROM '{flows}' GROUP BY 1"
        " HAVING min(period) < '2021-01' AND max(period) > '2022-12')"
        f" SELECT reporter_iso3 AS o, {via} AS v, hs_code AS p,"
        " CAST(substr(period, 1, 4) AS INT) * 12 + CAST(substr(period, 6, 2) AS INT) - 1 AS m, sum(value_usd) AS x"
        f" FROM '{flows}' WHERE freq = 'M' AND hs_code IN (FROM stable) AND {who} GROUP BY ALL ORDER BY ALL"
    ).fetchnumpy()
    return Cube.of(rows, 2017 * 12)


@dataclass(frozen=True)
class Stretch:
    """A quiet stretch with its origins, ready for planting.

    Attributes:
        cells: (series, origin, month, value) of what was really traded.
        via, product, chapter: n, labels of the series.
        n_before, n_months, n_origins: sizes.
    """

    row: np.ndarray
    origin: np.ndarray
    month: np.ndarray
    value: np.ndarray
    via: np.ndarray
    product: np.ndarray
    chapter: np.ndarray
    n_before: int
    n_months: int
    n_origins: int

    @property
    def n(self) -> int:
        return len(self.via)

    def dense(self) -> np.ndarray:
        values = np.zeros((self.n, self.n_months))
        np.add.at(values, (self.row, self.month), self.value)
        return values


def stretch(
    cube: Cube,
    *,
    start: int,
    n_before: int,
    n_after: int,
    least_active: int,
    vias: np.ndarray | None = None,
    shuffle: np.random.Generator | None = None,
) -> Stretch:
    """Cut a stretch: series with at least ``least_active`` months of trade before the placebo event.

    ``shuffle`` resamples whole months, all series alike, so that nothing distinguishes before from after.
    """
    n_months = n_before + n_after
    keep = (cube.month >= start) & (cube.month < start + n_months) & (cube.value > 0)
    if vias is not None:
        keep &= np.isin(cube.via, vias)
    month = cube.month[keep] - start
    if shuffle is not None:
        month = shuffle.permutation(n_months)[month]
    key = cube.via[keep].astype(np.int64) * len(cube.codes) + cube.product[keep]
    past = np.unique(np.stack([key[month < n_before], month[month < n_before]]), axis=1)[0]
    keys, counts = np.unique(past, return_counts=True)
    keys = keys[counts >= least_active]
    at = np.searchsorted(keys, key)
    at[at == len(keys)] = 0
    good = keys[at] == key if len(keys) else np.zeros(len(key), bool)
    product = keys % len(cube.codes)
    chapters = np.unique([code[:2] for code in cube.codes], return_inverse=True)[1]
    return Stretch(
        at[good],
        cube.origin[keep][good],
        month[good],
        cube.value[keep][good],
        keys // len(cube.codes),
        product,
        chapters[product],
        n_before,
        n_months,
        cube.n_origins,
    )


def panel_of(cut: Stretch, extra: np.ndarray | None = None) -> tuple[Panel, OriginSums]:
    """Return the panel and origins' sums of a stretch, with planted cells (row, origin, month, value) added."""
    row, origin, month, value = cut.row, cut.origin, cut.month, cut.value
    if extra is not None and len(extra):
        row = np.concatenate([row, extra[:, 0].astype(int)])
        origin = np.concatenate([origin, extra[:, 1].astype(int)])
        month = np.concatenate([month, extra[:, 2].astype(int)])
        value = np.concatenate([value, extra[:, 3]])
    values = np.zeros((cut.n, cut.n_months))
    np.add.at(values, (row, month), value)
    panel = Panel(
        values=values,
        n_before=cut.n_before,
        first_month=2020 * 12,
        via=cut.via,
        product=cut.product,
        chapter=cut.chapter,
        is_tested=np.ones(cut.n, bool),
    )
    before = values[:, : cut.n_before]
    trifle = 0.05 * float(np.median(before[before > 0]))
    return panel, origin_sums(row, origin, month, value, cut, trifle)


def inferred(cut: Stretch, extra: np.ndarray | None = None) -> tuple[Panel, Inference, np.ndarray]:
    """Return a stretch's panel, what the method says of it, and which series no control set explains."""
    panel, origins = panel_of(cut, extra)
    method = Method()
    noise = noise_of(panel, method)
    growth = growth_sets(panel, noise.change, noise.sampling + noise.drift)
    found = infer(panel, noise, growth=growth, controls="pooled", method=method, origins=origins)
    excess = np.stack([found.observed - expected for expected in found.expected.values()])
    return panel, found, excess.min(axis=0) > 0


def origin_sums(row, origin, month, value, cut: Stretch, trifle: float) -> OriginSums:
    pair, at = np.unique(row.astype(np.int64) * cut.n_origins + origin, return_inverse=True)
    cell = np.zeros((len(pair), cut.n_months))
    np.add.at(cell, (at, month), value)
    logs = np.log(np.maximum(cell, trifle))
    b = cut.n_before
    a = cut.n_months - b
    pooled = (logs[:, :b].var(1) * b + logs[:, b:].var(1) * a) / (a + b - 2)
    return OriginSums(
        row=pair // cut.n_origins,
        money_before=cell[:, :b].mean(1),
        money_after=cell[:, b:].mean(1),
        log_before=logs[:, :b].mean(1),
        log_after=logs[:, b:].mean(1),
        variance=pooled,
        active_before=(cell[:, :b] > 0).mean(1),
        active_after=(cell[:, b:] > 0).mean(1),
    )
