"""Paths: the planted diversions, and what both sides report of each of their legs.

What a leg adds to a report is drawn apart from ordinary trade and rounded apart, so the data minus the
planted amounts is, to the dollar, the world without them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from entrepot.world.calendar import Calendar
from entrepot.world.draws import Kind, draws
from entrepot.world.goods import Goods
from entrepot.world.options import WorldOptions
from entrepot.world.places import Places
from entrepot.world.series import export_bias_of_union, import_bias_of_cif

LEAST_SIZE = 4000.0  # USD a month below which nobody bothers
MOST_OF_DIRECT = 0.6  # of a good's direct trade, over all its paths
ACTIVE_SHARE = 0.75  # of months in which a path carries anything
PLAIN_HUB_SHARE = 0.02  # of a territory that is no intermediary by role
HIDDEN_OUT_SHARE = 0.15  # of paths whose onward leg passes in transit and is never recorded
LONGEST_LAG = 3
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Path:
    """One planted diversion carried by one origin.

    Attributes:
        good: index of the good. number: which of the origins that carry the same pair.
        stops: territory indices from origin to destination.
        size: USD a month on the first leg when fully built up. start, end: first month and the one after the
            last. ramp: months until full size. lags: months lost on each later leg. kept: share that goes on
            after each stop, losses taken off and mark-up added.
    """

    good: int
    number: int
    stops: tuple[int, ...]
    size: float
    start: int
    end: int
    ramp: int
    lags: tuple[int, ...]
    kept: tuple[float, ...]
    is_onward_hidden: bool

    @property
    def path_id(self) -> str:
        return f"g{self.good:04d}v{self.stops[-2]:02d}o{self.number}"


@dataclass(frozen=True)
class Leg:
    """One leg of a path: arrays over the months of the window."""

    path: Path
    name: str
    exporter: int
    importer: int
    true_usd: Floats
    export_usd: Floats
    import_usd: Floats
    export_kg: Floats
    import_kg: Floats


def paths(made: Goods, direct: Floats, where: Places, when: Calendar, options: WorldOptions) -> tuple[Path, ...]:
    """Return the planted diversions; ``direct`` is USD a month by good and origin to the destination."""
    if not options.has_event_effect or options.share_planted <= 0:
        return ()
    found: list[Path] = []
    vias = _vias(where, options)
    for good in np.flatnonzero(_diverted_goods(made, options)):
        found += _paths_of_good(int(good), direct[good], vias, where, when, options)
    return tuple(path for path in found if path.start < len(when))


def _diverted_goods(made: Goods, options: WorldOptions) -> NDArray[np.bool_]:
    luck = draws(options.seed, Kind.PLANTING).random(len(made))
    return made.is_listed | (luck < options.contaminated_goods)


def _vias(where: Places, options: WorldOptions) -> list[int]:
    luck = draws(options.seed, Kind.PLANTING, 1).random(128)[: len(where.iso3)]
    extra = np.array([role == "other" for role in where.role]) & (luck < options.contaminated_destinations)
    return [int(i) for i in np.flatnonzero(where.is_via | extra)]


def _paths_of_good(
    good: int, direct: Floats, vias: list[int], where: Places, when: Calendar, options: WorldOptions
) -> list[Path]:
    plans = []
    for via in vias:
        # One stream a pair: a larger share plants more pairs and leaves the earlier ones as they are.
        luck = draws(options.seed, Kind.PATH, good, via)
        chance, swing = luck.random(), luck.standard_normal()
        if chance < options.share_planted:
            share = (where.hub_share[via] or PLAIN_HUB_SHARE) * np.exp(0.7 * swing)
            plans.append((via, luck, max(share * direct.sum() * options.diversion_scale, LEAST_SIZE)))
    wanted = sum(size for _, _, size in plans)
    shrink = min(1.0, MOST_OF_DIRECT * direct.sum() / wanted) if wanted else 1.0
    return [
        path
        for via, luck, size in plans
        for path in _carried(good, via, luck, size * shrink, direct, where, when, options)
    ]


def _carried(
    good: int,
    via: int,
    luck: np.random.Generator,
    size: float,
    direct: Floats,
    where: Places,
    when: Calendar,
    options: WorldOptions,
) -> Iterator[Path]:
    """Yield the paths of one (intermediary, good) pair: same dates and stops, one or two origins."""
    hubs = [int(h) for h in np.flatnonzero(where.is_hub) if h != via]
    is_two_hop, hub_draw = luck.random() < options.share_two_hop, luck.random()
    middle = (hubs[int(hub_draw * len(hubs))], via) if is_two_hop and hubs else (via,)
    start = when.event + int(luck.integers(0, 10))
    end = start + int(luck.integers(12, 25)) if luck.random() < 0.25 else len(when)
    ramp = int(luck.integers(1, 10))
    lags = [int(lag) for lag in luck.integers(0, LONGEST_LAG + 1, len(middle))]
    while sum(lags) > LONGEST_LAG:
        lags[lags.index(max(lags))] -= 1
    kept = (1 - 0.3 * luck.random(len(middle))) * (1.05 + 0.2 * luck.random(len(middle)))
    is_hidden = luck.random() < HIDDEN_OUT_SHARE
    n_origins = min(1 + int(luck.random() < 0.35), int((direct > 0).sum()))
    origins = luck.choice(len(direct), size=n_origins, replace=False, p=direct / direct.sum())
    split = (1.0,) if n_origins == 1 else (0.65, 0.35)
    for number, (origin, share) in enumerate(zip(origins, split, strict=True)):
        yield Path(
            good=good,
            number=number,
            stops=(int(origin), *middle, where.destination),
            size=size * share,
            start=start,
            end=end,
            ramp=ramp,
            lags=tuple(lags),
            kept=tuple(float(k) for k in kept),
            is_onward_hidden=is_hidden,
        )


def legs(
    path: Path,
    made: Goods,
    where: Places,
    when: Calendar,
    does_report: NDArray[np.bool_],
    options: WorldOptions,
) -> list[Leg]:
    """Return the legs of a path with what each side reports, in whole USD."""
    luck = draws(options.seed, Kind.PATH, 1 << 22 | path.good, path.stops[-2] << 4 | path.number)
    month = np.arange(len(when))
    built_up = np.clip((month - path.start + 1) / path.ramp, 0, 1) * (month < path.end)
    is_active = luck.random(len(when)) < ACTIVE_SHARE
    flow = path.size / ACTIVE_SHARE * built_up * is_active * np.exp(0.5 * luck.standard_normal(len(when)) - 0.125)
    names = ("in", "out") if len(path.stops) == 3 else ("in", "hop", "out")
    made_legs = []
    for i, name in enumerate(names):
        if i:
            flow = path.kept[i - 1] * _later(flow, path.lags[i - 1])
        made_legs.append(_leg(path, name, i, flow, luck, made, where, does_report, options))
    return made_legs


def _leg(
    path: Path,
    name: str,
    step: int,
    flow: Floats,
    luck: np.random.Generator,
    made: Goods,
    where: Places,
    does_report: NDArray[np.bool_],
    options: WorldOptions,
) -> Leg:
    exporter, importer = path.stops[step], path.stops[step + 1]
    lasting = luck.standard_normal(2) * options.mirror_noise
    passing = luck.standard_normal((2, len(flow))) * options.mirror_noise
    delay = where.delay[exporter, importer]
    export_error = 0.20 * lasting[0] + 0.08 * passing[0] + export_bias_of_union(where)[exporter, importer]
    import_error = 0.52 * lasting[1] + 0.28 * passing[1] + import_bias_of_cif(where)[exporter, importer]
    arriving = (1 - delay) * flow + delay * _later(flow, 1)
    price = made.price[path.good]
    is_recorded = 0.0 if name == "out" and path.is_onward_hidden else 1.0
    return Leg(
        path=path,
        name=name,
        exporter=exporter,
        importer=importer,
        true_usd=np.rint(flow),
        export_usd=np.rint(flow * np.exp(export_error)) * does_report[exporter] * is_recorded,
        import_usd=np.rint(arriving * np.exp(import_error)) * does_report[importer] * is_recorded,
        export_kg=np.ceil(flow / price),
        import_kg=np.ceil(arriving / price),
    )


def _later(flow: Floats, months: int) -> Floats:
    """Return a series moved by some months; what leaves the window is gone."""
    return np.concatenate([np.zeros(months), flow])[: len(flow)]
