"""FollowTheMoney entities as records: persons, papers, holdings, kin, accounts, payments."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from entrepot.errors import SourceError
from entrepot.sources import convert
from tests.sources.reading import new_lake, rows_of, written
from tests.sources.test_own_records import take


def entity(entity_id: str, schema: str, **properties: str | list[str]) -> str:
    held: dict[str, Any] = {k: [v] if isinstance(v, str) else v for k, v in properties.items()}
    return json.dumps({"id": entity_id, "schema": schema, "properties": held})


LINES = "\n".join(
    [
        entity("p", "Person", name=["Ivan Testov", "Иван Тестов"], birthDate="1971-03", nationality=["ru", "cy"],
               country="kg", topics="role.pep"),
        entity("q", "Person", name="Anna"),
        entity("f", "Company", name="Made LLC", jurisdiction="kz", incorporationDate="2020-01-02", innCode="77"),
        entity("d", "Passport", holder="p", number="AB1", country="ru", startDate="2020-01-01"),
        entity("o", "Ownership", owner="p", asset="f", percentage="51", role="beneficial owner"),
        entity("x", "Ownership", owner="p", asset="b"),
        entity("b", "BankAccount", iban="KZ1", bic="AAAAKZKA"),
        entity("k", "Family", person="p", relative="q", relationship="Daughter"),
        entity("s", "Position", name="Minister of Nothing"),
        entity("u", "Occupancy", holder="q", post="s", startDate="2021-01-01"),
        entity("y", "Payment", payer="p", beneficiary="f", amount="5.5", currency="USD", date="2025-02-03"),
        entity("z", "Sanction", entity="p", program="X"),
    ]
)  # fmt: skip


def test_entities_become_records_of_their_kinds(tmp_path: Path) -> None:
    lake, report = take(tmp_path, written(tmp_path, LINES, "e.ftm.json"))
    person = rows_of(lake, "persons")[0]
    assert (person["person_id"], person["name"], person["other_names"]) == ("p", "Ivan Testov", "Иван Тестов")
    assert (person["citizenships"], person["address_country"], person["is_pep"]) == ("RUS;CYP", "KGZ", "true")
    assert [row["is_pep"] for row in rows_of(lake, "persons")] == ["true", None]
    assert (rows_of(lake, "companies")[0]["country"], rows_of(lake, "companies")[0]["tax_number"]) == ("KAZ", "77")
    assert [(r["asset_id"], r["percentage"], r["kind"]) for r in rows_of(lake, "ownerships")] == [("f", "51", None)]
    assert [(r["account_id"], r["holder_id"]) for r in rows_of(lake, "accounts")] == [("b", "p")]
    assert {(r["from_id"], r["to_id"], r["kind"], r["office"]) for r in rows_of(lake, "relations")} == {
        ("p", "q", "child", None), ("q", "s", "office_holder", "Minister of Nothing"),
    }  # fmt: skip
    assert (rows_of(lake, "documents")[0]["kind"], rows_of(lake, "payments")[0]["value_date"]) == (
        "passport",
        "2025-02-03",
    )
    assert "`ingest ftm` reads entities as parties" in "; ".join(report.notes)


def test_one_kind_of_a_file_can_be_converted_and_others_are_named(tmp_path: Path) -> None:
    path = written(tmp_path, LINES, "e.ftm.json")
    assert convert("company", [path], tmp_path / "o.csv") == 1
    with pytest.raises(SourceError, match="not as card"):
        convert("card", [path], tmp_path / "o.csv")


@pytest.mark.parametrize(
    ("more", "told"), [("{", "line 13 is no entity"), ('{"id": "a", "schema": "Person"}', "line 13 is no entity")]
)
def test_a_line_that_is_no_entity_stops_the_file(tmp_path: Path, more: str, told: str) -> None:
    with pytest.raises(SourceError, match=told):
        take(tmp_path, written(tmp_path, f"{LINES}\n{more}\n", "e.ftm.json"))
    assert new_lake(tmp_path).version().version == 0
