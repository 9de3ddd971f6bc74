"""One line ingests files of a list and gives back the report and the entities by id."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from entrepot.lake import Lake
from entrepot.sources import IngestReport, ingest
from tests.sources.reading import AT, FIXTURES, new_lake, written

LISTS = FIXTURES / "lists"


@dataclass(frozen=True)
class Listed:
    report: IngestReport
    lake: Lake

    @cached_property
    def entities(self) -> dict[str, dict[str, Any]]:
        return entities_of(self.lake)

    def of(self, entity_id: str) -> dict[str, list[str]]:
        """The properties of one entity."""
        return dict(self.entities[entity_id]["properties"])

    def beside(self, entity_id: str, schema: str) -> list[dict[str, list[str]]]:
        """The properties of the documents, sanctions or edges of an entity."""
        return [
            one["properties"]
            for one in self.entities.values()
            if one["schema"] == schema and any(entity_id in values for values in one["properties"].values())
        ]

    @property
    def notes(self) -> str:
        return "; ".join(self.report.notes)

    @property
    def faults(self) -> list[tuple[str, str]]:
        return [(issue["field"], issue["value"]) for issue in self.report.issues.rows()]


def entities_of(lake: Lake, version: int | None = None) -> dict[str, dict[str, Any]]:
    with lake.engine(version=version) as engine:
        rows = engine.rows("SELECT entity_id, schema, caption, is_target, properties, last_change FROM parties")
    names = ("schema", "caption", "is_target", "properties", "last_change")
    return {row[0]: dict(zip(names, (*row[1:4], json.loads(row[4]), row[5]), strict=True)) for row in rows}


def take(folder: Path | Lake, source: str, *names: str | Path, mapping: Path | None = None, at: str = AT) -> Listed:
    """Ingest look-alikes by name, or files by path, into a new lake or one that is there."""
    lake = folder if isinstance(folder, Lake) else new_lake(folder)
    paths = [name if isinstance(name, Path) else LISTS / name for name in names]
    return Listed(ingest(lake, source, paths, mapping=mapping, at=at), lake)


def changed(folder: Path, name: str, *pairs: tuple[str, str], into: str = "") -> Path:
    """A look-alike with some texts replaced."""
    text = (LISTS / name).read_bytes().decode()
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    return written(folder, text, into or name)
