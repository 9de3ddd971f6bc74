"""Each control set's own estimate of one route, beside one another, with its pre-trend test."""

from __future__ import annotations

from dataclasses import dataclass

from entrepot.report.answer import Routes, is_tested
from entrepot.report.ranking import interval
from entrepot.report.words import UNKNOWN, chance, control_title, money


@dataclass(frozen=True)
class Control:
    """One control set's answer for one route, as text.

    Attributes:
        title: its short name.
        meaning: what the expected path is learned from.
        excess: what it leaves unexplained.
        ends: the 90 % interval of that.
        pretrend: how odd the series' past is against it; ``not tested`` where nothing can be said.
        is_used: whether the headline is held against it.
    """

    title: str
    meaning: str
    excess: str
    ends: str
    pretrend: str
    is_used: bool


def controls_by_route(routes: Routes) -> dict[tuple[str, str], tuple[Control, ...]]:
    """Return (via, product) -> its control sets, in the order in which they are described."""
    tested = [row for row in routes.rows() if is_tested(row)]
    used = {(str(row["via_iso3"]), str(row["product_id"])): row["control_set"] for row in tested}
    order = {name: i for i, name in enumerate(routes.control_sets)}
    found: dict[tuple[str, str], list[tuple[int, Control]]] = {}
    for row in routes.sets:
        key, name = (str(row["via_iso3"]), str(row["product_id"])), str(row["control_set"])
        pretrend = chance(row["pretrend_p"])
        control = Control(
            title=control_title(name),
            meaning=routes.control_sets.get(name, ""),
            excess=money(row["excess"]),
            ends=interval(row["excess_low"], row["excess_high"]),
            pretrend="not tested" if pretrend == UNKNOWN else pretrend,
            is_used=name == used.get(key),
        )
        found.setdefault(key, []).append((order.get(name, len(order)), control))
    return {key: tuple(control for _, control in sorted(pairs, key=lambda p: p[0])) for key, pairs in found.items()}
