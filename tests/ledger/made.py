"""Made entries: one line makes one valid entry."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from entrepot.codes import parse_dated
from entrepot.ledger import Citation, Entry, Suspension


def entry(entry_id: str = "aaa-1", *, pack: str = "entrepot", recorded: str = "2026-01-01", **changes: Any) -> Entry:
    """A rule of Kazakhstan on cards, in force from 2024-01-10; keywords change it, stages are given as dates."""
    dates = {stage: parse_dated(text) for stage, text in changes.pop("dates", {"effective": "2024-01-10"}).items()}
    made = Entry(
        entry_id=entry_id,
        kind="measure",
        jurisdiction="KAZ",
        instrument="card_rule",
        title="Rule on cards",
        dates=dates,
        sources=(Citation("An act"),),
        recorded_at=f"{recorded}T00:00:00Z",
        pack=pack,
        where="made.yml",
    )
    return replace(made, **changes)


def pause(
    start: str, end: str | None = None, *, is_end_sure: bool = True, known: str = "", end_known: str = ""
) -> Suspension:
    """A suspension from a date to a date, each known on its own day or on another."""
    days = [parse_dated(text) if text else None for text in (end, known, end_known)]
    return Suspension(parse_dated(start), days[0], is_end_sure, days[1], days[2])
