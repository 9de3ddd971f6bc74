"""Holdings: who owns how much of what, between which days, as a register or a file says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from entrepot.codes import parse_dated, parse_day
from entrepot.errors import CodeError, SourceError
from entrepot.parties.party import Party

KINDS = ("share", "control", "nominee")
_NUMBER = re.compile(r"(\d+(?:[.,]\d+)?)\s*%?")


@dataclass(frozen=True, slots=True)
class Holding:
    """One owner's part of one asset.

    Attributes:
        owner_id, asset_id: parties.
        percentage: 0 to 100; None where it is not known.
        start_date, end_date: ISO 8601, as precise as they are known; empty where open. The end is not included.
        kind: share, control (no share, but says what happens), nominee (holds for somebody else).
        joint_id: holdings in one asset with one joint_id are held under one arrangement.
        recorded_at: when it became known; empty where that is not said.
    """

    owner_id: str
    asset_id: str
    percentage: float | None
    start_date: str = ""
    end_date: str = ""
    kind: str = "share"
    joint_id: str = ""
    recorded_at: str = ""

    def holds_on(self, day: str) -> bool | None:
        """Return whether it stands on a day; None where its dates are not known well enough."""
        number = parse_day(day)
        begun = parse_dated(self.start_date).has_come(number) if self.start_date else True
        ended = parse_dated(self.end_date).has_come(number) if self.end_date else False
        if begun is False or ended is True:
            return False
        return True if begun and ended is False else None


def holding_of(row: Mapping[str, str | None], *, where: str = "") -> Holding:
    """Return the holding of a row of the table ``ownership``.

    Raises:
        SourceError: an id is missing, or a percentage, date or kind cannot be read.
    """
    text = {name: (value or "").strip() for name, value in row.items()}
    if not text.get("owner_id") or not text.get("asset_id"):
        raise SourceError("owner_id or asset_id is empty", where=where, remedy="Name both sides of the holding.")
    kind = text.get("kind") or "share"
    if kind not in KINDS:
        raise SourceError(f"kind {kind!r}", where=where, remedy=f"Use one of {', '.join(KINDS)}.")
    for name in ("start_date", "end_date"):
        try:
            if text.get(name):
                parse_dated(text[name])
        except CodeError as error:
            raise SourceError(f"{name}: {error.found}", where=where, remedy=error.remedy) from error
    return Holding(
        text["owner_id"],
        text["asset_id"],
        _percentage(text.get("percentage", ""), where),
        text.get("start_date", ""),
        text.get("end_date", ""),
        kind,
        text.get("joint_id", ""),
        text.get("recorded_at", ""),
    )


def holdings_of_parties(parties: Iterable[Party]) -> tuple[Holding, ...]:
    """Return the holdings among FollowTheMoney entities: those of schema Ownership, one per owner and asset."""
    found: dict[Holding, None] = {}
    for party in parties:
        if party.schema != "Ownership":
            continue
        said = {name: next(iter(party.values(name)), "") for name in ("percentage", "startDate", "endDate")}
        match = _NUMBER.fullmatch(said["percentage"].strip())
        share = float(match[1].replace(",", ".")) if match else None
        share = share if share is not None and share <= 100 else None
        for owner in party.values("owner"):
            for asset in party.values("asset"):
                found[Holding(owner, asset, share, said["startDate"][:10], said["endDate"][:10])] = None
    return tuple(found)


def _percentage(text: str, where: str) -> float | None:
    if not text:
        return None
    match = _NUMBER.fullmatch(text)
    share = float(match[1].replace(",", ".")) if match else -1.0
    if not 0 <= share <= 100:
        raise SourceError(f"percentage {text!r}", where=where, remedy="Write 0 to 100, or leave it empty: unknown.")
    return share
