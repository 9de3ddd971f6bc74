"""Groups: citizenship, origin of the name and script of a person, drawn apart from anything that the person does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from entrepot.world.people.names import ORIGINS

CITIZENSHIPS = ("KAZ", "KGZ", "UZB", "RUS", "TJK", "ARM", "AZE", "TUR", "BLR", "CHN", "DEU")
_SHARES = np.array([0.36, 0.28, 0.09, 0.09, 0.05, 0.03, 0.02, 0.03, 0.02, 0.02, 0.01])
# Names do not follow passports: families of one origin live in several states.
_ORIGINS = {
    "KAZ": {"kazakh": 0.66, "slavic": 0.22, "uzbek": 0.05, "caucasian": 0.03, "kyrgyz": 0.02, "turkish": 0.02},
    "KGZ": {"kyrgyz": 0.72, "uzbek": 0.14, "slavic": 0.08, "tajik": 0.03, "kazakh": 0.02, "turkish": 0.01},
    "UZB": {"uzbek": 0.8, "tajik": 0.09, "slavic": 0.06, "kazakh": 0.05},
    "RUS": {"slavic": 0.78, "caucasian": 0.1, "kazakh": 0.04, "tajik": 0.04, "kyrgyz": 0.04},
    "TJK": {"tajik": 0.85, "uzbek": 0.13, "slavic": 0.02},
    "ARM": {"caucasian": 0.97, "slavic": 0.03},
    "AZE": {"caucasian": 0.95, "slavic": 0.03, "turkish": 0.02},
    "TUR": {"turkish": 0.93, "kyrgyz": 0.03, "uzbek": 0.02, "caucasian": 0.02},
    "BLR": {"slavic": 1.0},
    "CHN": {"chinese": 0.94, "kazakh": 0.06},
    "DEU": {"european": 0.72, "slavic": 0.16, "turkish": 0.12},
}
# Share of those with a Cyrillic name whose bank wrote it in Latin.
LATIN_SHARE = 0.4


@dataclass(frozen=True)
class Group:
    """What fairness is measured over."""

    citizenship: str
    origin: str
    script: str


def draw_origin(luck: np.random.Generator, citizenship: str) -> int:
    """Return the place of a name origin of somebody of a citizenship; any, of one that is not here."""
    shares = _ORIGINS.get(citizenship) or dict.fromkeys(ORIGINS, 1.0)
    chance = np.cumsum(list(shares.values()))
    picked = int(np.searchsorted(chance, luck.random() * chance[-1], side="right"))
    return ORIGINS.index(list(shares)[min(picked, len(shares) - 1)])


def draw_citizenship(luck: np.random.Generator) -> str:
    """Return a citizenship."""
    chance = np.cumsum(_SHARES)
    return CITIZENSHIPS[min(int(np.searchsorted(chance, luck.random() * chance[-1], side="right")), len(chance) - 1)]


def draw_groups(luck: np.random.Generator, count: int) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Return citizenships and places of name origins of many persons."""
    place = luck.choice(len(CITIZENSHIPS), size=count, p=_SHARES / _SHARES.sum())
    origin = np.zeros(count, dtype=np.int64)
    for number, country in enumerate(CITIZENSHIPS):
        here = np.flatnonzero(place == number)
        shares = _ORIGINS[country]
        chance = np.array(list(shares.values()))
        picked = luck.choice(len(shares), size=len(here), p=chance / chance.sum())
        origin[here] = np.array([ORIGINS.index(one) for one in shares])[picked]
    return np.array(CITIZENSHIPS, dtype=object)[place], origin
