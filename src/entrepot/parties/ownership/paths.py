"""Paths: by which holdings a firm is reached, from a listed owner to the firm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from entrepot.parties.ownership.shares import Stake

MOST_PATHS = 20


def paths_to(asset: str, rounds: Mapping[str, int], assets: Mapping[str, Sequence[Stake]]) -> list[dict[str, Any]]:
    """Return the paths from listed owners to a firm, shortest first, at most MOST_PATHS.

    A step goes only to an owner that was reached in an earlier round, so that no path runs in a circle.
    """
    found: list[dict[str, Any]] = []
    ends: list[tuple[str, tuple[Stake, ...]]] = [(asset, ())]
    while ends and len(found) < MOST_PATHS:
        longer: list[tuple[str, tuple[Stake, ...]]] = []
        for at, steps in ends:
            if steps and rounds.get(at) == 0:
                found.append(_shown(steps))
                continue
            before = rounds.get(at, len(rounds) + 1)
            held = [s for s in assets.get(at, ()) if rounds.get(s.holding.owner_id, before) < before]
            longer += [(stake.holding.owner_id, (stake, *steps)) for stake in held]
        ends = longer[: 50 * MOST_PATHS]
    return found[:MOST_PATHS]


def _shown(steps: Sequence[Stake]) -> dict[str, Any]:
    return {
        "parties": [steps[0].holding.owner_id, *(step.holding.asset_id for step in steps)],
        "percentages": [step.holding.percentage for step in steps],
        "kinds": [step.holding.kind for step in steps],
        "since": [step.holding.start_date or None for step in steps],
    }
