"""The brief of an article: its text with the claims marked in place, who says each, and what the data say of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from entrepot.articles import Claim, Reading
from entrepot.report.writing import template, write_whole

_N_COLOURS = 8


@dataclass(frozen=True)
class Piece:
    """A stretch of the text; ``claim`` is None between claims.

    Attributes:
        number: of the claim, as in the margin.
        colour: which of the speakers' colours.
    """

    text: str
    claim: Claim | None = None
    number: int = 0
    colour: int = 0


def write_brief(readings: Sequence[Reading], path: Path) -> int:
    """Write the brief of articles as one HTML page without scripts; return how many claims it marks.

    Raises:
        SourceError: the file cannot be written.
    """
    told = [(reading, _speakers(reading), list(_pieces(reading))) for reading in readings]
    write_whole(template("brief.html.j2").render(told=told), path)
    return sum(len(reading.claims) for reading in readings)


def _speakers(reading: Reading) -> list[tuple[str, str, str, int]]:
    """Speakers in order of appearance: id, name, role, colour."""
    first = {claim.speaker: claim for claim in reversed(reading.claims)}
    order = dict.fromkeys(claim.speaker for claim in reading.claims)
    return [(who, first[who].speaker_name, first[who].speaker_role, n % _N_COLOURS) for n, who in enumerate(order)]


def _pieces(reading: Reading) -> Iterator[Piece]:
    colours = {who: colour for who, _, _, colour in _speakers(reading)}
    at = number = 0
    for claim in reading.claims:
        if claim.start < at:
            continue
        number += 1
        yield Piece(reading.text[at : claim.start])
        yield Piece(claim.quote, claim, number, colours[claim.speaker])
        at = claim.end
    yield Piece(reading.text[at:])
