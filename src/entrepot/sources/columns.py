"""Which of a file's columns is which of ours: by name and alias, never by position."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from entrepot.errors import UnexpectedLayout
from entrepot.sources.model import Layout

REQUIRED = {
    "flows": ("period", "reporter_iso3", "partner_iso3", "flow", "hs_code", "value"),
    "concordance": ("code_before", "code_after", "revision_pair"),
    "ledger": ("jurisdiction",),
}
VALUES = ("value_eur", "value_usd", "value")


@dataclass(frozen=True)
class Matched:
    """A layout laid over a file's header.

    Attributes:
        layout: the layout that fits.
        columns: our field -> the file's column.
        beside: parts, skip and uses columns of the layout that the file has: declared name -> the file's column.
        others: our field -> further columns of the file that may hold it, where the first is empty throughout.
        unknown: columns of the file that nobody declared.
        absent: optional fields of the layout that the file does not have.
    """

    layout: Layout
    columns: dict[str, str]
    beside: dict[str, str]
    others: dict[str, tuple[str, ...]]
    unknown: tuple[str, ...]
    absent: tuple[str, ...]

    def needed(self) -> set[str]:
        """Return the columns that reading takes cells from."""
        more = {column for columns in self.others.values() for column in columns}
        return {*self.columns.values(), *self.beside.values(), *more}


def match_layout(header: Sequence[str], layouts: Sequence[Layout], *, table: str, where: str) -> Matched:
    """Return the layout that fits a header best.

    Raises:
        UnexpectedLayout: a name twice, or a required column that no layout finds, with the close names.
    """
    _refuse_twins(header, where)
    tried = [(layout, _find(header, layout)) for layout in layouts]
    fitting = [(layout, found) for layout, found in tried if not _missing(header, layout, found, table)]
    if not fitting:
        layout, found = min(tried, key=lambda one: (len(_missing(header, one[0], one[1], table)), -len(one[1])))
        raise _unfit(header, layout, _missing(header, layout, found, table), table, where)
    layout, found = max(fitting, key=lambda one: len(one[1]) + len(_beside(header, one[0])))
    return _matched(header, layout, found)


def score(header: Sequence[str], layouts: Sequence[Layout]) -> int:
    """Return how many declared columns the best layout finds, to tell a header from another line."""
    return max(len(set(_find(header, one).values()) & set(header)) + len(_beside(header, one)) for one in layouts)


def folded(name: str) -> str:
    """Return a column name without case, spaces and marks: 'Trade Value (US$)' is 'tradevalueus'."""
    return re.sub(r"[\W_]+", "", name.casefold()) or name.strip()


def _lookup(header: Sequence[str], names: Iterable[str]) -> str | None:
    for name in names:
        if name in header:
            return name
        if close := [column for column in header if folded(column) == folded(name)]:
            return close[0]
    return None


def _find(header: Sequence[str], layout: Layout) -> dict[str, str]:
    # Columns that are made later are there by declaration.
    made = [*layout.made, *([layout.melt.name, layout.melt.value] if layout.melt else [])]
    found = {field: _lookup([*header, *made], names) for field, names in layout.columns.items()}
    return {field: column for field, column in found.items() if column is not None}


def _others(header: Sequence[str], layout: Layout, found: dict[str, str]) -> dict[str, tuple[str, ...]]:
    more = {
        field: tuple(hit for name in layout.columns[field] if (hit := _lookup(header, [name])) and hit != column)
        for field, column in found.items()
    }
    return {field: tuple(dict.fromkeys(columns)) for field, columns in more.items() if columns}


def _beside(header: Sequence[str], layout: Layout) -> dict[str, str]:
    found = {name: _lookup(header, [name]) for name in (*layout.parts, *layout.skip, *layout.uses, *layout.may_use)}
    return {name: column for name, column in found.items() if column is not None}


def _missing(header: Sequence[str], layout: Layout, found: dict[str, str], table: str) -> list[str]:
    gone = [name for name in layout.uses if _lookup(header, [name]) is None]
    have = {*found, *layout.constants}
    if "year" in have:
        have.add("period")
    if have & {"value_eur", "value_usd"}:
        have.add("value")
    elif "currency" not in have:
        have.discard("value")
    return [*gone, *(field for field in (*REQUIRED[table], *layout.needs) if field not in have)]


def _matched(header: Sequence[str], layout: Layout, found: dict[str, str]) -> Matched:
    beside = _beside(header, layout)
    melted = melted_columns(header, layout)
    if both := sorted(set(melted) & {*found.values(), *beside.values()}):
        raise UnexpectedLayout(
            f"[melt] takes column {both[0]!r}, which another part of the mapping reads",
            remedy="Narrow [melt] in the mapping file.",
        )
    known = {*found.values(), *beside.values(), *melted}
    ignored = {folded(name) for name in layout.ignored} | {
        folded(name) for names in layout.columns.values() for name in names
    }
    return Matched(
        layout=layout,
        columns=found,
        beside=beside,
        others=_others(header, layout, found),
        unknown=tuple(name for name in header if name not in known and folded(name) not in ignored),
        absent=tuple(field for field in layout.columns if field not in found and field not in VALUES),
    )


def melted_columns(header: Sequence[str], layout: Layout) -> list[str]:
    """Return the file's columns that the layout lays under each other."""
    melt = layout.melt
    if melt is None:
        return []
    if melt.pattern:
        return [name for name in header if re.fullmatch(melt.pattern, name)]
    return [name for name in header if name in melt.columns]


def _refuse_twins(header: Sequence[str], where: str) -> None:
    twins = sorted({name for name in header if name and list(header).count(name) > 1})
    if twins:
        raise UnexpectedLayout(
            f"two columns are called {twins[0]!r}", where=where, remedy="Rename or remove one of them."
        )


def _unfit(header: Sequence[str], layout: Layout, missing: list[str], table: str, where: str) -> UnexpectedLayout:
    field = missing[0]
    sought = _sought(layout, field)
    by_fold = {folded(name): name for name in header}
    close = {
        by_fold[hit]
        for name in (*sought, field)
        for hit in get_close_matches(folded(name), list(by_fold), n=3, cutoff=0.6)
    }
    found = f"no column for {field} (sought {', '.join(repr(name) for name in sought) or 'nothing'})"
    if len(header) == 1:
        remedy = f"The header is one cell, {header[0][:60]!r}: name the delimiter in a mapping, [read] delimiter."
    elif close:
        named = ", ".join(map(repr, sorted(close)))
        remedy = f'Close names are {named}; say which in a mapping file, [columns] {field} = "...".'
    elif field == "flow" and table == "flows":
        remedy = (
            'Does the file hold exports or imports? Say so in a mapping file: [constants] flow = "export". '
            f"Shipped mappings do, for example --mapping eurostat-cn8-exports. Columns: {_named(header)}."
        )
    else:
        remedy = f'The columns are {_named(header)}; say which in a mapping file, [columns] {field} = "...".'
    return UnexpectedLayout(found, where=where, remedy=remedy)


def _sought(layout: Layout, field: str) -> list[str]:
    if field in layout.uses:
        return [field]
    if field == "value":
        fields = [name for name in VALUES if name in layout.columns]
        return [name for one in fields for name in layout.columns[one]] + (["currency"] if fields == ["value"] else [])
    return [
        name for one in ((field, "year") if field == "period" else (field,)) for name in layout.columns.get(one, [])
    ]


def _named(header: Sequence[str]) -> str:
    return ", ".join(repr(name) for name in header[:20]) + (" ..." if len(header) > 20 else "")
