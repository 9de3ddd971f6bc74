"""How sure a clause is as worded, and whether it denies."""

from __future__ import annotations

import re

from entrepot.articles.lexicon import hedge_patterns

LEVELS = ("certain", "probable", "possible", "alleged")
_NOT_HERE = re.compile(
    (
        r"\b(?:not only|no doubt|without (?:a )?doubt|no wonder|nothing (?:but|new)|no sooner|last but not "
        r"least|not to mention|no one doubts|no less|not just)\b"
    ),
    re.I,
)
_FRONT = re.compile(
    r"(?:(?:and|but|so|well|yes|no|now|look|frankly|of course|honestly),?\s+)*"
    r"(?:(?:personally,?\s+)?(?:I|we) (?:(?:do |also |still |would |really )?(?:think|believe|suppose"
    r"|guess|suspect|assume|reckon|expect|am (?:sure|convinced|certain)|would say|know|repeat|can (?:say"
    r"|tell you)|understand))(?:\s+that)?"
    r"|it (?:is|'s) (?:clear|obvious|true|evident|known) that|the (?:fact|truth|point) is(?: that)?|let "
    r"me (?:stress|add|say) that)\s+",
    re.I,
)


def hedge_of(clause: str, *, is_relayed: bool = False, context: str = "") -> str:
    """Return certain, probable, possible or alleged: the weakest wording in the clause.

    Args:
        is_relayed: somebody else's words without quotation marks, so that without a hedge of its own it is alleged.
        context: words before the clause that govern it, such as ``I think that``.
    """
    text = f"{context} {clause}"
    patterns = hedge_patterns()
    for level in ("alleged", "possible", "probable"):
        if patterns[level].search(text):
            return level
    return "alleged" if is_relayed else "certain"


def is_negated(clause: str) -> bool:
    """Return whether the clause denies something."""
    text = _NOT_HERE.sub(" ", clause)
    if re.search(r"\bunlikely\b", text, re.I):
        return True
    return bool(re.search(r"\w(?:n't|n’t)\b", text) or hedge_patterns()["negation"].search(text))


def front_of(clause: str) -> int:
    """Return how many characters at the front only frame the clause: ``I think that``."""
    match = _FRONT.match(clause)
    return match.end() if match and len(clause[match.end() :].split()) >= 3 else 0
