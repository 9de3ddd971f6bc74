"""The project's own columns: dimensions, attributes, periods, aggregates."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepot.errors import SourceError, UnexpectedLayout
from tests.sources.reading import HEAD, ROW, read_text


def test_what_a_file_does_not_say_is_unknown(tmp_path: Path) -> None:
    row = read_text(tmp_path, ROW).rows[0]
    assert (row["partner_role"], row["valuation"], row["hs_revision"], row["netweight_kg"]) == (
        "unknown", None, None, None)  # fmt: skip
    assert (row["report_status"], row["is_aggregate"], row["currency"], row["freq"]) == ("reported", False, "USD", "M")


def test_what_it_says_is_kept(tmp_path: Path) -> None:
    head = f"{HEAD},partner_role,valuation,hs_revision,report_status,netweight_kg,quantity,quantity_unit"
    row = read_text(tmp_path, f"{ROW},destination,FOB,HS2022,estimated,2.5,3,piece", head=head).rows[0]
    assert (row["partner_role"], row["valuation"], row["hs_revision"]) == ("destination", "fob", "HS2022")
    assert (row["report_status"], row["netweight_kg"], row["quantity"]) == ("estimated", 2.5, 3.0)


@pytest.mark.parametrize(
    ("text", "freq", "period"),
    [("2024-03", "M", "2024-03"), ("202403", "M", "2024-03"), ("2024-03-01", "M", "2024-03"),
     ("2024M03", "M", "2024-03"), ("03/2024", "M", "2024-03"), ("2024", "A", "2024")])  # fmt: skip
def test_periods(tmp_path: Path, text: str, freq: str, period: str) -> None:
    row = read_text(tmp_path, ROW.replace("2024-01", text)).rows[0]
    assert (row["freq"], row["period"]) == (freq, period)


def test_year_and_month_in_two_columns(tmp_path: Path) -> None:
    head = HEAD.replace("period", "year,month")
    reading = read_text(tmp_path, ROW.replace("2024-01", "2024,3"), ROW.replace("2024-01", "2024,"), head=head)
    assert reading.column("period") == ["2024-03", "2024"]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [("KAZ", "Atlantis", "unknown territory 'Atlantis'"), ("DEU", "", "no territory"),
     ("2024-01", "2024-13", "unknown period '2024-13'"), ("export", "transit", "unknown flow 'transit'")])  # fmt: skip
def test_an_unknown_word_skips_the_record(tmp_path: Path, old: str, new: str, reason: str) -> None:
    reading = read_text(tmp_path, ROW.replace(old, new), ROW, ROW.replace("-01", "-02"))
    assert (reading.report.rows, reading.report.skipped) == (2, 1)
    assert [i["reason"] for i in reading.report.issues] == [reason]


def test_issues_are_in_the_lake_too(tmp_path: Path) -> None:
    reading = read_text(tmp_path, ROW.replace("KAZ", "Atlantis"), ROW, ROW.replace("-01", "-02"))
    from entrepot.lake import open_lake

    with open_lake(tmp_path / "lake").engine() as engine:
        found = engine.rows("SELECT file, source_row, field, value FROM issues")
    assert found == [("trade.csv", 1, "partner_iso3", "Atlantis")] and reading.report.rows == 2


def test_more_than_half_unknown_stops(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"2 of 3 records.*'partner_iso3'"):
        read_text(tmp_path, ROW.replace("KAZ", "A"), ROW.replace("KAZ", "B"), ROW)


def test_aggregates_are_marked(tmp_path: Path) -> None:
    reading = read_text(tmp_path, ROW, ROW.replace("KAZ", "World"), ROW.replace("DEU", "EU27"))
    assert reading.column("is_aggregate") == [False, True, True]


def test_a_file_may_mark_more_aggregates(tmp_path: Path) -> None:
    assert read_text(tmp_path, f"{ROW},true", head=f"{HEAD},is_aggregate").column("is_aggregate") == [True]


def test_constants_and_values_of_a_mapping(tmp_path: Path) -> None:
    mapping = """
[columns]
period = "Monat"
partner_iso3 = "Land"
hs_code = "Ware"
value_eur = "Wert"
[constants]
reporter_iso3 = "DEU"
flow = "export"
[values.partner_iso3]
Kasachstan = "KAZ"
"""
    row = read_text(tmp_path, "2024-01,Kasachstan,870323,5", head="Monat,Land,Ware,Wert", mapping=mapping).rows[0]
    assert (row["reporter_iso3"], row["partner_iso3"], row["flow"], row["currency"]) == ("DEU", "KAZ", "export", "EUR")


def test_a_constant_that_is_no_legal_value_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnexpectedLayout, match="constant flow = 'sideways'"):
        read_text(tmp_path, ROW, mapping='[constants]\nflow = "sideways"\n')


def test_a_constant_stands_above_the_files_column(tmp_path: Path) -> None:
    assert read_text(tmp_path, ROW, mapping='[constants]\nflow = "import"\n').column("flow") == ["import"]


def test_a_table_of_the_lake_can_be_ingested_again(tmp_path: Path) -> None:
    from entrepot.lake import open_lake
    from tests.sources.reading import read

    first = read_text(tmp_path, ROW, ROW.replace("KAZ", "World"))
    with open_lake(tmp_path / "lake").engine() as engine:
        engine.connection.execute(f"COPY flows TO '{tmp_path}/out.parquet' (FORMAT parquet)")
    (tmp_path / "second").mkdir()
    again = read(tmp_path / "second", "flows", tmp_path / "out.parquet")
    different = ("snapshot_id", "source_row")
    plain = [[{k: v for k, v in row.items() if k not in different} for row in r.rows] for r in (first, again)]
    assert sorted(plain[0], key=str) == sorted(plain[1], key=str)
