"""Terms: what claims and entries of the ledger are about, in one vocabulary for both languages, and how rare it is."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from functools import cache

from anyascii import anyascii

from entrepot.alerts.claims.mentions import mentions_of
from entrepot.alerts.claims.words import rule_file
from entrepot.ledger import Entry

# Words that say nothing of what an act is about.
_EMPTY = frozenset(
    "that this with from have been were will would which their there than more most into only also after before since"
    " until about against under over between says said government president ministry minister country countries state"
    " states law laws rule rules decree ban bans banned bars barred stop stops stopped stopping taking take takes taken"
    " adopt adopted pass passed sign signed effect force effective introduce introduced announced published new first"
    " january february march april may june july august september october november december year years month months day"
    " days citizens citizen people person persons goods firms firm made make longer accept accepts accepted accepting"
    " russian russia kazakhstan kyrgyzstan european union bank banks allow allows allowed each must cannot does exports"
    " export exported import imports imported trade required requires require limited limits restricted prohibited"
    " approved approves list lists listed sanctions".split()
)
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9'-]{3,}")
_PROPER = re.compile(r"(?<![.!?] )(?<!^)\b[A-ZА-ЯЁ][\w'-]{2,}")


def terms_of(text: str) -> frozenset[str]:
    """Return the terms of the rule file that a text has."""
    return frozenset(name for name, regex in _rules() if regex.search(text))


def words_of(text: str) -> frozenset[str]:
    """Return a text's further words, in Latin letters and without endings."""
    # The ledger is in English: Russian words would only weigh against what the terms found.
    text = re.sub(r"[А-Яа-яЁё]\w*", " ", text)
    bare = re.sub(r"[^\w\s'-]", " ", anyascii(text))
    return frozenset(_stem(w.lower()) for w in _WORD.findall(bare) if w.lower() not in _EMPTY)


def names_of(text: str) -> frozenset[str]:
    """Return the names of a text that are no territory: banks, systems, bodies, in Latin letters, lower case."""
    places = [(one.start, one.end) for one in mentions_of(text, ()) if not one.is_body]
    found = []
    for match in _PROPER.finditer(text):
        is_place = any(match.start() < end and start < match.end() for start, end in places)
        word = anyascii(match.group()).lower()
        if not is_place and word not in _EMPTY:
            found.append(_stem(word))
    return frozenset(found)


def text_of(entry: Entry) -> str:
    """Return the words of an entry that say what it is about."""
    facts = (f"{name} {value}" for name, value in entry.facts.items() if name != "memberships")
    return " ".join((entry.title, entry.scope, entry.summary, *entry.targets, *facts))


def rarity(texts: Iterable[frozenset[str]]) -> dict[str, float]:
    """Return the weight of each term: the rarer among the texts, the heavier."""
    sets = list(texts)
    counts: dict[str, int] = {}
    for one in sets:
        for term in one:
            counts[term] = counts.get(term, 0) + 1
    return {term: math.log((len(sets) + 1) / (count + 0.5)) for term, count in counts.items()}


def _stem(word: str) -> str:
    word = word.strip("'-")
    for ending in ("'s", "ies", "es", "s", "ing", "ed"):
        if word.endswith(ending) and len(word) - len(ending) > 3:
            return word[: -len(ending)]
    return word


@cache
def _rules() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((str(name), re.compile(str(text), re.IGNORECASE)) for name, text in rule_file("terms").items())
