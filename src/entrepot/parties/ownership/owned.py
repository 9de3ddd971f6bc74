"""Owned: which firms each regime counts as its listed parties', on a day, by which paths, and what is not known."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from entrepot.errors import NotFound
from entrepot.lake import Table
from entrepot.parties.ownership.holding import Holding
from entrepot.parties.ownership.lines import Line, line_of, read_lines
from entrepot.parties.ownership.paths import paths_to
from entrepot.parties.ownership.shares import Control, Reach, Stake, owners_of, reach, stakes

if TYPE_CHECKING:
    from entrepot.ledger import Ledger

OWNED = {
    "party_id": "VARCHAR",
    "regime": "VARCHAR",
    "status": "VARCHAR",
    "share_low": "DOUBLE",
    "share_high": "DOUBLE",
    "via": "VARCHAR",
    "control": "VARCHAR",
    "as_of": "VARCHAR",
    "act": "VARCHAR",
    "ask": "VARCHAR",
    "issues": "VARCHAR",
}


@dataclass(frozen=True)
class OwnershipOptions:
    """What a question about ownership may set.

    Attributes:
        regimes: whose lines; all of the file by default.
        known: day whose knowledge counts; that of the question by default.
        lines: the lines; the shipped ones by default.
        control: (owner, asset) to a person's judgement whether the one controls the other.
    """

    regimes: tuple[str, ...] = ()
    known: str = ""
    lines: tuple[Line, ...] | None = None
    control: Control | None = None


def owned(
    holdings: Sequence[Holding],
    listed: Mapping[str, Collection[str]],
    *,
    as_of: str,
    ledger: Ledger,
    options: OwnershipOptions | None = None,
) -> Table:
    """Return which firms each regime's line reaches on a day.

    Args:
        holdings: who owns what.
        listed: regime to the ids of its listed parties; the key "" stands for every regime.
        as_of: the day.
        ledger: says whether a line's rule is in force.

    Returns:
        grain party_id, regime: every firm in which a listed party, or a firm that it may reach, holds anything. status:
        ``blocked_by_ownership``; ``blocked_by_control`` (a person judged so); ``not``; ``unknown`` (the known part does
        not decide; share_low and share_high, in per cent, bound it); ``not_assessed`` (the share does not reach,
        somebody listed has control on record, the line counts it, and nobody has judged). ``ask`` says what a person
        has to look at, ``via`` the paths, ``issues`` what is wrong with the records.

    Source: docs/methods/ownership.md.
    """
    chosen = options or OwnershipOptions()
    known_lines = read_lines() if chosen.lines is None else chosen.lines
    names = chosen.regimes or tuple(dict.fromkeys(line.regime for line in known_lines))
    assets = stakes(holdings, as_of=as_of, known=chosen.known or as_of)
    rows: list[dict[str, Any]] = []
    for regime in names:
        line = line_of(regime, as_of=as_of, lines=known_lines)
        own = frozenset(listed.get("", ())) | frozenset(listed.get(regime, ()))
        if line is not None and own:
            ask, holds = _rule(line, ledger, as_of, chosen.known or as_of)
            found = _Regime(line, own, assets, chosen.control or {}, holds, ask)
            rows += [{**row, "as_of": as_of} for row in found.rows()]
    return Table.from_rows(sorted(rows, key=lambda row: (row["party_id"], row["regime"])), OWNED)


def _rule(line: Line, ledger: Ledger, as_of: str, known: str) -> tuple[str, bool | None]:
    """What a person has to ask about the line's rule, and whether it holds; None where that is not known."""
    if not line.rule:
        return "", True
    try:
        found = ledger.standing(line.rule, on=as_of, known=known)
    except NotFound:
        found = None
    if found is None:
        return f"the ledger does not hold {line.rule} as known then", None
    said = f"{line.rule} is {found.status}: {found.why}"
    return ("", True) if found.may_block else (said, None if found.must_ask else False)


@dataclass(frozen=True)
class _Regime:
    line: Line
    listed: frozenset[str]
    assets: Mapping[str, Sequence[Stake]]
    control: Control
    holds: bool | None
    ask: str

    def rows(self) -> Iterator[dict[str, Any]]:
        by_owner = owners_of(self.assets, self.control)
        best: dict[str, Reach] = {}
        for group in self._groups(by_owner):
            found = reach(group, self.assets, self.line, by_owner=by_owner, control=self.control)
            for asset in found.shares.keys() - self.listed:
                if asset not in best or _rank(found, asset) > _rank(best[asset], asset):
                    best[asset] = found
        for asset in sorted(best):
            yield self._row(asset, best[asset])

    def _groups(self, by_owner: Mapping[str, set[str]]) -> Iterator[frozenset[str]]:
        """Whose holdings are added: all listed owners', or each one's by itself."""
        owners = sorted(self.listed & by_owner.keys())
        yield from [frozenset(owners)] if self.line.adds_owners else (frozenset({owner}) for owner in owners)

    def _row(self, asset: str, found: Reach) -> dict[str, Any]:
        low, high = found.shares[asset]
        status, control = self._status(asset, found, low, high)
        ask = [self.ask] if self.ask else []
        if status == "not_assessed":
            ask.append("whether the control on record is control in the sense of the act")
        if status == "unknown" and self.holds:
            ask.append("the percentages, dates or nominees that leave the share open")
        return {
            "party_id": asset,
            "regime": self.line.regime,
            "status": status,
            "share_low": round(low, 6),
            "share_high": round(high, 6),
            "via": json.dumps(paths_to(asset, found.possible, self.assets), ensure_ascii=False),
            "control": control,
            "act": self.line.act,
            "ask": "; ".join(ask) or None,
            "issues": self._issues(asset),
        }

    def _status(self, asset: str, found: Reach, low: float, high: float) -> tuple[str, str]:
        control = self._control(asset, found)
        if self.line.is_reached(low):
            status = "blocked_by_ownership"
        elif control == "controlled":
            status = "blocked_by_control"
        elif self.line.is_reached(high):
            status = "unknown"
        else:
            status = (
                "not_assessed" if control == "not_assessed" and self._has_control_on_record(asset, found) else "not"
            )
        if self.holds is False:
            return "not", control
        return ("unknown" if self.holds is None and status != "not" else status), control

    def _control(self, asset: str, found: Reach) -> str:
        if not self.line.control_counts:
            return "not_part_of_line"
        judged = {is_so for (owner, of), is_so in self.control.items() if of == asset and owner in found.possible}
        return "not_assessed" if not judged else "controlled" if True in judged else "not_controlled"

    def _has_control_on_record(self, asset: str, found: Reach) -> bool:
        held = self.assets.get(asset, ())
        return any(s.holding.kind in ("control", "nominee") and s.holding.owner_id in found.possible for s in held)

    def _issues(self, asset: str) -> str | None:
        total = sum(stake.low for stake in self.assets.get(asset, ()))
        return f"the recorded shares add up to {total:g} per cent" if total > 100 + 1e-6 else None


def _rank(found: Reach, asset: str) -> tuple[bool, float, float]:
    return asset in found.sure, found.shares[asset][0], found.shares[asset][1]
