"""Bodies that many states have: whose ``National Bank`` a text means, or that it leaves open."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from entrepot.articles.lexicon import places_in
from entrepot.articles.people import slug

_MINISTRIES = {
    "justice": "minjust",
    "foreign": "mfa",
    "finance": "minfin",
    "interior": "mvd",
    "internal": "mvd",
    "trade": "mintrade",
    "defence": "mod",
    "defense": "mod",
    "economy": "mineconomy",
    "economic": "mineconomy",
    "digital": "mindigital",
    "transport": "mintransport",
    "labour": "minlabour",
    "labor": "minlabour",
}
_BANK = re.compile(
    r"\b(?:(?:central|national) bank|(?:центральн|национальн)\w+ банк|нацбанк|центробанк|цб(?= |$))", re.I
)
_RUSSIAN = {
    r"юст": "minjust",
    r"иностранных дел|\bмид\b": "mfa",
    r"финанс|минфин": "minfin",
    r"внутренних дел|\bмвд\b": "mvd",
    r"торгов": "mintrade",
    r"оборон": "mod",
    r"экономи": "mineconomy",
    r"цифров": "mindigital",
    r"транспорт": "mintransport",
    r"труда|минтруд": "minlabour",
}
# What the bank of issue is called by law; "the National Bank" in a text on Kazakhstan and Russia is not Russia's.
_CALLED_CENTRAL = frozenset("RUS UZB ARM AZE TKM TUR IRN CHN IND MNG".split())
_CALLED_NATIONAL = frozenset("KAZ KGZ TJK UKR BLR GEO MDA POL CZE HUN ROU CHE AUT SRB BGR".split())
_NAMED = re.compile(
    r"(?P<bank>(?:central|national) bank)|(?:ministry (?:of|for) (?:the )?(?P<of>\w+)|(?P<before>\w+) ministry)\b", re.I
)


def kind_of(name: str) -> str:
    """Return what a body is among those that every state has: ``central-bank``, ``mfa`` ...; else an empty text."""
    low = name.lower()
    if "ministry" in low:
        return next((value for word, value in _MINISTRIES.items() if word in low), "")
    if re.search(r"\bминист|\bмин(?:юст|фин|торг|оборон|эконом|транс|труд)|\bмид\b|\bмвд\b", low):
        return next((value for stem, value in _RUSSIAN.items() if re.search(stem, low)), "")
    return "central-bank" if _BANK.search(low) else ""


def org_id(name: str, state: str = "") -> str:
    """Return ``org:`` and a slug; a bank of issue or ministry of a known state as ``org:uz-minjust``.

    Args:
        state: ISO 3166 code of three letters, where the name itself names none.
    """
    from entrepot.codes import find_iso2

    kind = kind_of(name)
    iso2 = (find_iso2(_state_in(name) or state) or "").lower() if kind else ""
    if kind and iso2:
        return f"org:{iso2}-{kind}"
    return f"org:{slug(re.sub(r'^(?:the|a|an) ', '', name, flags=re.I))}"


def _state_in(name: str) -> str:
    return next((code for code, _ in _states(name, 0, len(name))), "")


def _states(text: str, start: int, end: int) -> Iterator[tuple[str, int]]:
    for place, match in places_in(text, start, end):
        if len(place.code) == 3 and place.kind not in ("bloc", "body"):
            yield place.code, match.start()


class Bodies:
    """Which state the bodies of one text belong to.

    Attributes:
        headline: where it stands.
    """

    def __init__(self, text: str, headline: tuple[int, int] = (0, 0)) -> None:
        self.text = text[:60_000]
        self.headline = headline
        self._named = list(self._in_full())

    def _in_full(self) -> Iterator[tuple[int, str, str]]:
        """Where a body stands with its state beside it: ``Kazakhstan's National Bank``, ``National Bank of ...``."""
        for match in _NAMED.finditer(self.text):
            before = list(_states(self.text, max(0, match.start() - 24), match.start()))
            gap = self.text[before[-1][1] : match.start()] if before else ""
            after = list(_states(self.text, match.end(), match.end() + 45))
            link = self.text[match.end() : after[0][1]] if after else ""
            if re.fullmatch(r"\s?of (?:the )?(?:Republic of )?(?:the )?", link):
                yield match.start(), kind_of(match.group()), after[0][0]
            elif before and re.fullmatch(r"[\w.]+(?: [A-Z]\w+)*(?:['’]s?)? ", gap):
                yield match.start(), kind_of(match.group()), before[-1][0]

    def state_of(self, name: str, place: int) -> tuple[str, tuple[str, ...]]:
        """Return the state of a body, or an empty text and the states that it may belong to.

        What names the state nearest decides: the body's own name, its full name before, the sentence, the paragraph,
        the headline, and last the whole text where one state is named more often than all others together.
        """
        if own := _state_in(name):
            return own, ()
        kind = kind_of(name)
        if not kind:
            return "", ()
        if full := [state for at, what, state in self._named if what == kind and at < place]:
            states = tuple(dict.fromkeys(reversed(full)))
            return (states[0], ()) if len(states) == 1 else ("", states)
        for start, end in self._around(place):
            states = tuple(dict.fromkeys(s for s, _ in _states(self.text, start, end) if self._may_own(name, s)))
            if states:
                return (states[0], ()) if len(states) == 1 else self._mostly(name, states)
        return self._mostly(name, ())

    def _around(self, place: int) -> Iterator[tuple[int, int]]:
        start = max(self.text.rfind(mark, 0, place) for mark in (". ", "\n", "! ", "? ")) + 1
        yield start, place
        yield self.text.rfind("\n", 0, place) + 1, place
        yield self.headline

    def _mostly(self, name: str, near: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
        counted = Counter(s for s, _ in _states(self.text, 0, len(self.text)) if self._may_own(name, s))
        if not counted:
            return "", near
        (first, n), *_ = counted.most_common()
        if n * 2 > counted.total() and (not near or first in near):
            return first, ()
        return "", near or tuple(state for state, _ in counted.most_common(4))

    @staticmethod
    def _may_own(name: str, state: str) -> bool:
        if "National Bank" in name:
            return state not in _CALLED_CENTRAL | {"USA", "GBR"}
        return "Central Bank" not in name or state not in _CALLED_NATIONAL
