"""Matching in yente's shapes: what a client of yente reads is there, and a score says why."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.web.client import Client


def matched(client: Client, schema: str = "Person", query: str = "", **properties: Any) -> dict[str, Any]:
    body = {"queries": {"q": {"schema": schema, "properties": properties}}}
    answer = client.post(f"/match/default{query}", json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()["responses"]["q"]
    return found


def test_a_listed_person_is_found_in_another_script_with_reasons(client: Client) -> None:
    found = matched(client, name=["Арвид Торвальдссен"], birthDate=["1961-03-04"])
    best = found["results"][0]
    assert (best["id"], best["match"], best["datasets"]) == ("t-1", True, ["ftm"])
    assert best["score"] > 0.9 and {"name", "birth_date"} <= set(best["explanations"])


def test_the_entity_comes_whole_with_its_properties(client: Client) -> None:
    best = matched(client, "Company", name=["Nordlyst Trading"])["results"][0]
    assert best["properties"]["country"] == ["kg"] and best["target"] and best["caption"] == "Nordlyst Trading LLC"


def test_a_name_that_nobody_bears_has_no_result(client: Client) -> None:
    assert matched(client, name=["Zzyx Qwrtpp"])["results"] == []


def test_a_value_may_be_a_text_a_number_or_nothing(client: Client) -> None:
    found = matched(client, name="Arvid Torvaldssen", idNumber=1234567, alias=None)
    assert found["results"][0]["id"] == "t-1"


@pytest.mark.parametrize(
    "query", ["?exclude_entity_ids=t-1", "?exclude_schema=Person", "?exclude_dataset=ftm", "?topics=crime", "?limit=0"]
)
def test_what_is_not_asked_for_is_left_out(client: Client, query: str) -> None:
    assert matched(client, query=query, name=["Arvid Torvaldssen"])["results"] == []


def test_the_threshold_decides_on_match_and_nothing_else(client: Client) -> None:
    strict = matched(client, query="?threshold=0.999", name=["Arvid Torvaldssen"])["results"][0]
    usual = matched(client, name=["Arvid Torvaldssen"])["results"][0]
    assert (strict["match"], usual["match"]) == (False, True) and strict["score"] == usual["score"]


@pytest.mark.parametrize(
    ("query", "body", "status"),
    [
        ("", {"queries": {}}, 400),
        ("", {"queries": {"q": {"schema": "Sanction", "properties": {}}}}, 400),
        ("", {"queries": {"q": {"properties": {}}}}, 422),
        ("?algorithm=logic-v1", {"queries": {"q": {"schema": "Person", "properties": {}}}}, 400),
        ("?threshold=7", {"queries": {"q": {"schema": "Person", "properties": {}}}}, 422),
        ("", {"queries": {str(i): {"schema": "Person", "properties": {}} for i in range(101)}}, 400),
        ("", {"queries": {"q": {"schema": "Person", "properties": {}}}, "weights": {"name": 2}}, 400),
    ],
)
def test_a_wrong_question_is_refused_in_the_one_shape(client: Client, query: str, body: Any, status: int) -> None:
    answer = client.post(f"/match/default{query}", json=body)
    assert answer.status_code == status
    assert set(answer.json()) == {"detail", "kind", "where", "remedy"}


def test_an_unknown_list_names_those_there_are(client: Client) -> None:
    body = {"queries": {"q": {"schema": "Person", "properties": {"name": ["A"]}}}}
    answer = client.post("/match/nowhere", json=body)
    assert answer.status_code == 404 and "ftm" in answer.json()["detail"]


def test_lines_are_answered_one_by_one_and_a_bad_one_stops_nothing(client: Client) -> None:
    good = {"id": "c1", "schema": "Person", "properties": {"name": ["Arvid Torvaldssen"]}}
    lines = [
        json.dumps(good),
        "{not json",
        json.dumps({**good, "id": "c2", "schema": "Sanction"}),
        "",
        json.dumps(good),
    ]
    answer = client.post("/match/ftm/bulk", content="\n".join(lines), headers={"content-type": "application/x-ndjson"})
    found = [json.loads(line) for line in answer.text.splitlines()]
    assert [line.get("id") for line in found] == ["c1", None, None, "c1"]
    assert [("error" in line) for line in found] == [False, True, True, False]


def test_a_batch_in_bulk_has_no_end(client: Client) -> None:
    line = json.dumps({"schema": "Company", "properties": {"name": ["Nordlyst"]}})
    headers = {"content-type": "application/x-ndjson"}
    answer = client.post("/match/default/bulk", content=f"{line}\n" * 1000, headers=headers)
    assert answer.text.count('"status":200') == 1000


def test_half_a_surrogate_pair_is_no_text_and_no_failure(client: Client) -> None:
    raw = b'{"queries":{"q":{"schema":"Person","properties":{"name":["Arvid \\ud800 Torvaldssen"]}}}}'
    answer = client.post("/match/default", content=raw, headers={"content-type": "application/json"})
    assert answer.status_code in (200, 422)


def test_search_finds_by_a_piece_of_text_and_counts(client: Client) -> None:
    answer = client.get("/search/default", params={"q": "torvaldssen"}).json()
    assert answer["results"][0]["id"] == "t-1" and answer["total"]["relation"] == "eq"
    every = client.get("/search/ftm", params={"limit": 2, "offset": 1}).json()
    assert (every["total"]["value"], len(every["results"])) == (4, 2)
    assert every["facets"]["topics"]["values"] == [{"name": "sanction", "label": "sanction", "count": 4}]


def test_an_entity_comes_with_what_its_list_says_beside_it(client: Client) -> None:
    found = client.get("/entities/t-1").json()
    assert found["properties"]["sanctions"][0]["properties"]["program"] == ["Order 7"]
    assert "sanctions" not in client.get("/entities/t-1?nested=false").json()["properties"]
    assert client.get("/entities/t-5").json()["schema"] == "Sanction"
    assert client.get("/entities/nobody").status_code == 404


def test_the_catalogue_names_every_list_and_all_of_them(client: Client) -> None:
    found = client.get("/catalog").json()
    assert found["current"] == ["ftm", "default"] and found["datasets"][0]["children"] == ["ftm"]
    assert found["datasets"][1]["thing_count"] == 4 and found["datasets"][1]["entity_count"] == 5


def test_the_server_says_that_it_lives_and_is_ready(client: Client) -> None:
    client.get("/catalog")
    assert client.get("/healthz").json() == client.get("/readyz").json() == {"status": "ok"}
    assert client.get("/algorithms").json()["best"] == "entrepot"
