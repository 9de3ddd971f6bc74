"""Several: reports that give one cell more than once, and which of its rows is read.

The key of flows keeps a cell that a source gives both fob and cif, or under two revisions of the nomenclature, as two
rows; added, they would make the trade twice too large. The lake's coverage tells which reports may have such cells, so
that the rows of all others are never looked through for them.
"""

from __future__ import annotations

from collections.abc import Iterable

from entrepot.codes import hs_revision_in_force

# One kind of rows of a month: digits, revision and valuation, None where unknown.
Kind = tuple[int, str | None, str | None]

# A revision that was not yet in force is farther away than any that was.
_LATER = 1000


def is_several(kinds: Iterable[Kind], *, year: int, level: int) -> bool:
    """Return whether a month's rows of these kinds may give one cell twice other than as a heading and its parts."""
    kinds = set(kinds)
    lengths = [digits for digits, _, _ in kinds]
    distances = {revision_distance(revision, year=year, level=level) // 100 for _, revision, _ in kinds}
    return len(lengths) > len(set(lengths)) or len(distances) > 1


def revision_distance(revision: str | None, *, year: int, level: int) -> int:
    """Return how far a revision is from the one in force in a year; of several the least distant is read.

    Zero is the one in force, and a revision that is not named is taken for it. Whole hundreds count years between the
    revisions of the nomenclature that the level is in (HS up to six digits, else CN), the rest those of a CN within it.
    """
    issued = int(revision[2:]) if revision else year
    is_cn = bool(revision and revision.startswith("CN"))
    if level > 6:
        found, current = (issued if is_cn else year), year
    else:
        found, current = (_hs_year(issued) if is_cn or not revision else issued), _hs_year(year)
    between = current - found if found <= current else _LATER + found - current
    return 100 * between + (min(abs(year - issued), 99) if is_cn else 0)


def _hs_year(year: int) -> int:
    return int(hs_revision_in_force(year)[2:])
