"""What the river is made of: links between origins, intermediaries and the destination, per control set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from entrepot.report.answer import Row, number

OTHER = "other"
ORIGINS = "origins"
DESTINATION = "d"
MOST = 7

Ends = tuple[float, float] | None


@dataclass(frozen=True)
class Links:
    """Ends of the interval per pair of nodes; None where that leg was not seen.

    Node ids are ``o:DEU``, ``v:KAZ`` and ``d``, so that a territory may stand on both sides.
    """

    origins: tuple[str, ...]
    vias: tuple[str, ...]
    ends: Mapping[str, Mapping[tuple[str, str], Ends]]


def links(rows: Iterable[Row]) -> Links:
    """Return the links of every control set over one common list of nodes, small nodes summed as ``other``.

    The nodes and their order are the same in all sets, so that a switch moves bands and never renames them.
    """
    raw: dict[str, dict[tuple[str, str], Ends]] = {}
    for row in rows:
        ends = _ends(row)
        source = row["origin_iso3"] or None
        pair = (f"o:{source}", str(row["via_iso3"])) if source else ("", str(row["via_iso3"]))
        if ends or not source:
            raw.setdefault(str(row["control_set"]), {})[pair] = ends
    widest = _widest(raw)
    origins = _largest({pair: ends for pair, ends in widest.items() if pair[0]}, 0)
    vias = _largest(widest, 1)
    return Links(
        origins=tuple(origins),
        vias=tuple(f"v:{via}" for via in vias),
        ends={name: _joined(one, origins, vias) for name, one in raw.items()},
    )


def _ends(row: Row) -> Ends:
    low, high = number(row["excess_low"]), number(row["excess_high"])
    return None if low is None or high is None else (low, high)


def _widest(raw: Mapping[str, Mapping[tuple[str, str], Ends]]) -> dict[tuple[str, str], Ends]:
    """The upper end of each pair under the set where it is largest: the order must not hang on a set."""
    found: dict[tuple[str, str], Ends] = {}
    for one in raw.values():
        for pair, ends in one.items():
            old = found.get(pair)
            found[pair] = max((e for e in (old, ends) if e), key=lambda e: e[1], default=None)
    return found


def _largest(pairs: Mapping[tuple[str, str], Ends], side: int) -> list[str]:
    """Names on one side by size, the residual last; at most ``MOST`` of them."""
    size: dict[str, float] = {}
    for pair, ends in pairs.items():
        size[pair[side]] = size.get(pair[side], 0.0) + (max(ends[1], 0.0) if ends else 0.0)
    names = sorted(size, key=lambda name: (name.removeprefix("o:") == OTHER, -size[name], name))
    if len(names) <= MOST:
        return names
    residual = f"o:{OTHER}" if side == 0 else OTHER
    return [*[name for name in names if name != residual][: MOST - 1], residual]


def _joined(one: Mapping[tuple[str, str], Ends], origins: list[str], vias: list[str]) -> dict[tuple[str, str], Ends]:
    """One set's links between the kept nodes; a via without any origin row hangs on an unseen one."""
    found: dict[tuple[str, str], Ends] = {}
    for (source, via), ends in one.items():
        target = f"v:{via if via in vias else OTHER}"
        pair = (target, DESTINATION) if not source else (source if source in origins else f"o:{OTHER}", target)
        old = found.get(pair)
        found[pair] = (old[0] + ends[0], old[1] + ends[1]) if old and ends else old or ends
    for via in vias:
        found.setdefault((f"v:{via}", DESTINATION), None)
        if not any(pair[1] == f"v:{via}" for pair in found):
            found[(f"o:{ORIGINS}", f"v:{via}")] = None
    return found
