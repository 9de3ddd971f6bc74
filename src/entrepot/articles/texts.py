"""What the reading of one text holds on its way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from entrepot.articles.layout import Block
from entrepot.articles.model import Speaker
from entrepot.articles.people import People
from entrepot.articles.quotes import Quote
from entrepot.articles.speakers import AUTHOR, Speakers


@dataclass(slots=True)
class Text:
    """One text with what its reading needs.

    Attributes:
        author: who narrates; interviewee: who answers.
        open: the speaker of a passage that goes on without marks, and since which place.
    """

    text: str
    blocks: Sequence[Block]
    layout: str
    people: People
    speakers: Speakers
    author: Speaker = AUTHOR
    interviewee: Speaker | None = None
    quotes: list[Quote] = field(default_factory=list)
    open: Speaker | None = None
    goes_on: Speaker | None = None
    parses: Mapping[tuple[int, int], Any] = field(default_factory=dict)
