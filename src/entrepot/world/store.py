"""Store: write a world's files, flows through a scratch table on disk so that memory stays small.

Layout: ``flows.parquet`` sorted by period, reporter, flow, hs_code, partner; CSV files beside it. Each file
is written under another name and moved into place when whole.
"""

from __future__ import annotations

import csv
import os
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb
import numpy as np
from numpy.typing import NDArray

from entrepot.errors import SourceError
from entrepot.world.calendar import AFTER, BEFORE, Calendar
from entrepot.world.places import Places

ROW_GROUP = 122_880
FLOWS = ("export", "import")


@dataclass(frozen=True)
class Rows:
    """Reports of one month: indices of territories and codes, flow 0 export or 1 import."""

    reporter: NDArray[np.int64]
    partner: NDArray[np.int64]
    flow: NDArray[np.int64]
    code: NDArray[np.int64]
    usd: NDArray[np.float64]
    kg: NDArray[np.float64]


def make_folder(folder: Path) -> None:
    """Make the folder, or say why it cannot be made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SourceError(str(error.strerror), where=str(folder), remedy="Choose another folder.") from error


def write_lines(path: Path, head: Sequence[str], lines: Iterable[Sequence[Any]]) -> Path:
    """Write a CSV file with ``\\n`` line ends, whole or not at all."""
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    with scratch.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(lines)
    scratch.replace(path)
    return path


def write_text(path: Path, text: str) -> Path:
    """Write a text file, whole or not at all."""
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    scratch.write_text(text, encoding="utf-8", newline="\n")
    scratch.replace(path)
    return path


class FlowsWriter:
    """Takes months in order, writes ``flows.parquet`` at the end; leaves no scratch behind."""

    def __init__(
        self, folder: Path, *, when: Calendar, where: Places, codes: tuple[str, ...], block_rows: int
    ) -> None:
        self.block_rows = block_rows
        self.folder, self.when, self.where, self.codes = folder, when, where, codes
        self.n_rows = 0
        self.waiting: list[dict[str, NDArray[Any]]] = []

    def __enter__(self) -> Self:
        try:
            self.scratch = Path(tempfile.mkdtemp(prefix=".world-", dir=self.folder))
        except OSError as error:
            raise SourceError(
                str(error.strerror), where=str(self.folder), remedy="Choose another folder."
            ) from error
        self.connection = duckdb.connect(str(self.scratch / "scratch.duckdb"))
        # One thread and kept order: the same rows always make the same bytes.
        self.connection.execute(
            "SET threads = 1; SET preserve_insertion_order = true; SET memory_limit = '1GB'"
        )
        self.connection.execute("SET enable_progress_bar = false")
        self.connection.execute(
            "CREATE TABLE report (month SMALLINT, reporter UTINYINT, partner UTINYINT, flow UTINYINT,"
            " code SMALLINT, usd DOUBLE, kg DOUBLE)"
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.connection.close()
        shutil.rmtree(self.scratch, ignore_errors=True)

    def add(self, month: int, rows: Rows) -> None:
        """Append a month, sorted, with reports of the same flow added up."""
        arrays = _in_order(rows, len(self.where.iso3), len(self.codes))
        arrays["month"] = np.full(len(arrays["usd"]), month, dtype=np.int16)
        self.waiting.append(arrays)
        self.n_rows += len(arrays["usd"])
        if sum(len(one["usd"]) for one in self.waiting) >= self.block_rows:
            self._append()

    def _append(self) -> None:
        if not self.waiting:
            return
        arrays = {name: np.concatenate([one[name] for one in self.waiting]) for name in self.waiting[0]}
        self.waiting = []
        self.connection.register("incoming", arrays)
        self.connection.execute(
            "INSERT INTO report SELECT month, reporter, partner, flow, code, usd, kg FROM incoming"
        )
        self.connection.unregister("incoming")

    def finish(self) -> int:
        """Write the Parquet file and return its number of rows."""
        self._append()
        scratch = self.scratch / "flows.parquet"
        self.connection.execute(
            f"""COPY (
                SELECT ($months)[month + 1] AS period, ($iso3)[reporter + 1] AS reporter_iso3,
                    ($iso3)[partner + 1] AS partner_iso3, ($flows)[flow + 1] AS flow,
                    ($codes)[code + 1] AS hs_code, usd AS value_usd, nullif(kg, 0) AS netweight_kg,
                    ($valuations)[flow + 1] AS valuation, 'M' AS freq,
                    CASE WHEN month < $revision THEN '{BEFORE}' ELSE '{AFTER}' END AS hs_revision,
                    ($roles)[flow + 1] AS partner_role
                FROM report
            ) TO '{str(scratch).replace("'", "''")}' (FORMAT parquet, COMPRESSION zstd,
                ROW_GROUP_SIZE {ROW_GROUP}, KV_METADATA {{title: 'SIMULATED trade world, no real flows'}})""",
            {
                "months": list(self.when.months),
                "iso3": list(self.where.iso3),
                "codes": list(self.codes),
                "flows": list(FLOWS),
                "valuations": ["fob", "cif"],
                # Importers of this world name who sent the goods, since origin gets lost on the way.
                "roles": ["destination", "consignment"],
                "revision": self.when.revision,
            },
        )
        scratch.replace(self.folder / "flows.parquet")
        return self.n_rows


def _in_order(rows: Rows, n_places: int, n_codes: int) -> dict[str, NDArray[Any]]:
    key = ((rows.reporter * 2 + rows.flow) * n_codes + rows.code) * n_places + rows.partner
    order = np.argsort(key, kind="stable")
    key, usd, kg = key[order], rows.usd[order], rows.kg[order]
    first = (
        np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]])) if len(key) else np.empty(0, dtype=int)
    )
    key = key[first]
    partner, code, side = key % n_places, key // n_places % n_codes, key // n_places // n_codes
    return {
        "reporter": (side // 2).astype(np.uint8),
        "flow": (side % 2).astype(np.uint8),
        "partner": partner.astype(np.uint8),
        "code": code.astype(np.int16),
        "usd": np.add.reduceat(usd, first) if len(first) else usd,
        # An unknown weight makes the sum unknown; 0 stands for that in the scratch table.
        "kg": np.nan_to_num(np.add.reduceat(kg, first)) if len(first) else kg,
    }
