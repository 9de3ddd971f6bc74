"""Entries as CSV."""

from __future__ import annotations

import csv
import io

from entrepot.ledger import ledger_csv, open_ledger
from entrepot.ledger.form import fields_of_row
from entrepot.ledger.reading import entry_of
from tests.ledger.made import entry


def read_back(text: str) -> list[object]:
    rows = csv.DictReader(io.StringIO(text))
    return [entry_of({**fields_of_row(row), "pack": "entrepot"}, where="made.yml") for row in rows]


def test_what_is_written_as_csv_reads_back_as_it_was() -> None:
    shipped = [one for one in open_ledger() if one.kind == "measure"]
    back = read_back(ledger_csv(shipped))
    assert [one.entry_id for one in back] == [one.entry_id for one in shipped]  # type: ignore[attr-defined]
    from dataclasses import replace

    assert back == [replace(one, where="made.yml") for one in shipped]


def test_a_formula_is_no_formula_in_a_spreadsheet_and_comes_back() -> None:
    text = ledger_csv([entry(title="=HYPERLINK(1)", summary="'quoted", scope="@x")])
    assert "'=HYPERLINK(1)" in text and ",=" not in text
    back = read_back(text)[0]
    assert (back.title, back.summary, back.scope) == ("=HYPERLINK(1)", "'quoted", "@x")  # type: ignore[attr-defined]


def test_a_plain_table_of_measures_is_read_with_its_last_day_as_an_end() -> None:
    row = {
        **{"id": "x", "date": "2024-01-10", "end_date": "2024-02-01", "jurisdiction": "KGZ", "instrument": "card_rule"},
        **{"status": "ended", "source": "K An act ; https://example.org/a", "target": "A; B"},
    }
    made = entry_of({**fields_of_row(row), "recorded_at": "2026-01-01T00:00:00Z", "pack": "own"}, where="x.csv")
    assert str(made.dates["removed"]) == "2024-02-02" and made.status is None
    assert made.targets == ("A", "B") and len(made.sources) == 2


def test_days_of_knowledge_go_out_and_in() -> None:
    from entrepot.ledger import entry_of, fields_of
    from tests.ledger.made import entry, pause

    dates = {"effective": "2024-01-10", "removed": "2024-06-01"}
    told = pause("2024-03-01", "2024-04-01", known="2024-02", end_known="2024-03-15")
    made = entry(dates=dates, suspensions=(told,), facts={"end_known": "2024-05"})
    back = entry_of(fields_of(made) | {"pack": "entrepot"}, where="made.yml")
    assert back == made and str(back.end_known) == "2024-05"


def test_a_day_of_knowledge_without_an_end_is_refused() -> None:
    import pytest

    from entrepot.errors import LedgerError
    from entrepot.ledger import entry_of, fields_of
    from tests.ledger.made import entry, pause

    fields = fields_of(entry(facts={"end_known": "2024-05"}))
    with pytest.raises(LedgerError, match="end_known"):
        entry_of(fields, where="made.yml")
    fields = fields_of(entry(facts={"start_known": "2024-05"}))
    with pytest.raises(LedgerError, match="start_known"):
        entry_of(fields, where="made.yml")
    fields = fields_of(entry(suspensions=(pause("2024-03-01", end_known="2024-03-15"),)))
    with pytest.raises(LedgerError, match="to_known"):
        entry_of(fields, where="made.yml")
