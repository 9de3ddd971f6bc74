"""Russian by rules: what asserts, who is handed which words, names in their basic form, speech marked by dashes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from entrepot.articles.attribution import Handing
from entrepot.articles.lexicon import read_yaml
from entrepot.articles.quotes import Quote
from entrepot.articles.russian_words import has_predicate

Span = tuple[int, int]
_NAME = re.compile(r"[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?(?: [А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?){1,2}")
_EMPTY = re.compile(
    r"\b(?:ответил[аи]? на (?:\w+ )?вопрос|отказал\w* от комментар|не ответил|от комментариев|беседовал|публикуем|"
    r"читайте|подписывайтесь|смотрите|представьте|давайте|спасибо|здравствуйте|добрый день)",
    re.I,
)
_AFTER_CUE = re.compile(r"[^.!?«»\n]{0,90}?(?:,\s(?:что|будто)\s|:\s)")
_SUBJECT_END = re.compile(r"[,.;:«»—–\n]|\s(?:на|в|во|после|журналистам|агентству|изданию|по|о|об|со|для)\s")


@cache
def _lists() -> dict[str, Any]:
    found: dict[str, Any] = read_yaml("cues_ru")
    return found


@cache
def _cue() -> re.Pattern[str]:
    past = "|".join(re.escape(word) for word in _lists()["past"].split())
    present = "|".join(re.escape(word) for word in sorted(_lists()["present"].split(), key=len, reverse=True))
    return re.compile(rf"\b(?P<cue>(?:{past})(?:а|и|о)?|{present})\b", re.I)


@cache
def _according() -> re.Pattern[str]:
    given = "|".join(word.replace("-", r"\s") for word in _lists()["according"].split())
    own = r"по\s(?P<who2>его|её|ее|их)\s(?:словам|мнению|данным|оценке|утверждению|информации)"
    return re.compile(rf"\b{own}|\b(?P<cue>{given})\s(?P<who>[^,;—:]{{2,90}}?)(?=,\s|\.$|$|\)|\s—\s)", re.I)


_AS = re.compile(r"\bкак\s(?P<cue>\w+)\s(?:(?P<who>[^,;—]{2,90}?)(?=,|\.|$)|(?P<who2>$))", re.I)


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(_lists()[name].split())


def is_claim(text: str, start: int, end: int) -> bool:
    """Return whether a stretch asserts: no question, request, greeting or refusal to comment."""
    piece = text[start:end].strip(" \n\"“”«»'*_—–-")
    words = re.findall(r"\w+", piece)
    if len(words) < 3 or piece.endswith("?") or text[end : end + 1] == "?" or _EMPTY.search(piece):
        return False
    return has_predicate(text, start, end)


def handings_of(text: str, span: Span, quotes: Sequence[Quote]) -> list[Handing]:
    """Return what a sentence hands to speakers: before, after and beside its cues, and by ``по словам``."""
    start, end = span
    inside = [q for q in quotes if q.start < end and q.end > start]
    free = [(m.start(), m) for m in _cue().finditer(text, start, end) if not any(q.holds(m.start()) for q in inside)]
    if match := _given(text, start, end, inside):
        return [_named(text, span, match, "according")]
    if (match := _AS.search(text, start, end)) and _cue().fullmatch(match["cue"]):
        return [_named(text, span, match, "according")]
    found: list[Handing] = []
    for _, match in free:
        if re.search(r"\bне\s$", text[start : match.start()]):
            continue
        handing = _after(text, span, match) or _before(text, span, match, inside) or _beside(text, span, match, inside)
        if handing and not any(h.content and h.content[0] <= handing.place < h.content[1] for h in found):
            found.append(handing)
    return found


def _given(text: str, start: int, end: int, inside: Sequence[Quote]) -> re.Match[str] | None:
    return next(
        (m for m in _according().finditer(text, start, end) if not any(q.holds(m.start()) for q in inside)), None
    )


def _named(text: str, span: Span, match: re.Match[str], form: str) -> Handing:
    """``По словам X, CONTENT`` and ``CONTENT, по словам X``."""
    after = match.end()
    while after < span[1] and not text[after].isalnum() and text[after] not in "«“„":
        after += 1
    is_first = len(text[span[0] : match.start()].split()) <= 2
    content = (after, span[1]) if is_first else span
    who = match.span("who") if match["who"] else match.span("who2")
    cue = (match["cue"] or match.group()).lower()
    return Handing(who, cue, cue, "plain", content, form, match.start())


def _kind(cue: str) -> str:
    low = cue.lower()
    stem = re.sub(r"(?<=л)[аио]$", "", low)
    return next((kind for kind in ("doubt", "believe") if low in _words(kind) or stem in _words(kind)), "plain")


def _after(text: str, span: Span, match: re.Match[str]) -> Handing | None:
    """``X сообщил, что CONTENT`` and ``сообщил X, что CONTENT``; ``В ведомстве подчеркнули, что``."""
    link = _AFTER_CUE.match(text, match.end(), span[1])
    if link is None or link.end() >= span[1] or text[link.end()] in '«“"':
        return None
    before = re.split(r"[,;—–]\s|\s(?:и|а|но)\s", text[span[0] : match.start()])[-1].strip()
    if before:
        at = text.rindex(before, span[0], match.start())
        who = (at, at + len(before))
    else:
        stop = _SUBJECT_END.search(text, match.end() + 1, link.end())
        who = (match.end(), stop.start() if stop else link.end())
    return Handing(
        who, match["cue"], match["cue"].lower(), _kind(match["cue"]), (link.end(), span[1]), "after", match.start()
    )


def _before(text: str, span: Span, match: re.Match[str], inside: Sequence[Quote]) -> Handing | None:
    """``CONTENT, сообщил X``."""
    head = text[span[0] : match.start()]
    comma = re.search(r",\s*(?:[—–]\s*)?$", head)
    if comma is None or any(q.start < match.start() for q in inside):
        return None
    content = (span[0], span[0] + comma.start())
    if not has_predicate(text, *content):
        return None
    return Handing(
        _who_after(text, match.end(), span[1]),
        match["cue"],
        match["cue"].lower(),
        _kind(match["cue"]),
        content,
        "before",
        match.start(),
    )


def _beside(text: str, span: Span, match: re.Match[str], inside: Sequence[Quote]) -> Handing | None:
    if not inside:
        return None
    head = text[span[0] : match.start()].rstrip(" —–,-")
    is_first = not head or any(q.end >= span[0] + len(head) for q in inside if q.start < match.start())
    if is_first:
        who = _who_after(text, match.end(), span[1])
    else:
        before = re.split(r"[,;—–»]\s", head)[-1].strip(" —–")
        at = text.rindex(before, span[0], match.start())
        who = (at, at + len(before))
    return Handing(who, match["cue"], match["cue"].lower(), _kind(match["cue"]), None, "quote", match.start())


def _who_after(text: str, start: int, end: int) -> Span:
    stop = _SUBJECT_END.search(text, start + 1, end)
    return start, stop.start() if stop else end


def speech_by_dashes(text: str, start: int, end: int) -> list[Quote]:
    """Return what is spoken in ``— A, — сказал X. — B`` as quotations; empty where a paragraph is not of that form."""
    first = re.compile(r"[—–-]\s+").match(text, start, end)
    if first is None:
        return []
    return list(_between_asides(text, first.end(), end, start))


def split_by_asides(text: str, quote: Quote) -> list[Quote]:
    """Return ``«A, — сказал X. — B»`` as two quotations, with the words of the narrator outside."""
    parts = list(_between_asides(text, quote.inner_start, quote.inner_end, quote.start))
    return parts if len(parts) > 1 else [quote]


def _between_asides(text: str, start: int, end: int, outer: int) -> Iterator[Quote]:
    at, opened, is_split = start, outer, False
    for match in re.compile(r"[,!?…]\s[—–]\s(?P<aside>[^—–«»]{3,110}?)(?:[.,]\s[—–]\s|[.]?$)", re.M).finditer(
        text, start, end
    ):
        if not _cue().match(match["aside"]):
            continue
        is_split = True
        yield Quote(opened, match.start(), at, match.start())
        at = opened = match.end()
    if is_split and at < end and text[at:end].strip():
        yield Quote(opened, end, at, end)


def names_in(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield names of persons in their basic form, with where they stand."""
    for match in _NAME.finditer(text):
        parts, start = match.group().split(), match.start()
        if len(parts) == 3 and not re.search(r"(?:вич|вна|ич)\w{0,3}$", parts[1]):
            start += len(parts[0]) + 1
            parts = parts[1:]
        if _is_office(parts[0]) or _is_no_person(parts):
            continue
        yield basic_form(" ".join(parts), text[:start]), start, match.end()


def _is_office(word: str) -> bool:
    low = word.lower()
    return any(low == role or (len(role) > 4 and low.startswith(role[:-1])) for role in _words("roles"))


def _is_no_person(parts: Sequence[str]) -> bool:
    from entrepot.articles.lexicon import places_in

    name = " ".join(parts)
    return bool(
        next(iter(places_in(name, 0, len(name))), None)
        or re.search(
            r"(?i)\b(?:министер|банк|комитет|агентств|республик|федерац|союз|парламент|совет|служб|фонд|институт|"
            r"университет|верхн|нижн|север|южн|восточн|западн|центральн|государств|сергиев|кабинет|дом\b|кенеш)",
            name,
        )
        or parts[0].lower()
        in ("по", "в", "на", "как", "но", "это", "если", "однако", "автор", "фото", "за", "об", "при")
    )


def basic_form(name: str, before: str = "") -> str:
    """Return a name in the nominative, by the word before it and by its endings."""
    first, *rest = name.split()
    low = before[-60:].lower()
    last_word = (re.findall(r"[\w-]+", low) or [""])[-1]
    is_genitive = bool(
        re.search(
            r"(?:словам|мнению|данным|информации|утверждению|оценке|заявлению|у|от|для|из|против)\s(?:[\w-]+\s){0,4}$",
            low,
        )
        or (_is_office(last_word) and last_word.endswith(("а", "я")) and last_word not in _words("roles"))
    )
    if re.search(r"(?:ом|ем|ём)$", first) and any(re.search(r"(?:ым|им|ом|ем)$", r) for r in rest):
        return " ".join([_cut(first, r"(?:ом|ем|ём)$"), *(_cut(r, r"(?:ым|им|ом|ем)$") for r in rest)])
    if any(re.search(r"(?:ой|ей)$", r) for r in rest) and re.search(r"(?:ы|и|ой|ей|е)$", first):
        female = re.sub(r"(?:ы|ой)$", "а", re.sub(r"(?<=и)(?:и|ей|е)$|(?<=[^и])(?:и|ей)$", "я", first))
        return " ".join([female, *(re.sub(r"(?:ой|ей)$", "а", r) for r in rest)])
    if is_genitive and re.search(r"[ыи]$", first):
        return " ".join([re.sub(r"ы$", "а", re.sub(r"(?<=и)и$", "я", first)), *rest])
    if is_genitive and re.search(r"[ая]$", first):
        return " ".join([_cut(first, r"[а]$"), *(re.sub(r"(?<=[овеиын])а$", "", r) for r in rest)])
    return name


def _cut(word: str, ending: str) -> str:
    if word.endswith("ем") or word.endswith("я"):
        return re.sub(r"(?:ем|я)$", "й" if word[-3:-2] in "аеиоуыэюя" else "ь", word)
    return re.sub(ending, "", word)


def is_unnamed(words: str) -> bool:
    """Return whether a source has neither a name nor an office."""
    low = words.lower().split()
    return bool(low) and any(word in _words("anonymous") for word in low) and not re.search(r"\s[А-ЯЁ]", words)


def stem(low: str) -> str:
    """Return a Russian name without its case ending, another as it is."""
    return re.sub(r"(?:ого|ому|ой|ою|ей|ом|ем|ым|им|ых|ая|ую|ий|ый|[аеиоуыэюяйь])$", "", low) if low[:1] >= "а" else low


def role_before(before: str) -> str:
    """Return the office that stands before a name."""
    match = re.search(r"((?:[\w-]+ ){1,7})$", re.split(r"[.,;:()«»\n—]", before)[-1])
    words = match[1].split() if match else []
    first = next((n for n, word in enumerate(words) if _is_office(word)), None)
    return " ".join(words[first:]) if first is not None else ""
