"""Which words of a sentence are handed to whom: ``X said that ...``, ``..., said X``, ``according to X``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from entrepot.articles import lexicon
from entrepot.articles.clauses import QUOTED, finite_at, has_clause
from entrepot.articles.lexicon import Cue
from entrepot.articles.sentences import Word
from entrepot.articles.subjects import named_after, subject_before

Span = tuple[int, int]

_TELLS = frozenset("tell inform assure remind warn advise notify".split())
_MARKS = frozenset(',;:—–-()"')
_BE = frozenset("is are was were be been being am".split())
_STOPS = frozenset("that which who whose when while where because although though".split())
_TIMES = frozenset(
    "on in at to during after before late early last this earlier yesterday today monday tuesday "
    "wednesday thursday friday"
    " saturday sunday with by via through for reporters journalists".split()
)
_ACCORDING = re.compile(
    (
        r"\b(?P<cue>according to|in the (?:words|opinion|view|estimation|assessment) of|in the opinion of|as "
        r"(?:reported|stated|noted|claimed|confirmed|announced) by|with reference to)\s+"
    ),
    re.I,
)
_IN_VIEW = re.compile(
    r"\b(?P<cue>in|to)\s+(?P<who>[^,.;]{2,60}?)(?:['’]s?)?\s+(?:opinion|view|words|estimation|assessment|mind)\b", re.I
)
_CITING = re.compile(
    (
        r"\b(?P<cue>citing|quoting|with reference to|referring to|on the basis of reports (?:by"
        r"|from)|as (?:reported|quoted|cited) by)\s+(?P<who>[^,.;“\"]{3,80})"
    ),
    re.I,
)
_AS_SAID = re.compile(
    (
        r"\bas (?P<who>[^,.;]{2,60}?) (?P<cue>says|said|puts it|put it|notes|noted|explains|explained|reports"
        r"|reported|told \w+|writes|wrote|claims|claimed)\b"
    ),
    re.I,
)


@dataclass(frozen=True, slots=True)
class Handing:
    """A stretch of a sentence that is handed to a speaker.

    Attributes:
        subject: where the speaker is named; None where it is the one of the handing before.
        content: what is handed on; None where it is the quotation beside the cue.
        form: after, before, according or noun.
    """

    subject: Span | None
    cue: str
    lemma: str
    kind: str
    content: Span | None
    form: str
    place: int


def handings(text: str, words: Sequence[Word]) -> list[Handing]:
    """Return what a sentence hands to speakers, in order; ``words`` holds quotations as one word each."""
    if not words:
        return []
    verbs = [h for h in _verbs(text, words) if h.subject is None or not _is_own(text[slice(*h.subject)])]
    found = beside(verbs, list(according(text, words)))
    if not any(h.form == "according" and h.content for h in found):
        found += verbs
        found += _nouns(words) if not any(h.content for h in found) else []
    return sorted(found, key=lambda handing: handing.place)


def _is_own(subject: str) -> bool:
    """Who speaks of themselves hands nothing to anybody: ``I think``, ``we expect``."""
    return subject.strip().lower() in ("i", "we", "you", "one", "what", "that", "there")


def beside(verbs: Sequence[Handing], named: Sequence[Handing]) -> list[Handing]:
    """Return the handings of ``according to X``; ``as reported by X`` beside another's words is only their source."""
    is_other = any(h.subject for h in verbs)
    return [h for h in named if not (is_other and h.cue.startswith("as "))]


def citing(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield where a stretch names the source behind a speaker: ``citing X``."""
    for match in _CITING.finditer(text, start, end):
        yield match.span("who")


def according(text: str, words: Sequence[Word]) -> Iterator[Handing]:
    start, end = words[0].start, words[-1].end
    for match in _ACCORDING.finditer(text, start, end):
        stop = _end_of_name(text, match.end(), end)
        yield _placed(text, match.start(), match.end(), stop, match["cue"], (start, end))
        return
    for pattern in (_AS_SAID, _IN_VIEW):
        for match in pattern.finditer(text, start, end):
            who = match["who"].lower()
            if who in ("my", "our", "the", "your", "i", "we", "you", "this", "it") or who.startswith(
                ("my ", "our ", "this ", "the same")
            ):
                continue
            stop = match.end()
            cue = match["cue"] if pattern is _AS_SAID else match.group().rsplit(None, 1)[-1]
            handing = _placed(text, match.start(), match.start("who"), match.end("who"), cue, (start, end))
            yield (
                handing
                if handing.content is None or stop >= end
                else Handing(
                    handing.subject,
                    cue,
                    "according",
                    "plain",
                    _rest(text, match.start(), stop, (start, end)),
                    "according",
                    match.start(),
                )
            )
            return


def _placed(text: str, at: int, who: int, stop: int, cue: str, sentence: Span) -> Handing:
    return Handing((who, stop), cue.lower(), "according", "plain", _rest(text, at, stop, sentence), "according", at)


def _rest(text: str, at: int, stop: int, sentence: Span) -> Span:
    """What stands after the name where the sentence begins with it; else the whole sentence."""
    start, end = sentence
    if len(text[start:at].split()) <= 3 and len(text[stop:end].split()) >= 3:
        while stop < end and not text[stop].isalnum() and text[stop] not in '“"«(':
            stop += 1
        return stop, end
    return sentence


def _end_of_name(text: str, start: int, end: int) -> int:
    match = re.compile(
        r"[,;:.](?=\s|$|[\"”])|\s[—–-]\s|\s(?:which|who|that|because|while|but|and (?:the|that|it|they))\s"
        r"|\s(?:has|have|had|is|are|was|were|will|would)\s"
    ).search(text, start, end)
    return match.start() if match else end


def _verbs(text: str, words: Sequence[Word]) -> Iterator[Handing]:
    last_end = -1
    for n, word in enumerate(words):
        cue = lexicon.cues().get(word.low)
        if cue is None or word.start < last_end or not _may_hand(words, n, cue):
            continue
        handing = _after(words, n, cue) or _before(words, n, cue) or _beside(words, n, cue)
        if handing is None:
            continue
        yield handing
        if handing.content and handing.form == "after":
            last_end = words[n].end + 1


def _may_hand(words: Sequence[Word], n: int, cue: Cue) -> bool:
    before = [word.low for word in words[max(0, n - 3) : n]]
    last = before[-1] if before else ""
    if last in (
        "to",
        "not",
        "n't",
        "the",
        "a",
        "an",
        "of",
        "his",
        "her",
        "their",
        "its",
        "no",
        "by",
        "from",
    ) or last.endswith("n't"):
        return False
    if not cue.is_finite and words[n].low not in _PARTICIPLES:
        return last in ("", ",", "and", "was", "is", "were") and words[n].low.endswith("ing")
    if words[n].low.endswith("ing"):
        return last in (",", "and", "") or (last == QUOTED) or n > 1
    is_perfect = bool({"has", "have", "had"} & set(before))
    return not (last in _BE or (len(before) > 1 and before[-2] in _BE and last.endswith("ly"))) or (
        is_perfect and last not in _BE
    )


_PARTICIPLES = frozenset(["written"])


def _after(words: Sequence[Word], n: int, cue: Cue) -> Handing | None:
    """``X said (in Astana on Tuesday) (that) CONTENT``."""
    at = n + 1
    is_marked = False
    for k in range(at, min(len(words), n + 16)):
        low = words[k].low
        if low == "that" or low == ":" or (low == "whether" and k == at):
            at, is_marked = k + 1, True
            break
        if (low in (",", ";", "—") and not _closes_later(words, k)) or low == QUOTED or (k > n + 1 and low in _STOPS):
            break
    if not is_marked:
        if cue.is_strict or not _starts_clause(words, n, cue):
            return None
        at = n + 1 + _objects(words, n, cue)
    rest = words[at:]
    if not rest or (len(rest) and rest[0].low == QUOTED):
        return None
    if not has_clause(rest) and not (is_marked and len(rest) > 4):
        return None
    if (
        words[n].low.endswith("ing")
        and not is_marked
        and cue.lemma not in ("say", "add", "claim", "argue", "insist", "warn")
    ):
        return None
    return Handing(
        subject_before(words, n),
        words[n].text,
        cue.lemma,
        cue.kind,
        (rest[0].start, words[-1].end),
        "after",
        words[n].start,
    )


def _closes_later(words: Sequence[Word], k: int) -> bool:
    return any(word.low in (",", ":", "that") for word in words[k + 1 : k + 8])


def _objects(words: Sequence[Word], n: int, cue: Cue) -> int:
    """How many words after ``told`` name the one who is told."""
    if cue.lemma not in _TELLS:
        return 0
    k = n + 1
    while k < len(words) and k < n + 6:
        if (
            words[k].low in ("the", "a", "an", "his", "her", "their", "our")
            or words[k].text[0].isupper()
            or k == n + 1
            or words[k - 1].low in ("the", "a", "his", "her", "state", "news")
        ):
            k += 1
        else:
            break
    return k - n - 1


def _starts_clause(words: Sequence[Word], n: int, cue: Cue) -> bool:
    """A subject and a predicate follow without a mark between."""
    first = n + 1 + _objects(words, n, cue)
    if first >= len(words) or words[first].low in _MARKS | _STOPS | _BE | _TIMES | {
        "to",
        "of",
        "and",
        "or",
        "but",
        "as",
        ".",
    }:
        return False
    for k in range(first, min(len(words), first + 14)):
        if words[k].low in (",", ";", ":", "—", "to"):
            return False
        if k > first and finite_at(words, k):
            return True
    return False


def _before(words: Sequence[Word], n: int, cue: Cue) -> Handing | None:
    """``CONTENT, X said`` and ``CONTENT, said X``."""
    comma = next((k for k in range(n - 1, -1, -1) if words[k].low == ","), None)
    commas = [k for k in range(n) if words[k].low == ","]
    tail = [word for word in words[n + 1 :] if word.low != "."]
    if has_clause(tail) and not any(word.low in ("who", "which", "when", "as", "while", "after") for word in tail):
        return None
    if comma is None:
        return None
    for k in (commas[-1], *reversed(commas[:-1])):
        subject, content = words[k + 1 : n], words[:k]
        if len(subject) > 18:
            break
        if not has_clause(content) or any(word.low == QUOTED for word in content):
            continue
        inverted = not subject
        span = named_after(tail) if inverted else (subject[0].start, subject[-1].end)
        if span is None or (
            not inverted
            and (has_clause(subject) or subject[0].low in ("and", "but", "while", "which", "who", "as", "that", "so"))
        ):
            continue
        if not inverted and k != commas[-1] and not _is_named(subject):
            continue
        if cue.is_strict and cue.lemma not in (
            "report",
            "reveal",
            "note",
            "observe",
            "write",
            "conclude",
            "recall",
            "confirm",
            "show",
            "indicate",
        ):
            return None
        return Handing(
            span, words[n].text, cue.lemma, cue.kind, (content[0].start, content[-1].end), "before", words[n].start
        )
    return None


def _is_named(subject: Sequence[Word]) -> bool:
    return subject[0].text[0].isupper() or subject[0].low in ("the", "a", "an")


def _beside(words: Sequence[Word], n: int, cue: Cue) -> Handing | None:
    """A cue beside a quotation, whatever the order."""
    places = [k for k, word in enumerate(words) if word.low == QUOTED]
    if not places or words[n].low == "recall":
        return None
    nearest = min(places, key=lambda k: abs(k - n))
    if nearest > n:
        return Handing(subject_before(words, n), words[n].text, cue.lemma, cue.kind, None, "quote", words[n].start)
    between = words[nearest + 1 : n]
    tail = words[n + 1 :]
    if not [word for word in between if word.low not in (",", "-", "—", "–", ".")]:
        span = named_after(tail) or subject_before(words, n)
    else:
        span = subject_before(words, n)
    return Handing(span, words[n].text, cue.lemma, cue.kind, None, "quote", words[n].start)


def _nouns(words: Sequence[Word]) -> Iterator[Handing]:
    """``the ministry's claim that CONTENT``."""
    for n in range(1, len(words) - 3):
        if (
            words[n].low.rstrip("s") in lexicon.words("nouns")
            and words[n + 1].low == "that"
            and has_clause(words[n + 2 :])
        ):
            owner = next((k for k in range(n - 1, max(-1, n - 4), -1) if re.search(r"['’]s?$", words[k].text)), None)
            if owner is None:
                continue
            start = owner
            while start and (words[start - 1].text[0].isupper() or words[start - 1].low in ("the", "of")):
                start -= 1
            yield Handing(
                (words[start].start, words[owner].end),
                words[n].text,
                words[n].low,
                "plain",
                (words[n + 2].start, words[-1].end),
                "noun",
                words[n].start,
            )
            return
