"""Sizes: by how much, or to how much, a claim says that something changed, and how exact its words are."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from entrepot.alerts.claims.claim import Claim
from entrepot.alerts.claims.words import pattern, says

_NUMBER = r"(\d+(?:[ ,]\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?)"
_PERCENT = re.compile(rf"{_NUMBER}\s*(?:%|per ?cent|percent|процент\w*)", re.I)
_WORDS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "dozen": 12,
    "вдвое": 2, "втрое": 3, "вчетверо": 4, "впятеро": 5, "вшестеро": 6, "вдесятеро": 10,
    "два": 2, "три": 3, "четыре": 4, "пять": 5, "шесть": 6, "семь": 7, "восемь": 8, "десять": 10,
}  # fmt: skip
_NAMED = "|".join(_WORDS)
_FOLD = re.compile(rf"(?:{_NUMBER}|({_NAMED}))[- ]?fold\b|\b({_NAMED})\b(?=\W|$)(?!\s+раз)", re.I)
_TIMES = re.compile(
    rf"(?:by a factor of |в )?(?:{_NUMBER}|\b({_NAMED}))\s*(?:times|раз[а]?\b)|by a factor of {_NUMBER}", re.I
)
_VERBS = (
    (re.compile(r"\b(more than )?doubl|удвои", re.I), 2.0),
    (re.compile(r"\b(trebl|tripl)|утрои", re.I), 3.0),
    (re.compile(r"\bquadrupl", re.I), 4.0),
    (re.compile(r"\bhalv|by (a )?half|наполовину", re.I), 0.5),
)
_SCALE = {"thousand": 1e3, "тыс": 1e3, "million": 1e6, "mln": 1e6, "m": 1e6, "млн": 1e6, "миллион": 1e6,
          "billion": 1e9, "bn": 1e9, "bln": 1e9, "млрд": 1e9, "миллиард": 1e9}  # fmt: skip
_SCALES = r"(thousand|million|mln|billion|bln|bn|m\b|тыс|млн|миллион|млрд|миллиард)[а-яё]*\.?"
_MONEY = (
    re.compile(rf"(?P<c>\$|€|£|USD|EUR)\s*{_NUMBER}\s*(?:{_SCALES})?", re.I),
    re.compile(rf"{_NUMBER}\s*(?:{_SCALES})?\s*(?:US )?(?P<c>dollars?|euros?|USD|EUR|\$|€|долл\w*|евро)", re.I),
)
_CURRENCY = {"$": "USD", "usd": "USD", "dol": "USD", "дол": "USD", "€": "EUR", "eur": "EUR", "евр": "EUR", "£": "GBP"}


@dataclass(frozen=True, slots=True)
class Size:
    """Bounds of a size.

    Attributes:
        low, high: what the observed one may be for the words to fit.
        text: as it is said.
        currency: of money; empty for a factor of change.
    """

    low: float
    high: float
    text: str
    currency: str = ""

    def fits(self, low: float, high: float) -> bool:
        """Return whether some value between two observed bounds fits."""
        return low <= self.high and self.low <= high


def factor_of(claim: Claim) -> Size | None:
    """Return the factor of a change that a claim names (2.0: doubled; 0.6: fell by 40 %)."""
    quote, is_fall = claim.quote, says(claim.quote, "fall") and not says(claim.quote, "rise")
    if match := _PERCENT.search(quote):
        if re.search(r"\b(to|до)\s*$|share|доля", quote[: match.start()], re.I) or re.match(
            r"\s+of\b", quote[match.end() :]
        ):
            return None
        share = _value(match[1]) / 100
        return _bounds(1 - share if is_fall else 1 + share, quote, match, is_fall=is_fall)
    for regex, factor in _VERBS:
        if match := regex.search(quote):
            return _bounds(factor, quote, match, is_fall=factor < 1)
    for regex in (_TIMES, _FOLD):
        if match := regex.search(quote):
            said = next((group for group in match.groups() if group), "")
            if regex is _FOLD and match.group().lower() in _WORDS and not match.group().lower().startswith("в"):
                continue
            times = _WORDS.get(said.lower()) or _value(said)
            if times and times > 1:
                return _bounds(1 / times if is_fall else times, quote, match, is_fall=is_fall)
    return None


def money_of(claim: Claim) -> Size | None:
    """Return the amount of money that a claim names as the size of a flow."""
    for regex in _MONEY:
        if match := regex.search(claim.quote):
            groups = [group for group in match.groups() if group and group != match["c"]]
            scale = _SCALE.get(groups[1].lower().strip(), 1.0) if len(groups) > 1 else 1.0
            value = _value(groups[0]) * scale
            low, high = _spread(value, claim.quote[: match.start()], 0.1, 0.2)
            return Size(low, high, match.group().strip(), _CURRENCY[match["c"].lower()[:3]])
    return None


def _bounds(factor: float, quote: str, match: re.Match[str], *, is_fall: bool) -> Size:
    text_before = quote[: match.start()]
    wide = bool(pattern("about").search(text_before))
    slack = max(0.10, 0.15 * abs(math.log(max(factor, 1e-6)))) * (2 if wide else 1)
    low, high = factor * math.exp(-slack), factor * math.exp(slack)
    is_more = pattern("more_than").search(text_before) or match.group().lower().startswith("more than")
    if is_more:
        low, high = (0.0, high) if is_fall else (low, math.inf)
    elif pattern("less_than").search(text_before):
        low, high = (low, 1.0) if is_fall else (1.0, high)
    return Size(low, high, match.group().strip())


def _spread(value: float, text_before: str, slack: float, wide: float) -> tuple[float, float]:
    if pattern("more_than").search(text_before):
        return value * (1 - slack / 2), math.inf
    if pattern("less_than").search(text_before):
        return 0.0, value * (1 + slack / 2)
    share = wide if pattern("about").search(text_before) else slack
    return value * (1 - share), value * (1 + share)


def _value(text: str) -> float:
    bare = re.sub(r"(?<=\d)[ ,](?=\d{3}(?:\D|$))", "", text).replace(",", ".").replace(" ", "")
    return float(bare) if bare else 0.0
