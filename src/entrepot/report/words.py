"""Numbers and dates as a person reads them. Unknown is a word, never an empty cell or a zero."""

from __future__ import annotations

from collections.abc import Iterable

from entrepot.codes import find_territory
from entrepot.report.answer import number

UNKNOWN = "unknown"
NBSP = "\u00a0"
UNITS = ((1e9, f"{NBSP}bn"), (1e6, f"{NBSP}m"), (1e3, f"{NBSP}k"), (1.0, ""))
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
WITH_ARTICLE = frozenset({"ARE", "DOM", "GBR", "NLD", "PHL", "USA"})
CONTROL_TITLES = {
    "own": "Own past",
    "destination": "Other destinations",
    "sister": "Sister goods",
    "via": "Everything else there",
    "unlisted": "Unlisted goods there",
}


def rounded(value: object, *, digits: int = 3) -> float | None:
    """Return a number at three significant digits, so that page and script print the same text."""
    found = number(value)
    return None if found is None else float(f"{found:.{digits - 1}e}")


def money(value: object) -> str:
    """Return an amount at three digits: ``1.23 m``, ``−45.0 k``, ``0``; ``unknown`` for none."""
    found = rounded(value)
    if found is None:
        return UNKNOWN
    size = abs(found)
    unit, letter = next(((unit, letter) for unit, letter in UNITS if size >= unit), (1.0, ""))
    amount = size / unit
    digits = 0 if amount >= 100 or size == 0 else 1 if amount >= 10 else 2
    return f"{'−' if found < 0 else ''}{amount:.{digits}f}{letter}"


def share(value: object) -> str:
    """Return a share 0-1 in per cent: ``12 %``, ``0.4 %``; ``unknown`` for none."""
    found = rounded(value)
    if found is None:
        return UNKNOWN
    percent = found * 100
    digits = 0 if abs(percent) >= 10 or percent == 0 else 1
    return f"{percent:.{digits}f}{NBSP}%".replace("-", "−")


def share_range(low: object, high: object) -> str:
    """Return a range of shares, one number where both ends print alike."""
    first, last = share(low), share(high)
    if first == last or UNKNOWN in (first, last):
        return first if first == last else f"{first} to {last}"
    bare = first.removesuffix(NBSP + "%")
    return f"{bare} to {last}"


def chance(value: object) -> str:
    """Return a p- or q-value: ``0.012``, ``< 0.001``; ``unknown`` for none."""
    found = rounded(value)
    if found is None:
        return UNKNOWN
    return "< 0.001" if found < 0.001 else f"{found:.3f}"


def count(value: int) -> str:
    """Return a count with thousands apart."""
    return f"{value:,}"


def month(period: object) -> str:
    """Return ``March 2022`` for ``2022-03``; any other text as it is."""
    text = str(period or "")
    if len(text) == 7 and text[4] == "-" and text[5:].isdigit() and 1 <= int(text[5:]) <= 12:
        return f"{MONTHS[int(text[5:]) - 1]} {text[:4]}"
    return text or UNKNOWN


def window(start: object, end: object) -> str:
    """Return ``March to November 2022``, ``March 2022 to June 2023`` or one month."""
    first, last = month(start), month(end)
    if first == last:
        return first
    if first[-4:] == last[-4:]:
        first = first[:-5]
    return f"{first} to {last}"


def spoken(identifier: str) -> str:
    """Return an id as words: ``own_past`` is ``own past``."""
    return identifier.replace("_", " ").strip()


def control_title(name: str) -> str:
    """Return a control set's short name for a button."""
    return CONTROL_TITLES.get(name, spoken(name).capitalize())


def place(code: str) -> str:
    """Return a territory's name as a sentence needs it; the code itself where no list holds it."""
    return f"the {label(code)}" if code in WITH_ARTICLE else label(code)


def label(code: str) -> str:
    """Return a territory's name for a table or a drawing, without an article."""
    found = find_territory(code, scheme="iso3") if code else None
    return found.name if found else code


def enumerated(words: Iterable[str]) -> str:
    """Return ``a, b and c``."""
    parts = list(words)
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""
