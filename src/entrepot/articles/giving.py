"""Who speaks each quotation of a paragraph, and whom a sentence hands its words to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from entrepot.articles import attribution, lexicon, russian
from entrepot.articles.attribution import Handing
from entrepot.articles.clauses import QUOTED, has_clause
from entrepot.articles.layout import Block
from entrepot.articles.model import Speaker
from entrepot.articles.quotes import Quote
from entrepot.articles.russian_words import is_russian
from entrepot.articles.sentences import Word, words_of
from entrepot.articles.speakers import AUTHOR, of_person
from entrepot.articles.texts import Text


@dataclass(slots=True)
class Sentence:
    """A sentence with its words, quotations as one word each, what it hands to whom, and who says its quotations."""

    start: int
    end: int
    words: list[Word]
    quotes: list[Quote]
    handings: list[Handing]
    is_within: Quote | None
    speaker: Speaker | None = None
    said: dict[int, Speaker] = field(default_factory=dict)

    @classmethod
    def of(cls, reading: Text, start: int, end: int, quotes: Sequence[Quote]) -> Sentence:
        touching = [q for q in quotes if q.start < end and q.end > start]
        words: list[Word] = []
        for word in words_of(reading.text, start, end):
            quote = next((q for q in touching if q.start <= word.start < q.end), None)
            if quote is None:
                words.append(word)
            elif not words or words[-1].low != QUOTED or words[-1].start < quote.start:
                words.append(Word(word.text, max(start, quote.start), min(end, quote.end), QUOTED))
        inner = next((q for q in touching if q.start <= start and end <= q.end), None)
        found = [] if inner else handings_in(reading, (start, end), words, touching)
        return cls(start, end, words, touching, found, inner)


def handings_in(reading: Text, span: tuple[int, int], words: Sequence[Word], quotes: Sequence[Quote]) -> list[Handing]:
    """Return what a sentence hands to whom: by its parse where there is one, else by the order of its words."""
    if is_russian(reading.text, *span):
        return russian.handings_of(reading.text, span, quotes)
    doc = reading.parses.get(span)
    if doc is None:
        return attribution.handings(reading.text, words)
    from entrepot.articles.parsing import handings_of

    found = handings_of(reading.text, span, doc, quotes)
    taken = [h.content or (h.place, h.place + 1) for h in found]
    # The order of words decides what a parse often misses: a cue beside a quotation, or after a comma at the end.
    found += [
        h
        for h in attribution.handings(reading.text, words)
        if h.form in ("quote", "before")
        and h.subject
        and not any(a <= h.place < b for a, b in taken)
        and not (h.content and any(a < h.content[1] and h.content[0] < b for a, b in taken))
    ]
    return sorted(found, key=lambda handing: handing.place)


def is_speech(text: str, quote: Quote, block: Block) -> bool:
    """A quotation that is somebody's sentence, not a name, a title or a few words inside another's."""
    inner = text[quote.inner_start : quote.inner_end]
    words = words_of(text, quote.inner_start, quote.inner_end)
    before = text[block.start : quote.start].rstrip()
    # Russian sets the comma behind the mark and a dash before the narrator's words.
    is_told = re.match(r"[,.!?…]?\s?[—–]\s", text[quote.end : quote.end + 4]) is not None
    ends = is_told or re.search(r"[.!?,…]$", inner.rstrip()) is not None
    if len(words) < 3:
        return ends and (not before or before[-1:] in ",:")
    is_apart = not before or before[-1] in ',:;.!?—–-”"»…' or inner[:1].isupper() or ends
    return (
        is_apart
        and (has_clause(words) or ends or not quote.is_closed)
        and not (before and len(words) < 6 and not ends and before[-1] not in ",:")
    )


def give_quotes(reading: Text, quotes: Sequence[Quote], parts: Sequence[Sentence], block: Block) -> None:
    """Say who speaks each quotation: by a cue in a sentence that touches it, else as the others of the paragraph."""
    given: dict[int, Speaker] = {}
    first = reading.text[block.start : block.end][:1]
    carried = reading.goes_on if first in '“"«„' else None
    for part in parts:
        for handing in part.handings:
            speaker = who_hands(reading, handing, part)
            if speaker is None:
                continue
            if part.speaker is None or handing.content is None:
                part.speaker = speaker
            for quote in part.quotes:
                if handing.content is None or handing.form in ("according", "before"):
                    given.setdefault(quote.start, speaker)
        if quotes and _signs(reading, part) and (speaker := _signature(reading, part)):
            given.update({q.start: speaker for q in quotes if q.start < part.start and q.start not in given})
            part.speaker = speaker
        if not part.handings and part.quotes and part.is_within is None:
            for quote in part.quotes:
                if speaker := _colon(reading, part, quote) or _dash(reading, part, quote):
                    given[quote.start] = part.speaker = speaker
        if part.speaker:
            reading.speakers.said(part.speaker, part.start)
    for number, quote in enumerate(quotes):
        near = [given[q.start] for q in reversed(quotes[:number]) if q.start in given] or [
            given[q.start] for q in quotes[number + 1 :] if q.start in given
        ]
        if quote.start not in given:
            given[quote.start] = near[0] if near else carried or _before_quote(reading, parts, quote)
    for part in parts:
        part.said = given
    reading.goes_on = None


def _colon(reading: Text, part: Sentence, quote: Quote) -> Speaker | None:
    """``The minister on tariffs: "..."``."""
    before = reading.text[part.start : quote.start].rstrip()
    if not before.endswith(":") or len(before.split()) > 24:
        return None
    person = reading.people.named(before)
    return of_person(person) if person else None


def _dash(reading: Text, part: Sentence, quote: Quote) -> Speaker | None:
    """``"...", — Name, office``."""
    after = reading.text[quote.end : part.end]
    match = re.match(r"\s*[,.]?\s*[—–-]+\s*([A-Z][^.:;]{3,90})", after)
    return reading.speakers.of_words(match[1], quote.end) if match else None


def _signs(reading: Text, part: Sentence) -> bool:
    return reading.text[part.start : part.start + 1] in "—–" and not part.quotes


def _signature(reading: Text, part: Sentence) -> Speaker | None:
    """``— Name, office`` after a quotation."""
    match = re.match(r"[—–]\s*([A-Z][^.:;]{3,90})", reading.text[part.start : part.end])
    return reading.speakers.of_words(match[1], part.start) if match else None


def _before_quote(reading: Text, parts: Sequence[Sentence], quote: Quote) -> Speaker:
    earlier = [p.speaker for p in parts if p.speaker and p.start < quote.start]
    if earlier and earlier[-1]:
        return earlier[-1]
    named = [p for p in parts if p.start < quote.start]
    if named and (person := reading.people.named(reading.text[named[-1].start : named[-1].end])):
        return of_person(person)
    people = [s for s, place in reading.speakers.recent]
    if not people:
        return reading.interviewee or replace(AUTHOR, status="ambiguous")
    others = tuple(dict.fromkeys(s.id for s in reversed(people[-6:]) if s.id != people[-1].id))
    return replace(people[-1], status="ambiguous" if others else "sure", alternatives=others[:3])


def who_hands(reading: Text, handing: Handing, part: Sentence) -> Speaker | None:
    if handing.subject is None:
        if part.speaker:
            return part.speaker
        first = next((n for n, w in enumerate(part.words) if n and w.low in lexicon.finite_forms()), None)
        return reading.speakers.resolve(part.words[0].start, part.words[first - 1].end) if first else None
    words = reading.text[slice(*handing.subject)]
    if words.lower() in ("who", "which"):
        before = reading.text[part.start : handing.subject[0]].rstrip(", ")
        return reading.speakers.of_words(" ".join(before.split()[-8:]), handing.subject[0])
    return reading.speakers.resolve(*handing.subject)
