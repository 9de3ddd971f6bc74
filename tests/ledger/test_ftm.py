"""Entries as FollowTheMoney: held against the schemas as followthemoney 4.11 publishes them."""

from __future__ import annotations

import re
from typing import Any

import pytest

from entrepot.ledger import Ledger, ftm_entities, open_ledger
from tests.ledger.packs_made import entry

DATE, TEXT, URL = r"\d{4}(-\d{2}(-\d{2})?)?", r"(?s).+", r"https?://\S+"
# Property -> what its values look like. Sanction has its own and those of Interval; `entity` is required.
SANCTION = {
    "entity": r"\S+",
    "authority": TEXT,
    "authorityId": TEXT,
    "unscId": r".{1,16}",
    "program": TEXT,
    "programId": r".{1,64}",
    "programUrl": URL,
    "provisions": TEXT,
    "status": TEXT,
    "duration": r"\d+",
    "reason": TEXT,
    "country": r"[a-z]{2}",
    "listingDate": DATE,
    "startDate": DATE,
    "endDate": DATE,
    "date": DATE,
    "summary": TEXT,
    "description": TEXT,
    "recordId": TEXT,
    "sourceUrl": URL,
    "publisher": TEXT,
    "modifiedAt": DATE,
    "retrievedAt": DATE,
}
SCHEMAS = {
    "Sanction": (SANCTION, {"entity"}),
    "Territory": ({"name": TEXT, "country": r"[a-z]{2}"}, {"name"}),
    "Note": ({"name": TEXT}, set()),
}


def shipped() -> list[dict[str, Any]]:
    return list(ftm_entities(open_ledger().select(on="2026-11-24")))


def of(*entries: Any, on: str = "2026-03-01") -> list[dict[str, Any]]:
    return list(ftm_entities(Ledger(entries).select(on=on)))


def test_every_shipped_entry_fits_its_schema() -> None:
    for entity in shipped():
        allowed, required = SCHEMAS[entity["schema"]]
        assert required <= set(entity["properties"]) <= set(allowed), entity["id"]
        for name, values in entity["properties"].items():
            wrong = [value for value in values if not re.fullmatch(allowed[name], value)]
            assert values and not wrong, (entity["id"], name, wrong)


def test_ids_are_given_once_and_every_link_leads_to_an_entity() -> None:
    found = shipped()
    ids = {entity["id"] for entity in found}
    assert len(ids) == len(found)
    assert all(link in ids for entity in found for link in entity["properties"].get("entity", ()))


def test_every_entry_is_valid_to_followthemoney_itself() -> None:
    ftm = pytest.importorskip("followthemoney", reason="followthemoney is not here; pip install followthemoney")
    for entity in shipped():
        proxy = ftm.model.get_proxy(entity, cleaned=False)
        proxy.schema.validate(proxy.to_dict())
        assert {name: set(proxy.get(name)) for name in entity["properties"]} == {
            name: set(values) for name, values in entity["properties"].items()
        }


def test_a_state_is_a_territory_and_words_are_no_party() -> None:
    state, words, sanction = of(entry(targets=["RUS", "banks"]))
    assert (state["schema"], state["properties"]["country"]) == ("Territory", ["ru"])
    assert (words["schema"], words["properties"]["name"]) == ("Note", ["banks"])
    assert sanction["properties"]["entity"] == ["territory-rus", "kaz-1-target"]


def test_dates_keep_their_precision_and_the_end_is_the_last_day() -> None:
    dates = {"published": "2024-12", "effective": "2025-01-19", "removed": "2026-02-01"}
    properties = of(entry(dates=dates))[-1]["properties"]
    assert (properties["listingDate"], properties["startDate"], properties["endDate"]) == (
        ["2024-12"], ["2025-01-19"], ["2026-01-31"])  # fmt: skip


def test_a_doubted_date_and_a_span_are_left_out() -> None:
    dates = {"published": "2024-12-01", "effective": "2025-01?", "removed": "2025-09-25/2025-09-30"}
    properties = of(entry(dates=dates))[-1]["properties"]
    assert "startDate" not in properties and "endDate" not in properties


def test_what_is_alleged_says_so() -> None:
    assert of(entry(status="alleged"))[-1]["properties"]["status"] == ["alleged"]
