"""Periods as a question names them: single ones, lists with commas, ranges with two dots."""

from __future__ import annotations

import re

from entrepot.errors import ConfigError

_SHAPES = {"M": r"(19|20)\d\d-(0[1-9]|1[0-2])", "A": r"(19|20)\d\d"}
_EXAMPLES = {"M": "2024-03 or 2023-01..2023-12", "A": "2024 or 2019..2023"}


def read_periods(text: str, *, freq: str) -> tuple[str, ...]:
    """Return the periods that ``2024-01,2024-03..2024-06`` names, in time order, each once.

    Args:
        text: months (freq M) or years (freq A).
        freq: M or A.

    Raises:
        ConfigError: a word that is no period of that frequency, or a range that runs backwards.
    """
    periods: set[str] = set()
    for word in text.split(","):
        first, dots, last = (part.strip() for part in word.partition(".."))
        ends = (first, last) if dots else (first, first)
        if not all(re.fullmatch(_SHAPES[freq], end) for end in ends) or ends[0] > ends[1]:
            raise ConfigError(
                f"period {word.strip()!r}", where="--period", remedy=f"Write {_EXAMPLES[freq]} (freq {freq})."
            )
        periods.update(_between(*ends))
    return tuple(sorted(periods))


def _between(first: str, last: str) -> list[str]:
    if "-" not in first:
        return [str(year) for year in range(int(first), int(last) + 1)]
    start, end = (int(period[:4]) * 12 + int(period[5:]) - 1 for period in (first, last))
    return [f"{month // 12}-{month % 12 + 1:02d}" for month in range(start, end + 1)]
