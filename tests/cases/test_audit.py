"""The audit log: whoever changes what was recorded is found, with the row and what differs."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text

from entrepot.cases import Store, add_note, assign, close_alert, new_case, verify_store
from tests.cases.made import alert_of, later, route


@pytest.fixture
def worked(store: Store) -> Store:
    """A store in which a few things were decided."""
    alert = alert_of(store)
    assign(store, alert, "bob", by="cat", at=later(1), reason="yours")
    close_alert(store, alert, by="cat", at=later(2), reason="explained")
    case = new_case(store, "a case", by="cat", at=later(2))
    add_note(store, case.case_id, "a note", by="cat", at=later(3))
    return store


def tamper(store: Store, *statements: str) -> None:
    """Do what only somebody with the database in his hands can: switch the triggers off, and change rows."""
    with store._engine.begin() as connection:
        for table in ("audit", "findings", "decisions", "case_items"):
            for change in ("update", "delete"):
                on = "" if store.is_file else f" ON {table}"
                connection.execute(text(f"DROP TRIGGER {table}_no_{change}{on}"))
        for statement in statements:
            assert connection.execute(text(statement)).rowcount


def test_an_honest_store_holds(worked: Store) -> None:
    assert verify_store(worked).rows() == []


@pytest.mark.parametrize(
    ("statement", "table", "row", "says"),
    [
        ("UPDATE audit SET actor = 'u-other' WHERE n = 6", "audit", "6", "do not give its hash"),
        ("UPDATE audit SET at = '2020-01-01T00:00:00Z' WHERE n = 5", "audit", "5", "do not give its hash"),
        ("DELETE FROM audit WHERE n = 6", "audit", "7", "entry 6 is missing"),
        ("DELETE FROM audit WHERE n = (SELECT max(n) FROM audit)", "audit", "8", "entries are missing or added"),
        ("UPDATE findings SET certainty = 'weak'", "findings", "findings:", "is not as entry 5 recorded it"),
        ("UPDATE decisions SET kind = 'assign' WHERE version = 3", "decisions", "decisions:", "is not as entry 7"),
        ("DELETE FROM decisions WHERE version = 2", "decisions", "decisions:", "the decision before it is missing"),
        ("DELETE FROM case_items", "case_items", "case_items:", "is gone; entry 9 recorded it"),
        ("UPDATE alerts SET status = 'closed'", "alerts", "a-", "its last decision says 'assigned', version 3"),
        ("UPDATE cases SET version = 9", "cases", "c-", "its last decision says 'open', version 2"),
    ],
)
def test_tampering_is_found_and_located(worked: Store, statement: str, table: str, row: str, says: str) -> None:
    tamper(worked, statement)
    found = [one for one in verify_store(worked) if one["table"] == table]
    assert any(one["row"].startswith(row) and says in one["problem"] for one in found), found


def test_a_row_that_was_slipped_in_is_found(worked: Store) -> None:
    columns = "alert_id, n, source, rule, digest, as_of, recorded_at, certainty, inputs, body"
    select = "SELECT alert_id, 99, source, rule, digest, as_of, recorded_at, certainty, inputs, body FROM findings"
    tamper(worked, f"INSERT INTO findings ({columns}) {select}")
    assert [one["problem"] for one in verify_store(worked)] == ["no entry of the audit log recorded it"]


def test_a_log_that_was_written_anew_does_not_hold_an_earlier_hash(worked: Store) -> None:
    with worked.read() as connection:
        n, digest = connection.execute(text("SELECT n, hash FROM audit WHERE n = 4")).one()
    assert verify_store(worked, known=(n, digest)).rows() == []
    problem = verify_store(worked, known=(n, "0" * 64)).rows()[0]
    assert (problem["row"], "handed out" in problem["problem"]) == ("4", True)


def test_the_log_names_nobody(tmp_path: Path, worked: Store) -> None:
    with worked.read() as connection:
        entries = str(connection.execute(text("SELECT * FROM audit")).all())
    assert not any(name in entries for name in ("ann", "bob", "cat", "yours", "explained", "a note"))


def test_verifying_writes_nothing(file_store: Store) -> None:
    alert_of(file_store, route("ARM"))
    with sqlite3.connect(file_store.where) as connection:
        before = connection.execute("SELECT count(*), max(hash) FROM audit").fetchone()
    verify_store(file_store)
    with sqlite3.connect(file_store.where) as connection:
        assert connection.execute("SELECT count(*), max(hash) FROM audit").fetchone() == before
