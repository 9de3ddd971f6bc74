"""Sheets: the tables of a population while it is made, and its Parquet files at the end.

Ordinary records come as blocks of arrays; records of stories one by one, and go down as one block. Cells are text, as
in a file of records. Whole or not at all: each file is written under another name and moved into place.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import duckdb
import numpy as np

from entrepot.errors import SourceError
from entrepot.lake import quoted
from entrepot.world.people.columns import COLUMNS

TRUTH = (
    "story_id", "record_kind", "record_id", "role", "pattern", "red_flag", "citizenship", "name_origin", "script",
)  # fmt: skip
_ROW_GROUP = 122_880
# Cells that are empty here and there though somebody knows them; never ids, never what says that something happened.
_LEAKY = {
    "person": "birth_country tax_residence address phone email",
    "document": "authority expiry_date",
    "company": "activity_code activity_text employees website tax_number",
    "account": "declared_turnover",
    "card": "presence",
    "payment": "payer_name beneficiary_name purpose",
    "login": "ip_country device_id",
    "contract": "end_user_country",
    "shipment": "gross_weight_kg packages volume_m3 quantity net_weight_kg description",
    "card_use": "amount",
    "sim": "device_id",
    "application": "decided_date",
}


class Sheets:
    """Takes records in any order of kinds; ``finish`` writes one file a kind that has any."""

    def __init__(self, folder: Path, *, missing: float, luck: np.random.Generator, memory_limit: str = "1GB") -> None:
        self.folder, self.missing, self._luck = folder, missing, luck
        self._rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self._truth: list[tuple[Any, ...]] = []
        self._memory = memory_limit

    def __enter__(self) -> Self:
        try:
            self._scratch = Path(tempfile.mkdtemp(prefix=".people-", dir=self.folder))
        except OSError as error:
            raise SourceError(str(error.strerror), where=str(self.folder), remedy="Choose another folder.") from error
        self.connection = duckdb.connect(str(self._scratch / "scratch.duckdb"))
        # One thread and kept order: the same records always make the same bytes.
        self.connection.execute("SET threads = 1; SET preserve_insertion_order = true; SET enable_progress_bar = false")
        self.connection.execute(f"SET memory_limit = '{self._memory}'; SET pandas_analyze_sample = 0")
        for kind, columns in (*COLUMNS.items(), ("truth", TRUTH)):
            self.connection.execute(
                f"CREATE TABLE {kind} ({', '.join(quoted_name(name) + ' VARCHAR' for name in columns)})"
            )
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def add(self, kind: str, cells: Mapping[str, Any]) -> None:
        """Take one record; cells that are None or absent are empty."""
        self._rows[kind].append(dict(cells))

    def mark(self, *cells: Any) -> None:
        """Take one row of the truth, in the order of TRUTH."""
        self._truth.append(cells)

    def block(self, kind: str, cells: Mapping[str, Any]) -> None:
        """Take records as arrays of one length; a cell that is one text is everybody's."""
        count = max(len(value) for value in cells.values() if isinstance(value, np.ndarray))
        arrays = {
            name: value if isinstance(value, np.ndarray) else np.full(count, value, dtype=object)
            for name, value in cells.items()
        }
        for name in _LEAKY.get(kind, "").split():
            if name in arrays and self.missing:
                leaky = arrays[name].astype(object)
                leaky[self._luck.random(count) < self.missing] = None
                arrays[name] = leaky
        self.connection.register("incoming", arrays)
        shown = ", ".join(f"nullif(CAST({quoted_name(name)} AS VARCHAR), '')" for name in arrays)
        named = ", ".join(quoted_name(name) for name in arrays)
        self.connection.execute(f"INSERT INTO {kind} ({named}) SELECT {shown} FROM incoming")
        self.connection.unregister("incoming")

    def finish(self) -> dict[str, Path]:
        """Write the files and return them by kind; ``truth`` among them."""
        for kind, rows in self._rows.items():
            names = [name for name in COLUMNS[kind] if any(row.get(name) is not None for row in rows)]
            arrays = {name: np.array([_text(row.get(name)) for row in rows], dtype=object) for name in names}
            self.block(kind, arrays)
        self._rows.clear()
        if self._truth:
            columns = zip(*self._truth, strict=True)
            self.block("truth", {n: np.array(list(c), dtype=object) for n, c in zip(TRUTH, columns, strict=True)})
        return {kind: self._write(kind) for kind in (*COLUMNS, "truth")}

    def _write(self, kind: str) -> Path:
        path, scratch = self.folder / f"{kind}.parquet", self._scratch / f"{kind}.parquet"
        self.connection.execute(
            f"COPY {kind} TO {quoted(str(scratch))} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {_ROW_GROUP},"
            " KV_METADATA {title: 'SIMULATED people, nobody lives'})"
        )
        scratch.replace(path)
        return path


def quoted_name(name: str) -> str:
    """Return a column's name for SQL."""
    return '"' + name + '"'


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.2f}"
    if isinstance(value, list | tuple):
        return ";".join(str(one) for one in value)
    return str(value)
