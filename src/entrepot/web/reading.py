"""Reading: a pasted article as its claims, told by the room that reads articles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from entrepot.web.errors import Refused

if TYPE_CHECKING:
    from entrepot.lake import Lake
    from entrepot.ledger import Ledger

LONGEST = 200_000
LANGUAGES = ("", "en", "ru", "kk", "ky", "tr", "de", "fr")


@dataclass(frozen=True)
class Piece:
    """A stretch of an article's text; ``claim`` is the number of the claim it belongs to, from 1, or 0."""

    text: str
    claim: int


def read_pasted(text: str, language: str, *, ledger: Ledger, lake: Lake, as_of: str) -> dict[str, Any]:
    """Return the claims of a text, put to the data, as `entrepot read` writes them, with where the text comes from.

    Args:
        as_of: the day whose knowledge counts.

    Raises:
        Refused: there is no text, too much of it, or a language that there is not.
    """
    if not text.strip() or len(text) > LONGEST:
        raise Refused(422, "no text, or too much of it", f"Send up to {LONGEST:,} characters.")
    if language not in LANGUAGES:
        raise Refused(422, f"language {language[:20]!r} is none", f"Use one of {', '.join(LANGUAGES[1:])}, or none.")
    from entrepot.alerts import put_to_data
    from entrepot.articles import read_text

    (reading,) = put_to_data([read_text(text, language=language or None)], ledger=ledger, lake=lake, as_of=as_of)
    known = {name: {"value": one.value, "basis": one.basis} for name, one in reading.provenance.known.items()}
    claims = [claim.as_dict() for claim in reading.claims]
    return {"text": reading.text, "known": known, "claims": claims, "notes": list(reading.provenance.notes)}


def pieces(text: str, claims: list[Mapping[str, Any]]) -> list[Piece]:
    """Return a text cut where claims begin and end; where two overlap, the first one's marks count."""
    found, at = [], 0
    for number, claim in sorted(enumerate(claims, 1), key=lambda pair: int(pair[1]["start"])):
        start, end = int(claim["start"]), int(claim["end"])
        if start < at:
            continue
        found += [Piece(text[at:start], 0), Piece(text[start:end], number)]
        at = end
    return [piece for piece in [*found, Piece(text[at:], 0)] if piece.text]
