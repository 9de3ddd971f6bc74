"""From a text to its claims: every sentence is looked at with who speaks in its paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from entrepot.articles import attribution, lexicon, russian
from entrepot.articles.assertive import is_claim, is_hearsay
from entrepot.articles.cutting import Found, cut_by_manner, trimmed
from entrepot.articles.giving import Sentence, give_quotes, handings_in, is_speech, who_hands
from entrepot.articles.layout import Block
from entrepot.articles.model import Speaker
from entrepot.articles.quotes import Quote, quotes_of
from entrepot.articles.russian_words import is_russian
from entrepot.articles.sentences import sentence_spans, words_of
from entrepot.articles.speakers import AUTHOR, is_anonymous, of_person
from entrepot.articles.texts import Text

Span = tuple[int, int]


def sentences_of(reading: Text) -> list[Span]:
    """Return where the sentences of a text stand that may hold claims."""
    said = (b for b in reading.blocks if b.kind in ("body", "answer", "question"))
    return [span for b in said for span in sentence_spans(reading.text, b.start, b.end)]


def find_claims(reading: Text) -> list[Found]:
    """Return the claims of a text in order, each span once."""
    reading.quotes = list(_quotes(reading))
    found = [claim for block in reading.blocks for claim in _of_block(reading, block)]
    unique = {(c.start, c.end): c for c in reversed(found)}
    return [unique[key] for key in sorted(unique)]


def _quotes(reading: Text) -> Iterator[Quote]:
    """Quotations in marks; in Russian also speech after a dash, without the narrator's words between."""
    text = reading.text
    for block in reading.blocks:
        marked = quotes_of(text, [(block.start, block.end)])
        if not is_russian(text, block.start, block.end):
            yield from marked
        elif not marked and (spoken := russian.speech_by_dashes(text, block.whole, block.end)):
            yield from spoken
        else:
            yield from (part for quote in marked for part in russian.split_by_asides(text, quote))


def _of_block(reading: Text, block: Block) -> Iterator[Found]:
    if block.kind == "headline":
        yield from _headline(reading, block)
    elif block.kind == "question":
        yield from _question(reading, block)
    elif block.kind == "answer":
        speaker = _turn_speaker(reading, block)
        form = "interview_answer" if reading.layout == "interview" else "direct_quote"
        for start, end in sentence_spans(reading.text, block.start, block.end):
            yield from _spoken(reading, start, end, speaker, form, block)
    elif block.kind == "body" and block.label:
        yield from _labelled(reading, block)
    elif block.kind == "body":
        yield from _body(reading, block)


def _headline(reading: Text, block: Block) -> Iterator[Found]:
    text = reading.text
    inside = [q for q in reading.quotes if block.start <= q.start < block.end]
    around = (block.start, block.end)
    colon = re.match(r"([A-ZÀ-Ý][\w’'\-]+(?:\s[\w’'\-.]+){0,6}?):\s+", text[block.start : block.end])
    person = reading.people.named(colon[1]) if colon else None
    if colon and person:
        start = block.start + colon.end()
        if is_claim(text, start, block.end):
            yield Found(*trimmed(text, start, block.end), of_person(person), "headline", around=around)
    elif reading.layout == "interview" and inside and reading.interviewee:
        if len(text[inside[0].start : inside[0].end].split()) >= 3 and not is_question_text(
            text[inside[0].start : inside[0].end]
        ):
            yield Found(inside[0].start, inside[0].end, reading.interviewee, "headline", around=around)
    elif is_claim(text, block.start, block.end) or _is_short_claim(text, block):
        yield Found(*trimmed(text, block.start, block.end), reading.author, "headline", around=around)


def _is_short_claim(text: str, block: Block) -> bool:
    """Headlines use verbs that no list holds, and the infinitive for what is to come."""
    piece = text[block.start : block.end]
    words = words_of(text, block.start, block.end)
    has_verb = any(
        w.low in lexicon.finite_forms() or (w.low in lexicon.base_forms() and n and words[n - 1].low in ("to", "not"))
        for n, w in enumerate(words)
        if n
    )
    return (
        len(words) >= 3
        and not is_question_text(piece)
        and has_verb
        and not re.match(r"(?:how|why|what|who|where|interview|opinion)\b", piece, re.I)
    )


def is_question_text(piece: str) -> bool:
    """Return whether a piece of text ends as a question."""
    return piece.rstrip("*_\"”»’' )").endswith("?")


def _question(reading: Text, block: Block) -> Iterator[Found]:
    text = reading.text
    person = reading.people.named(block.label) if block.label else None
    speaker = of_person(person) if person else reading.author if reading.author.id != "author" else AUTHOR
    for start, end in sentence_spans(text, block.start, block.end):
        if is_claim(text, start, end) and not is_hearsay(text[start:end]) and len(text[start:end].split()) >= 5:
            yield from _spoken(reading, start, end, speaker, "interview_question", block)


def _turn_speaker(reading: Text, block: Block) -> Speaker:
    if block.label:
        if person := reading.people.named(block.label):
            return replace(of_person(person), role=person.role or block.role)
        words = block.label.lower()
        if len(words) > 2 and words not in ("answer", "interviewee", "guest", "ответ") and not reading.interviewee:
            return reading.speakers.of_words(block.label, block.start)
    return reading.interviewee or Speaker("org:interviewee", "the interviewee", "interviewee")


def _labelled(reading: Text, block: Block) -> Iterator[Found]:
    """``Name, office: what they say``, in lists of quotations."""
    speaker = reading.speakers.of_words(block.label, block.start)
    speaker = replace(speaker, role=speaker.role or block.role)
    reading.speakers.said(speaker, block.start)
    for start, end in sentence_spans(reading.text, block.start, block.end):
        yield from _spoken(reading, start, end, speaker, "direct_quote", block)


def _spoken(reading: Text, start: int, end: int, speaker: Speaker, form: str, block: Block) -> Iterator[Found]:
    """A sentence of one who speaks in person; whom they cite goes to ``via``."""
    text = reading.text
    if not is_claim(text, start, end):
        return
    words = words_of(text, start, end)
    around = (block.start, block.end)
    for handing in handings_in(reading, (start, end), words, ()):
        if handing.subject is None or handing.content is None or handing.form not in ("after", "before", "according"):
            continue
        cited = reading.speakers.resolve(*handing.subject)
        who = text[slice(*handing.subject)].lower()
        if cited.id in ("author", speaker.id) or re.search(
            r"\b(?:i|we|you|he|she|they|it|who|which|this|that|nobody|no one|everyone|facts?|figures?|experience|it)\b",
            who,
        ):
            continue
        yield from cut_by_manner(
            reading.text,
            Found(
                *handing.content, speaker, form, handing.cue, (cited.id,), True, handing.kind == "doubt", around=around
            ),
        )
        return
    yield from cut_by_manner(reading.text, Found(start, end, speaker, form, around=around))


def _body(reading: Text, block: Block) -> Iterator[Found]:
    text = reading.text
    sentences = list(sentence_spans(text, block.start, block.end))
    if reading.open is not None:
        if _is_still_open(reading, block):
            for start, end in sentences:
                yield from _spoken(reading, start, end, reading.open, "direct_quote", block)
            return
        reading.open = None
    quotes = [q for q in reading.quotes if block.start <= q.start < block.end and is_speech(text, q, block)]
    parts = [Sentence.of(reading, start, end, quotes) for start, end in sentences]
    give_quotes(reading, quotes, parts, block)
    lost: Speaker | None = None
    for part in parts:
        if lost is not None and not part.quotes and not any(h.subject for h in part.handings):
            yield from _spoken(reading, part.start, part.end, lost, "direct_quote", block)
            continue
        yield from _of_sentence(reading, part, block)
        colon = [h for h in part.handings if h.subject and h.content and text[: h.content[0]].rstrip().endswith(":")]
        lost = part.speaker if colon and not part.quotes else None
    if re.search(r":\W*$", text[block.start : block.end]) and parts:
        ending = [h for h in parts[-1].handings if h.subject] or None
        speaker = parts[-1].speaker or (_only_person(reading, parts[-1]) if not ending else None)
        reading.open = speaker
    elif lost is not None and not any(is_speech(text, q, block) for q in reading.quotes):
        reading.open = lost
    elif quotes and not quotes[-1].is_closed:
        reading.goes_on = parts[-1].said.get(quotes[-1].start) if parts else None


def _only_person(reading: Text, part: Sentence) -> Speaker | None:
    person = reading.people.named(reading.text[part.start : part.end])
    return of_person(person) if person else None


def _is_still_open(reading: Text, block: Block) -> bool:
    """A passage goes on until its speaker is named in the third person, or marks take over."""
    assert reading.open is not None
    text = reading.text[block.start : block.end]
    if text[:1] in '“"«„':
        return False
    surname = reading.open.name.split()[-1]
    return not re.search(rf"\b{re.escape(surname)}\b", text)


def _of_sentence(reading: Text, part: Sentence, block: Block) -> Iterator[Found]:
    text, around = reading.text, (block.start, block.end)
    for quote in part.quotes:
        if any(_is_part_of(quote, h.content) for h in part.handings if h.content):
            continue
        start, end = max(part.start, quote.inner_start), min(part.end, quote.inner_end)
        if start < end and is_claim(text, start, end):
            speaker = part.said.get(quote.start, AUTHOR)
            cue = next((h.cue for h in part.handings), "")
            for found in _spoken(reading, start, end, speaker, "direct_quote", block):
                yield replace(found, cue=found.cue or cue)
    if part.is_within is not None:
        return
    relayed = [h for h in part.handings if h.content is not None]
    if not relayed and not part.quotes and is_claim(text, part.start, part.end):
        yield from _narrated(reading, part, block)
        return
    for handing in relayed:
        speaker = who_hands(reading, handing, part) or reading.author
        assert handing.content is not None
        if not is_claim(text, *handing.content) and len(text[slice(*handing.content)].split()) < 4:
            continue
        if is_question_text(text[slice(*handing.content)]):
            continue
        via = tuple(reading.speakers.resolve(*span).id for span in attribution.citing(text, part.start, part.end))
        stop = next(
            (h.place for h in relayed if h.place > handing.place and handing.content[0] < h.place < handing.content[1]),
            None,
        )
        span = (handing.content[0], _back_to_comma(text, handing.content[0], stop)) if stop else handing.content
        if handing.form == "before" and is_anonymous(speaker):
            # The outlet says it, on the word of somebody who cannot be asked.
            via, speaker = (*via, speaker.id), reading.author
        is_own = speaker.id in ("author", reading.author.id) and handing.form != "according"
        yield from cut_by_manner(
            reading.text,
            Found(
                *span,
                speaker,
                "narration" if is_own else "indirect",
                handing.cue,
                via,
                not is_own,
                handing.kind == "doubt",
                around=around,
                context="I think" if handing.kind == "believe" else "",
            ),
        )


def _is_part_of(quote: Quote, content: Span) -> bool:
    """Some quoted words inside what is relayed; a quotation that is most of it stands by itself."""
    size = quote.inner_end - quote.inner_start
    return content[0] <= quote.start and quote.end <= content[1] + 2 and size * 3 < (content[1] - content[0]) * 2


def _back_to_comma(text: str, start: int, stop: int) -> int:
    match = re.search(r"[,;]?\s*(?:and|but|while)?[^,;]*$", text[start:stop])
    return start + match.start() if match and match.start() > 3 else stop


def _narrated(reading: Text, part: Sentence, block: Block) -> Iterator[Found]:
    """The author's own words; first person in a text that is no column goes to whoever spoke last."""
    text = reading.text
    speaker, form = reading.author, "narration"
    if (
        _FIRST.search(text, part.start, part.end)
        and reading.layout not in ("column", "press_release", "statement")
        and reading.author.id == "author"
        and not _is_told_by_me(reading)
        and reading.speakers.recent
    ):
        last, place = reading.speakers.recent[-1]
        if part.start - place < 1500:
            speaker, form = replace(last, status="ambiguous", alternatives=("author",)), "direct_quote"
    yield from cut_by_manner(reading.text, Found(part.start, part.end, speaker, form, around=(block.start, block.end)))


_FIRST = re.compile(r"(?<![\w’'])(?:I|my|we|our|us)(?![\w])")


def _is_told_by_me(reading: Text) -> bool:
    """The author speaks of themselves throughout: in many paragraphs, outside quotation marks."""
    body = [b for b in reading.blocks if b.kind == "body"]
    own = [
        b for b in body if any(_is_outside(reading, m.start()) for m in _FIRST.finditer(reading.text, b.start, b.end))
    ]
    return len(own) * 3 > len(body)


def _is_outside(reading: Text, place: int) -> bool:
    return not any(q.holds(place) for q in reading.quotes)
