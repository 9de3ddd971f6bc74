"""What a desk works on: findings about one thing, and what they say of it together.

Nothing here reads or writes. A finding comes from one answer; findings of one thing are folded into one alert, whose
severity follows from money and certainty by a stated table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

SOURCES = {
    "routes": "trade that nothing explains",
    "check": "a red flag on a record",
    "screen": "a likeness to a listed party",
    "read": "a claim that was put to the data",
}
# What is not there any more is a finding, too: it takes an earlier one back.
CERTAINTIES = ("none", "weak", "moderate", "strong")
SEVERITIES = ("low", "medium", "high", "critical")
# A thing of these kinds names nobody, and nor do its findings. Claims about a corridor quote people.
IMPERSONAL = frozenset(("route",))


@dataclass(frozen=True, slots=True)
class Thing:
    """What an alert is about.

    Attributes:
        kind: route, company, person, shipment, or another kind of record.
        key: what names it among things of its kind; ``KGZ>RUS:854231`` of a route, else the user's own id.
        label: as a reader sees it.
    """

    kind: str
    key: str
    label: str

    @property
    def is_public(self) -> bool:
        """Whether it names no person and no firm."""
        return self.kind in IMPERSONAL


@dataclass(frozen=True, slots=True)
class Finding:
    """What one answer says of one thing.

    Attributes:
        thing: what it is about.
        source: one of SOURCES.
        rule: what of that source it is: the route's question, a flag, a listed party, a claim. A later finding of the
            same source and rule takes the place of an earlier one.
        as_of: day or month up to which was looked, ISO 8601.
        certainty: one of CERTAINTIES.
        summary: one sentence.
        amount: money that is at least unexplained; None where the source knows of none.
        currency: ISO 4217 of amount.
        inputs: what it rests on: ``data:SNAPSHOT``, ``measure:ID``, ``list:DATASET``, ``flag:ID``, ``article:ID``.
        detail: the row of the answer.
    """

    thing: Thing
    source: str
    rule: str
    as_of: str
    certainty: str
    summary: str
    amount: float | None = None
    currency: str | None = None
    inputs: tuple[str, ...] = ()
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Weighing:
    """How money and certainty make a severity.

    Attributes:
        large: money from which it is large, in the amount's own currency; nothing is converted.
        small: money below which it is small.
    """

    large: float = 10_000_000.0
    small: float = 1_000_000.0


@dataclass(frozen=True, slots=True)
class Combination:
    """What the findings of one thing say together.

    Attributes:
        severity: one of SEVERITIES.
        certainty: one of CERTAINTIES.
        amount: the largest of the findings' amounts, never their sum: windows overlap.
        because: the combination in one sentence; names nobody.
    """

    severity: str
    certainty: str
    amount: float | None
    currency: str | None
    because: str


_BANDS = {
    # Unknown money is not little money: it stands between small and large.
    "large": {"none": "low", "weak": "medium", "moderate": "high", "strong": "critical"},
    "middle": {"none": "low", "weak": "low", "moderate": "medium", "strong": "high"},
    "unknown": {"none": "low", "weak": "low", "moderate": "medium", "strong": "high"},
    "small": {"none": "low", "weak": "low", "moderate": "low", "strong": "medium"},
}


def combined(findings: Iterable[Finding], weighing: Weighing | None = None) -> Combination:
    """Return what the latest finding of every source and rule says together.

    Certainty is that of the strongest finding, one step more where two sources or more are at least moderate. Claims
    that were put to the data add no step: they rest on the data that another source has counted. Findings of one
    source add none either. Money is the largest amount of a finding that still stands.
    """
    latest: dict[tuple[str, str], Finding] = {(one.source, one.rule): one for one in findings}
    standing = [one for one in latest.values() if one.certainty != "none"]
    if not standing:
        return Combination("low", "none", None, None, "No finding stands any more.")
    level = max(CERTAINTIES.index(one.certainty) for one in standing)
    firm = {one.source for one in standing if CERTAINTIES.index(one.certainty) >= CERTAINTIES.index("moderate")}
    agreeing = sorted(firm - {"read"})
    is_lifted = len(agreeing) > 1 and level < len(CERTAINTIES) - 1
    certainty = CERTAINTIES[level + is_lifted]
    largest = max((one for one in standing if one.amount is not None), key=_amount, default=None)
    amount, currency = (largest.amount, largest.currency) if largest else (None, None)
    band = _band(amount, weighing or Weighing())
    severity = _BANDS[band][certainty]
    return Combination(
        severity, certainty, amount, currency, _because(standing, severity, certainty, band, agreeing, is_lifted)
    )


def _amount(finding: Finding) -> float:
    return finding.amount or 0.0


def _band(amount: float | None, weighing: Weighing) -> str:
    if amount is None:
        return "unknown"
    if amount >= weighing.large:
        return "large"
    return "small" if amount < weighing.small else "middle"


def _because(
    standing: list[Finding], severity: str, certainty: str, band: str, agreeing: list[str], is_lifted: bool
) -> str:
    counts = {source: sum(one.source == source for one in standing) for source in SOURCES}
    parts = [f"{count} of {source}" for source, count in counts.items() if count]
    lifted = f", one step more because {' and '.join(agreeing)} agree" if is_lifted else ""
    return f"{severity}: money {band}, certainty {certainty}{lifted}; findings: {', '.join(parts)}."
