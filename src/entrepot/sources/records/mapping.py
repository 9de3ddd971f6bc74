"""Mapping files of records: ours = theirs, word for word, and how the bytes become cells."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from entrepot.errors import ConfigError, UnexpectedLayout
from entrepot.lake import Kind

Words = dict[str, str]
_NUMBERS = ("number", "integer")


class ReadRecords(BaseModel):
    """How the bytes become cells. ``date_format`` is the engine's (%d.%m.%Y); without it dates are ISO 8601."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    encoding: str = "utf-8"
    header_row: Annotated[int, Field(ge=1)] | None = None
    banner_lines: Annotated[int, Field(ge=0)] = 0
    decimal: Literal[".", ","] = "."
    thousands: str = ""
    null_words: list[str] = []
    date_format: str | None = None

    @property
    def lines_before_header(self) -> int:
        """Lines that are no data: banners above the header."""
        return self.header_row - 1 if self.header_row else self.banner_lines


class RecordMapping(BaseModel):
    """Which of a file's columns is which of ours.

    Attributes:
        columns: ours -> theirs; of several names the first that the file has counts.
        values: ours -> their word -> ours.
        constants: ours -> one value for every record.
        read: how the bytes become cells.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    kind: str | None = None
    columns: dict[str, str | list[str]] = {}
    values: dict[str, Words] = {}
    constants: Words = {}
    read: ReadRecords = ReadRecords()

    def refuse_unknown(self, kind: Kind, where: str) -> None:
        """Refuse a mapping to columns that records of the kind do not have.

        Raises:
            ConfigError: names the column and those that there are.
        """
        for name in (*self.columns, *self.values, *self.constants):
            if name not in kind.columns:
                remedy = f"A {kind.name} has {', '.join(kind.columns)}."
                raise ConfigError(f"no column {name!r}", where=where, remedy=remedy)

    def of(self, kind: Kind, where: str) -> RecordMapping:
        """Return the mapping without columns that are read from a kind elsewhere (first_name of persons, as parties).

        Raises:
            ConfigError: it names a column that nothing reads from this kind.
        """
        if kind.name not in ("person", "document", "company", "ownership", "directorship"):
            self.refuse_unknown(kind, where)
        held = {
            name: {ours: said for ours, said in getattr(self, name).items() if ours in kind.columns}
            for name in ("columns", "values", "constants")
        }
        return self.model_copy(update=held)

    def projection(
        self, kind: Kind, header: Sequence[str], where: str, *, number: str = "(row_number() OVER ())::VARCHAR"
    ) -> str:
        """Return the SQL of our columns over theirs.

        Args:
            number: SQL of the name of a record where no column holds one.

        Raises:
            UnexpectedLayout: a column that the mapping names is not in the file.
        """
        self.refuse_unknown(kind, where)
        parts = []
        for ours, theirs in self.columns.items():
            names = [theirs] if isinstance(theirs, str) else theirs
            found = next((name for name in names if name in header), None)
            if found is None:
                remedy = f"The file has {', '.join(header[:20])}."
                raise UnexpectedLayout(f"no column {names[0]!r}, mapped to {ours}", where=where, remedy=remedy)
            parts.append(f'{self._cell(ours, _identifier(found), kind.columns[ours])} AS "{ours}"')
        parts += [f'{_text(value)} AS "{ours}"' for ours, value in self.constants.items() if ours not in self.columns]
        if kind.id and kind.id not in self.columns:
            # Without a name of its own a record goes by its number in the file.
            parts.append(f'{number} AS "{kind.id}"')
        return ", ".join(parts)

    def _cell(self, ours: str, theirs: str, type_: str) -> str:
        cell = f"nullif(trim({theirs}), '')"
        if self.read.null_words:
            cell = f"CASE WHEN {cell} NOT IN ({', '.join(map(_text, self.read.null_words))}) THEN {cell} END"
        if words := self.values.get(ours):
            cases = " ".join(f"WHEN {_text(word)} THEN {_text(value)}" for word, value in words.items())
            cell = f"CASE {cell} {cases} ELSE {cell} END"
        if type_ in _NUMBERS:
            if self.read.thousands:
                cell = f"replace({cell}, {_text(self.read.thousands)}, '')"
            if self.read.decimal == ",":
                cell = f"replace({cell}, ',', '.')"
        if type_ == "date" and self.read.date_format:
            # A cell in another form stays as it is, so that the check tells it.
            cell = f"coalesce(try_strptime({cell}, {_text(self.read.date_format)})::DATE::VARCHAR, {cell})"
        if ours in ("hs_code", "hs_codes"):
            cell = f"regexp_replace({cell}, '[.\\s]', '', 'g')"
        return cell


def read_record_mapping(path: Path) -> RecordMapping:
    """Return the mapping of a TOML file.

    Raises:
        ConfigError: no such file, no TOML, or a field that mappings do not have.
    """
    if not path.is_file():
        raise ConfigError("no such file", where=str(path), remedy="`entrepot records propose` writes one.")
    try:
        return RecordMapping.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"no TOML: {error}", where=str(path), remedy="Mend the file.") from error
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise ConfigError(f"{field}: {first['msg'].lower()}", where=str(path), remedy="Mend the file.") from error


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
