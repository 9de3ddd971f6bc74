"""Paragraphs and what each is: headline, byline, question, answer, boilerplate, body."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

# What lies beyond is not read, and the provenance says so: no article is so long.
MOST_CHARACTERS, MOST_OF_PARAGRAPH = 150_000, 12_000
_QUESTION_LABELS = frozenset(
    "q question interviewer host moderator correspondent journalist reporter editor anchor presenter вопрос"
    " корреспондент ведущий журналист".split()
)
_ANSWER_LABELS = frozenset("a answer interviewee guest ответ".split())
_META_LABELS = frozenset(
    "title headline date published updated source url link address author by topic topics tags tag language location"
    " photo image video caption subject contact note outlet byline section keywords place translation translated from"
    " disclaimer read also posted originally".split()
)
_LABEL = re.compile(
    r"(?:[*_#>\s]*)(?P<label>[^\W\d_][\w.'’\- ]{0,48}?)(?:\s*\((?P<note>[^()\n]{1,60})\)|,\s(?P<role>[^:\n*]{3,90}?))?"
    r"\s?(?:[*_]{1,3}\s?[:.]|[:]\s?[*_]{0,3}|\.(?<=Q\.|A\.))\s+"
)
_BOILER = re.compile(
    r"[\W_]*(?:пресс-релиз\W*$|фото\b|читайте также|источник:"
    r"|read (?:also|more|next|on)|see also|photo\b|image\b|pictured|subscribe|follow us|share "
    r"(?:this|on)|advertis|copyright"
    r"|©|all rights reserved|the views expressed|views expressed|opinions expressed|the opinions? (?:of"
    r"|in)|editor['’]?s['’]? note|disclaimer"
    r"|\(?(?:additional )?(?:reporting|writing|editing|translated|translation|compiled|interviewed"
    r"|interview(?: was)? conducted|edited|prepared)\b[^.]{0,60}\b(?:by|from|for)\b"
    r"|sign up|click here|related(?: articles?)?:|tags?:|keywords:|for (?:more|further) information"
    r"|(?:media|press) contacts?"
    r"|contact:|notes? to editors|source:|url:|link:|first published|originally (?:published|appeared)"
    r"|this (?:article|text|piece|interview|post|column) (?:was|is|has|first|originally|appeared)"
    r"|this is a (?:machine )?translation|reposted|republished|###|-end-|ends\b\W*$|join our|telegram:"
    r"|e-?mail:|tel\.?:|https?://|www\."
    r"|the author is|about the author|the editors may not|posted by|published (?:on|at|:)|updated (?:on"
    r"|at|:)|date:|title:|author:|by:|outlet:|language:|for immediate release|loading|cookie)",
    re.I,
)
_BYLINE = re.compile(
    r"(?P<kind>(?:opinion|analysis|commentary|column|comment|words|text|story|report(?:ing)?|written|interview)?\s*)"
    r"\bby\s+(?P<name>[^\n.|]{3,80})$|(?:author|автор):\s*(?P<author>[^\n]{3,80})$",
    re.I,
)
_DAY_LINE = re.compile(
    r"[\W_]*(?:(?:published|updated|posted|date)\b[:\s]*(?:on\s)?)?(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s)?"
    r"(?:\d{1,2}(?:st|nd|rd|th)?\s[A-Z][a-z]+,?(?:\s\d{4})?|[A-Z][a-z]+\.?\s\d{1,2}(?:,?\s\d{4})?"
    r"|\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{2,4})"
    r"[^a-z]{0,40}$"
)
_DATELINE = re.compile(
    r"(?:[A-Z][A-Z.'’\- ]{2,30}(?:, [A-Z][\w. ]{2,25}?)?(?:\s?\([^)]{2,40}\))?|[A-Z][a-z]+(?:, "
    r"[A-Z][a-z]+\.? \d{1,2})?\s?\([^)]{2,40}\)|"
    r"[A-Z][\w\-]+, (?:\d{1,2} [A-Z][a-z]+|[A-Z][a-z]+\.? \d{1,2})(?:,? \d{4})?(?:\s?\([^)]{2,40}\))?)"
    r"\s?(?:[–—]|--?)\s+"
)
_INTERVIEW = re.compile(
    (
        r"\b(?:interview|conversation|talks? (?:to|with|about)|spoke (?:to|with)|speaks (?:to|with)|asked"
        r"|questions?|q ?& ?a|answers|tells us|интервью|разговор|бесед\w+|вопрос\w*)\b"
    ),
    re.I,
)


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph.

    Attributes:
        start, end: of what it says, without label, markup and dateline.
        kind: headline, byline, date, subhead, boilerplate, body, question or answer.
        label: who is named before a colon, as written.
        role: what stands beside the name in the label.
        whole: start of the paragraph with its label.
    """

    start: int
    end: int
    kind: str
    label: str = ""
    role: str = ""
    whole: int = -1


def paragraphs_of(text: str) -> list[tuple[int, int]]:
    """Return paragraphs as spans: parted by empty lines, or by line ends where lines are not merely wrapped."""
    end = min(len(text), MOST_CHARACTERS)
    edges = [0, *(m.end() for m in re.compile(r"\n[ \t]*\n\s*").finditer(text, 0, end)), end]
    edges = [edge for a, b in pairwise(edges) for edge in _within(text, a, b)] + edges[-1:]
    pieces = [
        (a + len(text[a:b]) - len(text[a:b].lstrip()), a + len(text[a:b].rstrip()))
        for a, b in pairwise(edges)
        if text[a:b].strip()
    ]
    found: list[tuple[int, int]] = []
    for start, end in pieces:
        found += _lines(text, start, end)
    return found


def _within(text: str, start: int, end: int) -> Iterator[int]:
    """Yield where a stretch begins and where it is cut because it is longer than any paragraph."""
    while end - start > MOST_OF_PARAGRAPH:
        yield start
        cut = text.rfind(" ", start + 1, start + MOST_OF_PARAGRAPH)
        start = cut if cut > start else start + MOST_OF_PARAGRAPH
    yield start


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    spans = [(m.start(), m.end()) for m in re.compile(r"\S(?:.*\S)?").finditer(text, start, end)]
    if len(spans) > 1 and _is_wrapped(text, spans):
        yield start, end
    else:
        yield from spans


def _is_wrapped(text: str, spans: Sequence[tuple[int, int]]) -> bool:
    inner = [text[a:b] for a, b in spans[:-1]]
    if any(_LABEL.match(text[a:b]) and not text[a:b].lower().startswith("http") for a, b in spans[1:]):
        return False
    if any(re.match(r"[-*•–—]\s|\d+[.)]\s|#", text[a:b]) for a, b in spans):
        return False
    unfinished = sum(not re.search(r"[.!?:;…][\"”’»)*_]*$", line) for line in inner)
    return unfinished * 2 >= len(inner) and max(map(len, inner)) <= 120 and sum(map(len, inner)) / len(inner) >= 45


def blocks_of(text: str) -> tuple[list[Block], str]:
    """Return the paragraphs of a text with what each is, and the layout of the whole."""
    spans = paragraphs_of(text)
    labels = _labels(text, spans)
    blocks = [_plain(text, start, end, n, labels) for n, (start, end) in enumerate(spans)]
    blocks = _with_headline(text, blocks)
    layout = _layout(text, blocks)
    if layout in ("interview", "transcript"):
        blocks = list(_turns(text, blocks, layout))
    return blocks, layout


def _labels(text: str, spans: Sequence[tuple[int, int]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for start, end in spans:
        if (match := _LABEL.match(text, start, end)) and _is_name(match["label"]):
            found[match["label"].strip()] += 1
    return found


def _is_name(label: str) -> bool:
    words = label.strip().split()
    if label.strip().lower().rstrip(".") in _QUESTION_LABELS | _ANSWER_LABELS:
        return True
    if not words or len(words) > 5 or any(word.lower() in _META_LABELS for word in words):
        return False
    return all(word[0].isupper() or word in ("al", "bin", "de", "van", "der", "von", "and", "of") for word in words)


def _plain(text: str, start: int, end: int, number: int, labels: Counter[str]) -> Block:
    piece = text[start:end]
    if number < 8 and len(piece) < 120 and _BYLINE.search(piece) and not re.search(r"[.!?]$", piece):
        return Block(start, end, "byline", whole=start)
    if len(piece) < 90 and _DAY_LINE.match(piece):
        return Block(start, end, "date", whole=start)
    if (match := _LABEL.match(text, start, end)) and _is_name(match["label"]) and match.end() < end:
        label = match["label"].strip()
        is_known = (
            labels[label] > 1
            or len(label.split()) > 1
            or label.lower().rstrip(".") in _QUESTION_LABELS | _ANSWER_LABELS
        )
        if number and is_known and (match["role"] is None or len(match["role"].split()) < 14):
            role = (match["role"] or match["note"] or "").strip()
            return Block(_unmarked(text, match.end(), end), end, "body", label.rstrip("."), role, start)
    if _BOILER.match(piece):
        return Block(start, end, "boilerplate", whole=start)
    inner = _unmarked(text, start, end)
    if re.match(r"\s*#{1,6}\s", piece):
        return Block(inner, end, "subhead", whole=start)
    if number < 7 and (line := _DATELINE.match(text, inner, end)) and line.end() < end:
        inner = line.end()
    return Block(inner, end, "body", whole=start)


def _unmarked(text: str, start: int, end: int) -> int:
    match = re.compile(r"(?:#{1,6}\s+|>\s*|[-*•–—]\s+|\d{1,2}[.)]\s+|[*_]{1,3}(?=\S))*").match(text, start, end)
    return match.end() if match else start


def _with_headline(text: str, blocks: list[Block]) -> list[Block]:
    for n, block in enumerate(blocks[:5]):
        piece = text[block.start : block.end]
        if block.kind == "boilerplate" and (m := re.match(r"[*_]*(?:title|headline):[*_]*\s*", piece, re.I)):
            blocks[n] = replace(block, kind="headline", start=block.start + m.end())
            break
        if block.kind in ("body", "subhead"):
            if len(piece) <= 220 and (not re.search(r"[.;,]$", piece) or block.kind == "subhead") and len(blocks) > 1:
                if block.label:
                    block = replace(block, start=block.whole)
                blocks[n] = replace(block, kind="headline", label="")
            break
    return [
        replace(block, kind="subhead")
        if block.kind == "body" and not block.label and _is_subhead(text, block, n, len(blocks))
        else block
        for n, block in enumerate(blocks)
    ]


def _is_subhead(text: str, block: Block, number: int, total: int) -> bool:
    piece = text[block.start : block.end].rstrip("*_ ")
    return (
        0 < number < total - 1
        and len(piece.split()) <= 9
        and not re.search(r"[.!?:;,…\"”»]$", piece)
        and piece[:1] not in "“\"«„'‘"
    )


def is_question(text: str, block: Block) -> bool:
    """Return whether a paragraph ends as a question."""
    return text[block.start : block.end].rstrip("*_\"”»' ").endswith("?")


def _layout(text: str, blocks: Sequence[Block]) -> str:
    body = [block for block in blocks if block.kind == "body"]
    labelled = [block for block in body if block.label]
    names = Counter(block.label.lower() for block in labelled)
    head = text[: blocks[min(4, len(blocks) - 1)].end] if blocks else ""
    asked = sum(is_question(text, block) for block in body)
    if set(names) & (_QUESTION_LABELS | _ANSWER_LABELS):
        return "interview"
    if len(labelled) >= 3 and max(names.values()) > 1:
        return "interview" if asked >= 2 or _INTERVIEW.search(head) else "transcript"
    if len(labelled) >= 2:
        return "quotes"
    if (
        asked >= 2
        and asked * 6 >= len(body)
        and (_INTERVIEW.search(head) or asked >= 3)
        and not _is_column(text, blocks)
    ):
        return "interview"
    if _is_column(text, blocks):
        return "column"
    if re.search(
        r"for immediate release|пресс-релиз|^\W*(?:the )?press (?:release|service)[^.\n]{0,80}$"
        r"|(?:media|press) contact",
        text[:1500] + "\n" + text[-500:],
        re.I | re.M,
    ):
        return "press_release"
    if re.match(r".{0,200}\b(?:statement|заявление)\b", head, re.I | re.S):
        return "statement"
    return (
        "wire"
        if any(block.start != block.whole and _DATELINE.match(text[block.whole : block.end]) for block in body[:2])
        else "plain"
    )


def _is_column(text: str, blocks: Sequence[Block]) -> bool:
    return any(
        re.search(
            r"\b(?:opinion|column|commentary|comment|op-ed|viewpoint|blog|колонка|мнение|обозреватель)\b",
            text[b.start : b.end],
            re.I,
        )
        for b in blocks[:5]
        if b.kind in ("byline", "boilerplate", "date", "subhead") or (b.kind == "body" and b.end - b.start < 60)
    )


def _turns(text: str, blocks: Sequence[Block], layout: str) -> Iterator[Block]:
    """Say of each paragraph whether it asks or answers; a turn goes on until the next label or question."""
    has_labels = any(block.label for block in blocks)
    asking = _askers(text, blocks) if has_labels else frozenset()
    turn, label, role = "", "", ""
    for block in blocks:
        if block.kind not in ("body", "subhead") or (block.kind == "subhead" and not is_question(text, block)):
            yield block
            continue
        if block.label:
            turn = "question" if block.label.lower() in asking else "answer"
            label, role = block.label, block.role or (role if block.label == label else "")
        elif not has_labels:
            if is_question(text, block):
                turn = "question"
            elif turn == "question":
                turn = "answer"
        yield replace(block, kind=turn or block.kind, label=label, role=role) if turn else block


def _askers(text: str, blocks: Sequence[Block]) -> frozenset[str]:
    turns = Counter(block.label.lower() for block in blocks if block.label)
    asked = Counter(block.label.lower() for block in blocks if block.label and is_question(text, block))
    found = {name for name in turns if name in _QUESTION_LABELS or asked[name] * 2 > turns[name]}
    return frozenset(found - _ANSWER_LABELS)
