"""Goods: which codes exist, under which revision, and what each good is like.

A good is the finest unit: one code under HS 2017 and one under HS 2022. Codes that split have several goods
before, codes that merge several after. A family is the goods that share a code on either side.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from entrepot.codes import product_list
from entrepot.world.draws import Kind, draws
from entrepot.world.options import WorldOptions

# Aircraft, ships, reactors, machine tools, chip-making plant: few, large shipments.
LUMPY = frozenset({
    "8401", "8406", "8411", "8421", "8457", "8458", "8459", "8460", "8462", "8477",
    "8479", "8486", "8601", "8705", "8802", "8807", "8901", "8905", "9022",
})  # fmt: skip
LISTED_SIZE, LISTED_SPREAD = 2.5e6, 1.1
PLAIN_SIZE, PLAIN_SPREAD = 1.6e5, 2.3
LARGEST_SIZE = 3e8
KINDS = ("split", "merge", "rename")
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Goods:
    """Goods in file order; arrays are indexed by that order.

    Attributes:
        before, after: code under HS 2017 and HS 2022.
        family: index of the family; its goods follow each other.
        size: USD a month that the coalition sells the destination before the event.
        shipment: usual USD of one shipment. spread: squared coefficient of variation of a shipment.
        price: USD a kilogram. trend: log growth a year. season, phase: own seasonal swing.
        restless: multiplies the month-to-month spread of demand.
    """

    before: tuple[str, ...]
    after: tuple[str, ...]
    is_listed: NDArray[np.bool_]
    family: NDArray[np.int64]
    size: Floats
    shipment: Floats
    spread: Floats
    price: Floats
    trend: Floats
    season: Floats
    phase: Floats
    restless: Floats

    def __len__(self) -> int:
        return len(self.after)


def goods(options: WorldOptions) -> Goods:
    """Return the goods of a world: the listed ones, their sisters, then others from all chapters."""
    listed = frozenset(item.hs_code for item in product_list("chpl").items)
    chosen = _chosen(listed, options.n_products)
    units = _families(_changes(chosen, listed, options))
    before = tuple(unit[0] for unit, _ in units)
    after = tuple(unit[1] for unit, _ in units)
    is_listed = np.array([code in listed for code in after])
    is_lumpy = np.array([code[:4] in LUMPY for code in after])
    luck = draws(options.seed, Kind.GOODS)
    normal = luck.standard_normal((6, len(units)))
    uniform = luck.random((3, len(units)))
    size = np.where(
        is_listed,
        LISTED_SIZE * np.exp(LISTED_SPREAD * normal[0]),
        PLAIN_SIZE * np.exp(PLAIN_SPREAD * normal[0]),
    )
    sigma = np.where(is_lumpy, 1.2, 0.8) + 1.0 * uniform[0]
    return Goods(
        before=before,
        after=after,
        is_listed=is_listed,
        family=np.array([family for _, family in units]),
        size=np.minimum(size, LARGEST_SIZE),
        shipment=np.where(is_lumpy, 1.2e5 * np.exp(0.8 * normal[1]), 4000.0 * np.exp(1.1 * normal[1])),
        spread=np.expm1(sigma**2),
        price=np.where(is_listed, 150.0, 15.0) * np.exp(1.2 * normal[2]),
        trend=0.03 + 0.08 * options.growth * normal[3],
        season=0.12 * np.abs(normal[4]),
        phase=12.0 * uniform[1],
        restless=np.exp(0.5 * normal[5]),
    )


def concordance(made: Goods) -> list[tuple[str, str, str, str]]:
    """Return the table of changes in the UNSD layout: code.after, code.before, Relationship, adjustment."""
    links = sorted({(a, b) for a, b in zip(made.after, made.before, strict=True)})
    afters = Counter(b for _, b in links)
    befores = Counter(a for a, _ in links)

    def relation(after: str, before: str) -> str:
        return f"{'n' if afters[before] > 1 else '1'}:{'n' if befores[after] > 1 else '1'}"

    return [(a, b, relation(a, b), "2022 to 2017") for a, b in links]


def _data(name: str) -> list[dict[str, str]]:
    text = files("entrepot.world").joinpath(f"data/{name}").read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


def all_codes() -> list[str]:
    """Return every HS 2022 six-digit code, in order."""
    return [row["hs4"] + ending for row in _data("headings.csv") for ending in row["endings"].split()]


def _real_changes() -> list[tuple[str, str]]:
    return [(row["code_before"], row["code_after"]) for row in _data("revision_2022.csv")]


def _chosen(listed: frozenset[str], n_products: int) -> list[str]:
    """Half of the unlisted from headings with listed goods, a fifth from their chapters, then anything."""
    every = all_codes()
    parents = {before for before, after in _real_changes() if after in listed}
    picked = set(listed) | {after for before, after in _real_changes() if before in parents}
    headings, chapters = {code[:4] for code in listed}, {code[:2] for code in listed}
    wanted = n_products - len(picked)
    for pool, share in (
        ([c for c in every if c[:4] in headings], 0.5),
        ([c for c in every if c[:2] in chapters and c[:4] not in headings], 0.2),
        (every, 1.0),
    ):
        free = [code for code in pool if code not in picked]
        left = n_products - len(picked)
        picked |= set(_spread_out(free, min(int(wanted * share) if share < 1 else left, left)))
    return sorted(picked)


def _spread_out(pool: list[str], count: int) -> list[str]:
    if count >= len(pool):
        return pool
    return [pool[i * len(pool) // count] for i in range(count)]


def _changes(chosen: list[str], listed: frozenset[str], options: WorldOptions) -> list[tuple[str, str]]:
    """Return (before, after) of every good: the real changes around listed codes, made-up ones elsewhere."""
    real = defaultdict(list)
    for before, after in _real_changes():
        real[after].append(before)
    taken = set(all_codes()) | {before for before, _ in _real_changes()}
    siblings = defaultdict(list)
    for code in chosen:
        if code not in listed and code not in real:
            siblings[code[:4]].append(code)
    units: list[tuple[str, str]] = []
    luck = draws(options.seed, Kind.FAMILIES)
    for code in chosen:
        chance, kind = luck.random(), KINDS[int(luck.integers(3))]
        if code in real:
            units += [(before, code) for before in real[code]]
        elif code in listed or chance >= options.revision_share:
            units.append((code, code))
        else:
            units += _made_up(code, kind, [s for s in siblings[code[:4]] if s != code], taken)
    return units


def _made_up(code: str, kind: str, siblings: list[str], taken: set[str]) -> Iterable[tuple[str, str]]:
    old = next((code[:4] + f"{n:02d}" for n in range(98, 9, -1) if code[:4] + f"{n:02d}" not in taken), code)
    if kind == "split" and siblings:
        return [(siblings[0], code)]
    taken.add(old)
    return [(old, code)] if kind != "merge" else [(code, code), (old, code)]


def _families(units: list[tuple[str, str]]) -> list[tuple[tuple[str, str], int]]:
    """Return goods sorted by family, a family being the goods linked through shared codes."""
    lead: dict[tuple[str, str], tuple[str, str]] = {}

    def top(node: tuple[str, str]) -> tuple[str, str]:
        lead.setdefault(node, node)
        while lead[node] != node:
            node = lead[node]
        return node

    for before, after in units:
        one, other = sorted((top(("before", before)), top(("after", after))))
        lead[other] = one
    names = [top(("after", after)) for _, after in units]
    number = {name: i for i, name in enumerate(sorted(set(names), key=lambda name: name[1]))}
    return sorted(
        ((unit, number[name]) for unit, name in zip(units, names, strict=True)),
        key=lambda u: (u[1], u[0][1], u[0][0]),
    )
