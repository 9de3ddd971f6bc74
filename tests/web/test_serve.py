"""``entrepot serve``: what it refuses to start, how users are added, and that it sees a newer lake."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from entrepot.cases import credentials, get_user, is_password, open_store, users
from entrepot.cli import main
from entrepot.cli.case import user
from entrepot.cli.serve import serve
from entrepot.lake import open_lake
from entrepot.settings import Settings
from entrepot.sources import ingest
from entrepot.web import WebOptions, create_app
from tests.web.client import Client
from tests.web.conftest import AT, listed


def test_it_does_not_start_without_a_lake(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--lake", str(tmp_path / "none")]) == 1
    assert "no lake" in capsys.readouterr().err


def test_it_does_not_start_beyond_this_machine_without_a_password(
    lake_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", "--lake", str(lake_folder), "--host", "0.0.0.0"]) == 1
    assert "entrepot case user NAME --password" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["case user", "serve"])
def test_users_of_the_commands_are_those_of_the_server(
    tmp_path: Path, lake_folder: Path, make_client: Callable[..., Client], command: str
) -> None:
    place = str(tmp_path / "desk.sqlite")
    given = ["--role", "reviewer", "--api-key", "--store", place, "--as", "root", "--lake", str(lake_folder)]
    added = ["anna", "--password"] if command == "case user" else ["--add-user", "anna"]
    one = user if command == "case user" else serve
    done = CliRunner().invoke(one, [*added, *given], input="a long password\na long password\n")
    assert done.exit_code == 0 and "a long password" not in done.output
    key = done.stdout.strip().splitlines()[-1]
    client = make_client(store=place)
    assert client.get("/cases").status_code == 401
    assert client.get("/cases", headers={"authorization": f"ApiKey {key}"}).status_code == 200


def test_a_file_of_users_of_older_servers_is_taken_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    password, key = credentials.hashed("a long password", n=2), credentials.key_hash("a key")
    (tmp_path / "users.toml").write_text(
        f'[users."anna"]\nrole = "analyst"\npassword = "{password}"\nkeys = ["{key}"]\n'
    )
    monkeypatch.setattr("uvicorn.run", lambda *_, **__: None)
    open_lake(tmp_path / "lake", create=True)
    for _ in range(2):
        done = CliRunner().invoke(serve, ["--users", str(tmp_path / "users.toml"), "--lake", str(tmp_path / "lake")])
        assert done.exit_code == 0, done.output
    with open_store(tmp_path / "lake" / "desk" / "desk.sqlite") as store:
        assert get_user(store, "anna").key_hashes == (key,) and len(users(store)) == 2
        assert is_password(store, "anna", "a long password")


@pytest.mark.parametrize("text", ["x", "[users.a]\nrole = 'king'\npassword = 'plain'", "users = 3", "[users.a]"])
def test_a_file_of_users_that_is_none_is_refused_without_its_content(tmp_path: Path, text: str) -> None:
    (tmp_path / "users.toml").write_text(text)
    open_lake(tmp_path / "lake", create=True)
    assert main(["serve", "--users", str(tmp_path / "users.toml"), "--lake", str(tmp_path / "lake")]) == 1


@pytest.mark.parametrize("given", [["--certificate", "x.pem"], ["--port", "0"]])
def test_wrong_usage_is_said(given: list[str]) -> None:
    assert CliRunner().invoke(serve, given).exit_code == 2


def test_an_empty_lake_still_answers(tmp_path: Path) -> None:
    open_lake(tmp_path / "lake", create=True)
    client = Client(create_app(Settings(lake=tmp_path / "lake"), WebOptions(apart=False)))
    assert client.get("/catalog").json()["datasets"][0]["name"] == "default"
    for path in ("/", "/today", "/names?q=anybody", "/timeline", "/record"):
        assert client.page(path).status_code == 200
    body = {"queries": {"q": {"schema": "Person", "properties": {"name": ["Anybody"]}}}}
    assert client.post("/match/default", json=body).json()["responses"]["q"]["results"] == []


def test_a_newer_version_of_a_list_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lake = open_lake(tmp_path / "lake", create=True)
    ingest(lake, "ftm", [listed(tmp_path / "a.ftm.json")], at=AT)
    made: Any = create_app(Settings(lake=tmp_path / "lake"), WebOptions(apart=False))
    client = Client(made)
    assert client.get("/search/default?q=Nordlyst").json()["total"]["value"] == 1
    newer = {"id": "n-1", "schema": "Company", "caption": "Nordlyst Shipping", "target": True}
    with (tmp_path / "a.ftm.json").open("a") as file:
        file.write(json.dumps({**newer, "properties": {"name": ["Nordlyst Shipping"]}}) + "\n")
    ingest(lake, "ftm", [tmp_path / "a.ftm.json"], at=AT)
    end = time.monotonic() + 20
    while client.get("/search/default?q=Nordlyst").json()["total"]["value"] != 2:
        assert time.monotonic() < end
        time.sleep(0.2)
    assert "Nordlyst Shipping" in client.page("/today").text
