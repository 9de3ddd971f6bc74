"""Own records in the lake: every kind by its columns, skipped, superseded, hidden, read from messages."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepot.errors import ConfigError, NotFound, SourceError, UnexpectedLayout
from entrepot.lake import Lake, kinds
from entrepot.sources import IngestReport, RecordOptions, ingest
from tests.sources.reading import AT, new_lake, rows_of, written
from tests.sources.test_records import PACS

PAYMENTS = """payment_id,value_date,amount,currency,payer_name
A,2025-02-30,12,USD,Made Payer
,2025-02-01,1,USD,
B,2025-02-01,abc,USD,
A,2025-02-03,1,USD,
C,2025-02-01,5,USD,x,more
D,2025-02-01,7,XXQ,
E,2025-02-01,7,USD,Made Payer
"""
CELLS = {
    "date": "2025-01-31", "instant": "2025-01-31T10:00:00Z", "number": "1.50", "integer": "2", "boolean": "true",
    "country": "KAZ", "countries": "KAZ;KGZ", "currency": "USD", "edtf": "1980-02", "list": "a;b", "text": "x",
}  # fmt: skip


def take(
    folder: Path | Lake, *paths: Path, source: str = "records", mapping: Path | None = None, **options: object
) -> tuple[Lake, IngestReport]:
    lake = folder if isinstance(folder, Lake) else new_lake(folder)
    records = RecordOptions(**options) if options else None  # type: ignore[arg-type]
    return lake, ingest(lake, source, list(paths), mapping=mapping, at=AT, records=records)


def test_every_kind_is_told_by_its_columns_and_kept_as_it_is(tmp_path: Path) -> None:
    given = {kind.table: kind for kind in kinds().values() if kind.table}
    files = []
    for table, kind in given.items():
        cells = [f"x-{kind.name}" if name == kind.id else CELLS[type_] for name, type_ in kind.columns.items()]
        files.append(written(tmp_path, f"{','.join(kind.columns)}\n{','.join(cells)}\n", f"{table}.csv"))
    lake, report = take(tmp_path, *files)
    assert report.skipped == 0 and not report.issues.rows()
    for table, kind in given.items():
        (row,) = rows_of(lake, table)
        assert row["given_columns"] == ";".join(kind.columns)
        assert [row[name] for name, type_ in kind.columns.items() if name != kind.id] == [
            CELLS[type_] for name, type_ in kind.columns.items() if name != kind.id
        ]


def test_what_cannot_be_named_is_skipped_and_every_fault_is_an_issue(tmp_path: Path) -> None:
    lake, report = take(tmp_path, written(tmp_path, PAYMENTS, "p.csv"))
    issues = [(row["source_row"], row["field"], row["value"]) for row in rows_of(lake, "issues")]
    assert sorted(issues) == [
        (1, "value_date", "2025-02-30"), (2, "payment_id", ""), (3, "amount", "abc"), (4, "payment_id", "A"),
        (5, "record", "C,2025-02-01,5,USD,x,more"), (6, "currency", "XXQ"),
    ]  # fmt: skip
    assert report.skipped == 3 and lake.status().rows()[0]["issues"] == 6
    assert [row["payment_id"] for row in rows_of(lake, "payments")] == ["A", "B", "D", "E"]


def test_rows_stay_in_the_order_of_their_file(tmp_path: Path) -> None:
    lines = "".join(f"p{n},2025-01-01,{n}\n" + ("x\n" if n % 50 == 0 else "") for n in range(20_000, 0, -1))
    lake, _ = take(tmp_path, written(tmp_path, f"payment_id,value_date,amount\n{lines}", "p.csv"))
    (part,) = lake.version().parts_of("payments")
    with lake.engine() as engine:
        asked = f"SELECT source_row FROM read_parquet('{lake.path / part.data.file}', file_row_number = true)"
        rows = [row for (row,) in engine.rows(f"{asked} ORDER BY file_row_number")]
    assert len(rows) == 20_000 and rows == sorted(rows)


@pytest.mark.parametrize(
    ("text", "options", "told"),
    [
        ("value_date,amount,currency\n2025-01-01,1,USD\n", {}, "no column that names a person"),
        ("value_date,amount\n2025-01-01,1\n", {"kind": "payment"}, "p.csv: no column 'payment_id', which names a"),
        ("card_id,scheme\nc,visa\n", {}, "its columns are those of card and card_use"),
        ("card_id,scheme\n,a\n,b\nc,visa\n", {"kind": "card"}, "2 of 3 records cannot be used; the first is record 1"),
    ],
)
def test_a_file_whose_records_have_no_names_is_refused(
    tmp_path: Path, text: str, options: dict[str, object], told: str
) -> None:
    with pytest.raises(SourceError, match=told):
        take(tmp_path, written(tmp_path, text, "p.csv"), **options)
    assert new_lake(tmp_path).version().version == 0


def test_kinds_that_nobody_gives_and_options_of_other_sources_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path, PAYMENTS, "p.csv")
    with pytest.raises(UnexpectedLayout, match="trader is worked out"):
        take(tmp_path, path, kind="trader")
    with pytest.raises(NotFound, match="no kind of record 'colour'"):
        take(tmp_path, path, kind="colour")
    with pytest.raises(ConfigError, match="flows holds no records of yours"):
        take(tmp_path, path, source="flows", kind="payment")


def test_a_newer_file_takes_the_place_of_the_same_ids_and_dropping_it_gives_them_back(tmp_path: Path) -> None:
    lake, _ = take(tmp_path, written(tmp_path, "payment_id,amount,currency\nA,1,USD\nB,2,USD\n", "jan.csv"))
    _, report = take(lake, written(tmp_path, "payment_id,amount,currency\nB,3,USD\nC,4,USD\n", "feb.csv"))
    amounts = {row["payment_id"]: row["amount"] for row in rows_of(lake, "payments")}
    assert (amounts, report.superseded) == ({"A": "1", "B": "3", "C": "4"}, 1)
    newest = lake.version().snapshots[-1].snapshot_id
    assert lake.drop(newest, at=AT) == 2
    assert {row["payment_id"]: row["amount"] for row in rows_of(lake, "payments")} == {"A": "1", "B": "2"}


def test_rows_without_a_name_may_repeat_and_are_replaced_by_their_ends(tmp_path: Path) -> None:
    head = "card_id,at,merchant_country,amount,currency\n"
    lake, _ = take(
        tmp_path, written(tmp_path, f"{head}c,2025-01-01,KAZ,5,USD\n" * 1 + "c,2025-01-01,KAZ,5,USD\n", "a.csv")
    )
    assert len(rows_of(lake, "card_uses")) == 2
    take(lake, written(tmp_path, f"{head}c,2025-01-01,KAZ,6,USD\nd,2025-01-01,KAZ,7,USD\n", "b.csv"))
    assert [row["amount"] for row in rows_of(lake, "card_uses")] == ["6", "7"]


def test_persons_are_parties_too_and_a_known_file_changes_nothing(tmp_path: Path) -> None:
    persons = written(tmp_path, "person_id,name,first_name,kyc_date\nP1,Ivan Testov,Ivan,2025-01-01\n", "p.csv")
    accounts = written(tmp_path, "account_id,holder_id,iban\nA1,P1,KZ1\n", "a.csv")
    lake, report = take(tmp_path, persons, accounts)
    assert [row["table"] for row in lake.status().rows()] == ["parties", "persons", "accounts"]
    assert rows_of(lake, "persons")[0]["kyc_date"] == "2025-01-01" and not report.notes
    assert take(lake, persons, accounts)[1].is_unchanged
    _, report = take(lake, persons, written(tmp_path, "account_id,holder_id,iban\nA2,P1,KZ2\n", "b.csv"))
    assert len(rows_of(lake, "persons")) == len(rows_of(lake, "parties")) == 1 and len(rows_of(lake, "accounts")) == 2


def test_hidden_names_are_nowhere_in_the_lake(tmp_path: Path) -> None:
    path = written(tmp_path, "person_id,name,address\nP1,Ivan Testov,Street 1\nP2,Other Person,Street 2\n", "p.csv")
    payments = written(tmp_path, "payment_id,amount,payer_name\nY,1,ivan  TESTOV\n", "y.csv")
    lake, report = take(tmp_path, path, payments, names="hash", key=b"k" * 16)
    hidden = rows_of(lake, "persons")[0]["name"]
    assert hidden == rows_of(lake, "payments")[0]["payer_name"] and len(hidden) == 32
    assert not rows_of(lake, "parties") and "the names are hidden" in "; ".join(report.notes)
    kept = [file for file in lake.path.rglob("*") if file.is_file()]
    assert kept and not [file for file in kept if b"estov" in file.read_bytes().lower()]
    assert take(lake, path, payments, names="hash", key=b"k" * 16)[1].is_unchanged


def test_declarations_by_a_mapping_go_by_file_and_number_where_they_have_no_ids(tmp_path: Path) -> None:
    table = written(
        tmp_path, "Banner\nДата;Страна;Код;Вес\n03.02.2025;Россия;8542.31;1,5\n04.02.2025;KG;0805;NULL\n", "d.csv"
    )
    mapping = written(
        tmp_path,
        '[columns]\ndeclaration_date = "Дата"\ndestination_country = "Страна"\nhs_code = "Код"\nnet_weight_kg = "Вес"\n'
        '[read]\nbanner_lines = 1\ndelimiter = ";"\ndecimal = ","\ndate_format = "%d.%m.%Y"\nnull_words = ["NULL"]\n',
        "m.toml",
    )
    lake, report = take(tmp_path, table, source="declarations", mapping=mapping)
    rows = rows_of(lake, "shipments")
    names = ("declaration_date", "destination_country", "hs_code", "net_weight_kg")
    assert [tuple(row[name] for name in names) for row in rows] == [
        ("2025-02-03", "RUS", "854231", "1.5"), ("2025-02-04", "KGZ", "0805", None),
    ]  # fmt: skip
    assert rows[0]["shipment_id"] == f"{rows[0]['snapshot_id'][:8]}-1" and "no column holds an id" in report.notes[0]
    other = written(tmp_path, '[columns]\ncolour = "Код"\n', "n.toml")
    with pytest.raises(ConfigError, match="no record has a column 'colour'"):
        take(lake, table, source="declarations", mapping=other)


def test_messages_are_records_without_a_mapping(tmp_path: Path) -> None:
    lake, _ = take(tmp_path, written(tmp_path, PACS, "pacs.xml"))
    (row,) = rows_of(lake, "payments")
    assert (row["payment_id"], row["amount"], row["source_row"]) == ("u-1", "12500.50", 1)
    assert "is_refund_of" not in row["given_columns"].split(";")


def test_tables_of_other_forms_give_the_same_rows(tmp_path: Path) -> None:
    lines = (
        '{"login_id": "l1", "account_id": "a", "at": "2025-01-01T00:00:00Z"}\n{"login_id": "l2", "account_id": "b"}\n'
    )
    lake, _ = take(tmp_path, written(tmp_path, lines, "logins.jsonl"))
    assert [(row["login_id"], row["account_id"]) for row in rows_of(lake, "logins")] == [("l1", "a"), ("l2", "b")]
