"""The desk over HTTP and as pages: from an alert to a case that two people close."""

from __future__ import annotations

import base64
import json
import re
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest

from entrepot.cases import add_user, audit_trail, open_store, users, verify_case_file, verify_store
from entrepot.settings import Settings
from entrepot.web import Limits, WebOptions, create_app
from tests.cases.made import checked, route, screened
from tests.web.client import Client
from tests.web.conftest import AT

Make = Callable[..., Client]
PASSWORD = "correct horse battery"
ROWS = [route(), route(via="ARM", low=2e6), route(via="GEO", low=None, is_alert=False)]


def peopled(where: str | Path) -> str | Path:
    with open_store(where) as store:
        for name, role in (("root", "admin"), ("anna", "analyst"), ("ravi", "reviewer")):
            add_user(store, name, role, by="root", at=AT)
    return where


@pytest.fixture(scope="module")
def app(lake_folder: Path) -> Any:
    """One server for all tests: what it has read of the lake stays at hand."""
    return create_app(
        Settings(lake=lake_folder), WebOptions(apart=False, is_simulated=True, limits=Limits(logins=1000))
    )


@pytest.fixture
def anna(app: Any, tmp_path: Path) -> Client:
    """A server whose store knows an analyst and a reviewer; the analyst asks."""
    app.state.desk.close()
    app.state.desk.where = peopled(tmp_path / "desk.sqlite")
    app.state.people.look()
    client = Client(app)
    become(client, "anna")
    return client


def become(client: Client, name: str) -> None:
    assert client.post("/login", data={"name": name, "csrf": client.token("/login")}).status_code == 303


def sent(client: Client, path: str, status: int = 200, **body: Any) -> dict[str, Any]:
    answer = client.post(path, json=body)
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json()
    assert status == 200 or set(found) == {"detail", "kind", "where", "remedy"}
    return found


def an_alert(client: Client) -> str:
    return str(sent(client, "/alerts", source="routes", rows=ROWS)["new"][0])


def form(client: Client, path: str, **given: str) -> httpx.Response:
    """Send a form of a page as a browser does."""
    page = client.page(path).text
    hidden = dict(re.findall(r'name="(version|request_id)" value="([^"]*)"', page))
    data = {**hidden, "csrf": client.token(path), **given}
    return client.post(path, data=data, headers={"accept": "text/html"})


# JSON


def test_nothing_is_kept_until_somebody_decides(make_client: Make, tmp_path: Path) -> None:
    client = make_client(store=tmp_path / "desk.sqlite", user="ann")
    assert client.get("/alerts").json()["total"] == 0 and client.get("/cases").json() == {"cases": []}
    assert client.get("/alerts/a-1").status_code == client.get("/audit").status_code == 404
    assert client.page("/desk").status_code == client.page("/desk/cases").status_code == 200
    assert not (tmp_path / "desk.sqlite").exists()
    sent(client, "/cases", title="A case")
    with open_store(tmp_path / "desk.sqlite") as store:
        assert [(one.name, one.role) for one in users(store)] == [("ann", "admin")]


def test_answers_become_alerts_that_are_listed_and_filtered(anna: Client) -> None:
    made = sent(anna, "/alerts", source="routes", rows=ROWS)
    sent(anna, "/alerts", source="screen", rows=[screened()])
    assert (made["n_findings"], len(made["new"])) == (2, 2)
    listed = anna.get("/alerts").json()
    assert [one["severity"] for one in listed["alerts"]] == ["critical", "high", "medium"] and listed["is_simulated"]
    for asked, count in (
        ({"severity": "critical,high"}, 2),
        ({"kind": "person"}, 1),
        ({"source": "screen"}, 1),
        ({"owner": "ravi"}, 0),
        ({"status": "closed"}, 0),
        ({"limit": 1, "offset": 1}, 3),
    ):
        assert anna.get("/alerts", params=asked).json()["total"] == count, asked


def test_what_is_known_already_changes_nothing(anna: Client) -> None:
    an_alert(anna)
    again = sent(anna, "/alerts", source="routes", rows=ROWS)
    assert (again["new"], again["changed"], again["n_known"]) == ([], [], 2)


def test_an_alert_tells_its_evidence_and_what_is_new(anna: Client) -> None:
    told = anna.get(f"/alerts/{an_alert(anna)}").json()
    assert told["findings"][0]["inputs"][0].startswith("data:") and told["decisions"][0]["kind"] == "raised"
    news = anna.get("/alerts/diff", params={"since": "2024-01-01"}).json()["news"]
    assert {one["what"] for one in news} == {"new"} and all("data:" in one["because"] for one in news)
    assert anna.get("/alerts/diff", params={"since": "2999-01-01"}).json()["news"] == []


def test_a_name_alone_shows_no_reason_of_a_listing(anna: Client) -> None:
    row = screened(features="name", listing_reason="SECRET REASON")
    (alert,) = sent(anna, "/alerts", source="screen", rows=[row])["new"]
    shown = anna.get(f"/alerts/{alert}").text + anna.page(f"/desk/alert/{alert}").text
    assert "by name alone" in shown and "SECRET" not in shown


def test_an_alert_is_assigned_commented_set_aside_and_taken_up(anna: Client) -> None:
    alert = f"/alerts/{an_alert(anna)}"
    assert sent(anna, f"{alert}/comment", text="Seen")["status"] == "open"
    assert sent(anna, f"{alert}/assign", owner="ravi")["owner"] == "ravi"
    assert sent(anna, f"{alert}/escalate", owner="ravi", reason="Large")["status"] == "escalated"
    until = {"until": "2099-01-01", "reason": "A season"}
    assert "days from now" in sent(anna, f"{alert}/suppress", 400, **until)["remedy"]
    kinds = [one["kind"] for one in anna.get(alert).json()["decisions"]]
    assert kinds == ["raised", "comment", "assign", "escalate"]


def test_a_decision_that_cannot_be_says_why(anna: Client) -> None:
    alert = an_alert(anna)
    for path, status, body in (
        ("comment", 422, {"text": " "}),
        ("comment", 422, {}),
        ("assign", 404, {"owner": "nobody"}),
        ("assign", 409, {"owner": "ravi", "version": 99}),
        ("escalate", 422, {"owner": "anna", "reason": "x"}),
        ("suppress", 422, {"until": "tomorrow", "reason": "x"}),
        ("close", 422, {"reason": " "}),
        ("refuse", 422, {"reason": "nothing waits"}),
    ):
        sent(anna, f"/alerts/{alert}/{path}", status, **body)
    assert anna.get(f"/alerts/{alert}").json()["version"] == 1


def test_a_filter_that_is_none_is_refused(anna: Client) -> None:
    an_alert(anna)
    asked = ("status=asleep", "severity=none", "limit=-1", "owner=nobody", "source=gossip")
    assert [anna.get(f"/alerts?{one}").status_code for one in asked] == [400, 400, 422, 404, 422]


def test_two_people_close_a_grave_alert(anna: Client) -> None:
    alert = f"/alerts/{an_alert(anna)}"
    assert sent(anna, f"{alert}/close", reason="Explained")["pending"] == "close"
    assert sent(anna, f"{alert}/close", 403, reason="Again")["kind"] == "SecondPersonNeeded"
    become(anna, "ravi")
    assert sent(anna, f"{alert}/refuse", reason="Not yet")["pending"] is None
    sent(anna, f"{alert}/close", reason="Now")
    become(anna, "anna")
    assert "nothing" not in sent(anna, f"{alert}/close", 403, reason="I agree")["detail"]


def test_a_request_that_is_sent_twice_is_decided_once(anna: Client) -> None:
    alert = f"/alerts/{an_alert(anna)}"
    for _ in range(2):
        sent(anna, f"{alert}/comment", text="Once", request_id="r-1")
    assert [one["kind"] for one in anna.get(alert).json()["decisions"]] == ["raised", "comment"]
    ids = {sent(anna, "/cases", title="T", request_id="r-2")["case_id"] for _ in range(2)}
    assert len(ids) == 1


def test_from_an_alert_to_a_case_that_two_people_close(make_client: Make, where: str, tmp_path: Path) -> None:
    """On SQLite and on PostgreSQL."""
    client = make_client(store=peopled(where))
    become(client, "anna")
    alert = an_alert(client)
    case = f"/cases/{sent(client, '/cases', title='Circuits')['case_id']}"
    sent(client, f"{case}/alerts", alert_id=alert)
    sent(client, f"{case}/alerts", 422, alert_id=alert)
    sent(client, f"{case}/notes", text="A note")
    given = {"name": "../../etc/x.html", "content": base64.b64encode(b"<script>").decode(), "source": "the exporter"}
    document = sent(client, f"{case}/documents", **given)
    assert (document["body"]["name"], document["body"]["n_bytes"]) == ("x.html", 8)
    kept = client.get(f"{case}/documents/{document['n']}")
    assert (kept.content, kept.headers["content-type"]) == (b"<script>", "application/octet-stream")
    assert kept.headers["content-disposition"].startswith("attachment") and "html" not in str(kept.headers)
    frozen = client.post(f"{case}/freeze", json={"is_public": False})
    path = tmp_path / "case.zip"
    path.write_bytes(frozen.content)
    assert len(verify_case_file(path)) == 0 and len(frozen.headers["x-manifest-sha256"]) == 64
    sent(client, f"{case}/close", reason="Seen")
    become(client, "ravi")
    assert sent(client, f"{case}/close", reason="I agree")["status"] == "closed"
    told = client.get(case).json()
    assert [one["kind"] for one in told["items"]] == ["alert", "note", "document", "freeze"]
    assert {one["actor"] for one in told["trail"]} == {"anna", "ravi"}
    with open_store(where) as store:
        assert len(verify_store(store)) == 0
        assert audit_trail(store, limit=1)[0].action == "close"


def test_a_public_file_names_nobody_until_two_people_allow_it(anna: Client) -> None:
    (alert,) = sent(anna, "/alerts", source="screen", rows=[screened(name="Qwertula Zxcvbnik")])["new"]
    case = f"/cases/{sent(anna, '/cases', title='A person')['case_id']}"
    sent(anna, f"{case}/alerts", alert_id=alert)

    def public() -> str:
        content = anna.post(f"{case}/freeze", json={"is_public": True}).content
        return zipfile.ZipFile(BytesIO(content)).read("case.json").decode()

    assert "Qwertula" not in public()
    allowed = {"alert_id": alert, "evidence": "A register", "reply": "Asked by letter"}
    sent(anna, f"{case}/publish", 422, **{**allowed, "reply": " "})
    assert sent(anna, f"{case}/publish", **allowed)["pending"]
    become(anna, "ravi")
    sent(anna, f"{case}/publish", **allowed)
    assert "Qwertula" in public()


def test_a_question_is_frozen_with_its_answer(anna: Client) -> None:
    case = f"/cases/{sent(anna, '/cases', title='A question')['case_id']}"
    item = sent(anna, f"{case}/queries", event="2022-03", via="KGZ", products="854231")
    assert item["body"]["parameters"]["destination"] == "RUS"
    sent(anna, f"{case}/queries", 400, products="/etc/passwd")
    archive = zipfile.ZipFile(BytesIO(anna.post(f"{case}/freeze", json={}).content))
    assert json.loads(archive.read("answers/01.json"))["rows"]


def test_a_document_that_may_not_be_kept_is_refused(anna: Client) -> None:
    case = f"/cases/{sent(anna, '/cases', title='T')['case_id']}"
    for content in ("not base64!", base64.b64encode(b"<report_code>STR</report_code>").decode()):
        sent(anna, f"{case}/documents", 422, name="x", content=content)
    assert anna.get(f"{case}/documents/1").status_code == 404


def test_the_audit_log_is_verified_and_tampering_is_told(make_client: Make, tmp_path: Path) -> None:
    import sqlite3

    client = make_client(store=tmp_path / "desk.sqlite", user="ann")
    an_alert(client)
    whole = client.get("/audit", params={"limit": 2}).json()
    assert whole["holds"] and len(whole["entries"]) == 2 and whole["last"]["hash"] == whole["entries"][0]["hash"]
    assert 'role="status"' in client.page("/desk/audit").text
    with sqlite3.connect(tmp_path / "desk.sqlite") as connection:
        connection.execute("UPDATE alerts SET status = 'closed'")
    broken = client.get("/audit").json()
    assert not broken["holds"] and broken["problems"][0]["table"] == "alerts"
    assert 'role="alert"' in client.page("/desk/audit").text


# Pages


def test_the_pages_lead_from_an_alert_to_a_closed_case(anna: Client) -> None:
    alert = f"/desk/alert/{an_alert(anna)}"
    assert alert in anna.page("/desk").text
    assert form(anna, alert, act="comment", reason="Looked at the months").status_code == 303
    assert "Looked at the months" in anna.page(alert).text
    case = form(anna, alert, act="case", case_id="", title="Circuits").headers["location"]
    form(anna, case, act="note", text="First <b>note</b>")
    files = {"content": ("x.html", b"<script>", "text/html")}
    added = anna.post(f"{case}/documents", data={"csrf": anna.token(case), "source": "exporter"}, files=files)
    assert added.status_code == 303
    shown = anna.page(case).text
    assert "First &lt;b&gt;note" in shown and "<script>" not in shown and "documents/3" in shown
    version = re.findall(r'name="version" value="(\d+)"', shown)[0]
    frozen = anna.post(f"{case}/freeze", data={"csrf": anna.token(case)})
    assert frozen.headers["content-type"] == "application/zip"
    # The page from before the freezing is still good, for that added nothing to the case.
    assert form(anna, case, act="close", reason="Seen", version=version).status_code == 303
    waiting = form(anna, case, act="close", reason="Again")
    assert waiting.status_code == 403 and 'role="alert"' in waiting.text and "another person" in waiting.text
    become(anna, "ravi")
    assert form(anna, case, act="close", reason="I agree").status_code == 303
    closed = anna.page(case).text
    assert "<dd>closed</dd>" in closed and "I agree" in closed and "(erased)" not in closed


def test_a_page_that_is_out_of_date_is_shown_anew_and_nothing_is_lost(anna: Client) -> None:
    alert = f"/desk/alert/{an_alert(anna)}"
    form(anna, alert, act="assign", owner="ravi")
    late = form(anna, alert, act="suppress", until="2099-01-01", reason="My long reason", version="1")
    assert late.status_code in (400, 409) and "My long reason" in late.text
    assert form(anna, alert, act="assign", owner="anna", version="1").status_code == 409


def test_a_form_of_another_page_decides_nothing(anna: Client) -> None:
    for path in ("routes", "cases", "alert/a-1", "case/c-1", "case/c-1/freeze"):
        assert anna.post(f"/desk/{path}", data={"act": "close", "csrf": "0" * 64}).status_code == 403


def test_an_act_that_there_is_not_is_refused(anna: Client) -> None:
    assert form(anna, f"/desk/alert/{an_alert(anna)}", act="delete").status_code == 422


def test_an_analyst_sees_no_button_of_the_second_person(anna: Client) -> None:
    alert = f"/desk/alert/{an_alert(anna)}"
    form(anna, alert, act="close", reason="Explained")
    assert "It takes a reviewer" in anna.page(alert).text
    become(anna, "ravi")
    assert "Why it may be closed" in anna.page(alert).text


def test_the_routes_of_the_first_page_are_put_on_the_desk(client: Client) -> None:
    answer = client.post("/desk/routes", data={"csrf": client.token("/desk")})
    assert answer.status_code == 303
    shown = client.page("/desk?status=all&source=routes").text
    assert re.search(r"[1-9]\d* alerts", shown) and "/desk/alert/a-" in shown
    explorer = client.page("/explore?via=KAZ").text
    action = re.search(r'action="(/desk/routes[^"]*)"', explorer)
    assert action and "via=KAZ" in action[1]
    assert client.post(action[1].replace("&amp;", "&"), data={"csrf": client.token("/desk")}).status_code == 303


def test_what_is_new_names_its_cause(anna: Client) -> None:
    sent(anna, "/alerts", source="check", kind="payment", rows=[checked(act="kz-1")])
    shown = anna.page("/desk/new").text
    assert "new alert" in shown and "measure:kz-1" in shown and "flag:KYC-1" in shown
    assert "No finding was recorded" in anna.page("/desk/new?since=2999-01-01").text


def test_today_tells_what_waits_on_the_desk(anna: Client) -> None:
    assert "On the desk" in anna.page("/today").text
    form(anna, f"/desk/alert/{an_alert(anna)}", act="close", reason="Explained")
    shown = anna.page("/today").text
    assert "2 alerts to do" in shown and "2 of them yours" in shown and "1 waiting for" in shown


def test_the_first_page_has_the_claims_of_articles_beside_its_sentence(client: Client) -> None:
    claim = {
        "id": "claim-1",
        "quote": "exports of chips to Kyrgyzstan tripled",
        "speaker_name": "A. Nobody",
        "entities": ["KGZ"],
        "topic": "export_monitoring",
        "checks": [{"against": "flows", "verdict": "supported", "evidence": "x 3.4"}],
    }
    (alert,) = sent(client, "/alerts", source="read", rows=[claim])["new"]
    shown = client.page("/").text
    assert "exports of chips to Kyrgyzstan tripled" in shown and f"/desk/alert/{alert}" in shown
    assert "x 3.4" in client.page(f"/desk/alert/{alert}").text


def test_the_first_page_answers_from_what_was_known_in_a_month(client: Client) -> None:
    now, then = client.page("/").text, client.page("/?known=2022-09").text
    assert "March to September 2022" in then and "March to September 2022" not in now
    assert '<option value="2022-09" selected>' in then and client.get("/?known=soon").status_code == 400
