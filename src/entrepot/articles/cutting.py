"""A stretch that asserts, and where it is cut: clauses of their own hedge or negation, without joints at the edges."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from entrepot.articles.clauses import cuts
from entrepot.articles.hedges import front_of, hedge_of, is_negated
from entrepot.articles.model import Speaker
from entrepot.articles.sentences import words_of

Span = tuple[int, int]


@dataclass(slots=True)
class Found:
    """A stretch that asserts, before its topic and entities are looked up."""

    start: int
    end: int
    speaker: Speaker
    form: str
    cue: str = ""
    via: tuple[str, ...] = ()
    is_relayed: bool = False
    is_denied: bool = False
    context: str = ""
    around: Span = (0, 0)


def cut_by_manner(text: str, found: Found) -> Iterator[Found]:
    """Cut a stretch into clauses where their hedge or negation differ."""
    words = words_of(text, found.start, found.end)
    edges = [found.start, *(words[n].start for n in cuts(words)), found.end]
    pieces = list(pairwise(edges))
    merged: list[Span] = []
    for piece in pieces:
        if merged and (
            _manner(text, merged[-1], found) == _manner(text, piece, found) or len(text[slice(*piece)].split()) < 4
        ):
            merged[-1] = (merged[-1][0], piece[1])
        else:
            merged.append(piece)
    for start, end in merged:
        lead = front_of(text[start:end])
        context = f"{found.context} {text[start : start + lead]}"
        span = trimmed(text, start + lead, end)
        if span[1] - span[0] > 5:
            yield replace(found, start=span[0], end=span[1], context=context)


def _manner(text: str, span: Span, found: Found) -> tuple[str, bool]:
    piece = text[slice(*span)]
    return hedge_of(piece, is_relayed=found.is_relayed), is_negated(piece)


_JOINT = re.compile(
    r"(?:(?:and|but|yet(?! to| another)|so(?! far| that| much| many| long|-)|that|while|whereas|or|because"
    r"|и|но|а|однако)\s+)+(?=\S)|[\s,;:—–\-*_“”\"«»„]+",
    re.I,
)


def trimmed(text: str, start: int, end: int) -> Span:
    """Without joints and marks at the front and punctuation at the end."""
    while (match := _JOINT.match(text, start, end)) and match.end() > start:
        start = match.end()
    while end > start and (text[end - 1] in '.,;:!—–-*_… \n\t“”"«»„' or text[end - 1].isspace()):
        end -= 1
    end = (
        re.compile(r"(?:,|;|\s[—–-])?\s*(?:and|but|yet|while|whereas|although|though|because|so|or|и|но|а)$")
        .sub("", text[start:end])
        .__len__()
        + start
    )
    if text[start:end].count("(") < text[start:end].count(")") and text[end - 1] == ")":
        end -= 1
    return start, end
