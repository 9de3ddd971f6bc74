"""Demand: what all sellers of a good to one importer share in a month, event effects included."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from entrepot.world.calendar import Calendar
from entrepot.world.draws import Kind, draws
from entrepot.world.goods import Goods
from entrepot.world.options import WorldOptions
from entrepot.world.places import Places

SHARED_MEMORY, SHARED_SPREAD = 0.93, 0.28  # AR(1) of an importer's demand for a good, a month
Floats = NDArray[np.float64]


@dataclass
class Demand:
    """Log demand of one cohort's goods (row) by importer (column).

    Attributes:
        slope: log growth a year, of importer, good and both.
        jump_month, jump: a change of level that has nothing to do with the event.
        relocated: log rise of all imports after the event. fall, gain: log change of what the coalition and
            all others sell to the destination.
        wave: AR(1) state. spread: its standard deviation, by good.
    """

    slope: Floats
    season: Floats
    jump_month: NDArray[np.int64]
    jump: Floats
    relocated: Floats
    fall: Floats
    gain: Floats
    wave: Floats
    spread: Floats


def demand(number: int, chosen: NDArray[np.int64], made: Goods, where: Places, options: WorldOptions) -> Demand:
    """Return the state of demand before the first month."""
    n_goods, n_places = len(chosen), len(where.iso3)
    shape = (n_goods, n_places)
    of_places = draws(options.seed, Kind.SHARED, 1 << 20).standard_normal((2, 128))[:, :n_places]
    luck = draws(options.seed, Kind.SHARED, number)
    normal = luck.standard_normal((5, *shape))
    uniform = luck.random((2, *shape))
    own = luck.standard_normal((2, n_goods))
    months = np.arange(1, 13)
    listed = made.is_listed[chosen]
    spread = SHARED_SPREAD * options.noise * made.restless[chosen][:, None]
    strength = options.relocation * options.has_event_effect
    return Demand(
        slope=options.growth * (0.04 * of_places[0] + 0.10 * normal[0]) + made.trend[chosen][:, None],
        season=made.season[chosen][:, None] * np.cos(2 * np.pi * (months - made.phase[chosen][:, None]) / 12),
        jump_month=np.where(uniform[0] < options.break_share, (uniform[1] * 96).astype(np.int64), 1 << 30),
        jump=0.8 * normal[1],
        relocated=strength * where.relocation * np.exp(0.35 * normal[2] - 0.06),
        fall=options.has_event_effect * np.where(listed, -3.3 + 0.6 * own[0], -0.55 + 0.5 * own[0]),
        gain=options.has_event_effect * np.where(listed, 0.5 + 0.4 * own[1], 0.3 + 0.3 * own[1]),
        wave=normal[3] * spread,
        spread=spread,
    )


def month_of_demand(
    state: Demand, number: int, month: int, when: Calendar, where: Places, options: WorldOptions
) -> Floats:
    """Advance the state by a month; return log demand by seller (0 others, 1 coalition), good, importer."""
    luck = draws(options.seed, Kind.MONTH_SHARED, number, month)
    shock = luck.standard_normal(state.wave.shape) * state.spread
    state.wave = SHARED_MEMORY * state.wave + np.sqrt(1 - SHARED_MEMORY**2) * shock
    level = when.shared[month] + state.slope * (month / 12) + state.wave
    level += state.season[:, int(when.months[month][5:]) - 1][:, None]
    level += np.where(month >= state.jump_month, state.jump, 0.0)
    level += state.relocated * when.ramp(month, over=8)
    both = np.stack([level, level])
    both[0, :, where.destination] += state.gain * when.ramp(month, over=10)
    both[1, :, where.destination] += state.fall * when.ramp(month, over=3)
    return both
