"""What a lake says of itself: status, history, damage."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from entrepot.lake.engine import Engine
from entrepot.lake.manifest import Version, manifest_path, read_current, read_version
from entrepot.lake.table import Table
from entrepot.origin import content_hash

STATUS = {
    "source_id": "VARCHAR",
    "snapshot_id": "VARCHAR",
    "name": "VARCHAR",
    "table": "VARCHAR",
    "rows": "BIGINT",
    "first_period": "VARCHAR",
    "last_period": "VARCHAR",
    "reporters": "BIGINT",
    "issues": "BIGINT",
    "extracted_date": "VARCHAR",
    "ingested_at": "VARCHAR",
    "publisher": "VARCHAR",
}
HISTORY = {
    "version": "BIGINT",
    "at": "VARCHAR",
    "command": "VARCHAR",
    "rows": "BIGINT",
    "rows_added": "BIGINT",
    "rows_superseded": "BIGINT",
    "rows_dropped": "BIGINT",
    "snapshots": "BIGINT",
    "issues": "BIGINT",
}
DAMAGE = {"file": "VARCHAR", "problem": "VARCHAR", "versions": "VARCHAR"}


def status(engine: Engine, version: Version) -> Table:
    """Return one row for each snapshot and table that it gave rows to; table is None where it gave none."""
    spans = {
        (source_id, snapshot_id): (first, last, reporters)
        for source_id, snapshot_id, first, last, reporters in engine.rows(
            """SELECT source_id, snapshot_id, min(period), max(period), count(DISTINCT reporter_iso3)
               FROM coverage GROUP BY ALL"""
        )
    }
    rows: list[dict[str, Any]] = []
    for entry in version.snapshots:
        key = (entry.source_id, entry.snapshot_id)
        counts: dict[str, int] = {}
        for part in version.parts:
            if (part.source_id, part.snapshot_id) == key:
                counts[part.table] = counts.get(part.table, 0) + part.data.rows
        issues = counts.pop("issues", 0)
        tables: list[str | None] = [*sorted(counts)] or [None]
        for table in tables:
            first, last, reporters = spans.get(key, (None, None, None)) if table == "flows" else (None, None, None)
            rows.append(
                {
                    **{name: getattr(entry, name) for name in ("source_id", "snapshot_id", "name", "ingested_at")},
                    "table": table,
                    "rows": counts.get(table or "", 0),
                    "first_period": first,
                    "last_period": last,
                    "reporters": reporters,
                    "issues": issues,
                    "extracted_date": entry.origin.extracted_date,
                    "publisher": entry.origin.publisher,
                }
            )
    return Table.from_rows(rows, STATUS)


def history(versions: list[Version]) -> Table:
    """Return one row a version."""
    return Table.from_rows(
        [
            {
                **{name: getattr(version, name) for name in ("version", "at", "command")},
                **{name: getattr(version, f"rows_{name[5:]}") for name in HISTORY if name.startswith("rows_")},
                "rows": sum(part.data.rows for part in version.parts if part.table != "issues"),
                "snapshots": len(version.snapshots),
                "issues": sum(part.data.rows for part in version.parts_of("issues")),
            }
            for version in versions
        ],
        HISTORY,
    )


def damage(lake: Path) -> Table:
    """Return the files of any version that are missing or do not have the recorded hash."""
    current = read_current(lake)
    expected: dict[str, tuple[str, set[int]]] = {}
    rows: list[dict[str, Any]] = []
    for number in range(1, current.version + 1):
        if number == current.version:
            version = current
        else:
            version = read_version(lake, number)
        for file, digest in _files(version).items():
            expected.setdefault(file, (digest, set()))[1].add(number)
    for file, (digest, versions) in sorted(expected.items()):
        if problem := _problem(lake / file, digest):
            rows.append({"file": file, "problem": problem, "versions": _ranges(sorted(versions))})
    return Table.from_rows(rows, DAMAGE)


def _files(version: Version) -> dict[str, str]:
    files = {ref.file: ref.sha256 for ref in version.files()}
    files |= {f"snapshots/{e.origin.sha256}/bytes": e.origin.sha256 for e in version.snapshots}
    if version.parent:
        files[str(manifest_path(Path(), version.parent))] = version.parent_sha256
    return files


def _problem(path: Path, digest: str) -> str:
    try:
        return "" if content_hash(path) == digest else "altered"
    except FileNotFoundError:
        return "missing"
    except OSError as error:
        return f"cannot be read: {error.strerror}"


def _ranges(numbers: list[int]) -> str:
    return str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]}-{numbers[-1]}"
