"""Instruments: kinds of acts, the topic that each belongs to, and what others call them."""

from __future__ import annotations

import csv
import difflib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from entrepot.errors import NotFound


@dataclass(frozen=True, slots=True)
class Instrument:
    """A kind of act.

    Attributes:
        instrument: its id.
        topic: the topic it belongs to, one of :func:`topics`.
        title: name for a reader.
        is_binding: somebody has to obey it; a statement, warning or claim binds nobody.
        direction: export, import, transit, payment, service, movement, identity or empty.
        mast: chapter of the MAST classification of non-tariff measures, or empty where none fits.
        gta: intervention type of Global Trade Alert, or empty where none fits.
    """

    instrument: str
    topic: str
    title: str
    is_binding: bool
    direction: str
    mast: str
    gta: str


@cache
def _table() -> dict[str, Instrument]:
    text = files("entrepot.ledger").joinpath("data/instruments.csv").read_text("utf-8")
    return {
        row["instrument"]: Instrument(**{**row, "is_binding": row["is_binding"] == "yes"})  # type: ignore[arg-type]
        for row in csv.DictReader(text.splitlines())
    }


def instruments() -> tuple[Instrument, ...]:
    """Return every kind of act that the ledger knows."""
    return tuple(_table().values())


def get_instrument(instrument: str) -> Instrument:
    """Return a kind of act.

    Raises:
        NotFound: there is none of that id; the nearest are named.
    """
    if instrument not in _table():
        near = difflib.get_close_matches(instrument, _table(), n=3) or sorted(_table())
        raise NotFound(f"no instrument {instrument!r}", where="ledger", remedy=f"Use one of {', '.join(near)}.")
    return _table()[instrument]


def topics() -> tuple[str, ...]:
    """Return the topics, by name."""
    return tuple(sorted({instrument.topic for instrument in instruments()}))


def instruments_of(topic: str) -> frozenset[str]:
    """Return the instruments of a topic.

    Raises:
        NotFound: there is no such topic.
    """
    found = frozenset(item.instrument for item in instruments() if item.topic == topic)
    if not found:
        raise NotFound(f"no topic {topic!r}", where="ledger", remedy=f"Topics: {', '.join(topics())}.")
    return found
