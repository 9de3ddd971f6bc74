"""Which kind of records a table holds, told by its columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from entrepot.errors import UnexpectedLayout
from entrepot.lake import Kind, get_kind, kinds
from entrepot.sources.columns import folded
from entrepot.sources.model import PARTY_FIELDS, RECORD_FIELDS

# Kinds that also become parties, so that they can be screened.
PARTIES = ("person", "document", "company", "ownership", "directorship")
# So many columns of a kind, or half of the file's, make a table one of it: an id alone may be anybody's.
_LEAST = 3


def kind_of(columns: Sequence[str], *, where: str) -> Kind:
    """Return the kind that knows most of a table's columns and whose records they can name.

    Args:
        columns: our names of them.

    Raises:
        UnexpectedLayout: no kind, or two that fit alike.
    """
    there = set(columns)
    fitting = {kind.name: len(there & _fields(kind)) for kind in _given() if there.issuperset(kind.needs)}
    ranks = {
        name: (count, len(get_kind(name).needs))
        for name, count in fitting.items()
        if count >= _LEAST or count * 2 >= len(there)
    }
    best = [name for name, rank in ranks.items() if rank == max(ranks.values())]
    if len(best) == 1:
        return get_kind(best[0])
    if best:
        remedy = "Say which it is with --kind, or under `kind` of a mapping file."
        raise UnexpectedLayout(f"its columns are those of {' and '.join(best)}", where=where, remedy=remedy)
    found = "no column that names a person, a company, a payment or another record"
    raise UnexpectedLayout(
        f"{found}; the file has {', '.join(columns[:12])}",
        where=where,
        remedy="docs/records.md says which column names each kind; a mapping file (`entrepot records propose` writes"
        " one) says which it is here, with --kind.",
    )


def columns_of(header: Iterable[str], kind: Kind) -> dict[str, str]:
    """Return our column -> the file's, of those that a kind has; case, spaces and marks do not matter."""
    theirs: dict[str, str] = {}
    for name in header:
        theirs.setdefault(folded(name), name)
    exact = set(header)
    found = {ours: ours if ours in exact else theirs.get(folded(ours), "") for ours in kind.columns}
    return {ours: name for ours, name in found.items() if name}


def named(header: Iterable[str]) -> list[str]:
    """Return a file's columns by our names where they are ours but for case, spaces and marks."""
    ours = _folded()
    return [ours.get(folded(name), name) for name in header]


def refuse_nameless(kind: Kind, columns: Iterable[str], header: Sequence[str], *, where: str) -> None:
    """Refuse a table without the columns that name its records.

    Raises:
        UnexpectedLayout: names the first that is missing.
    """
    there = set(columns)
    if lacking := [name for name in kind.needs if name not in there]:
        raise UnexpectedLayout(
            f"no column {lacking[0]!r}, which names a {kind.name}; the file has {', '.join(header[:12])}",
            where=where,
            remedy=f"Name it in a mapping file (`entrepot records propose FILE --kind {kind.name}` writes one),"
            f" [columns] {lacking[0]} = their column.",
        )


def kind_named(name: str) -> Kind:
    """Return a kind that can be ingested.

    Raises:
        NotFound: there is no such kind.
        UnexpectedLayout: it is worked out from others.
    """
    kind = get_kind(name)
    if not kind.table:
        given = ", ".join(one.name for one in _given())
        raise UnexpectedLayout(f"{name} is worked out, not given", where="--kind", remedy=f"Use one of {given}.")
    return kind


def _given() -> list[Kind]:
    return [kind for kind in kinds().values() if kind.table]


def _fields(kind: Kind) -> set[str]:
    """The columns of a kind, and of persons and companies those that only lists of parties read (first_name ...)."""
    own = {column for one in _given() for column in one.columns}
    return {*kind.columns, *(PARTY_FIELDS - own if kind.name in ("person", "company") else ())}


def _folded() -> Mapping[str, str]:
    return {folded(name): name for name in RECORD_FIELDS}
