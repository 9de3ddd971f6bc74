"""Lines: the share from which a regime counts a firm as its owners', from the day on which that holds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from entrepot.errors import ConfigError, NotFound

_SHIPPED = Path(__file__).with_name("lines.yml")


@dataclass(frozen=True, slots=True)
class Line:
    """One regime's line.

    Attributes:
        regime: OFAC, UK, EU ...
        since: first day on which it holds.
        share: per cent.
        is_reached_at: the share itself is enough; else more is needed.
        adds_owners: holdings of all listed owners are added.
        control_counts: an owner's control is enough, too.
        act, source: where it is said.
        rule: id of the ledger's entry that has to be in force, or empty.
    """

    regime: str
    since: str
    share: float
    is_reached_at: bool
    adds_owners: bool
    control_counts: bool
    act: str
    source: str
    rule: str = ""

    def is_reached(self, share: float) -> bool:
        """Return whether a share is on the blocked side; a rounding error of sums does not decide."""
        return share >= self.share - 1e-9 if self.is_reached_at else share > self.share + 1e-9


@cache
def read_lines(path: Path = _SHIPPED) -> tuple[Line, ...]:
    """Return the lines of a file, by default of the shipped one.

    Raises:
        ConfigError: a line is incomplete, or a word is none of those allowed.
    """
    try:
        found = yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)
        return tuple(_line(item) for item in found)
    except (KeyError, ValueError, TypeError, AttributeError, OSError, yaml.YAMLError) as error:
        remedy = "The head of parties/ownership/lines.yml says what a line needs."
        raise ConfigError(f"no line of ownership can be read ({error})", where=str(path), remedy=remedy) from error


def line_of(regime: str, *, as_of: str, lines: tuple[Line, ...] | None = None) -> Line | None:
    """Return a regime's line on a day, or None where it had none yet.

    Raises:
        NotFound: there is no such regime.
    """
    known = read_lines() if lines is None else lines
    own = [line for line in known if line.regime == regime]
    if not own:
        names = dict.fromkeys(line.regime for line in known)
        raise NotFound(f"no line of ownership for {regime!r}", remedy=f"Regimes: {', '.join(names)}.")
    begun = [line for line in own if line.since <= as_of]
    return max(begun, key=lambda line: line.since) if begun else None


def _line(item: dict[str, str]) -> Line:
    return Line(
        regime=item["regime"],
        since=item["since"],
        share=float(item["share"]),
        is_reached_at=_said(item, "reaches", {"or_more": True, "more_than": False}),
        adds_owners=_said(item, "sums", {"all": True, "each": False}),
        control_counts=_said(item, "control", {"counts": True, "no": False}),
        act=item["act"],
        source=item["source"],
        rule=item.get("rule", ""),
    )


def _said(item: dict[str, str], name: str, words: dict[str, bool]) -> bool:
    if item[name] not in words:
        raise ValueError(f"{name} is {item[name]!r}, not one of {', '.join(words)}")
    return words[item[name]]
