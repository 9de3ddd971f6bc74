"""Places for a store: a SQLite file, and a database of a real PostgreSQL server on loopback where there is one."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

PLACES = ("sqlite", "postgresql")


def _binaries() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    named = shutil.which("initdb")
    return Path(named).resolve().parent if named else None


def _as_nobody() -> list[str]:
    """PostgreSQL refuses to run as root."""
    if os.getuid() != 0:
        return []
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        pytest.skip("PostgreSQL does not run as root and setpriv is not here")
    return [setpriv, "--reuid=65534", "--regid=65534", "--clear-groups"]


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of a PostgreSQL server that these tests started on loopback, without a database name."""
    pytest.importorskip("psycopg", reason="needs the extra entrepot[postgres]")
    binaries = _binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL server is installed")
    as_nobody = _as_nobody()
    # Not below pytest's own folder: another user has to get at it.
    folder = Path(tempfile.mkdtemp(prefix="entrepot-pg-", dir="/tmp"))
    if as_nobody:
        os.chown(folder, 65534, 65534)
    data, port = folder / "data", _free_port()
    init = [*as_nobody, str(binaries / "initdb"), "-D", str(data), "-U", "desk", "-A", "trust", "-E", "UTF8", "-N"]
    subprocess.run(init, check=True, capture_output=True, cwd=folder)
    arguments = ["-D", str(data), "-h", "127.0.0.1", "-p", str(port), "-k", "", "-F"]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen([*as_nobody, str(binaries / "postgres"), *arguments], stdout=log, stderr=log)
    try:
        _wait(port, server, folder / "log")
        yield f"postgresql://desk@127.0.0.1:{port}"
    finally:
        # At once: nothing of it is needed any more.
        server.send_signal(signal.SIGQUIT)
        server.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def _wait(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    import psycopg

    for _ in range(300):
        try:
            psycopg.connect(f"postgresql://desk@127.0.0.1:{port}/postgres", connect_timeout=1).close()
            return
        except psycopg.OperationalError:
            assert server.poll() is None, log.read_text("utf-8")
            time.sleep(0.1)
    raise AssertionError(log.read_text("utf-8"))


@pytest.fixture(params=PLACES)
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty place for a store: a file, then a database of the server."""
    if request.param == "sqlite":
        return str(tmp_path / "desk.sqlite")
    return new_database(request.getfixturevalue("postgresql"))


def new_database(server: str) -> str:
    import psycopg

    name = f"desk_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{server}/{name}"
