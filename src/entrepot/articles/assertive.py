"""Whether a sentence asserts something that can be held against anybody."""

from __future__ import annotations

import re

from entrepot.articles import lexicon
from entrepot.articles.clauses import has_clause
from entrepot.articles.russian import is_claim as is_russian_claim
from entrepot.articles.russian_words import is_russian
from entrepot.articles.sentences import words_of

_REQUEST = re.compile(
    (
        r"(?:let (?:us|me|'s)|let’s|look (?:at|how)|imagine|consider|note that|remember|see|read|subscribe|do "
        r"not|don['’]t|please|listen|take (?:the|a|for)|think (?:of|about)|suppose|thank|thanks|dear|hello"
        r"|good (?:morning|afternoon|evening)|welcome|stay tuned|why|how|what|who|where|when (?:will|do)|ask"
        r"|judge for yourself|i wish|if only)\b"
    ),
    re.I,
)
_EMPTY = re.compile(
    r"(?:did|does|do|has|have|had|could|was|were) (?:not|n['’]t)(?: immediately)? (?:respond|reply|answer"
    r"|comment|be reached|available|returned?|immediately available|responded|replied|commented)"
    r"|declined (?:to (?:comment|say|answer|elaborate|give)|an interview|comment)|could not be (?:reached"
    r"|independently verified|verified)|refused to comment|unavailable for comment"
    r"|request(?:s)? for comment|spoke on (?:the )?condition of anonymity|asked not to be (?:named"
    r"|identified)|(?:we|i) (?:talked|spoke) (?:to|with)|we asked|agreed to (?:answer|talk)|in an "
    r"interview with|the conversation (?:was|has)|not authori[sz]ed to speak"
    r"|the text follows|we publish|what follows is|below is|read more|as usual|thank you|answers? (?:our"
    r"|the|my) questions",
    re.I,
)
_REACTION = re.compile(
    (
        r"(?:i (?:doubt it|agree|disagree|do ?n['’]?o?t (?:know|think so|agree|believe (?:it|that))|think so"
        r"|hope so|am not sure|see|understand|remember|repeat)|you are right|that['’]s (?:right|true|it|all)"
        r"|that is (?:right|true|so|all|not (?:true|so))|it is true|this is true|of course|exactly|absolutely"
        r"|yes|no|certainly|it depends|hard to say|it is hard to say|we (?:will|shall|['’]ll) see|time will "
        r"tell|why not|who knows|i (?:would|will) not (?:comment|speculate|say)|there you (?:go|are)|that was "
        r"(?:all|it)|i would put it differently|good question)\b[\s,]*(?:\w+\s*){0,4}"
    ),
    re.I,
)
_HEARSAY = re.compile(
    (
        r"(?:some (?:say|people|experts|claim|argue|believe)|many (?:say|people|believe|claim)|they say|it is "
        r"said|people say|you (?:said|say|mentioned|wrote|have (?:said|written))|critics (?:say|argue)"
        r"|rumou?r)\b"
    ),
    re.I,
)


def is_claim(text: str, start: int, end: int) -> bool:
    """Return whether a stretch asserts: no question, request, greeting, bare reaction or refusal to comment."""
    if is_russian(text, start, end):
        return is_russian_claim(text, start, end)
    piece = text[start:end].strip(" \n\"“”«»'’*_—–-")
    words = words_of(text, start, end)
    real = [word for word in words if word.text[0].isalnum()]
    if len(real) < 3 or piece.rstrip(")").endswith("?") or text[end : end + 1] == "?":
        return False
    if _REQUEST.match(piece) or _EMPTY.search(piece) or (len(real) <= 8 and _REACTION.fullmatch(piece.rstrip(".! "))):
        return False
    if real[0].low in lexicon.base_forms() and real[0].low not in _NOUN_FIRST and not has_clause(real[1:8]):
        return False
    return has_clause(words) or _is_unknown_verb(piece)


_NOUN_FIRST = frozenset(
    "trade exports exchange transfer transit export import supply demand control work change use travel".split()
)


def _is_unknown_verb(piece: str) -> bool:
    """A predicate that no list holds: a long sentence with a word in -ed or -s after a noun."""
    return len(piece.split()) >= 6 and bool(
        re.search(r"\w+\s\w+(?:ed|es|s)\s(?:the|a|an|to|in|on|by|with|from|more|less|out|up|down|its|their)\b", piece)
    )


def is_hearsay(text: str) -> bool:
    """Return whether a question's sentence only repeats what others say."""
    return bool(_HEARSAY.match(text.strip(' "“*_—–-')))
