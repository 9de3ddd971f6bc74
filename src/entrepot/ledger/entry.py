"""Entries of the ledger: what somebody decided, promised, joined, said or judged, with its dates and sources."""

from __future__ import annotations

from dataclasses import dataclass, field

from entrepot.codes import Dated, parse_dated

KINDS = ("measure", "provision", "membership", "claim", "judgement")
# Stages of an act, in the order in which they usually come. ``date`` is a date whose stage the source does not say.
STAGES = ("announced", "adopted", "signed", "published", "effective", "wind_down_end", "removed", "date")
# What a compiler may record; everything else follows from the dates.
RECORDED = ("proposed", "reported", "alleged", "disputed")
CONFIDENCE = ("high", "medium", "low")


@dataclass(frozen=True, slots=True)
class Citation:
    """Where it is said.

    Attributes:
        title: the act, page or paper, as one would cite it.
        url: address, or empty.
        language: BCP 47 tag of the text, or empty where unknown.
        sha256: hash of the text that was read, or empty where none was kept.
        read_date: day on which it was read (``../2026-11-23``: then or before); empty where it was cited from knowledge
            and not opened.
        is_primary: the act itself or its issuer's own publication.
    """

    title: str
    url: str = ""
    language: str = ""
    sha256: str = ""
    read_date: str = ""
    is_primary: bool = False


@dataclass(frozen=True, slots=True)
class Suspension:
    """A time during which an act was not applied.

    Attributes:
        start: first day.
        end: first day on which it no longer holds; None where none is known.
        is_end_sure: False where it is not known whether it was prolonged; the act is then ``unverified`` after ``end``.
        known: when the world could know that it begins; None: on its first day.
        end_known: when the world could know of its end; None: on that day. As early as ``known`` where it was told at
            once from when to when.
    """

    start: Dated
    end: Dated | None = None
    is_end_sure: bool = True
    known: Dated | None = None
    end_known: Dated | None = None

    @property
    def told(self) -> int:
        """Number of the day from which the world surely knew that it begins."""
        return (self.known or self.start).last

    def end_as_known(self, known: int) -> Dated | None:
        """Its end, as far as the world knew on a day (day number)."""
        return self.end if self.end and (self.end_known or self.end).last <= known else None


@dataclass(frozen=True, slots=True)
class Goods:
    """One code that a provision names.

    Attributes:
        hs_code: 2 to 10 digits; its finer codes are meant, too.
        hs_revision: HS2022, CN2024.
        coverage: full, part (an ex-code, a price limit) or None where unknown.
        price_above: price of one item above which it holds, or None.
        currency: ISO 4217 of the price, or None.
        note: what the part is, in words.
    """

    hs_code: str
    hs_revision: str
    coverage: str | None = None
    price_above: float | None = None
    currency: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry; never edited. A correction is another entry that names in ``replaces`` the one it corrects.

    Attributes:
        entry_id: stable slug: place, date, short name.
        kind: one of KINDS.
        jurisdiction: ISO3 of the state that acts, or a bloc or body (EU, UN, EAEU); for a membership the bloc.
        instrument: what kind of act, one of ``instruments()``; for a membership its standing (member, observer ...).
        title: one line for a reader.
        dates: stage (one of STAGES) to date. ``removed`` is the first day on which it no longer holds.
        suspensions: in the order of time.
        is_end_sure: False where ``removed`` is nominal and a prolongation is not known of; ``unverified`` after it.
        is_end_set: ``removed`` was fixed by the act itself, so it was known as long as the act was.
        status: one of RECORDED, or None: derived from the dates.
        confidence: high, medium or low: that it happened as described on that date.
        targets: whom or what it bears on: ISO3, party names, goods in words.
        scope: goods, services or duty in short.
        summary: what happened, in our own words, with doubts said.
        doubts: what is not known or contradicted, one sentence each.
        contradicts: ids of entries that say something else about the same act.
        part_of: id of the act that a provision belongs to.
        replaces: id of the entry that this one corrects.
        goods: codes, where the act names any and they are known; empty means unknown, not all.
        binds: whom it binds, in words or codes (EU operators; KAZ banks).
        exemptions: what is free although the words above cover it, one sentence each.
        regime: key of the sanctions programme, as OpenSanctions writes it; empty where none.
        speaker, stance: of a claim: who says it, and whether as own knowledge, report or denial.
        facts: further facts by name (limits, durations, a judgement's pair of ids); values are text. ``topic``,
            ``start_known`` and ``end_known`` have a meaning of their own.
        sources: at least one.
        recorded_at: UTC instant at which it was entered.
        pack: where it is entered: ``entrepot`` for the shipped pack, a user pack's id, or ``lake``.
        where: file and place in it, for messages.
    """

    entry_id: str
    kind: str
    jurisdiction: str
    instrument: str
    title: str
    dates: dict[str, Dated]
    sources: tuple[Citation, ...]
    recorded_at: str
    pack: str = "entrepot"
    suspensions: tuple[Suspension, ...] = ()
    is_end_sure: bool = True
    is_end_set: bool = False
    status: str | None = None
    confidence: str = "medium"
    targets: tuple[str, ...] = ()
    scope: str = ""
    summary: str = ""
    doubts: tuple[str, ...] = ()
    contradicts: tuple[str, ...] = ()
    part_of: str = ""
    replaces: str = ""
    goods: tuple[Goods, ...] = ()
    binds: str = ""
    exemptions: tuple[str, ...] = ()
    regime: str = ""
    speaker: str = ""
    stance: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    where: str = ""

    @property
    def start(self) -> Dated | None:
        """When it starts to apply: ``effective``, else a date of unknown stage."""
        return self.dates.get("effective") or self.dates.get("date")

    @property
    def start_known(self) -> Dated | None:
        """When the world could know of ``effective``; None: with the act."""
        return parse_dated(self.facts["start_known"]) if "start_known" in self.facts else None

    @property
    def end_known(self) -> Dated | None:
        """When the world could know of ``removed``; None: on that day, or with the act where that set it."""
        return parse_dated(self.facts["end_known"]) if "end_known" in self.facts else None

    @property
    def world_knew(self) -> Dated | None:
        """When the world could know: published, else announced, else adopted, else the earliest other date."""
        for stage in ("published", "announced", "adopted"):
            if stage in self.dates:
                return self.dates[stage]
        stages = ("signed", "date") if "start_known" in self.facts else ("signed", "date", "effective")
        others = [self.dates[stage] for stage in stages if stage in self.dates]
        return min(others, key=lambda when: when.first) if others else None
