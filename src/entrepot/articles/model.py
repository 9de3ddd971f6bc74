"""What reading an article gives: where the text comes from, and the claims in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

# A change of rules that changes claims changes this.
EXTRACTOR = "entrepot-articles-2"


@dataclass(frozen=True, slots=True)
class Stated:
    """One thing known of a text.

    Attributes:
        value: as the text or the file says it, or as it was inferred.
        basis: ``stated`` or ``inferred``; the two are never mixed.
        reason: where it stands, or why it is inferred.
    """

    value: str
    basis: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a text comes from.

    Attributes:
        file: name of the file, without its folder.
        sha256: of the bytes read.
        text_sha256: of the text that spans point into, as UTF-8.
        encoding: of the bytes; what could not be decoded is counted in ``notes``.
        layout: interview, wire, column, press_release, statement, transcript, quotes or plain.
        known: title, author, commentator, outlet, date, address, disclaimer, language, translation, repost,
            each stated or inferred; what is not known is not there.
        notes: what could not be read, one sentence each.
    """

    file: str
    sha256: str
    text_sha256: str
    encoding: str
    layout: str
    known: Mapping[str, Stated]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who says something.

    Attributes:
        id: ``per:`` or ``org:`` with a slug, or ``author``.
        name: as the text calls it, at its fullest.
        role: office or trade, empty where the text gives none.
        status: sure or ambiguous.
        alternatives: ids of who else it may be.
    """

    id: str
    name: str
    role: str = ""
    status: str = "sure"
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """One assertion with its speaker, its hedge, its negation and its date; fields as in docs/reference.md."""

    id: str
    quote: str
    start: int
    end: int
    speaker: str
    speaker_name: str
    speaker_role: str
    speaker_status: str
    speaker_alternatives: tuple[str, ...]
    via: tuple[str, ...]
    cue: str
    speech_form: str
    is_negated: bool
    quantities: tuple[Mapping[str, Any], ...]
    hedge: str
    topic: str | None
    topics_secondary: tuple[str, ...]
    entities: tuple[str, ...]
    date: Mapping[str, str] | None
    checks: tuple[Mapping[str, Any], ...] = ()
    mentions: tuple[Mapping[str, Any], ...] = ()
    article: str = ""
    extractor: str = EXTRACTOR

    def as_dict(self) -> dict[str, Any]:
        """Return the claim as plain data, in the order of the contract."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Reading:
    """One article, read.

    Attributes:
        text: what spans point into: ``text[claim.start:claim.end] == claim.quote``.
    """

    provenance: Provenance
    text: str
    claims: tuple[Claim, ...] = field(default=())
