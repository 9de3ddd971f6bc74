"""A small lake with made lists and made trade, and servers over it."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import httpx
import pytest

from entrepot.lake import open_lake
from entrepot.settings import Settings
from entrepot.sources import ingest
from entrepot.world import preset, simulate
from tests.cases.made import screened
from tests.web.client import Client

if all(map(find_spec, ("fastapi", "uvicorn", "sqlalchemy"))):
    from entrepot.web import Question, WebOptions, create_app
else:
    # What a server needs is an extra; test_installed.py says that it is not here.
    collect_ignore_glob = ["test_[!i]*.py"]

WORLD = preset("demo", n_territories=14, n_products=80, first_month="2019-01", last_month="2022-12")
AT = "2024-06-01T00:00:00Z"
# People and firms that do not exist. One name is written to break out of a page.
HOSTILE = "<script>alert(1)</script> O'Neil"
ENTITIES: dict[str, tuple[str, dict[str, list[str]]]] = {
    "t-1": (
        "Person",
        {
            "name": ["Arvid Torvaldssen"],
            "alias": ["Арвид Торвальдссен"],
            "birthDate": ["1961-03-04"],
            "country": ["no"],
            "passportNumber": ["X1234567"],
            "topics": ["sanction"],
        },
    ),
    "t-2": ("Company", {"name": ["Nordlyst Trading LLC"], "country": ["kg"], "topics": ["sanction"]}),
    "t-3": ("Vessel", {"name": ["MV Grey Heron"], "imoNumber": ["9074729"], "topics": ["sanction"]}),
    "t-4": ("Person", {"name": [HOSTILE], "topics": ["sanction"]}),
    "t-5": ("Sanction", {"entity": ["t-1"], "program": ["Order 7"]}),
}


def listed(path: Path) -> Path:
    """Write the list as FollowTheMoney, one entity a line."""
    with path.open("w", encoding="utf-8") as file:
        for entity_id, (schema, properties) in ENTITIES.items():
            caption = properties.get("name", ["Order 7"])[0]
            entity = {"id": entity_id, "schema": schema, "caption": caption, "properties": properties}
            file.write(json.dumps({**entity, "target": schema != "Sanction"}) + "\n")
    return path


@pytest.fixture(scope="session")
def lake_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake with four listed parties and a small simulated world."""
    folder = tmp_path_factory.mktemp("web")
    lake = open_lake(folder / "lake", create=True)
    world = simulate(folder / "world", WORLD)
    ingest(lake, "flows", [world.flows], at=AT)
    ingest(lake, "hs-concordance", [world.concordance], at=AT)
    ingest(lake, "ftm", [listed(folder / "list.ftm.json")], at=AT)
    return folder / "lake"


@pytest.fixture(scope="session")
def question() -> Question:
    return Question(via="KAZ,KGZ,ARM")


@pytest.fixture(scope="session")
def made(lake_folder: Path, question: Question, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The application itself; estimates are worked out in this process."""
    store = tmp_path_factory.mktemp("desk") / "desk.sqlite"
    options = WebOptions(store=store, question=question, is_simulated=True, apart=False)
    return create_app(Settings(lake=lake_folder), options)


@pytest.fixture
def client(made: Any) -> Client:
    return Client(made)


@pytest.fixture
def make_client(lake_folder: Path) -> Callable[..., Client]:
    """A client of an application with options of a test's own."""

    def make(*, base: str = "http://127.0.0.1", **given: Any) -> Client:
        return Client(create_app(Settings(lake=lake_folder), WebOptions(apart=False, **given)), base=base)

    return make


@pytest.fixture(scope="session")
def server(lake_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real server, started by the command."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "entrepot", "serve", "--lake", str(lake_folder), "--port", str(port)]
    place = tmp_path_factory.mktemp("served") / "desk.sqlite"
    process = subprocess.Popen(
        [*command, "--via", "KAZ,KGZ,ARM", "--store", str(place), "--as", "anna"], stderr=subprocess.DEVNULL
    )
    base = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{base}/readyz", lambda answer: answer.status_code == 200)
        yield base
    finally:
        process.terminate()
        process.wait()


def wait_for(address: str, is_there: Callable[[httpx.Response], bool], *, seconds: float = 90) -> httpx.Response:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            answer = httpx.get(address, headers={"accept": "text/html"}, timeout=30)
            if is_there(answer):
                return answer
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise AssertionError(f"{address} did not come")


@pytest.fixture(scope="session")
def kept(made: Any) -> dict[str, str]:
    """An alert that waits for a second person, and a case with it; their ids by the words of PAGES."""
    client = Client(made)
    row = screened(features="name birth_date document_number")
    (alert,) = client.post("/alerts", json={"source": "screen", "rows": [row]}).json()["new"]
    case = client.post("/cases", json={"title": "A case"}).json()["case_id"]
    client.post(f"/cases/{case}/alerts", json={"alert_id": alert})
    client.post(f"/cases/{case}/notes", json={"text": "A note"})
    client.post(f"/cases/{case}/freeze", json={})
    client.post(f"/cases/{case}/close", json={"reason": "Seen"})
    client.post(f"/alerts/{alert}/close", json={"reason": "Seen"})
    return {"ALERT": alert, "CASE": case}


@pytest.fixture
def path(request: pytest.FixtureRequest, kept: dict[str, str]) -> str:
    """One address of PAGES."""
    return re.sub("ALERT|CASE", lambda found: kept[found[0]], request.param)
