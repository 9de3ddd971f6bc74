"""Where a check makes its relations: as tables of an engine (`RecordTables`), or as parts of one `Statement`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from entrepot.redflags.world import World


class Relations(Protocol):
    """Where the relations of a check are made: tables of an engine, or parts of one statement."""

    given: dict[str, frozenset[str]]
    as_of: str
    spaced: dict[str, frozenset[str]]
    is_few: bool

    def make(self, name: str, sql: str) -> None:
        """Make a relation, which later ones name."""

    def take(self, kind_name: str, sql: str, columns: Iterable[str]) -> None:
        """Take a relation that has its types already, under ``r_<kind>``."""

    def rename(self, kind_name: str, columns: Sequence[str], names: str) -> None:
        """Give values of columns other names."""

    def space(self, kind_name: str, columns: Sequence[str]) -> None:
        """Have the texts of columns spaced beside them: many flags look for words in the same text."""

    def gather(self, name: str, columns: Mapping[str, str], parts: Mapping[str, str]) -> None:
        """Make a relation of the rows of many."""

    def know(self, world: World) -> None:
        """Let flags ask a world."""
