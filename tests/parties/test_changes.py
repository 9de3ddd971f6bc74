"""What changed in a list between two versions of the lake."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from entrepot.errors import NotFound
from entrepot.lake import Lake
from entrepot.parties import changes
from tests.sources.lists import changed, take
from tests.sources.reading import new_lake


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    made = new_lake(tmp_path)
    take(made, "ofac", "sdn.csv", "alt.csv", at="2026-03-01T10:00:00Z")
    take(made, "un", "un.xml", at="2026-03-02T10:00:00Z")
    newer = changed(
        tmp_path, "sdn.csv", ('105,"MADEUP FRONT"', '106,"OTHER FRONT"'), ("Gender Male", "Gender Female"),
        ("Passport 123456789 (Russia)", "Passport 987654321 (Russia)"), into="sdn_2.csv",
    )  # fmt: skip
    take(made, "ofac", newer, at="2026-03-08T10:00:00Z")
    return made


def by_change(rows: list[dict[str, Any]]) -> dict[str, set[str]]:
    return {
        change: {row["entity_id"] for row in rows if row["change"] == change and row["is_target"]}
        for change in ("added", "removed", "modified")
    }


def test_added_removed_and_modified(lake: Lake) -> None:
    rows = changes(lake, ["ofac"], since="2026-03-05").rows()
    assert by_change(rows) == {"added": {"ofac-106"}, "removed": {"ofac-105"}, "modified": {"ofac-101"}}
    person = next(row for row in rows if row["entity_id"] == "ofac-101")
    assert (person["changed"], person["party_id"]) == ("gender;passportNumber", "ofac-101")


def test_documents_belong_to_their_holder(lake: Lake) -> None:
    rows = changes(lake, ["ofac"], since=2).rows()
    passports = {row["change"]: row["party_id"] for row in rows if row["schema"] == "Passport"}
    assert passports == {"added": "ofac-101", "removed": "ofac-101"}


def test_another_list_is_no_change(lake: Lake) -> None:
    assert len(changes(lake, ["un"], since=2)) == 0
    assert {row["change"] for row in changes(lake, ["un"], since=1).rows()} == {"added"}
    assert {row["source_id"] for row in changes(lake, since=1).rows()} == {"ofac", "un"}


def test_backwards_is_the_other_way_round(lake: Lake) -> None:
    rows = changes(lake, ["ofac"], since=3, until=1).rows()
    assert by_change(rows) == {"added": {"ofac-105"}, "removed": {"ofac-106"}, "modified": {"ofac-101"}}


def test_an_unknown_list_or_day_is_told(lake: Lake) -> None:
    with pytest.raises(NotFound, match=r"no list 'eu'.*ofac, un"):
        changes(lake, ["eu"], since=1)
    with pytest.raises(NotFound, match="held nothing"):
        changes(lake, since="2020-01-01")
