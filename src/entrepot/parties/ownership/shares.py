"""Shares: which firms a set of listed owners reaches under one line, and the least and the most they can hold.

A firm that is reached counts as blocked itself, and then its whole holding in the next firm counts; percentages are
never multiplied along a chain. Two sets grow from the listed owners: firms that are reached for sure, from what is
known, and firms that can be, with unknown percentages, unsure dates and nominees at their most. Both grow only by what
is in them already, so a loop of firms that own each other reaches nothing by itself.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from entrepot.parties.ownership.holding import Holding
from entrepot.parties.ownership.lines import Line

Control = Mapping[tuple[str, str], bool]


@dataclass(frozen=True, slots=True)
class Stake:
    """A holding on the day asked about: what it is at least and at most."""

    holding: Holding
    low: float
    high: float


@dataclass
class Reach:
    """What one set of listed owners reaches.

    Attributes:
        sure, possible: firms reached, each with the round in which it was; listed owners have round 0.
        shares: least and most share of each firm that any reached owner holds in.
    """

    sure: dict[str, int]
    possible: dict[str, int]
    shares: dict[str, tuple[float, float]] = field(default_factory=dict)


def stakes(holdings: Sequence[Holding], *, as_of: str, known: str) -> dict[str, list[Stake]]:
    """Return the stakes in each asset on a day, as known on a day; the same line twice counts once."""
    standing: dict[str, list[tuple[Holding, bool]]] = {}
    for holding in dict.fromkeys(holdings):
        holds = holding.holds_on(as_of)
        if holds is not False and holding.recorded_at[:10] <= known:
            standing.setdefault(holding.asset_id, []).append((holding, holds is True))
    return {asset: [_stake(one, is_sure, rows) for one, is_sure in rows] for asset, rows in standing.items()}


def _stake(holding: Holding, is_sure: bool, rows: Sequence[tuple[Holding, bool]]) -> Stake:
    if holding.kind == "control":
        return Stake(holding, 0.0, 0.0)
    if holding.percentage is None:
        known = sum(one.percentage or 0.0 for one, sure in rows if sure and one.kind == "share")
        return Stake(holding, 0.0, max(0.0, 100.0 - known))
    is_own = is_sure and holding.kind == "share"
    return Stake(holding, holding.percentage if is_own else 0.0, holding.percentage)


def owners_of(assets: Mapping[str, Sequence[Stake]], control: Control) -> dict[str, set[str]]:
    """Return what each owner holds in or may control."""
    by_owner: dict[str, set[str]] = {}
    for asset, held in assets.items():
        for stake in held:
            by_owner.setdefault(stake.holding.owner_id, set()).add(asset)
    for owner, asset in control:
        by_owner.setdefault(owner, set()).add(asset)
    return by_owner


def reach(
    listed: Collection[str],
    assets: Mapping[str, Sequence[Stake]],
    line: Line,
    *,
    by_owner: Mapping[str, set[str]],
    control: Control,
) -> Reach:
    """Return what listed owners, taken together, reach under a line; ``by_owner`` is ``owners_of`` the same."""
    controlled = {pair for pair, is_so in control.items() if is_so and line.control_counts}
    grown = [_grown(listed, assets, line, by_owner, controlled, at_most) for at_most in (False, True)]
    found = Reach(grown[0], grown[1])
    touched = {asset for owner in found.possible for asset in by_owner.get(owner, ())}
    joins = not line.adds_owners
    found.shares = {a: share_of(assets.get(a, ()), found.sure, found.possible, joins=joins) for a in touched}
    return found


def _grown(
    listed: Collection[str],
    assets: Mapping[str, Sequence[Stake]],
    line: Line,
    by_owner: Mapping[str, set[str]],
    controlled: Collection[tuple[str, str]],
    at_most: bool,
) -> dict[str, int]:
    inside = dict.fromkeys(listed, 0)
    fresh, round_ = set(listed), 0
    while fresh:
        round_ += 1
        asked = {asset for owner in fresh for asset in by_owner.get(owner, ())} - inside.keys()
        fresh = set()
        for asset in asked:
            low, high = share_of(assets.get(asset, ()), inside, inside, joins=not line.adds_owners)
            if line.is_reached(high if at_most else low) or any((owner, asset) in controlled for owner in inside):
                fresh.add(asset)
        inside |= dict.fromkeys(fresh, round_)
    return inside


def share_of(
    held: Sequence[Stake], sure: Collection[str], possible: Collection[str], *, joins: bool = False
) -> tuple[float, float]:
    """Return the least and the most that reached owners hold of one asset.

    Where lines do not add owners (``joins``), each party to a joint arrangement holds what all its parties hold.

    Where the recorded shares add up to more than 100, some line is wrong, and any may be: the least is lower by what is
    too much.
    """
    if joins:
        sure, possible = _joined(held, sure), _joined(held, possible)
    low = sum(stake.low for stake in held if stake.holding.owner_id in sure)
    others = sum(stake.low for stake in held if stake.holding.owner_id not in possible)
    high = sum(stake.high for stake in held if stake.holding.owner_id in possible)
    excess = max(0.0, sum(stake.low for stake in held) - 100.0)
    return max(0.0, low - excess), max(0.0, min(high, 100.0 - max(0.0, others - excess)))


def _joined(held: Sequence[Stake], inside: Collection[str]) -> Collection[str]:
    arranged = {s.holding.joint_id for s in held if s.holding.joint_id and s.holding.owner_id in inside}
    partners = {s.holding.owner_id for s in held if s.holding.joint_id in arranged}
    return {*(s.holding.owner_id for s in held if s.holding.owner_id in inside), *partners}
