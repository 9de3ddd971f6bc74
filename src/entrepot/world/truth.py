"""Truth: what was planted, as tables that a method is judged by."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from entrepot.origin import Origin
from entrepot.world.calendar import Calendar
from entrepot.world.goods import Goods
from entrepot.world.options import WorldOptions
from entrepot.world.paths import Leg, Path
from entrepot.world.places import Places

Head = tuple[str, ...]
Lines = Iterator[tuple[Any, ...]]
SERIES_HEAD = (
    "via_iso3", "destination_iso3", "product", "leg", "is_planted", "is_listed", "is_via_by_role",
    "start", "end", "n_paths", "true_usd", "export_report_usd", "import_report_usd",
)  # fmt: skip
MONTHS_HEAD = (
    "path_id", "leg", "exporter_iso3", "importer_iso3", "product", "hs_code", "period",
    "true_usd", "export_report_usd", "import_report_usd",
)  # fmt: skip


def month_lines(planted: list[Leg], made: Goods, where: Places, when: Calendar) -> tuple[Head, Lines]:
    """Return one line per path, leg and month in which anything moved or was reported."""

    def lines() -> Lines:
        for leg in planted:
            good = leg.path.good
            for month in np.flatnonzero(leg.true_usd + leg.export_usd + leg.import_usd):
                codes = made.after if month >= when.revision else made.before
                yield (
                    leg.path.path_id, leg.name, where.iso3[leg.exporter], where.iso3[leg.importer],
                    made.after[good], codes[good], when.months[month],
                    int(leg.true_usd[month]), int(leg.export_usd[month]), int(leg.import_usd[month]),
                )  # fmt: skip

    return MONTHS_HEAD, lines()


def series_lines(planted: list[Leg], made: Goods, where: Places, when: Calendar) -> tuple[Head, Lines]:
    """Return one line per intermediary, product and leg, over the months from the event to the last.

    Legs are seen from the intermediary: ``in`` from an origin, ``hop`` from another intermediary, ``out`` to
    the destination. Intermediaries are those by role and those that carry a path.
    """
    of: dict[tuple[int, str, str], list[Leg]] = defaultdict(list)
    for leg in planted:
        of[_via(leg), made.after[leg.path.good], leg.name].append(leg)
    listed = {code for code, is_listed in zip(made.after, made.is_listed, strict=True) if is_listed}
    vias = sorted({int(i) for i in np.flatnonzero(where.is_via)} | {via for via, _, _ in of})

    def lines() -> Lines:
        for via in vias:
            for product in sorted(set(made.after)):
                for name in ("in", "hop", "out"):
                    here = of.get((via, product, name), [])
                    if name == "hop" and not here:
                        continue
                    sums = [int(sum(getattr(leg, c)[when.event :].sum() for leg in here)) for c in VALUES]
                    yield (
                        where.iso3[via], where.iso3[where.destination], product, name,
                        _flag(bool(here)), _flag(product in listed), _flag(bool(where.is_via[via])),
                        when.months[min(leg.path.start for leg in here)] if here else "",
                        _end([leg.path for leg in here], when), len(here), *sums,
                    )  # fmt: skip

    return SERIES_HEAD, lines()


VALUES = ("true_usd", "export_usd", "import_usd")


def total_lines(
    planted: list[Leg],
    made: Goods,
    where: Places,
    when: Calendar,
    direct_listed: NDArray[np.float64],
    options: WorldOptions,
) -> tuple[Head, Lines]:
    """Return totals over the window from the event on, by name."""
    year_before = direct_listed[max(0, when.event - 12) : when.event].mean()
    after = len(when) - when.event
    totals: dict[str, object] = {
        "note": "SIMULATED",
        "event": options.event,
        "direct_listed_usd_year_before_event": int(direct_listed[max(0, when.event - 12) : when.event].sum()),
        "direct_listed_usd_after_event": int(direct_listed[when.event :].sum()),
        "lost_direct_listed_usd": int(year_before * after - direct_listed[when.event :].sum()),
        "n_paths": len({leg.path.path_id for leg in planted}),
        "n_planted_pairs": len({(leg.path.good, leg.path.stops[-2]) for leg in planted}),
        "n_two_hop_paths": len({leg.path.path_id for leg in planted if leg.name == "hop"}),
    }
    for name in ("in", "hop", "out"):
        for column in VALUES:
            for listed in (True, False):
                key = f"{name}_{'listed' if listed else 'unlisted'}_{column}"
                totals[key] = int(
                    sum(
                        getattr(leg, column)[when.event :].sum()
                        for leg in planted
                        if leg.name == name and bool(made.is_listed[leg.path.good]) == listed
                    )
                )
    return ("name", "value"), iter(totals.items())


def _via(leg: Leg) -> int:
    return leg.exporter if leg.name == "out" else leg.importer


def _end(of: list[Path], when: Calendar) -> str:
    last = max((path.end for path in of), default=len(when))
    return when.months[last] if last < len(when) else ""


def _flag(value: bool) -> str:
    return "true" if value else "false"


def origin_record(name: str, options: WorldOptions) -> str:
    """Return the Origin that is recorded when a made file is read into a lake."""
    origin = Origin(
        publisher="Entrepot, simulated world",
        title=f"SIMULATED {name}, seed {options.seed}, {options.n_territories} territories",
        licence="made data, free to use",
    )
    return json.dumps(origin.as_dict(), indent=1) + "\n"


def readme(options: WorldOptions) -> str:
    """Return the words that lie beside the files."""
    knobs = "\n".join(f"- {name}: {getattr(options, name)}" for name in WorldOptions.__dataclass_fields__)
    return f"SIMULATED trade world. No number here describes real trade of any real territory.\n\n{knobs}\n"
