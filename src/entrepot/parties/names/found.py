"""Found: how far two names agree, and the sentence that says it."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple


class NameMatch(NamedTuple):
    """How far two names agree.

    Attributes:
        score: 0 to 1; from 0.7 on they are consistent with one bearer.
        contradictions: what speaks against one bearer, as short words.
        features: each feature that applied and its log-odds.
        words: puts features into a sentence.
    """

    score: float
    contradictions: tuple[str, ...] = ()
    features: tuple[tuple[str, float], ...] = ()
    words: Callable[[dict[str, float]], str] = lambda features: "nothing in common"

    @property
    def detail(self) -> str:
        """One sentence; few of many matches are ever told."""
        return self.words(dict(self.features))


NOTHING = NameMatch(0.0)

# Features that are multiplied with how unlike two words are: slight ones are told otherwise.
BY_SIZE = frozenset(("given_unlike", "family_unlike"))
# What no sentence tells, for docs/methods/matching.md.
UNSAID = {
    "base": "given and family name agree in full",
    "long": "both names have many letters to agree on",
    "short": "a name has few",
}
SAYS = {
    "given_unlike": "given names differ",
    "family_unlike": "family names differ",
    "given_initial": "only the initial of the given name",
    "given_missing": "one has no given name",
    "family_missing": "one has no family name",
    "family_only_father": "one is called after the father",
    "bare_family": "family name without its ending",
    "father_agrees": "same father's name",
    "father_missing": "one does not name the father",
    "father_differs": "different fathers' names",
    "gender_differs": "one is a man's, one a woman's",
    "family_gender_differs": "family names of another gender",
    "extra_given": "one has a further given name",
    "extra_family": "one has a further family name",
    "further_given_differ": "further given names differ",
    "child_in_front": "one has a child's name in front of the other",
}


def sentence(features: dict[str, float]) -> str:
    return _said(tuple((name, weight > -2.0) for name, weight in features.items() if abs(weight) >= 0.1))


@lru_cache(maxsize=4096)
def _said(features: tuple[tuple[str, bool], ...]) -> str:
    """A sentence on features that say something, each with whether it is slight."""
    slight = dict(features)
    said = [
        text.replace("differ", "are spelled differently") if name in BY_SIZE and slight[name] else text
        for name, text in SAYS.items()
        if name in slight
    ]
    return "; ".join(said) if said else "given and family name agree"
