"""Made lists in a lake, and customers to screen against them. Nobody here exists."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from entrepot.lake import Lake, open_lake
from entrepot.sources import ingest

PEOPLE = (
    ("p-1", "Person", "Bakyt Nurlanovich Asankulov;Бакыт Нурлан уулу", {"birthDate": ["1979-03-12"], "gender": ["male"]}),
    ("p-2", "Person", "Viktar Kavalenka", {"birthDate": ["1968"], "nationality": ["by"]}),
    ("p-3", "Person", "Pavel Igorevich Drozdov", {"birthDate": ["1971-05-09"], "passportNumber": ["MP1234567"]}),
    ("c-1", "Company", "Torgovyi Dom Zarechnyi Most OOO", {"taxNumber": ["3900123456"], "country": ["ru"]}),
    ("v-1", "Vessel", "SEVERNAYA ZVEZDA", {"imoNumber": ["IMO9074729"], "flag": ["ru"]}),
    ("l-1", "LegalEntity", "Drozdov Group", {}),
)  # fmt: skip
AT = "2026-03-01T10:00:00Z"


def entities(people: Iterable[tuple[str, str, str, dict[str, list[str]]]] = PEOPLE) -> list[dict[str, Any]]:
    """Return entities of FollowTheMoney."""
    made = []
    for entity_id, schema, names, held in people:
        name, *aliases = names.split(";")
        properties = {"name": [name], "topics": ["sanction"], **({"alias": aliases} if aliases else {}), **held}
        made.append(
            {"id": entity_id, "caption": name, "schema": schema, "properties": properties, "datasets": ["made"],
             "referents": [], "target": True, "first_seen": "2026-01-01", "last_seen": "2026-03-01"}
        )  # fmt: skip
    return made


def take(lake: Lake, folder: Path, made: Sequence[dict[str, Any]], *, at: str = AT) -> None:
    """Read a list into a lake; it takes the place of the one before."""
    path = folder / f"list-{len(list(folder.iterdir()))}" / "entities.ftm.json"
    path.parent.mkdir()
    path.write_text("".join(json.dumps(entity, ensure_ascii=False) + "\n" for entity in made), "utf-8")
    ingest(lake, "ftm", [path], at=at)


def lake_with(folder: Path) -> Lake:
    """Return a new lake that holds the made list as dataset ``ftm``."""
    lake = open_lake(folder / "lake", create=True)
    take(lake, folder, entities())
    return lake


def customers(path: Path, rows: Iterable[Sequence[str]], *, header: str = "id,name,schema,birth_date") -> Path:
    """Write a file of customers."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header.split(","))
        writer.writerows(rows)
    return path


def read(path: Path) -> list[dict[str, str]]:
    """Return the rows of a result."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
