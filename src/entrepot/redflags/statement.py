"""One statement for a few records: the relations that `RecordTables` makes as tables, each a part of one query.

Of a few records the engine plans far longer than it works. A plan over tables it makes anew for every query; a plan
over nothing but parameters it keeps. So the records come as parameters, one array of objects for each kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from entrepot.lake import SQL_TYPES, Kind, get_kind
from entrepot.redflags.cells import marked, rows_of_json, text_rows, typed
from entrepot.redflags.language import spaced_name
from entrepot.redflags.world import World


class Statement:
    """The relations of a check, written and not yet run.

    Parameter n of the statement is the array of records of the n-th given kind, as `reading_sql` typed them.
    """

    def __init__(self, given: Mapping[str, frozenset[str]], *, as_of: str) -> None:
        self.given = dict(given)
        self.as_of = as_of
        self.spaced: dict[str, frozenset[str]] = {}
        self.is_few = True
        self.parts: dict[str, str] = {}
        self._relations: list[tuple[str, str]] = []
        for place, kind in enumerate(given, 1):
            self._relations.append((f"r_{kind}", rows_of_json(_types(get_kind(kind)), f"${place}")))

    def take(self, kind_name: str, sql: str, columns: Iterable[str]) -> None:
        """Take a relation that has its types already, under ``r_<kind>``."""
        self.make(f"r_{kind_name}", sql)
        self.given[kind_name] = frozenset(columns)

    def make(self, name: str, sql: str) -> None:
        """Make a relation, which later ones name."""
        self._relations.append((name, sql))

    def rename(self, kind_name: str, columns: Sequence[str], names: str) -> None:
        """Give values of columns other names, by pairs ``old_name``, ``new_name``."""
        numbered = list(enumerate(columns))
        renamed = ", ".join(f'coalesce(n{number}.new_name, r."{name}") AS "{name}"' for number, name in numbered)
        joins = " ".join(f'LEFT JOIN ({names}) n{at} ON n{at}.old_name = r."{name}"' for at, name in numbered)
        # Behind the others: the names may be of one that is given later.
        self._relations.append(self._relations.pop(self._place(kind_name)))
        self._change(kind_name, f"SELECT r.* REPLACE ({renamed}) FROM {{}} r {joins}")

    def space(self, kind_name: str, columns: Sequence[str]) -> None:
        """Have the texts of columns spaced beside them."""
        # As one list: the engine builds a pattern for each place where it stands.
        listed = ", ".join(f'"{column}"' for column in columns)
        texts = ", ".join(f"_texts[{place}] AS {spaced_name(column)}" for place, column in enumerate(columns, 1))
        all_spaced = f"SELECT *, list_transform([{listed}], lambda text: spaced(text)) AS _texts FROM {{}}"
        self._change(kind_name, f"SELECT * EXCLUDE (_texts), {texts} FROM ({all_spaced})")
        self.spaced[kind_name] = frozenset(columns)

    def _place(self, kind_name: str) -> int:
        return next(place for place, (name, _) in enumerate(self._relations) if name == f"r_{kind_name}")

    def _change(self, kind_name: str, sql: str) -> None:
        """Put a relation between that of a kind and those that name it."""
        place = self._place(kind_name)
        before = f"before{len(self._relations)}_{kind_name}"
        changed = (f"r_{kind_name}", sql.format(before))
        self._relations[place : place + 1] = [(before, self._relations[place][1]), changed]

    def gather(self, name: str, columns: Mapping[str, str], parts: Mapping[str, str]) -> None:
        """Make a relation of the rows of many; each part goes by the name of what it works out."""
        self.parts = dict(parts)
        cast = ", ".join(f"{column}::{type_} AS {column}" for column, type_ in columns.items())
        none = "SELECT " + ", ".join(f"NULL AS {column}" for column in columns) + " WHERE false"
        every = " UNION ALL ".join([none, *(f"({part})" for part in parts.values())])
        self.make(name, f"SELECT {cast} FROM ({every})")

    def know(self, world: World) -> None:
        """The engine that runs the statement knows the world already."""

    def over(self, sql: str) -> str:
        """Return a query over the relations as one statement."""
        # Read once from its text, however many flags read it.
        given = {f"r_{kind}" for kind in self.given}
        parts = (f"{name} AS {'MATERIALIZED ' if name in given else ''}({one})" for name, one in self._relations)
        return "WITH " + ", ".join(parts) + f" {sql}"


def reading_sql(kind: Kind, named: Sequence[str], *, as_of: str) -> str:
    """Return the statement that gives records of a kind their types.

    Its parameter is an array of objects of texts, as `cells.json_of` writes it, with the columns of ``named``. Returns
    one row a record, in their order: number, id, faults, why it is not kept, and the typed record as JSON where it is.
    """
    rows = f"({text_rows(named, '$1')})"
    every = marked(kind, f"({typed(kind, named, rows, as_of)})")
    cells = ", ".join(f'"{name}" := "{name}"' for name in ("_row", *named))
    key = f'"{kind.id}"' if kind.id else "NULL"
    kept = f"CASE WHEN _skip IS NULL THEN to_json(struct_pack({cells}))::VARCHAR END"
    return f"SELECT _row, {key}, _faults, _skip, {kept} FROM ({every}) ORDER BY _row"


def _types(kind: Kind) -> dict[str, str]:
    return {"_row": "BIGINT", **{name: SQL_TYPES[type_] for name, type_ in kind.columns.items()}}
