"""Over 200 made worlds of all kinds the test has its size, the interval its coverage, and planted changes are found."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from entrepot.flows.effect.estimate import change
from tests.known.panels import PanelKind, panel

# One stated mixture: kinds of noise, length and number of controls, alike often.
MIXTURE = (
    PanelKind(),
    PanelKind(persistence=0.6),
    PanelKind(controls=5),
    PanelKind(controls=40),
    PanelKind(before=60, after=12),
    PanelKind(tail=3),
    PanelKind(noise=0.6),
    PanelKind(drift=0.05),
)
WORLDS = 200


def tried(planted: float, *, kinds: tuple[PanelKind, ...] = MIXTURE, seed: int = 7000) -> np.ndarray:
    """Of each world: rejected at 5 %, covered at 90 %, error."""
    found = []
    for world in range(WORLDS):
        kind = replace(kinds[world % len(kinds)], change=planted)
        y, x = panel(kind, seed + world)
        months = np.arange(len(y))
        one = change(y, x, months >= kind.before, fit=months < kind.before - 3)
        low, high = -1 if one.low is None else one.low, np.inf if one.high is None else one.high
        found.append((one.p_value <= 0.05, low <= planted <= high, one.share - planted))
    return np.array(found)


@pytest.mark.slow
def test_where_nothing_is_planted_the_test_has_its_size() -> None:
    assert 0.03 <= tried(0.0)[:, 0].mean() <= 0.07


@pytest.mark.slow
@pytest.mark.parametrize("planted", [0.0, -0.3, 0.5])
def test_the_interval_covers_what_is_planted(planted: float) -> None:
    assert 0.86 <= tried(planted, seed=8000)[:, 1].mean() <= 0.96


@pytest.mark.slow
def test_a_fall_of_two_fifths_is_mostly_found() -> None:
    assert tried(-0.4, kinds=(PanelKind(),))[:, 0].mean() > 0.6
