"""The store: one writer, what was acknowledged stays, layouts of a later version are refused."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, text

from entrepot.cases import Store, add_user, get_user, is_password, open_store, users, verify_store
from entrepot.cases.tables import METADATA
from entrepot.errors import ConfigError, Conflict, DeskError, NotFound, SourceError
from tests.cases.made import AT, alert_of, people

KEYS = {"audit": "n", "findings": "n", "decisions": "version"}
SRC = str(Path(__file__).parents[2] / "src")
ROOT = str(Path(__file__).parents[2])


def test_the_migrations_make_the_tables_that_the_code_knows(where: str) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with open_store(where) as store, store._engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_a_store_is_opened_again_as_it_was(where: str) -> None:
    with open_store(where) as store:
        people(store)
        alert = alert_of(store)
    with open_store(where) as again:
        assert alert_of(again) == alert and len(users(again)) == 4


def test_the_first_user_is_admin_and_only_an_admin_adds_users(store: Store) -> None:
    assert get_user(store, "ann").role == "admin"
    with pytest.raises(DeskError, match="'cat' is analyst, this takes admin"):
        add_user(store, "eve", "admin", by="cat", at=AT)


def test_an_unknown_user_decides_nothing(store: Store) -> None:
    with pytest.raises(NotFound, match="no user 'eve'"):
        add_user(store, "eve", "admin", by="eve", at=AT)


def test_a_password_is_kept_as_a_salted_hash(store: Store) -> None:
    for name in ("ann", "bob"):
        add_user(store, name, "admin", by="ann", at=AT, password="a long enough word", scrypt_n=2**4)
    with store.read() as connection:
        hashes = [
            row[0]
            for row in connection.execute(text("SELECT password_hash FROM users WHERE password_hash IS NOT NULL"))
        ]
    assert len(set(hashes)) == 2 and all(one.startswith("scrypt$16$") for one in hashes)
    assert is_password(store, "ann", "a long enough word") and not is_password(store, "ann", "another word here")


def test_a_short_password_is_refused(file_store: Store) -> None:
    with pytest.raises(ConfigError, match="short"):
        add_user(file_store, "ann", "admin", by="ann", at=AT, password="short")


def test_nobody_logs_in_without_a_password_or_a_name(file_store: Store) -> None:
    assert not is_password(file_store, "cat", "") and not is_password(file_store, "nobody", "")


def test_rows_that_stay_are_refused_by_the_database_itself(store: Store) -> None:
    alert_of(store)
    for table in ("audit", "findings", "decisions"):
        for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET {KEYS[table]} = {KEYS[table]}"):
            with pytest.raises(DeskError, match="never changed"), store.read() as connection:
                connection.execute(text(statement))


def test_a_write_that_fails_leaves_nothing(store: Store) -> None:
    before = verify_store(store).rows()
    with pytest.raises(ZeroDivisionError), store.write(by="ann", at=AT) as writer:
        writer.decide("a-none", version=1, kind="raised", status="open")
        writer.finish()
        raise ZeroDivisionError
    assert verify_store(store).rows() == before == []


def test_a_second_decision_on_one_version_is_refused_by_the_database(store: Store) -> None:
    with store.write(by="ann", at=AT) as writer:
        writer.decide("x", version=1, kind="raised", status="open")
    with pytest.raises(Conflict), store.write(by="ann", at=AT) as writer:
        writer.decide("x", version=1, kind="raised", status="open")


def test_a_later_layout_is_refused(tmp_path: Path) -> None:
    open_store(tmp_path / "d.sqlite").close()
    engine = create_engine(f"sqlite:///{tmp_path / 'd.sqlite'}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(DeskError, match="layout 9999"):
        open_store(tmp_path / "d.sqlite")


@pytest.mark.parametrize("where_", ["mysql://x/y", "postgresql://nobody@127.0.0.1:1/none", "://"])
def test_a_store_that_is_none_says_so_without_its_password(where_: str) -> None:
    with pytest.raises((ConfigError, SourceError)) as error:
        open_store(where_.replace("nobody@", "nobody:secret@"))
    assert "secret" not in str(error.value)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "d.sqlite").write_bytes(b"this is a text of some length, no database at all" * 100)
    with pytest.raises(SourceError, match="store failed"):
        open_store(tmp_path / "d.sqlite")


def test_an_instant_that_is_none_is_refused(file_store: Store) -> None:
    with pytest.raises(ConfigError, match="no instant"):
        add_user(file_store, "eve", "analyst", by="ann", at="yesterday")


WRITER = """
import sys
from entrepot.cases import open_store, assign
store = open_store(sys.argv[1])
for n in range(10**6):
    name = f"{sys.argv[3]}-{n}"
    assign(store, sys.argv[2], "cat", by=sys.argv[3], at="2026-05-04T09:00:00Z", reason="r", request_id=name)
    sys.stdout.write(f"{name}\\n")
    sys.stdout.flush()
"""


def _writers(where: str, alert: str, *names: str) -> list[subprocess.Popen[str]]:
    env = {**os.environ, "PYTHONPATH": f"{SRC}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"}
    return [
        subprocess.Popen([sys.executable, "-c", WRITER, where, alert, name], stdout=subprocess.PIPE, text=True, env=env)
        for name in names
    ]


def _requests(store: Store) -> list[str]:
    with store.read() as connection:
        return [
            row[0] for row in connection.execute(text("SELECT request_id FROM decisions WHERE request_id IS NOT NULL"))
        ]


def test_a_killed_process_loses_no_decision_that_it_acknowledged(where: str) -> None:
    with open_store(where) as store:
        people(store)
        alert = alert_of(store)
        (running,) = _writers(where, alert, "bob")
        acknowledged = []
        assert running.stdout is not None
        while len(acknowledged) < 25:
            acknowledged.append(running.stdout.readline().strip())
        os.kill(running.pid, signal.SIGKILL)
        acknowledged += [line.strip() for line in running.stdout if line.endswith("\n")]
        running.wait()
    with open_store(where) as store:
        assert set(acknowledged) <= set(_requests(store)) and len(verify_store(store)) == 0


def test_two_processes_neither_lose_nor_double_a_decision(where: str) -> None:
    with open_store(where) as store:
        people(store)
        alert = alert_of(store)
        both = _writers(where, alert, "bob", "cat")
        acknowledged: list[str] = []
        for running in both:
            assert running.stdout is not None
            acknowledged += [running.stdout.readline().strip() for _ in range(15)]
        for running in both:
            running.kill()
            assert running.stdout is not None
            acknowledged += [line.strip() for line in running.stdout if line.endswith("\n")]
            running.wait()
        recorded = _requests(store)
        assert set(acknowledged) <= set(recorded) and len(recorded) == len(set(recorded))
        assert len(verify_store(store)) == 0


def test_two_servers_that_start_together_make_the_tables_once(where: str) -> None:
    code = "import sys; from entrepot.cases import open_store; open_store(sys.argv[1]).close()"
    env = {**os.environ, "PYTHONPATH": f"{SRC}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"}
    started = [subprocess.Popen([sys.executable, "-c", code, where], env=env) for _ in range(3)]
    assert [one.wait(60) for one in started] == [0, 0, 0]


def test_it_is_quick_enough_to_list_ten_thousand_alerts(file_store: Store) -> None:
    from entrepot.cases import AlertFilter, add_findings, list_alerts
    from tests.cases.made import DAY, found, route, screened

    rows = [route(product=f"{n:06d}", low=float(n)) for n in range(5000)]
    people_ = [screened(f"c-{n}") for n in range(5000)]
    add_findings(file_store, [*found(*rows), *found(*people_, source="screen")], by="cat", at=AT)
    best = 9.0
    for _ in range(5):
        start = time.perf_counter()
        page = list_alerts(file_store, AlertFilter(severities=("low", "medium"), kinds=("person",), limit=100), day=DAY)
        best = min(best, time.perf_counter() - start)
    assert len(page) == 100 and best < 0.2


def test_the_tables_have_the_columns_of_their_migration(file_store: Store) -> None:
    names = set(inspect(file_store._engine).get_table_names())
    assert {table.name for table in METADATA.sorted_tables} <= names
