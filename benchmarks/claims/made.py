"""A small made lake and invented claims whose answers are known: by the lake, by the shipped ledger, by made lists."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from entrepot.lake import Lake
from entrepot.sources import ingest
from tests.factory import AT, Row, flow, lake_of, months, quiet, series

FIRST, N = "2020-01", 48
# reporter, partner, flow, code, currency: one value a month of 2020, 2021, 2022, 2023; None is a suppressed cell.
LEVELS: tuple[tuple[str, str, str, str, str, tuple[float | None, ...]], ...] = (
    ("DEU", "KAZ", "export", "870323", "EUR", (100, 100, 150, 300)),
    ("DEU", "RUS", "export", "870323", "EUR", (1000, 1000, 300, 50)),
    ("KAZ", "RUS", "export", "845811", "EUR", (10, 10, 20, 40)),
    ("CHN", "KGZ", "export", "845011", "USD", (50, 50, 50, 60)),
    ("ITA", "ARM", "export", "220421", "EUR", (30, 30, 30, 30)),
    ("ITA", "UZB", "export", "841810", "EUR", (100, 100, 60, 60)),
    ("LTU", "KAZ", "export", "401110", "EUR", (10, 10, 10, None)),
    ("FRA", "KAZ", "export", "300490", "EUR", (70, 70, 75, 80)),
    ("KAZ", "CHN", "import", "851713", "EUR", (100_000, 100_000, 120_000, 150_000)),
)
SANCTIONS = (
    ("p-1", "Person", "Bakyt Nurlanovich Asankulov;Bakyt Asankulov", {"birthDate": ["1979-03-12"]},
     "Office of Foreign Assets Control", "2024-02-23"),
    ("p-2", "Person", "Viktar Kavalenka", {"birthDate": ["1968"]}, "Office of Foreign Assets Control", "2023-05-19"),
    ("p-3", "Person", "Pavel Igorevich Drozdov", {"birthDate": ["1971-05-09"]}, "Office of Foreign Assets Control",
     "2023-04-12"),
    ("c-1", "Company", "Torgovyi Dom Severnyi Put OOO", {"country": ["ru"]}, "Office of Foreign Assets Control",
     "2023-07-20"),
    ("v-1", "Vessel", "SEVERNAYA ZVEZDA", {"imoNumber": ["IMO9074729"], "flag": ["ru"]},
     "Council of the European Union", "2024-12-16"),
)  # fmt: skip
AS_OF = "2026-11-01"


def lake_with_lists(folder: Path) -> Lake:
    """Return a new lake with made flows and a made list."""
    rows = list(_flows())
    chips = [12.0 + i % 3 for i in range(26)] + [90.0 + 5 * (i % 3) for i in range(N - 26)]
    onward = [1.0 + 0.2 * (i % 3) for i in range(27)] + [70.0 + 4 * (i % 3) for i in range(N - 27)]
    rows += series(chips, FIRST, reporter_iso3="POL", partner_iso3="KGZ")
    rows += series(onward, FIRST, reporter_iso3="KGZ", partner_iso3="RUS")
    rows += series([400.0 + 9 * (i % 4) for i in range(26)] + [20.0] * (N - 26), FIRST, partner_iso3="RUS")
    for via in ("ARM", "UZB", "KAZ"):
        rows += series([11.0 + (i * 7) % 5 for i in range(N)], FIRST, reporter_iso3="POL", partner_iso3=via)
    rows += quiet(3, n=N, first=FIRST, products=25)
    lake = lake_of(folder, rows)
    path = folder / "entities.ftm.json"
    path.write_text("".join(json.dumps(one) + "\n" for one in _listed()), "utf-8")
    ingest(lake, "ftm", [path], at=AT)
    return lake


def claims(part: str | None = None) -> tuple[list[dict[str, Any]], list[str]]:
    """Return the claims of a part (dev, held; both by default) and the verdicts that they should get."""
    path = Path(__file__).with_name("verdicts.csv")
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter="|") if part in (None, row["part"])]
    return [_claim(number, row) for number, row in enumerate(rows, 1)], [row["verdict"] for row in rows]


def _claim(number: int, row: dict[str, str]) -> dict[str, Any]:
    made: dict[str, Any] = {"id": f"{row['part']}-{number:03d}", "quote": row["quote"], "topic": row["topic"]}
    made["entities"] = [_entity(text) for text in row["entities"].split(";") if text]
    if row["edtf"]:
        made["date"] = {"text": row["edtf"], "edtf": row["edtf"], "status": "stated"}
    if row["negated"]:
        made["is_negated"] = row["negated"] == "true"
    return made


def _entity(text: str) -> dict[str, str]:
    name, _, rest = text.partition("=")
    kind, _, code = rest.partition(":")
    return {"text": name, "type": kind, "id": code}


def _flows() -> Iterator[Row]:
    for reporter, partner, direction, code, currency, levels in LEVELS:
        for place, period in enumerate(months(FIRST, N)):
            level = levels[place // 12]
            # Months differ a little, years do not.
            value = None if level is None else level * (1 + 0.05 * ((place % 12) % 3 - 1))
            yield flow(
                period, value, reporter_iso3=reporter, partner_iso3=partner, flow=direction, hs_code=code,
                currency=currency, partner_role="consignment" if direction == "import" else "destination",
                valuation="cif" if direction == "import" else "fob",
            )  # fmt: skip


def _listed() -> Iterator[dict[str, Any]]:
    for entity_id, schema, names, held, authority, since in SANCTIONS:
        name, *aliases = names.split(";")
        properties = {"name": [name], "alias": aliases, "topics": ["sanction"], **held}
        head = {"datasets": ["made"], "referents": [], "first_seen": since, "last_seen": "2024-05-01"}
        yield {"id": entity_id, "caption": name, "schema": schema, "properties": properties, "target": True, **head}
        sanction = {"entity": [entity_id], "authority": [authority], "startDate": [since]}
        yield {"id": f"s-{entity_id}", "caption": f"s-{entity_id}", "schema": "Sanction", "properties": sanction,
               "target": False, **head}  # fmt: skip
