"""Packing: the words of rows as numbers that sort as the words do, while rows wait for their place in the lake.

The distinct words of each column are numbered in their order. The numbers of the columns that rows are sorted by,
put side by side in one or more integers (``k0``, ``k1``), are the row's place on disk and, as they hold the whole
key, tell whether two rows give one cell. Sorting and comparing integers takes a fraction of what text takes.
A column with one word is not stored at all. Numbers become words again as categories, whose dictionary the engine's
writer takes as it is; as text it would look each row's word up. The two columns that rows are sorted by first stay
text: of a category the writer notes the least and greatest word of a row group too widely, and readers pass over row
groups by them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from entrepot.lake.engine import Engine, identifier, quoted
from entrepot.lake.schema import TableSchema

# The same for every row of a part: left out while rows wait, put back as they are written.
CONSTANT = ("source_id", "snapshot_id")
# A shift may not reach the sign.
BITS = 62
# So many columns of the order on disk are those by which readers pass over row groups.
N_PASSED_OVER = 2

Words = Sequence[str | None]


@dataclass(frozen=True)
class Place:
    """Where a column's number is: the integer that holds it, how far up and how wide.

    ``list`` is the engine's variable that turns a number, from 0, into its word. A column of one word has no
    field.
    """

    words: Words
    list: str
    field: str = ""
    shift: int = 0
    bits: int = 0

    @property
    def is_constant(self) -> bool:
        return not self.field


@dataclass(frozen=True)
class Packing:
    """How the rows of one writing are packed.

    Attributes:
        places: column of words -> its place.
        text: columns of words that become text again, not a category.
        plain: columns that stay as they are.
        keys: the integers to sort by.
        years: years of the rows, rising; a year's place in this list is the first number of ``k0``.
        year: the place of that number.
    """

    places: Mapping[str, Place]
    text: frozenset[str]
    plain: tuple[str, ...]
    keys: tuple[str, ...]
    years: tuple[int, ...]
    year: Place


def order(schema: TableSchema) -> list[str]:
    """Return the columns that rows are sorted by: those of the declared order, then the rest of the key."""
    return [name for name in dict.fromkeys((*schema.sort, *schema.key)) if name not in CONSTANT]


def survey(engine: Engine, schema: TableSchema, relation: str) -> tuple[int, dict[str, Words]]:
    """Return how many rows a relation has, and the distinct words of each column of text, NULL last."""
    names = [c.name for c in schema.columns if c.type == "VARCHAR" and c.name not in CONSTANT]
    lists = ", ".join(f"list(DISTINCT CAST({identifier(name)} AS VARCHAR))" for name in names)
    rows, *found = engine.rows(f"SELECT count(*), {lists} FROM {relation}")[0]
    return int(rows), {name: _sorted(words or []) for name, words in zip(names, found, strict=True)}


def pack(schema: TableSchema, words: Mapping[str, Words], *, name: str) -> Packing:
    """Return the packing of rows with these words; ``name`` tells it from others of the session."""
    years = sorted({_year(period) for period in words["period"]})
    widths = {"": _bits(len(years)), **{column: _bits(len(words[column])) for column in order(schema)}}
    groups = _groups({column: bits for column, bits in widths.items() if bits})
    places = {column: Place(found, f"words_{name}_{column}") for column, found in words.items()}
    places[""] = Place((), "")
    for number, group in enumerate(groups):
        shift = sum(widths[column] for column in group)
        for column in group:
            shift -= widths[column]
            places[column] = Place(places[column].words, places[column].list, f"k{number}", shift, widths[column])
    for column in words:
        if column not in widths and (bits := _bits(len(words[column]))):
            places[column] = Place(words[column], places[column].list, f"n_{column}", 0, bits)
    plain = tuple(c.name for c in schema.columns if c.name not in words and c.name not in CONSTANT)
    keys = tuple(f"k{number}" for number in range(len(groups)))
    text = frozenset(schema.sort[:N_PASSED_OVER])
    return Packing(places, text, plain, keys, tuple(years), places.pop(""))


def packed(engine: Engine, schema: TableSchema, relation: str, packing: Packing) -> str:
    """Return SQL of a relation's rows packed; makes the tables and variables of words that this takes."""
    types = {column.name: column.type for column in schema.columns}
    sums: dict[str, list[str]] = {}
    joins = []
    for column, place in packing.places.items():
        if place.is_constant:
            continue
        _keep_words(engine, place, column, packing)
        table = identifier(place.list)
        same = "IS NOT DISTINCT FROM" if None in place.words else "="
        joins.append(f"JOIN {table} ON CAST(rows_in.{identifier(column)} AS VARCHAR) {same} {table}.text")
        sums.setdefault(place.field, []).append(f"{table}.id")
        if column == "period" and packing.year.field:
            sums.setdefault(packing.year.field, []).append(f"{table}.year")
    integers = [f"{' + '.join(terms)} AS {identifier(field)}" for field, terms in sums.items()]
    plain = [f"CAST(rows_in.{identifier(n)} AS {types[n]}) AS {identifier(n)}" for n in packing.plain]
    return f"SELECT {', '.join([*integers, *plain])} FROM {relation} rows_in {' '.join(joins)}"


def forget(engine: Engine, packing: Packing) -> None:
    """Remove the tables of words, which only packing needs."""
    for place in packing.places.values():
        engine.connection.execute(f"DROP TABLE IF EXISTS {identifier(place.list)}")


def unpacked(packing: Packing, column: str) -> str:
    """Return SQL of a column of packed rows in words, most of them as a category."""
    if column in packing.plain:
        return identifier(column)
    place = packing.places[column]
    if place.is_constant:
        return literal(place.words[0] if place.words else None)
    number = f"(({identifier(place.field)} >> {place.shift}) & {(1 << place.bits) - 1})"
    return f"getvariable({quoted(place.list)})[CAST({number} AS BIGINT) + 1]"


def literal(word: str | None) -> str:
    """Return SQL of one word for all rows, which costs nothing to write."""
    return "CAST(NULL AS VARCHAR)" if word is None else f"CAST({quoted(word)} AS ENUM ({quoted(word)}))"


def in_year(packing: Packing, year: int | None) -> str:
    """Return SQL that is true for the packed rows of a year."""
    place = packing.year
    if place.is_constant or year is None:
        return "true"
    low, high = (n << place.shift for n in (packing.years.index(year), packing.years.index(year) + 1))
    return f"({place.field} >= {low} AND {place.field} < {high})"


def _sorted(words: list[str | None]) -> Words:
    known = sorted(word for word in words if word is not None)
    return (*known, None) if len(known) < len(words) else tuple(known)


def _bits(count: int) -> int:
    return (count - 1).bit_length() if count > 1 else 0


def _year(period: str | None) -> int:
    # What is no year is refused by the checks, which come after.
    return int(period[:4]) if period and period[:4].isascii() and period[:4].isdigit() else 0


def _groups(widths: Mapping[str, int]) -> list[list[str]]:
    """Split columns, in order, into groups that fit an integer each."""
    groups: list[list[str]] = []
    used = BITS
    for column, bits in widths.items():
        if used + bits > BITS:
            groups.append([])
            used = 0
        groups[-1].append(column)
        used += bits
    return groups


def _keep_words(engine: Engine, place: Place, column: str, packing: Packing) -> None:
    ids = [number << place.shift for number in range(len(place.words))]
    types = {"text": "VARCHAR", "id": "UBIGINT", "year": "UBIGINT"}
    of_year = [packing.years.index(_year(w)) << packing.year.shift if column == "period" else 0 for w in place.words]
    engine.table(place.list, {"text": list(place.words), "id": ids, "year": of_year}, types)
    name = identifier(place.list)
    word = "text"
    if column not in packing.text:
        known = f"SELECT text FROM {name} WHERE text IS NOT NULL ORDER BY id"
        engine.connection.execute(f"CREATE TYPE {name} AS ENUM ({known})")
        word = f"CAST(text AS {name})"
    engine.connection.execute(f"SET VARIABLE {name} = (SELECT list({word} ORDER BY id) FROM {name})")
