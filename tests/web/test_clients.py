"""The clients of others against a real server: that of yente, and one that asks as OpenRefine does."""

from __future__ import annotations

import json

import httpx
import pytest


def test_the_client_of_yente_reads_every_answer(server: str) -> None:
    yente_client = pytest.importorskip("yente_client", reason="the package yente-client is not installed")
    with yente_client.Client(base_url=server) as client:
        assert client.healthz().status == client.readyz().status == "ok"
        assert {one.name for one in client.datasets().datasets} == {"default", "ftm"}
        assert client.algorithms().best == "entrepot"
        found = client.match(yente_client.Person(name="Arvid Torvaldssen", birthDate="1961-03-04"))
        assert found.top.id == "t-1" and found.matches and found.top.explanations["birth_date"].score > 0
        assert client.search("nordlyst").results[0].id == "t-2"
        assert client.fetch("t-1").properties["sanctions"][0].schema_ == "Sanction"
        with pytest.raises(yente_client.NotFoundError):
            client.fetch("nobody")


def test_openrefine_reconciles_previews_and_extends(server: str) -> None:
    with httpx.Client(base_url=server) as client:
        service = client.get("/reconcile").json()
        assert service["versions"] == ["0.2"] and service["defaultTypes"]
        queries = {
            "q0": {"query": "Arvid Torvaldsen", "type": "Person", "limit": 3},
            "q1": {"query": "Nobody Anywhere"},
        }
        found = client.post("/reconcile", data={"queries": json.dumps(queries)}).json()
        assert found["q0"]["result"][0]["id"] == "t-1" and found["q1"]["result"] == []
        best = found["q0"]["result"][0]
        assert {"id", "name", "type", "score", "match"} <= set(best) and best["type"][0]["id"] == "Person"
        page = client.get(service["preview"]["url"].replace("{{id}}", best["id"]))
        assert page.headers["content-type"].startswith("text/html") and "Torvaldssen" in page.text
        suggest = service["suggest"]["entity"]
        offered = client.get(suggest["service_url"] + suggest["service_path"], params={"prefix": "nord"}).json()
        assert offered["result"][0]["id"] == "t-2"
        wanted = {"ids": ["t-1"], "properties": [{"id": "birthDate"}]}
        extended = client.post("/reconcile/ftm", data={"extend": json.dumps(wanted)}).json()
        assert extended["rows"]["t-1"]["birthDate"] == [{"str": "1961-03-04"}]


@pytest.mark.parametrize("text", ["", "[]", "{", '{"q": 1}', '{"q": {"query": "a", "limit": -1}}'])
def test_queries_that_are_none_are_refused(server: str, text: str) -> None:
    assert httpx.post(f"{server}/reconcile", data={"queries": text}).status_code in (400, 422)


def test_types_and_properties_are_suggested(server: str) -> None:
    types = httpx.get(f"{server}/reconcile/ftm/suggest/type", params={"prefix": "pers"}).json()["result"]
    properties = httpx.get(f"{server}/reconcile/ftm/suggest/property", params={"prefix": "birth"}).json()["result"]
    assert types[0]["id"] == "Person" and properties[0]["id"] == "birthDate"
