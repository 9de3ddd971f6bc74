"""Flows: what the lake's reports say of a claim about trade: whether it is there, which way it went, how large."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from entrepot.alerts.claims.changes import Change, Window, change_of, is_about_change, level_of, windows_of
from entrepot.alerts.claims.claim import Claim
from entrepot.alerts.claims.finding import Finding
from entrepot.alerts.claims.goods import GoodsAsked, goods_of
from entrepot.alerts.claims.parts import Parts, parts_of, states_of
from entrepot.alerts.claims.series import Series, series_of
from entrepot.alerts.claims.sizes import Size, factor_of, money_of
from entrepot.alerts.claims.words import says
from entrepot.lake import Lake

# Within this the level counts as the same; a claim of no change is allowed more.
_SAME, _ABOUT_SAME = 0.03, 0.10
# Yearly averages of USD per EUR since 2000 lay between these; amounts in the other currency are told within them.
_USD_PER_EUR = (0.9, 1.48)
_NOTHING = 0.01


@dataclass(frozen=True)
class _Asked:
    claim: Claim
    parts: Parts
    goods: GoodsAsked
    base: Window
    target: Window

    @property
    def query(self) -> str:
        sides = f"{'+'.join(self.parts.exporters) or 'all'} -> {'+'.join(self.parts.importers) or 'all'}"
        goods = ",".join(self.goods.codes[:6]) or "all goods"
        return f"flows {sides}, {goods}, {self.base} against {self.target}"


def is_about_trade(claim: Claim) -> bool:
    """Return whether a claim speaks of trade as statistics do, and not of a rule about it."""
    is_rule = says(claim.quote, "act") and not is_about_change(claim) and money_of(claim) is None
    is_stop = says(claim.quote, "stop") and not says(claim.quote, "planned")
    has_rule_words = says(claim.quote, "restricting") and not is_stop
    return says(claim.quote, "trade") and bool(claim.mentions) and not (is_rule and (has_rule_words or not is_stop))


def on_flows(claim: Claim, lake: Lake | None) -> Finding | None:
    """Return what the flows of the lake say; None where the claim is not about trade."""
    if not is_about_trade(claim):
        return None
    parts, goods = parts_of(claim), goods_of(claim)
    if parts.vias and says(claim.quote, "reexport", "trade"):
        # Goods that go through somebody are seen where he sends them on.
        if not is_about_change(claim):
            return None
        parts = Parts(parts.vias, parts.importers)
    if not (parts.exporters or parts.importers):
        return None
    if says(claim.quote, "largest") and not is_about_change(claim):
        return Finding("flows", "not_checkable", "It ranks traders, which these checks do not.")
    if goods.unknown:
        told = f"Which codes {goods.unknown!r} means is not known, so no rows can be named."
        return Finding("flows", "not_checkable", told)
    if lake is None:
        return Finding("flows", "no_data", "No lake was given.")
    last = claim.as_of[:7]
    exporters, importers = (states_of(codes, on=claim.on) for codes in (parts.exporters, parts.importers))
    found = series_of(lake, exporters, importers, goods.codes, last=last)
    if parts.is_both:
        found += series_of(lake, importers, exporters, goods.codes, last=last)
    if not found:
        who = " and ".join([*parts.exporters, *parts.importers])
        return Finding("flows", "no_data", f"The lake has no reports of {who} on these goods by {last}.")
    end = max((_last_month(one) for one in found if one.values), default=last)
    asked = _Asked(claim, parts, goods, *windows_of(claim, min(last, end)))
    return _answer(asked, found)


def _last_month(one: Series) -> str:
    period = max(one.values)
    return period if one.freq == "M" else f"{period}-12"


def _answer(asked: _Asked, found: Sequence[Series]) -> Finding:
    # A side without a single row of this flow may have been read in part: it speaks only where no other does.
    spoken = [one for one in found if one.has_rows] or list(found)
    ordered = sorted(spoken, key=lambda one: (one.freq != "M", one.side != _side_said(asked.claim)))
    looked = [(one, answer) for one in ordered if (answer := _one(asked, one)) is not None]
    if not looked:
        held = "; ".join(f"{one.side}s {min(one.values)} to {max(one.values)}" for one in ordered if one.values)
        held = held or "suppressed cells alone, which are unknown and not zero"
        told = f"No report covers both {asked.base} and {asked.target}; there are {held}."
        return Finding("flows", "no_data", told, query=asked.query)
    first, (verdict, told) = looked[0]
    others = [f"{one.side}s say otherwise: {text}" for one, (other, text) in looked[1:] if other != verdict]
    doubts = _doubts(asked, first)
    ids = tuple(f"snapshot-{one}" for one in first.snapshots)
    finding = Finding("flows", verdict, told, ids, asked.query, " ".join([*others, *doubts]))
    return finding.reversed() if asked.claim.is_negated and not says(asked.claim.quote, "flat", "stop") else finding


def _side_said(claim: Claim) -> str:
    is_import = says(claim.quote, "importing") and not says(claim.quote, "exporting")
    return "import" if is_import else "export"


def _one(asked: _Asked, series: Series) -> tuple[str, str] | None:
    claim = asked.claim
    factor, money = factor_of(claim), money_of(claim)
    if is_about_change(claim) or factor is not None:
        change = change_of(series, asked.base, asked.target)
        if change is None:
            return None
        is_so, told = _changed(claim, change, factor)
        if money is not None and " by " not in claim.quote:
            level = level_of(series, asked.target)
            if level is not None:
                is_so = is_so and _amounts(money, level, series)
                told += f" The sum of {asked.target} is {_money(level, series)}."
        who = f"{series.side}s of {', '.join(series.reporters[:4])}{' and others' if len(series.reporters) > 4 else ''}"
        head = f"{who} as reported, {asked.base} to {asked.target}: "
        return _verdict(is_so), head + told
    return _level(asked, series, money)


def _level(asked: _Asked, series: Series, money: Size | None) -> tuple[str, str] | None:
    level = level_of(series, asked.target)
    if level is None:
        change = change_of(series, asked.target, asked.target)
        if change is None:
            return None
        level = change.total
        if money is not None and level < money.low:
            return None
    told = f"{series.side}s of {', '.join(series.reporters[:4])} in {asked.target}: {_money(level, series)}."
    if money is not None:
        return _verdict(_amounts(money, level, series)), told
    if says(asked.claim.quote, "stop"):
        before = change_of(series, asked.base, asked.target)
        base = before.base if before else 0.0
        is_gone = level == 0 or (before is not None and base > 0 and before.target <= _NOTHING * base)
        return _verdict(is_gone), told
    return _verdict(level > 0), told


def _changed(claim: Claim, change: Change, factor: Size | None) -> tuple[bool, str]:
    told = f"{_factor(change.ratio)} (90 % interval {_factor(change.low)} to {_factor(change.high)})."
    if change.low == change.high:
        told = f"{_factor(change.ratio)} (yearly rows: no interval)."
    rise, fall = says(claim.quote, "rise"), says(claim.quote, "fall")
    if says(claim.quote, "flat") and not (rise or fall):
        return abs(change.ratio - 1) <= _ABOUT_SAME, told
    if factor is not None:
        return factor.fits(change.ratio, change.ratio), told
    if rise == fall:
        return rise and change.ratio > 1 + _SAME, told
    return (change.ratio > 1 + _SAME) if rise else (change.ratio < 1 - _SAME), told


def _amounts(money: Size, level: float, series: Series) -> bool:
    pair = (series.currency, money.currency)
    rates = {("USD", "USD"): (1.0, 1.0), ("EUR", "USD"): _USD_PER_EUR}
    rates[("USD", "EUR")] = (1 / _USD_PER_EUR[1], 1 / _USD_PER_EUR[0])
    low, high = rates.get(pair, (1.0, 1.0))
    return money.fits(level * low, level * high)


def _doubts(asked: _Asked, series: Series) -> list[str]:
    doubts = []
    change = change_of(series, asked.base, asked.target) if is_about_change(asked.claim) else None
    if change is not None and change.low < 1 < change.high:
        doubts.append("The interval includes no change.")
    if change is not None and change.has_unknown:
        doubts.append("Some cells are suppressed: sums are least ones.")
    if series.missing:
        doubts.append(f"No reports of {', '.join(series.missing[:6])}: unknown, not zero.")
    if not asked.goods.codes and series.digits:
        doubts.append("There are no totals: the codes that the lake holds are added up.")
    if not asked.claim.spans:
        doubts.append(f"The claim names no time; {asked.target} was compared with {asked.base}.")
    return doubts


def _verdict(is_so: bool) -> str:
    return "supported" if is_so else "contradicted"


def _factor(ratio: float) -> str:
    return "from nothing" if math.isinf(ratio) else f"x {ratio:.2f}"


def _money(level: float, series: Series) -> str:
    return f"{level:,.0f} {series.currency}"
