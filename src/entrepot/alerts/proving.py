"""Flags against the made records of their own files: each must fire where it says so, and keep still elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from entrepot.alerts.checking import CheckOptions
from entrepot.alerts.few import check_few
from entrepot.ledger import Ledger
from entrepot.redflags import Case, Flag, Flags

_DAY = "2026-06-30"


@dataclass(frozen=True, slots=True)
class Proof:
    """What became of one made record.

    Attributes:
        outcome: of its first record.
        lacks: what the file says must be named as missing.
        missing: what was named.
        decision: pass, ask or stop.
    """

    flag: str
    case: str
    expected: str
    lacks: tuple[str, ...]
    outcome: str
    missing: str
    evidence: str
    decision: str

    @property
    def holds(self) -> bool:
        """Whether it came out as the file says."""
        return self.outcome == self.expected and set(self.lacks) <= set(self.missing.split(";"))


def prove(flag: Flag, ledger: Ledger, *, cases: Iterable[Case] | None = None) -> list[Proof]:
    """Return what became of every made record of a flag."""
    alone = Flags((flag,))
    return [_proved(flag, case, alone, ledger) for case in (flag.tests if cases is None else cases)]


def _proved(flag: Flag, case: Case, flags: Flags, ledger: Ledger) -> Proof:
    told = check_few(flag.kind, records_of(flag, case), flags, ledger, CheckOptions(case.as_of or _DAY)).table.rows()
    first = told[0] if told else {}
    return Proof(
        flag.id,
        case.name,
        case.expect,
        tuple(case.missing or ()),
        first.get("outcome", "none"),
        first.get("missing_fields") or "",
        first.get("evidence") or "",
        first.get("decision", ""),
    )


def records_of(flag: Flag, case: Case) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Return the tables of a made record: its own kind with the record first, and what belongs to it."""
    own: list[Mapping[str, Any]] = [case.record, *case.also] if case.record else list(case.also)
    tables: dict[str, list[Mapping[str, Any]]] = {kind: list(rows) for kind, rows in case.records.items()}
    tables[flag.kind] = own
    return tables
