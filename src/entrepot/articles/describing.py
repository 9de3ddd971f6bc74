"""Found stretches as claims: topic, entities, quantities, dates and hedge of each."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from entrepot.articles.cutting import Found
from entrepot.articles.entities import mentions_of
from entrepot.articles.hedges import hedge_of, is_negated
from entrepot.articles.layout import Block
from entrepot.articles.model import Claim
from entrepot.articles.parsing import extractor
from entrepot.articles.quantities import date_of, quantities_of
from entrepot.articles.texts import Text
from entrepot.articles.topics import evidence, topic_of

# How much the words around a claim count for its topic beside its own: paragraph, headline, question, whole text.
BLOCK, HEAD, ASKED, DOC = 0.2, 0.7, 0.6, 1.5
# What a topic gains where the claim before has it, in the same paragraph and in another: texts stay with a topic.
SAME, NEXT = 1.0, 0.5


def described(reading: Text, found: Sequence[Found], *, article: str) -> list[Claim]:
    """Return found stretches as claims with topic, entities, quantities and dates."""
    weighed = evidence(reading.text[:60000])
    most = max((score for _, score in weighed), default=1.0)
    document = [(topic, DOC * score / most) for topic, score in weighed]
    headline = next((reading.text[b.start : b.end] for b in reading.blocks if b.kind == "headline"), "")
    questions = [b for b in reading.blocks if b.kind == "question"]
    claims: list[Claim] = []
    last: Found | None = None
    for item in found:
        before = []
        if last is not None and claims[-1].topic:
            before = [(claims[-1].topic, SAME if last.around == item.around else NEXT)]
        claims.append(_claim(reading, item, headline, questions, [*document, *before], article))
        last = item
    return claims


def _claim(
    reading: Text,
    item: Found,
    headline: str,
    questions: Sequence[Block],
    document: list[tuple[str, float]],
    article: str,
) -> Claim:
    text = reading.text
    quote = text[item.start : item.end]
    around = [(text[slice(*item.around)], BLOCK), (headline, HEAD)]
    if item.form == "interview_answer":
        asked = [b for b in questions if b.end <= item.start]
        around += [(text[asked[-1].start : asked[-1].end], ASKED)] if asked else []
    topic, more = topic_of(quote, around, document)
    mentions = tuple(mentions_of(text, item.start, item.end, reading.people, reading.speakers.bodies))
    key = f"{article}\0{item.start}\0{item.end}\0{item.speaker.id}"
    return Claim(
        id=f"claim-{hashlib.sha256(key.encode()).hexdigest()[:16]}",
        quote=quote,
        start=item.start,
        end=item.end,
        speaker=item.speaker.id,
        speaker_name=item.speaker.name,
        speaker_role=item.speaker.role,
        speaker_status=item.speaker.status,
        speaker_alternatives=item.speaker.alternatives,
        via=item.via,
        cue=item.cue,
        speech_form=item.form,
        is_negated=is_negated(quote) != item.is_denied,
        quantities=tuple(quantities_of(text, item.start, item.end)),
        hedge=hedge_of(quote, is_relayed=item.is_relayed, context=item.context),
        topic=topic,
        topics_secondary=more,
        entities=tuple(dict.fromkeys(m["id"] for m in mentions)),
        date=date_of(text, item.start, item.end),
        mentions=mentions,
        article=article,
        extractor=extractor(is_parsed=bool(reading.parses)),
    )
