"""Series: who trades which good with whom, at what level, and how badly each side reports it.

A cohort is a fixed run of families, the unit of work and of seeding. Its series are dense arrays, good by
good and within a good pair by pair; the goods of one family have the same pairs, so codes can be added up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from entrepot.world.draws import Kind, draws
from entrepot.world.goods import Goods
from entrepot.world.options import WorldOptions
from entrepot.world.places import Places

COHORT = 48  # families; a constant of the method, since seeds hang on it
LEAST_SHIPMENTS = 0.004  # expected shipments a month below which a pair never trades a good
NOWHERE = -1e3  # log USD of trade with oneself; kept finite for the arithmetic
Single = NDArray[np.float32]
Whole = NDArray[np.int64]


@dataclass
class Cohort:
    """The series of some families; arrays are indexed by series, ``goods`` by good within the cohort.

    Attributes:
        number: index of the cohort. goods: index of its goods in the world.
        exporter, importer, good: index of each; good counts within the cohort.
        intensity: log of expected shipments a month. shipment: log USD of a shipment. spread: of goods.
        export_bias, import_bias: lasting log error of each report; the import's contains the CIF margin.
        is_export_hidden, is_import_hidden: this side never records the series.
        delay: share recorded by the importer a month later.
        direct: expected USD a month from each territory (column) to the destination, by good (row).
        wave, last_true: state carried from month to month.
    """

    number: int
    goods: Whole
    exporter: Whole
    importer: Whole
    good: Whole
    intensity: Single
    shipment: Single
    spread: Single
    price: Single
    export_bias: Single
    import_bias: Single
    is_export_hidden: NDArray[np.bool_]
    is_import_hidden: NDArray[np.bool_]
    delay: Single
    direct: NDArray[np.float64]
    fold_before: tuple[Whole, Whole]
    fold_after: tuple[Whole, Whole]
    wave: Single
    last_true: Single

    def __len__(self) -> int:
        return len(self.exporter)


def cohorts(made: Goods, where: Places, options: WorldOptions) -> Iterator[Cohort]:
    """Yield every cohort, in order; each is drawn from its own seeds."""
    for number, start in enumerate(range(0, int(made.family.max()) + 1, COHORT)):
        chosen = np.flatnonzero((made.family >= start) & (made.family < start + COHORT))
        yield _cohort(number, chosen, made, where, options)


def import_bias_of_cif(where: Places) -> NDArray[np.float64]:
    """Return log CIF margin by exporter (row) and importer: 4 % next door to 12 % across the world."""
    return np.log1p(0.04 + 0.08 * np.clip(where.distance_km / 15000.0, 0, 1))


def export_bias_of_union(where: Places) -> NDArray[np.float64]:
    """Return log under-recording of trade known from firms' reports instead of declarations."""
    return np.where(where.is_union, -0.3, 0.0)


def _cohort(number: int, chosen: Whole, made: Goods, where: Places, options: WorldOptions) -> Cohort:
    luck = draws(options.seed, Kind.SERIES, number)
    level, direct = _levels(luck, chosen, made, where)
    parcel = np.log(made.shipment[chosen])[:, None, None] + 0.25 * (level - np.log(1000.0))
    parcel = np.minimum(parcel + 0.5 * luck.standard_normal(level.shape), level + np.log(2000.0))
    is_active = (level - parcel > np.log(LEAST_SHIPMENTS)) & _kept_pairs(where, options)
    is_active = _same_pairs(is_active, made.family[chosen])
    good, exporter, importer = np.nonzero(is_active)
    n = len(good)
    noise = luck.standard_normal((3, n)) * options.mirror_noise
    chance = luck.random((3, n))
    export_bias = 0.20 * noise[0] + export_bias_of_union(where)[exporter, importer]
    # Heavy tails: most importers' values are near, some are of another customs procedure altogether.
    import_bias = np.where(chance[0] < 0.7, 0.52, 1.5) * noise[1]
    import_bias += import_bias_of_cif(where)[exporter, importer]
    return Cohort(
        number=number,
        goods=chosen,
        exporter=exporter,
        importer=importer,
        good=good,
        intensity=(level - parcel)[is_active].astype(np.float32),
        shipment=parcel[is_active].astype(np.float32),
        spread=made.spread[chosen][good].astype(np.float32),
        price=(np.log(made.price[chosen])[good] + 0.4 * noise[2]).astype(np.float32),
        export_bias=export_bias.astype(np.float32),
        import_bias=import_bias.astype(np.float32),
        is_export_hidden=chance[1] < 0.04,
        is_import_hidden=chance[2] < 0.10,
        delay=where.delay[exporter, importer].astype(np.float32),
        direct=direct,
        fold_before=_folds([made.before[g] for g in chosen], good),
        fold_after=_folds([made.after[g] for g in chosen], good),
        wave=luck.standard_normal(n).astype(np.float32),
        last_true=np.full(n, np.nan, dtype=np.float32),
    )


def _levels(
    luck: np.random.Generator, chosen: Whole, made: Goods, where: Places
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return log USD a month (good, exporter, importer), gravity with large errors, and the direct trade."""
    n, size = len(where.iso3), len(chosen)
    supply = np.log(where.export_size) + 1.5 * luck.standard_normal((size, n))
    demand = np.log(where.import_size) + 0.7 * luck.standard_normal((size, n))
    level = supply[:, :, None] + demand[:, None, :] + where.affinity
    level += 1.2 * luck.standard_normal(level.shape)
    to_destination = level[:, :, where.destination]
    total = np.log(np.exp(to_destination[:, where.is_coalition]).sum(axis=1))
    level += (np.log(made.size[chosen]) - total)[:, None, None]
    level[:, np.arange(n), np.arange(n)] = NOWHERE
    direct = np.exp(level[:, :, where.destination]) * where.is_coalition
    return level, direct


def _kept_pairs(where: Places, options: WorldOptions) -> NDArray[np.bool_]:
    kept = np.ones((len(where.iso3), len(where.iso3)), dtype=bool)
    if options.is_corridor:
        watched = where.is_via | (np.arange(len(where.iso3)) == where.destination)
        kept &= ~where.is_coalition[None, :] & (watched[None, :] | where.is_coalition[:, None])
    return kept


def _same_pairs(is_active: NDArray[np.bool_], family: Whole) -> NDArray[np.bool_]:
    """Give the goods of one family the same pairs."""
    together = np.zeros((int(family.max()) - int(family.min()) + 1, *is_active.shape[1:]), dtype=bool)
    np.logical_or.at(together, family - family.min(), is_active)
    together[:, np.arange(is_active.shape[1]), np.arange(is_active.shape[1])] = False
    kept: NDArray[np.bool_] = together[family - family.min()]
    return kept


def _folds(codes: list[str], good: Whole) -> tuple[Whole, Whole]:
    """Return series to add to others since their goods share a code: from, to."""
    start = np.searchsorted(good, np.arange(len(codes) + 1))
    lead: dict[str, int] = {}
    pieces = []
    for i, code in enumerate(codes):
        first = lead.setdefault(code, i)
        if first != i:
            here = np.arange(start[i], start[i + 1])
            pieces.append((here, here - start[i] + start[first]))
    if not pieces:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    return np.concatenate([p[0] for p in pieces]), np.concatenate([p[1] for p in pieces])
