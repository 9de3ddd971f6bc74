"""Two parliaments that know nothing of each other are called surprising as often as stated, copies far more often."""

from __future__ import annotations

import numpy as np
import pytest

from entrepot.ledger.coadoption.chance import closeness, share_of_moves

LENGTH, LEDGERS = 1500, 400


def p_values(seed: int, *, copies: int = 0, bursts: bool = False) -> np.ndarray:
    luck = np.random.default_rng(seed)
    found = []
    for _ in range(LEDGERS):
        a, b = (luck.integers(0, LENGTH, luck.integers(3, 9)) for _ in range(2))
        if bursts:
            b = np.concatenate([b, b + luck.integers(1, 6, len(b))]) % LENGTH
        b = np.concatenate([b, (a[:copies] + luck.integers(0, 4)) % LENGTH])
        nearest = closeness(a, b, length=LENGTH).min(axis=1)
        found.append(share_of_moves(nearest, float(nearest[0]), is_small=True))
    return np.array(found)


@pytest.mark.parametrize("bursts", [False, True])
def test_the_test_has_its_size(bursts: bool) -> None:
    assert 0.025 <= (p_values(1, bursts=bursts) <= 0.05).mean() <= 0.07


def test_two_copied_acts_are_found_more_often_than_chance() -> None:
    assert (p_values(2, copies=2) <= 0.05).mean() > 0.25
