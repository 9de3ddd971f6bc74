"""The word lists beside the code, read once: cues, hedges, verbs, topics, places."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "data"

AUXILIARIES = frozenset(
    "is are was were am has have had do does did will would shall should can could may might must cannot isn't aren't"
    " wasn't weren't hasn't haven't hadn't don't doesn't didn't won't wouldn't can't couldn't shouldn't mustn't needn't"
    " it's that's there's he's she's we're they're you're i'm we've they've i've you've we'll they'll i'll it'll"
    " he'll she'll ain't".split()
)


@dataclass(frozen=True, slots=True)
class Cue:
    """A verb that hands words to a speaker.

    Attributes:
        kind: plain, believe or doubt.
        is_strict: means something else unless ``that``, a colon or a quotation follows.
        is_finite: a form that can be a predicate by itself (not -ing).
    """

    lemma: str
    kind: str
    is_strict: bool
    is_finite: bool


def read_yaml(name: str) -> Any:
    """Return a list beside the code as written."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load((FOLDER / f"{name}.yml").read_text("utf-8"), Loader=loader)


@cache
def _irregular() -> dict[str, tuple[str, str]]:
    found = {}
    for entry in (FOLDER / "irregular_en.txt").read_text("utf-8").strip().split(";"):
        base, past, participle = entry.split()
        found[base] = (past, participle)
    return found


def third_person(base: str) -> str:
    """Return the form with -s of a verb."""
    if re.search(r"(?:s|sh|ch|x|z|o)$", base):
        return f"{base}es"
    return f"{base[:-1]}ies" if re.search(r"[^aeiou]y$", base) else f"{base}s"


def _past(base: str) -> str:
    if base in _irregular():
        return _irregular()[base][0]
    if base.endswith("e"):
        return f"{base}d"
    if re.search(r"[^aeiou]y$", base):
        return f"{base[:-1]}ied"
    if base in _DOUBLING or re.fullmatch(r"[^aeiou]*[aeiou][bdgmnprt]", base):
        return f"{base}{base[-1]}ed"
    return f"{base}ed"


_DOUBLING = frozenset(
    "admit ban commit compel control defer drop expel halt-not impel incur occur permit rebut refer".split()
)


def _ing(base: str) -> str:
    if base.endswith("e") and not base.endswith("ee"):
        return f"{base[:-1]}ing"
    is_doubled = base in _DOUBLING or re.fullmatch(r"[^aeiou]*[aeiou][bdgmnprt]", base)
    return f"{base}{base[-1]}ing" if is_doubled else f"{base}ing"


@cache
def finite_forms() -> Mapping[str, str]:
    """Return word form -> lemma for forms that can be a predicate: past and third person."""
    forms: dict[str, str] = {}
    for base in _bases():
        forms.setdefault(third_person(base), base)
        forms.setdefault(_past(base), base)
    return forms


@cache
def base_forms() -> frozenset[str]:
    """Return the bare verbs, which are predicates after a plural or a pronoun only."""
    return frozenset(_bases())


@cache
def _bases() -> tuple[str, ...]:
    cues = [lemma for kind in cue_data()["verbs"].values() for lemma in kind.split() if "-" not in lemma]
    return tuple(dict.fromkeys([*(FOLDER / "verbs_en.txt").read_text("utf-8").split(), *cues]))


@cache
def cue_data() -> Mapping[str, Any]:
    """Return the cue lists as written."""
    found: Mapping[str, Any] = read_yaml("cues_en")
    return found


@cache
def cues() -> Mapping[str, Cue]:
    """Return word form -> cue."""
    strict = frozenset(cue_data()["strict"].split())
    found: dict[str, Cue] = {}
    for kind, words in cue_data()["verbs"].items():
        for lemma in (word for word in words.split() if "-" not in word):
            for form, is_finite in (
                (lemma, True),
                (third_person(lemma), True),
                (_past(lemma), True),
                (_ing(lemma), False),
            ):
                found.setdefault(form, Cue(lemma, kind, lemma in strict, is_finite))
            if lemma in _irregular():
                found.setdefault(_irregular()[lemma][1], Cue(lemma, kind, lemma in strict, False))
    return found


@cache
def words(name: str) -> frozenset[str]:
    """Return a plain list of cue_data: nouns, anonymous, roles; hyphens are spaces."""
    return frozenset(word.replace("-", " ") for word in cue_data()[name].split())


@cache
def hedge_patterns() -> Mapping[str, re.Pattern[str]]:
    """Return level (and ``negation``) -> pattern."""
    russian = read_yaml("hedges_ru")
    return {
        level: re.compile(
            r"(?<![\w-])(?:" + "|".join([*(_edged(item) for item in items), *russian[level]]) + r")(?![\w-])",
            _FLAGS[level],
        )
        for level, items in read_yaml("hedges_en").items()
    }


# "May" is a month, so the patterns of modals are read as written but for a capital at the start of a sentence.
_FLAGS = {"alleged": re.I, "probable": re.I, "possible": re.I, "negation": re.I}


def _edged(item: str) -> str:
    return f"(?-i:{item})" if item.startswith("may(") else item


@cache
def topic_patterns() -> tuple[tuple[str, int, re.Pattern[str]], ...]:
    """Return (topic, weight, pattern) for every topic, heaviest first."""
    return tuple(
        (topic, int(weight), re.compile(r"(?<![\w-])(?:" + "|".join(_stem(s) for s in stems) + r")(?!\w)", re.I))
        for name in ("topics_en", "topics_ru")
        for topic, weights in read_yaml(name).items()
        for weight, stems in weights.items()
    )


def _stem(stem: str) -> str:
    if stem.startswith("~"):
        return stem[1:]
    return r"\s+".join(re.escape(word.rstrip("*")) + (r"\w*" if word.endswith("*") else "") for word in stem.split())


@dataclass(frozen=True, slots=True)
class Place:
    """A word for a territory, bloc or body."""

    code: str
    kind: str
    word: str


@cache
def places() -> Mapping[str, Place]:
    """Return word -> place, names of the code lists included."""
    return {place.word: place for place in _places()}


def _places() -> Iterator[Place]:
    from entrepot.codes import territories

    for territory in territories():
        if not territory.is_aggregate and len(territory.name) > 3:
            yield Place(territory.code, "name", territory.name)
    with (FOLDER / "places.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for word in row["words"].split(";"):
                yield Place(row["code"], row["kind"], word)


@cache
def place_pattern() -> re.Pattern[str]:
    """Return the pattern of every word for a place, longest first."""
    ordered = sorted(places(), key=lambda word: (-len(word), word))
    return re.compile(r"(?<![\w])(?:" + "|".join(re.escape(word) for word in ordered) + r")(?!\w)")


@cache
def _russian_places() -> tuple[tuple[re.Pattern[str], ...], tuple[Place, ...]]:
    with (FOLDER / "places_ru.csv").open(encoding="utf-8", newline="") as file:
        rows = [(Place(r["code"], r["kind"], w), w) for r in csv.DictReader(file) for w in r["words"].split(";")]
    rows.sort(key=lambda row: -len(row[1]))
    joined = "|".join(f"(?P<p{n}>{_stem(word)})" for n, (_, word) in enumerate(rows))
    return (re.compile(rf"(?<!\w)(?:{joined})(?!\w)", re.I),), tuple(place for place, _ in rows)


def places_in(text: str, start: int, end: int) -> Iterator[tuple[Place, re.Match[str]]]:
    """Yield places that a stretch names, in both scripts; in Russian in every case."""
    for match in place_pattern().finditer(text, start, end):
        yield places()[match.group()], match
    if re.compile("[а-яё]", re.I).search(text, start, end):
        (pattern,), found = _russian_places()
        for match in pattern.finditer(text, start, end):
            yield found[int(str(match.lastgroup)[1:])], match


@cache
def outlets() -> frozenset[str]:
    """Return names of agencies and papers."""
    return frozenset((FOLDER / "outlets.txt").read_text("utf-8").split("\n")) - {""}
