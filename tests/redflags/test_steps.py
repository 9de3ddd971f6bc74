"""Steps: what is known decides, what is unknown is named, and nothing is looked up ahead of its time."""

from __future__ import annotations

from typing import Any

import pytest

from entrepot.redflags import RecordTables, Run, World, read_flag
from tests.redflags.test_loading import text

NOBODY = World(lambda *_: None, lambda *_: None, lambda _: ())


def outcomes(
    flag_text: str, kind: str = "card", *, as_of: str = "2026-01-01", **rows: list[dict[str, Any]]
) -> list[Any]:
    tables = RecordTables(as_of=as_of, threads=1)
    try:
        for name, records in rows.items():
            tables.add(name, records)
        Run(tables, [read_flag(flag_text, where="t.yml")], NOBODY).outcomes(kind)
        return tables.connection.execute("SELECT outcome, missing FROM outcomes ORDER BY _row").fetchall()
    finally:
        tables.close()


def test_what_is_known_decides_where_it_can() -> None:
    rows = [{"card_id": "1", "scheme": "visa"}, {"card_id": "2", "scheme": "mir"}, {"card_id": "3"}]
    found = outcomes(text("scheme = 'mir' and presence = 'proxy'"), card=rows)
    assert found == [("clear", None), ("missing_fields", "presence"), ("missing_fields", "presence;scheme")]


@pytest.mark.parametrize(("days", "expected"), [(10, "fired"), (9, "clear")])
def test_a_window_is_the_fullest_that_holds_the_record(days: int, expected: str) -> None:
    more = f"let: {{n: {{over: card, by: [holder_id], at: issue_date, days: {days}, value: count(*)}}}}"
    rows = [
        {"card_id": "1", "holder_id": "h", "issue_date": "2025-01-01"},
        {"card_id": "2", "holder_id": "h", "issue_date": "2025-01-05"},
        {"card_id": "3", "holder_id": "h", "issue_date": "2025-01-11"},
    ]
    assert [one for one, _ in outcomes(text("n >= 3", more=more), card=rows)] == [expected] * 3


def test_an_empty_group_counts_none_and_sums_to_unknown() -> None:
    more = "let: {n: {over: account, by: {account_id: it.account_id}, value: count(*)}}"
    rows = {"card": [{"card_id": "1", "account_id": "a"}, {"card_id": "2"}], "account": [{"account_id": "b"}]}
    assert [one for one, _ in outcomes(text("n = 0", more=more), **rows)] == ["fired", "missing_fields"]
    more = more.replace("count(*)", "sum(it.declared_turnover)")
    rows["account"][0]["declared_turnover"] = "5"
    assert [one for one, _ in outcomes(text("n > 0", more=more), **rows)] == ["missing_fields"] * 2


def test_a_table_nobody_gave_is_named_and_not_taken_for_empty() -> None:
    more = "let: {n: {over: account, by: {account_id: it.account_id}, value: count(*)}}"
    assert outcomes(text("n = 0", more=more), card=[{"card_id": "1", "account_id": "a"}]) == [
        ("missing_fields", "account")
    ]


def test_a_column_nobody_gave_is_named_and_not_taken_for_empty() -> None:
    more = "let: {n: {over: account, by: {account_id: it.account_id}, where: it.presence = 'proxy', value: count(*)}}"
    rows = {"card": [{"card_id": "1", "account_id": "a"}], "account": [{"account_id": "a"}]}
    assert outcomes(text("n = 0", more=more), **rows) == [("missing_fields", "account.presence")]


def test_an_event_column_says_none_only_where_the_file_has_it() -> None:
    flag = text("arrival_date is null", kind="shipment")
    assert outcomes(flag, "shipment", shipment=[{"shipment_id": "1", "arrival_date": None}]) == [("fired", None)]
    assert outcomes(flag, "shipment", shipment=[{"shipment_id": "1"}]) == [("missing_fields", "shipment.arrival_date")]


def test_later_records_and_later_events_are_not_known_yet() -> None:
    flag = text("arrival_date is null", kind="shipment")
    rows = [
        {"shipment_id": "1", "declaration_date": "2025-01-01", "arrival_date": "2025-03-01"},
        {"shipment_id": "2", "declaration_date": "2025-02-02", "arrival_date": ""},
    ]
    assert outcomes(flag, "shipment", as_of="2025-02-01", shipment=rows) == [("fired", None)]
    assert outcomes(flag, "shipment", as_of="2025-04-01", shipment=rows) == [("clear", None), ("fired", None)]
