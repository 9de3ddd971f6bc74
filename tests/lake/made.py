"""Lakes made of a few cells, written in one line each."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import entrepot
from entrepot.lake import FLOWS, Lake, Stage, Version, open_lake
from entrepot.origin import Origin

AT = "2024-01-01T00:00:00Z"
ROW: dict[str, Any] = {
    "freq": "M",
    "period": "2021-01",
    "reporter_iso3": "DEU",
    "partner_iso3": "KAZ",
    "flow": "export",
    "partner_role": "destination",
    "hs_code": "854231",
    "hs_revision": "HS2017",
    "value": 1.0,
    "currency": "EUR",
    "valuation": "fob",
    "netweight_kg": None,
    "quantity": None,
    "quantity_unit": None,
    "report_status": "reported",
    "is_aggregate": False,
}


def cell(period: str = "2021-01", value: float | None = 1.0, **other: Any) -> dict[str, Any]:
    """One row of flows."""
    return {**ROW, "period": period, "value": value, **other}


def new_lake(folder: Path) -> Lake:
    return open_lake(folder / "lake", create=True, memory_limit="500MB", threads=2)


def file_of(lake: Lake, name: str, text: str = "") -> Path:
    """A file beside the lake; its bytes are its name unless given."""
    path = lake.path.parent / name
    path.write_text(text or name)
    return path


def relation(stage: Stage, rows: Sequence[dict[str, Any]], name: str = "given") -> str:
    """Make rows a relation of the stage."""
    types = {c.name: c.type for c in FLOWS.columns if c.name not in ("source_id", "snapshot_id")}
    numbered = [{"source_row": number, **row} for number, row in enumerate(rows, 1)]
    stage.engine.table(name, {column: [row.get(column) for row in numbered] for column in types}, types)
    return name


def put(
    lake: Lake,
    name: str,
    *rows: dict[str, Any],
    day: str | None = None,
    source: str = "flows",
    reading: str = "r",
    on_step: Callable[[str], None] | None = None,
) -> Version:
    """Ingest rows as if read from a file of that name, extracted on ``day``."""
    with lake.stage(source, at=AT, command=f"ingest {name}", on_step=on_step) as stage:
        snapshot = stage.snapshot(file_of(lake, name), Origin("office", name, extracted_date=day))
        if not stage.is_known(snapshot, reading=reading):
            stage.write("flows", relation(stage, rows), snapshot=snapshot)
        return stage.commit()


def values(lake: Lake, version: int | None = None) -> list[tuple[str, float | None]]:
    """Period and value of every row of flows, in order of period."""
    with lake.engine(version=version) as engine:
        return engine.rows("SELECT period, value FROM flows ORDER BY ALL")


def content(lake: Lake) -> dict[str, bytes]:
    """Every file of the lake except the lock, which says who wrote last."""
    files = (path for path in lake.path.rglob("*") if path.is_file() and path.name != "lock")
    return {str(path.relative_to(lake.path)): path.read_bytes() for path in files}


def run_python(code: str, *arguments: object, timeout: float = 60) -> subprocess.CompletedProcess[str]:
    """Run code in another process that can import this project and its tests."""
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def environment() -> dict[str, str]:
    """Return the environment in which a child process finds the package and its tests."""
    paths = [str(Path(entrepot.__file__).parents[1]), str(Path(__file__).parents[2])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
