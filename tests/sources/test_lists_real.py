"""Lists over real files of publishers; the counts are those of the files."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path
from typing import Any

import pytest

from entrepot.errors import CheckFailed
from entrepot.lake import Lake
from entrepot.parties import changes
from tests.sources.lists import Listed, entities_of, take
from tests.sources.reading import new_lake


@pytest.fixture(scope="session")
def lists(shared_data: Path) -> Path:
    root = shared_data / "lists"
    if not root.is_dir():
        pytest.skip("real lists are not here")
    return root


def targets(entities: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {entity_id: one for entity_id, one in entities.items() if one["is_target"]}


def records(path: Path) -> list[list[str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as text:
        return [cells for cells in csv.reader(text) if len(cells) > 1]


@pytest.fixture(scope="module")
def ofac(lists: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Lake, Listed]:
    lake, folder = new_lake(tmp_path_factory.mktemp("ofac")), lists / "ofac"
    take(lake, "ofac", folder / "sdn_2024-04-26.csv.gz", at="2024-04-26T12:00:00Z")
    others = [folder / "alt_2025-02.csv.gz", folder / "add_2025-02.csv.gz"]
    listed = take(lake, "ofac", folder / "sdn_2024-05-03.csv.gz", *others, at="2024-05-03T12:00:00Z")
    return lake, listed


def test_ofac_names_with_aliases_and_addresses(lists: Path, ofac: tuple[Lake, Listed]) -> None:
    _, listed = ofac
    found = targets(listed.entities)
    names = {cells[0] for cells in records(lists / "ofac" / "sdn_2024-05-03.csv.gz")}
    aliases = {cells[0] for cells in records(lists / "ofac" / "alt_2025-02.csv.gz")}
    assert (len(found), len(names & aliases)) == (14_965, 7_246)
    assert {entity_id.removeprefix("ofac-") for entity_id in found} == names
    unnamed = [n for n in names & aliases if not _has_other_names(found[f"ofac-{n}"]["properties"])]
    # An alias that is written as the name itself adds nothing.
    assert len(unnamed) <= 5
    assert listed.report.skipped == 0 and len(listed.report.issues) <= 5


def _has_other_names(properties: dict[str, list[str]]) -> bool:
    return any(name in properties for name in ("alias", "previousName", "weakAlias")) or len(properties["name"]) > 1


def test_ofac_remarks_become_dates_numbers_and_countries(ofac: tuple[Lake, Listed]) -> None:
    _, listed = ofac
    found = [one["properties"] for one in targets(listed.entities).values()]
    counts = {name: sum(name in one for one in found) for name in ("birthDate", "imoNumber", "passportNumber")}
    assert counts["birthDate"] > 6_700 and counts["imoNumber"] > 900 and counts["passportNumber"] > 1_600
    countries = {c for one in found for name in ("nationality", "citizenship", "country") for c in one.get(name, ())}
    assert {c for c in countries if len(c) != 2} <= {
        "suhh", "yucs", "Kafia Kingi", "Crimea", "Northern Mali", "Commonwealth of Independent States"}  # fmt: skip


def test_ofac_a_week_later(ofac: tuple[Lake, Listed]) -> None:
    lake, _ = ofac
    rows = [row for row in changes(lake, ["ofac"], since="2024-04-30").rows() if row["is_target"]]
    kinds = [row["change"] for row in rows]
    assert (kinds.count("added"), kinds.count("removed")) == (305, 8)
    assert len(targets(entities_of(lake, lake.version_at("2024-04-30")))) == 14_668


def test_ofac_older_files_and_the_other_list(lists: Path, ofac: tuple[Lake, Listed], tmp_path: Path) -> None:
    lake, _ = ofac
    folder = lists / "ofac"
    old = [folder / f"{kind}_2021-09.csv.gz" for kind in ("sdn", "alt", "add")]
    with pytest.raises(CheckFailed, match="8,976 entities, 14,965 before"):
        take(lake, "ofac", *old)
    assert len(targets(take(tmp_path, "ofac", *old).entities)) == 8_976
    both = new_lake(tmp_path / "both")
    take(both, "ofac", folder / "cons_prim.csv.gz", folder / "cons_alt.csv.gz", folder / "cons_add.csv.gz")
    assert len(targets(entities_of(both))) == 442


def test_un(lists: Path, tmp_path: Path) -> None:
    listed = take(tmp_path, "un", lists / "un" / "UN_consolidated_2026-02-27.xml.gz")
    schemas = [one["schema"] for one in targets(listed.entities).values()]
    assert (schemas.count("Person"), schemas.count("Organization")) == (730, 273)
    assert (listed.report.skipped, len(listed.report.issues), listed.report.notes) == (0, 0, ())
    sanctions = [one for one in listed.entities.values() if one["schema"] == "Sanction"]
    assert all("listingDate" in one["properties"] for one in sanctions)


def test_eu_official_journal(lists: Path, tmp_path: Path) -> None:
    files = sorted((lists / "eu").glob("*/*.csv.gz"))
    listed = take(tmp_path, "eu-oj", *files)
    assert (len(targets(listed.entities)), listed.report.skipped) == (7_810, 0)
    assert sum(entity_id.startswith("32014R0269-") for entity_id in targets(listed.entities)) == 2_802
    assert len(listed.report.issues) <= 10


def test_us_lists(lists: Path, tmp_path: Path) -> None:
    listed = take(tmp_path, "csl", lists / "us_csl" / "csl_sample.csv.gz", lists / "us_csl" / "dpl_bench.txt.gz")
    assert (len(targets(listed.entities)), listed.report.skipped) == (694, 2)


@pytest.mark.parametrize(
    ("name", "persons"),
    [("entities.ftm.json", 423), ("targets.nested.json", 5), ("targets.simple.csv", 5), ("statements.pack", 5)],
)
def test_opensanctions_sample(lists: Path, tmp_path: Path, name: str, persons: int) -> None:
    listed = take(tmp_path, "ftm", lists / "opensanctions_sample" / f"{name}.gz")
    assert len(targets(listed.entities)) == persons
