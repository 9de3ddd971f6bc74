"""Piece: one thing the data say of a row beside its excess, in a sentence, with its numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from entrepot.codes import find_territory

SUPPORTS, AGAINST, SILENT = "supports", "against", "silent"
# A piece speaks up at this p-value; it never raises an alert.
SPEAKS_AT = 0.05
# Standard normal quantile of the ends of a 90 % interval.
TAIL = 1.6449


@dataclass(frozen=True)
class Piece:
    """One finding about one row.

    Attributes:
        label: ``supports`` where it is what diversion would look like, ``against`` where it is what something else
            would look like, ``silent`` where it is neither or cannot be told.
        finding: one sentence.
        estimate: the number, or None where there is none.
        low: lower end of its 90 % interval.
        high: upper end.
        unit: what the number is.
        p_value: probability of as much without a cause, or None where nothing was tested.
        detail: how the number came about.
    """

    label: str
    finding: str
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    p_value: float | None = None
    detail: str = ""


def told(value: float, currency: str = "") -> str:
    """Return money as a sentence needs it: ``1.2 m EUR``."""
    for unit, letter in ((1e9, " bn"), (1e6, " m"), (1e3, " k")):
        if abs(value) >= unit:
            return f"{value / unit:.3g}{letter} {currency}".strip()
    return f"{value:.0f} {currency}".strip()


def named(iso3: str) -> str:
    """Return a territory's name; the code itself where no list holds it."""
    found = find_territory(iso3, scheme="iso3")
    return found.name if found else iso3


def per_cent(share: float) -> str:
    """Return a share as text: ``35 %``."""
    return f"{100 * share:.0f} %"


def turned(size: float, *, more: str, less: str) -> str:
    """Return a difference of logs in words: ``35 % above``, ``12 % below``, ``17 times``.

    Args:
        size: the difference.
        more: the word for a rise, e.g. above.
        less: the word for a fall.
    """
    if size > np.log(3):
        return f"{np.exp(min(size, 50.0)):.0f} times"
    return f"{per_cent(abs(np.expm1(size)))} {more if size > 0 else less}"


def known(value: float) -> float | None:
    """Return a number, or None where it is not finite."""
    return float(value) if np.isfinite(value) else None
