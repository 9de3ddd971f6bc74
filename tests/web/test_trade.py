"""Trade, law and records over HTTP: what the commands answer, in JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from entrepot.errors import EstimateError
from entrepot.flows import ROUTE_TYPES, routes
from entrepot.lake import open_lake
from entrepot.settings import Settings
from entrepot.web import Limits, WebOptions
from entrepot.web.errors import Refused
from entrepot.web.estimates import Estimates
from tests.web.client import Client

ASKED = {"destination": "RUS", "event": "2022-03", "products": "chpl", "via": "KAZ,KGZ,ARM"}


def test_routes_are_those_of_the_command(client: Client, lake_folder: Path) -> None:
    sent = client.get("/routes", params=ASKED).json()
    made = routes(open_lake(lake_folder), **ASKED)
    assert sent["total"] == len(made) and set(sent["rows"][0]) >= set(ROUTE_TYPES)
    assert [row["excess_low"] for row in sent["rows"]] == [
        None if value is None or value != value else pytest.approx(value) for value in made["excess_low"]
    ]


def test_routes_are_filtered_and_sent_in_pieces(client: Client) -> None:
    alerts = client.get("/routes", params={**ASKED, "is_alert": True}).json()
    assert alerts["total"] and all(row["is_alert"] for row in alerts["rows"])
    piece = client.get("/routes", params={**ASKED, "limit": 2, "offset": 1}).json()
    assert [row["rank"] for row in piece["rows"]] == [2, 3] and piece["is_simulated"] is True


def test_caveats_come_with_what_they_mean(client: Client) -> None:
    sent = client.get("/routes", params=ASKED).json()
    used = {name for row in sent["rows"] for name in (row["caveats"] or "").split(";") if name}
    assert used and {name.strip() for name in used} >= set(sent["caveats"])


def test_both_sides_are_compared(client: Client) -> None:
    asked = {"exporter": "DEU", "importer": "KAZ", "products": "854231"}
    sent = client.get("/mirror", params=asked).json()
    assert sent["rows"] and {"gap_share", "gap_quiet_low", "change_p_value"} <= set(sent["rows"][0])


def test_an_effect_says_whether_it_can_be_answered(client: Client) -> None:
    asked = {"exporter": "EU27", "importer": "RUS", "products": "chpl", "date": "2022-03"}
    sent = client.get("/effects", params=asked).json()
    assert "answered" in sent["answer"] and sent["sentence"].endswith(".")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/routes?event=2022-19", 400),
        ("/routes?destination=%3Bdrop", 400),
        ("/routes?event=1950-01", 422),
        ("/routes?destination=XXX", 422),
        ("/mirror?exporter=DEU", 422),
        ("/effects?exporter=DEU&importer=RUS", 400),
        ("/effects?exporter=DEU&importer=RUS&measure=nothing", 404),
        ("/measures?on=tomorrow", 422),
        ("/measures/nothing", 404),
        ("/measures?topic=cards", 404),
    ],
)
def test_what_cannot_be_answered_says_why(client: Client, path: str, status: int) -> None:
    answer = client.get(path)
    assert (answer.status_code, bool(answer.json()["detail"])) == (status, True), answer.text


def test_a_measure_has_its_status_on_a_day_and_its_sources(client: Client) -> None:
    sent = client.get("/measures", params={"jurisdiction": "KAZ", "topic": "bank_cards", "on": "2025-01-18"}).json()
    assert sent["total"] == len(sent["measures"]) > 0
    one = client.get(f"/measures/{sent['measures'][0]['id']}", params={"on": "1999-01-01"}).json()["measure"]
    assert one["status"] == "not_known" and one["sources"]


def test_what_is_only_alleged_never_may_block(client: Client) -> None:
    sent = client.get("/measures", params={"status": "alleged,proposed,reported", "limit": 1000}).json()
    assert sent["measures"] and not any(one["may_block"] for one in sent["measures"])


def check(client: Client, **record: Any) -> dict[str, Any]:
    body = {"kind": "payment", "as_of": "2024-06-01", "record": {"payment_id": "p1", **record}, "only_fired": False}
    answer = client.post("/check", json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_an_ordinary_payment_passes(client: Client) -> None:
    found = check(client, value_date="2024-05-01", amount=100, currency="EUR", payer_country="DEU")
    assert found["decision"] == "pass" and {row["record_id"] for row in found["flags"]} == {"p1"}


def test_an_unusable_cell_is_told(client: Client) -> None:
    found = check(client, amount="a lot", colour="red")
    assert "a lot" in found["notes"][0] and found["notes"][-1] == "not read: colour"


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "payment"},
        {"kind": "spaceship", "record": {"id": "1"}},
        {"kind": "payment", "record": {"payment_id": "p"}, "as_of": "today"},
        {"kind": "payment", "record": {"payment_id": "p"}, "language": "xx"},
        {"kind": "payment", "record": {"payment_id": "p"}, "beside": {"spaceship": [{}]}},
        {"kind": "payment", "records": [{}] * 101},
    ],
)
def test_a_record_that_is_none_is_refused(client: Client, body: dict[str, Any]) -> None:
    assert client.post("/check", json=body).status_code in (400, 404, 422)


def test_a_kind_swapped_nationality_does_not_move_a_decision(client: Client) -> None:
    decisions = set()
    for citizenship in ("RUS", "KGZ", "FRA"):
        body = {"kind": "person", "record": {"person_id": "a", "name": "A B", "citizenships": citizenship}}
        decisions.add(client.post("/check", json={**body, "as_of": "2024-06-01"}).json()["decision"])
    assert len(decisions) == 1


# Estimates in a process of their own


def estimates(lake_folder: Path, **limits: Any) -> Estimates:
    return Estimates(Settings(lake=lake_folder), WebOptions(limits=Limits(**limits)))


def test_an_answer_from_another_process_is_the_same_and_kept(lake_folder: Path) -> None:
    made = estimates(lake_folder)
    question = {"exporter": "DEU", "importer": "KAZ", "products": "854231"}
    assert made.find("mirror", 1, question) is None
    found = made.get("mirror", 1, question)
    assert found.rows and made.find("mirror", 1, question) is found and made.find("mirror", 2, question) is None


def test_an_error_of_another_process_comes_back_as_it_was(lake_folder: Path) -> None:
    with pytest.raises(EstimateError) as caught:
        estimates(lake_folder).get("routes", 1, {"destination": "RUS", "event": "1999-01", "products": "chpl"})
    assert caught.value.remedy


def test_an_estimate_that_takes_too_long_is_ended(lake_folder: Path) -> None:
    with pytest.raises(Refused, match="too long"):
        estimates(lake_folder, seconds=0.05).get("routes", 1, dict(ASKED))


def test_not_everybody_may_wait(lake_folder: Path) -> None:
    with pytest.raises(Refused, match="too many"):
        estimates(lake_folder, estimates=0).get("routes", 1, dict(ASKED))
