"""The lines of docs/security.md, one test each: who comes in, from where, how much, and what pages may do."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from entrepot.cases import add_user, deactivate_user, new_key, open_store
from entrepot.errors import ConfigError
from entrepot.settings import Settings
from entrepot.web import Limits, WebOptions, create_app
from entrepot.web.security import Sessions
from entrepot.web.security.rates import Rates
from entrepot.web.security.sessions import IDLE, LONGEST
from tests.web.client import Client
from tests.web.conftest import AT, HOSTILE

PASSWORD = "correct horse battery"
Make = Callable[..., Client]


def peopled(path: Path) -> Path:
    """A store with one user of every role; passwords are hashed at the least cost."""
    with open_store(path) as store:
        for name, role in (("root", "admin"), ("anna", "analyst"), ("ravi", "reviewer"), ("olga", "auditor")):
            add_user(store, name, role, by="root", at=AT, password=PASSWORD, scrypt_n=2)
    return path


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return peopled(tmp_path_factory.mktemp("desk") / "desk.sqlite")


@pytest.fixture(scope="module")
def guarded_app(lake_folder: Path, store: Path) -> Any:
    """A server with users; how often somebody may try to log in has a test of its own."""
    return create_app(Settings(lake=lake_folder), WebOptions(store=store, apart=False, limits=Limits(logins=1000)))


@pytest.fixture
def guarded(guarded_app: Any) -> Client:
    return Client(guarded_app)


def logged_in(client: Client, name: str, password: str = PASSWORD) -> int:
    form = {"name": name, "password": password, "csrf": client.token("/login")}
    return client.post("/login", data=form).status_code


# Who comes in


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.7", "::", "example.org"])
def test_beyond_this_machine_it_does_not_start_without_users(make_client: Make, host: str) -> None:
    with pytest.raises(ConfigError, match="password"):
        make_client(host=host)


def test_without_a_session_there_is_only_the_form(guarded: Client) -> None:
    assert guarded.get("/catalog").status_code == guarded.post("/check", json={}).status_code == 401
    page = guarded.page("/explore")
    assert (page.status_code, page.headers["location"]) == (303, "/login")
    assert guarded.get("/healthz").status_code == guarded.page("/login").status_code == 200


def test_a_user_logs_in_and_out(guarded: Client) -> None:
    assert logged_in(guarded, "anna") == 303 and guarded.get("/catalog").status_code == 200
    assert guarded.post("/logout", data={"csrf": guarded.token("/timeline")}).status_code == 303
    assert guarded.get("/catalog").status_code == 401


@pytest.mark.parametrize(("name", "password"), [("anna", "wrong password"), ("nobody", PASSWORD), ("anna", "")])
def test_a_wrong_name_and_a_wrong_password_look_the_same(guarded: Client, name: str, password: str) -> None:
    assert logged_in(guarded, name, password) in (401, 422)
    assert guarded.get("/catalog").status_code == 401


@pytest.mark.parametrize(
    ("name", "path", "status"),
    [
        ("anna", "/search/default", 200),
        ("anna", "/users", 403),
        ("ravi", "/search/default", 200),
        ("olga", "/search/default", 403),
        ("olga", "/names", 403),
        ("olga", "/measures", 200),
        ("root", "/users", 200),
        ("root", "/entities/t-1", 403),
        ("anna", "/alerts", 200),
        ("anna", "/audit", 403),
        ("olga", "/audit", 200),
        ("olga", "/desk/audit", 200),
        ("olga", "/alerts", 403),
        ("olga", "/desk", 403),
        ("root", "/cases", 403),
        ("root", "/desk/cases", 403),
    ],
)
def test_a_role_may_what_its_line_says(guarded: Client, name: str, path: str, status: int) -> None:
    logged_in(guarded, name)
    assert guarded.get(path).status_code == status


def test_a_program_shows_a_key_of_which_only_the_hash_is_kept(make_client: Make, tmp_path: Path) -> None:
    path = peopled(tmp_path / "desk.sqlite")
    with open_store(path) as store:
        key = new_key(store, "anna", by="root", at=AT)
        store.forget()
    client = make_client(store=path)
    assert client.get("/catalog", headers={"authorization": f"ApiKey {key}"}).status_code == 200
    assert client.get("/catalog", headers={"authorization": "ApiKey wrong"}).status_code == 401
    assert key.encode() not in path.read_bytes()


def test_who_loses_the_right_to_come_in_is_out_within_seconds(make_client: Make, tmp_path: Path) -> None:
    path = peopled(tmp_path / "desk.sqlite")
    client = make_client(store=path)
    logged_in(client, "anna")
    logged_in(other := Client(client.app), "ravi")
    with open_store(path) as store:
        deactivate_user(store, "anna", by="root", at=AT)
        add_user(store, "ravi", "auditor", by="root", at=AT)
    client.app.state.people.look()
    assert client.get("/catalog").status_code == 401
    assert (other.get("/catalog").status_code, other.get("/search/default").status_code) == (200, 403)


def test_a_first_password_ends_sessions_that_were_begun_without_one(make_client: Make, tmp_path: Path) -> None:
    with open_store(tmp_path / "desk.sqlite") as store:
        add_user(store, "root", "admin", by="root", at=AT)
        add_user(store, "anna", "analyst", by="root", at=AT)
    client = make_client(store=tmp_path / "desk.sqlite")
    assert logged_in(client, "anna", "") == 303 and client.get("/alerts").status_code == 200
    peopled(tmp_path / "desk.sqlite")
    client.app.state.people.look()
    assert client.get("/alerts").status_code == client.get("/catalog").status_code == 401


def test_a_first_password_shuts_the_door_of_a_running_server(make_client: Make, tmp_path: Path) -> None:
    client = make_client(store=tmp_path / "desk.sqlite")
    assert client.get("/catalog").status_code == 200
    peopled(tmp_path / "desk.sqlite")
    client.app.state.people.look()
    assert client.get("/catalog").status_code == 401


def test_the_names_of_users_are_shown_to_nobody_outside(guarded: Client, make_client: Make, tmp_path: Path) -> None:
    assert "anna" not in guarded.page("/login").text
    with open_store(tmp_path / "desk.sqlite") as store:
        add_user(store, "root", "admin", by="root", at=AT)
        add_user(store, "anna", "analyst", by="root", at=AT)
    here = make_client(store=tmp_path / "desk.sqlite")
    assert "anna" in here.page("/login").text
    assert logged_in(here, "anna", "") == 303 and "anna" in here.page("/desk").text
    assert here.get("/audit").status_code == 403 and here.get("/alerts").status_code == 200


def test_a_session_ends_by_itself_and_its_token_is_not_kept() -> None:
    now = [0.0]
    sessions = Sessions(clock=lambda: now[0])
    token = sessions.begin("anna")
    assert sessions.find(token) and token not in repr(vars(sessions))
    now[0] = IDLE + 1
    assert sessions.find(token) is None
    again = sessions.begin("anna")
    for _ in range(2 * LONGEST // IDLE + 1):
        now[0] += IDLE / 2
        sessions.find(again)
    assert sessions.find(again) is None


def test_logging_in_gives_a_new_token_and_ends_the_old_one(guarded: Client) -> None:
    guarded.page("/login")
    before = guarded.cookies["entrepot"]
    logged_in(guarded, "anna")
    assert guarded.cookies["entrepot"] != before


# Cookies and forms


def test_a_cookie_is_out_of_reach_of_scripts_and_other_sites(make_client: Make, store: Path) -> None:
    here = make_client().page("/timeline").headers["set-cookie"]
    assert "HttpOnly" in here and "SameSite=Strict" in here
    away = make_client(store=store, host="0.0.0.0", hosts=("case.example",), base="https://case.example")
    there = away.page("/login").headers["set-cookie"]
    assert there.startswith("__Host-entrepot=") and "; Secure" in there and "Path=/" in there


@pytest.mark.parametrize("csrf", ["", "0" * 64, "é"])
def test_a_form_without_its_page_token_is_refused(client: Client, csrf: str) -> None:
    client.page("/record")
    answer = client.post("/record", data={"text": "payment_id\n1", "csrf": csrf})
    assert (answer.status_code, answer.json()["kind"]) == (403, "NotAllowed")


def test_a_token_of_another_browser_is_refused(made: object) -> None:
    mine, theirs = Client(made), Client(made)
    mine.page("/record")
    assert mine.post("/record", data={"text": "payment_id\n1", "csrf": theirs.token("/record")}).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_another_site_may_send_nothing(client: Client, headers: dict[str, str]) -> None:
    assert client.post("/match/default", json={"queries": {}}, headers=headers).status_code == 403


def test_json_must_say_that_it_is_json(client: Client) -> None:
    answer = client.post("/match/default", content="{}", headers={"content-type": "text/plain"})
    assert answer.status_code == 415


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "localhost.evil.example:80"])
def test_another_name_that_leads_here_reads_nothing(client: Client, host: str) -> None:
    assert client.get("/catalog", headers={"host": host}).status_code == 421


# How much


def test_one_client_may_not_ask_without_end(make_client: Make) -> None:
    client = make_client(limits=Limits(rate=1, burst=5))
    statuses = [client.get("/healthz").status_code for _ in range(8)]
    assert statuses[:5] == [200] * 5 and 429 in statuses[5:]


def test_a_bucket_fills_with_time() -> None:
    now = [0.0]
    rates = Rates(2, 4, clock=lambda: now[0])
    assert [rates.take("a") for _ in range(4)] == [0] * 4 and rates.take("a") > 0 and rates.take("b") == 0
    now[0] = 1.0
    assert [rates.take("a") > 0 for _ in range(3)] == [False, False, True]


def test_passwords_cannot_be_tried_without_end(make_client: Make, store: Path) -> None:
    client = make_client(store=store, limits=Limits(logins=3))
    assert [logged_in(client, "anna", "wrong password") for _ in range(5)] == [401, 401, 401, 429, 429]


@pytest.mark.parametrize("is_told", [True, False])
def test_a_large_body_is_refused_whether_or_not_it_says_so(make_client: Make, is_told: bool) -> None:
    client = make_client(limits=Limits(body=10_000))
    body = b'{"queries": {"a": "' + b"x" * 20_000 + b'"}}'

    async def pieces():  # type: ignore[no-untyped-def]
        for start in range(0, len(body), 1000):
            yield body[start : start + 1000]

    headers = {"content-type": "application/json"}
    answer = client.post("/match/default", content=body if is_told else pieces(), headers=headers)
    assert answer.status_code == 413


def test_a_long_line_of_a_bulk_is_left_out_and_the_next_one_answered(make_client: Make) -> None:
    client = make_client(limits=Limits(line=500))
    good = b'{"schema": "Person", "properties": {"name": ["Arvid"]}}'
    headers = {"content-type": "application/x-ndjson"}
    answer = client.post("/match/default/bulk", content=b"x" * 5000 + b"\n" + good, headers=headers)
    first, second = answer.text.splitlines()
    assert "too long" in first and '"status":200' in second


def test_an_address_has_an_end(client: Client) -> None:
    answer = client.get("/search/" + "x" * 40_000, params={"q": "x" * 40_000})
    assert (answer.status_code, answer.json()["kind"]) == (414, "TooLarge")


# Pages and answers


def test_only_reconciliation_may_be_read_by_another_program_s_page(client: Client) -> None:
    there = {"origin": "http://127.0.0.1:3333"}
    shown = client.get("/reconcile/ftm/suggest/type", headers=there).headers
    assert shown["access-control-allow-origin"] == there["origin"]
    assert "http://localhost:*" in client.get("/reconcile/ftm/preview?id=t-1").headers["content-security-policy"]
    assert "access-control-allow-origin" not in client.get("/catalog", headers=there).headers
    away = {"origin": "https://evil.example"}
    assert "access-control-allow-origin" not in client.get("/reconcile", headers=away).headers


def test_with_users_no_page_of_another_program_reads_anything(guarded: Client) -> None:
    logged_in(guarded, "anna")
    headers = guarded.get("/reconcile", headers={"origin": "http://127.0.0.1:3333"}).headers
    assert "access-control-allow-origin" not in headers and headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize("path", ["/timeline", "/names", "/record", "/api", "/catalog", "/nowhere", "/static/web.css"])
def test_every_answer_carries_the_headers(client: Client, path: str) -> None:
    headers = client.page(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff" and headers["referrer-policy"] == "same-origin"
    assert headers["cache-control"] in ("no-store", "no-cache")


@pytest.mark.parametrize(
    "path",
    ["/", "/today", "/explore", "/names?q=arvid", "/record", "/sides", "/api", "/names/t-1", "/desk", "/desk/audit"],
)
def test_no_page_holds_inline_script_or_style(client: Client, path: str) -> None:
    text = client.page(path).text
    assert " style=" not in text and "<style" not in text and " onclick" not in text
    assert text.count("<script") == text.count('<script src="/static/web.js"') == 1


def test_the_one_style_element_is_let_in_by_its_hash(client: Client) -> None:
    answer = client.page("/timeline")
    assert answer.text.count("<style>") == 1 and "'sha256-" in answer.headers["content-security-policy"]


def test_what_a_list_or_a_reader_writes_cannot_break_out_of_a_page(client: Client) -> None:
    for path in ("/names/t-4", "/names?q=%3Cscript%3Ealert(1)%3C/script%3E", "/explore?q=%22%3E%3Cscript%3E"):
        assert "<script>" not in client.page(path).text
    assert HOSTILE not in client.get("/reconcile/ftm/preview?id=t-4").text


@pytest.mark.parametrize(
    "path",
    [
        "/static/../pages/rendering.py",
        "/static/%2e%2e/app.py",
        "/static/web.css/../../../settings.py",
        "/entities/..%2f..%2f..%2fetc%2fpasswd",
        "/names/%2Fetc%2Fpasswd",
        "/route/..%2f..%2fetc",
        "/measures/..%2f..%2fetc%2fpasswd",
    ],
)
def test_no_address_reaches_a_file(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code in (404, 422) and "root:" not in answer.text


@pytest.mark.parametrize(
    "products", ["/etc/passwd", "../../list.csv", "list.csv", "C:\\x.csv", "chpl;drop", "file://x"]
)
def test_products_are_never_a_file(client: Client, products: str) -> None:
    answers = [
        client.get("/routes", params={"products": products}),
        client.get("/mirror", params={"exporter": "DEU", "importer": "KAZ", "products": products}),
        client.get("/effects", params={"exporter": "DEU", "importer": "KAZ", "products": products, "date": "2022-03"}),
        client.get("/explore", params={"products": products}),
    ]
    assert [answer.status_code for answer in answers] == [400] * 4


def test_pasted_columns_do_not_reach_the_engine_as_they_are(client: Client) -> None:
    record = {"payment_id": "p", 'x" VARCHAR); DROP TABLE r_payment; --': "1", "purpose": "'; ATTACH '/etc/passwd'"}
    answer = client.post("/check", json={"kind": "payment", "record": record})
    assert answer.status_code == 200 and "not read" in answer.json()["notes"][-1]


@pytest.mark.parametrize(
    "text", ["\x00", "[" * 5000, "{}", "[]", "[1]", '{"payment_id": {"a": 1}}', "a,b\n1,2", '"', "=cmd|'/c'!A0"]
)
def test_a_hostile_paste_is_refused_and_nothing_fails(client: Client, text: str) -> None:
    form = {"text": text, "kind": "payment", "csrf": client.token("/record")}
    assert client.post("/record", data=form).status_code in (200, 422)


def test_neither_names_nor_secrets_are_logged(guarded: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    logged_in(guarded, "anna", "a wrong password")
    logged_in(guarded, "anna")
    guarded.get("/search/default", params={"q": "Sekret Kustomerov"})
    said = "".join(record.getMessage() for record in caplog.records if record.name.startswith(("entrepot", "uvicorn")))
    assert not any(word in said for word in ("wrong password", PASSWORD, "Kustomerov", guarded.cookies["entrepot"]))


def test_an_error_names_no_path_of_this_machine(client: Client, lake_folder: Path) -> None:
    answers = [client.get("/search/nowhere"), client.get("/measures/nothing"), client.get("/routes?event=1990-01")]
    assert not any(str(lake_folder.parent) in answer.text for answer in answers)
    assert all(set(answer.json()) == {"detail", "kind", "where", "remedy"} for answer in answers)


def test_a_failure_says_nothing_of_its_inside(made: object, caplog: pytest.LogCaptureFixture) -> None:
    client = Client(made)
    made.state.workbench, kept = None, made.state.workbench  # type: ignore[attr-defined]
    try:
        answer = client.get("/catalog")
    finally:
        made.state.workbench = kept  # type: ignore[attr-defined]
    assert (answer.status_code, answer.json()["detail"]) == (500, "the server failed. Its log says where.")
    assert "x-content-type-options" in answer.headers and "AttributeError" in caplog.text
