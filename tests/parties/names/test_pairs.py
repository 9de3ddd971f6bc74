"""Hand-written pairs of invented names: one bearer in two documents, or two who are easily taken for one."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from entrepot.parties import compare_texts
from entrepot.parties.names import persons, read_name

PAIRS = list(csv.DictReader((Path(__file__).parent / "pairs.csv").read_text("utf-8").splitlines()))


def scored(chosen: str) -> tuple[np.ndarray, np.ndarray]:
    rows = [row for row in PAIRS if row["set"] == chosen]
    found = [compare_texts(row["left"], row["right"]) for row in rows]
    return np.array([row["same"] == "1" for row in rows]), np.array([match.score if match else 0.0 for match in found])


@pytest.mark.parametrize("chosen", sorted({row["set"] for row in PAIRS}))
def test_one_bearer_stands_above_two(chosen: str) -> None:
    same, score = scored(chosen)
    assert (score[same][:, None] > score[~same][None, :]).mean() > 0.97


@pytest.mark.parametrize("chosen", sorted({row["set"] for row in PAIRS}))
def test_the_usual_threshold_parts_them(chosen: str) -> None:
    same, score = scored(chosen)
    assert ((score >= 0.7) == same).mean() > 0.92


def test_scores_keep_an_order_among_the_sure_ones() -> None:
    sure = np.concatenate([scored(chosen)[1] for chosen in {row["set"] for row in PAIRS}])
    sure = sure[sure >= 0.9]
    assert (sure >= 1).mean() < 0.2 and len(np.unique(sure)) > 10


def test_readings_that_cannot_win_any_more_are_left_out_without_another_answer() -> None:
    for row in PAIRS:
        one, other = read_name(row["left"]), read_name(row["right"])
        if one and other:
            every = [
                sum(persons._parts(one, a, other, b, -1000.0).values()) - a.doubt - b.doubt
                for a in one.readings
                for b in other.readings
            ]
            assert persons._best_reading(one, other)[0] == max([*every, persons.NOT_READ[0]])
