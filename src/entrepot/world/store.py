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
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb
import numpy as np
from numpy.typing import NDArray

from entrepot.errors import SourceError
from entrepot.lake import quoted
from entrepot.world.calendar import AFTER, BEFORE, Calendar
from entrepot.world.places import Places

ROW_GROUP = 122_880
COLUMNS = (
    "period months",
    "reporter_iso3 territories",
    "partner_iso3 territories",
    "flow flows",
    "hs_code codes",
    "value_usd DOUBLE",
    "netweight_kg DOUBLE",
    "valuation valuations",
    "freq freqs",
    "hs_revision revisions",
    "partner_role roles",
)
INSERT = """INSERT INTO report SELECT
    CAST($months AS months[])[month + 1], CAST($territories AS territories[])[reporter + 1],
    CAST($territories AS territories[])[partner + 1], CAST($flows AS flows[])[flow + 1],
    CAST($codes AS codes[])[code + 1], usd, nullif(kg, 0), CAST($valuations AS valuations[])[flow + 1],
    CAST($freqs AS freqs[])[1], CAST($revisions AS revisions[])[1 + CAST(month >= $revision AS INTEGER)],
    CAST($roles AS roles[])[flow + 1]
FROM incoming"""


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

    def __init__(self, folder: Path, *, when: Calendar, where: Places, codes: tuple[str, ...], block_rows: int) -> None:
        self.block_rows = block_rows
        self.folder, self.when, self.where, self.codes = folder, when, where, codes
        self.n_rows = 0
        self.waiting: list[dict[str, NDArray[Any]]] = []
        self.worker = ThreadPoolExecutor(max_workers=1)
        self.writing: Future[None] | None = None

    def __enter__(self) -> Self:
        try:
            self.scratch = Path(tempfile.mkdtemp(prefix=".world-", dir=self.folder))
        except OSError as error:
            raise SourceError(str(error.strerror), where=str(self.folder), remedy="Choose another folder.") from error
        self.connection = duckdb.connect(str(self.scratch / "scratch.duckdb"))
        # One thread and kept order: the same rows always make the same bytes.
        self.connection.execute("SET threads = 1; SET preserve_insertion_order = true")
        self.connection.execute("SET memory_limit = '1GB'; SET enable_progress_bar = false")
        self.connection.execute("SET force_compression = 'uncompressed'")
        # Codes as enumerations are written several times as fast as text, and read back as text.
        for name, values in self._values().items():
            listed = ", ".join(quoted(value) for value in values)
            self.connection.execute(f"CREATE TYPE {name} AS ENUM ({listed})")
        self.connection.execute(f"CREATE TABLE report ({', '.join(COLUMNS)})")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.worker.shutdown(cancel_futures=True)
        self.connection.close()
        shutil.rmtree(self.scratch, ignore_errors=True)

    def add(self, month: int, rows: Rows) -> None:
        """Append a month, sorted, with reports of the same flow added up."""
        arrays = _in_order(rows, len(self.where.iso3), len(self.codes))
        arrays["month"] = np.full(len(arrays["usd"]), month, dtype=np.int16)
        self.waiting.append(arrays)
        self.n_rows += len(arrays["usd"])
        if sum(len(one["usd"]) for one in self.waiting) >= self.block_rows:
            self._hand_over()

    def finish(self) -> int:
        """Write the Parquet file and return its number of rows."""
        self._hand_over()
        self._hand_over()
        scratch = self.scratch / "flows.parquet"
        self.connection.execute(
            f"COPY report TO {quoted(str(scratch))} (FORMAT parquet, COMPRESSION zstd,"
            f" ROW_GROUP_SIZE {ROW_GROUP}, KV_METADATA {{title: 'SIMULATED trade world, no real flows'}})"
        )
        scratch.replace(self.folder / "flows.parquet")
        return self.n_rows

    def _hand_over(self) -> None:
        """Append what waits while the caller makes the next months; one block at a time, in order."""
        if self.writing is not None:
            self.writing.result()
            self.writing = None
        if self.waiting:
            self.writing = self.worker.submit(self._append, self.waiting)
            self.waiting = []

    def _append(self, blocks: list[dict[str, NDArray[Any]]]) -> None:
        arrays = {name: np.concatenate([one[name] for one in blocks]) for name in blocks[0]}
        self.connection.register("incoming", arrays)
        self.connection.execute(INSERT, {**self._values(), "revision": self.when.revision})
        self.connection.unregister("incoming")

    def _values(self) -> dict[str, list[str]]:
        """Return the values of each enumeration, in the order of their index."""
        return {
            "months": list(self.when.months),
            "territories": list(self.where.iso3),
            "codes": list(self.codes),
            "flows": ["export", "import"],
            "valuations": ["fob", "cif"],
            "freqs": ["M"],
            "revisions": [BEFORE, AFTER],
            # Importers of this world name who sent the goods, since origin gets lost on the way.
            "roles": ["destination", "consignment"],
        }


def _in_order(rows: Rows, n_places: int, n_codes: int) -> dict[str, NDArray[Any]]:
    key = ((rows.reporter * 2 + rows.flow) * n_codes + rows.code) * n_places + rows.partner
    order = np.argsort(key, kind="stable")
    key, usd, kg = key[order], rows.usd[order], rows.kg[order]
    first = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]])) if len(key) else np.empty(0, dtype=int)
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
