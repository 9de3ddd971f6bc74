"""What conditions ask about names: answered by the matcher of the parties' room, whatever the script."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from entrepot.parties import compare_texts
from entrepot.redflags import Function

# Below this two spellings are not consistent with one bearer; between it and the matcher's own line nobody can tell.
_DIFFERENT = 0.3
_MOST = 12


def names_differ(names: Sequence[str] | None) -> bool | None:
    """Return whether two of the names cannot be spellings of one; None of fewer than two names that can be read."""
    said = [name for name in dict.fromkeys(names or ()) if name][:_MOST]
    scores = [
        match.score for one, other in combinations(said, 2) if (match := compare_texts(one, other, schema="Person"))
    ]
    return min(scores) < _DIFFERENT if scores else None


def is_one_name(one: str | None, other: str | None) -> bool | None:
    """Return whether two names are consistent with one bearer; None where one cannot be read."""
    if not one or not other:
        return None
    match = compare_texts(one, other, schema="Person")
    return None if match is None else match.score >= 0.7


FUNCTIONS = (
    Function("names_differ", ("VARCHAR[]",), "BOOLEAN", names_differ),
    Function("is_one_name", ("VARCHAR", "VARCHAR"), "BOOLEAN", is_one_name),
)
