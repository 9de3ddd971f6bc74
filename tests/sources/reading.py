"""One line ingests a file into a new lake and gives back the report and the rows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from entrepot.lake import Lake, open_lake
from entrepot.sources import IngestReport, ingest

FIXTURES = Path(__file__).parents[1] / "fixtures"
HEAD = "period,reporter_iso3,partner_iso3,flow,hs_code,value_usd"
ROW = "2024-01,DEU,KAZ,export,870323,1000"
AT = "2024-05-01T00:00:00+00:00"


@dataclass(frozen=True)
class Reading:
    report: IngestReport
    rows: list[dict[str, Any]]

    def column(self, name: str) -> list[Any]:
        return [row[name] for row in self.rows]

    @property
    def notes(self) -> str:
        return "; ".join(self.report.notes)


def new_lake(folder: Path) -> Lake:
    return open_lake(folder / "lake", create=True, memory_limit="500MB")


def rows_of(lake: Lake, table: str = "flows") -> list[dict[str, Any]]:
    with lake.engine() as engine:
        cursor = engine.connection.execute(f"FROM {table} ORDER BY source_row")
        names = [column[0] for column in cursor.description or []]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def read(
    folder: Path, source: str, path: Path | str, *, mapping: Path | str | None = None, table: str = "flows"
) -> Reading:
    lake = new_lake(folder)
    report = ingest(lake, source, FIXTURES / path, mapping=mapping, at=AT)
    return Reading(report, rows_of(lake, table))


def written(folder: Path, text: str | bytes, name: str = "trade.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def read_text(folder: Path, *lines: str, head: str = HEAD, mapping: str = "", name: str = "trade.csv") -> Reading:
    """Ingest lines of a flows file, with a mapping's text where given."""
    path = written(folder, "\n".join([head, *lines]) + "\n", name)
    by = written(folder, mapping, "mapping.toml") if mapping else None
    return read(folder, "flows", path, mapping=by)
