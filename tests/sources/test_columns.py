"""Columns are found by name; what is renamed or unknown is named."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from entrepot.errors import SourceError, UnexpectedLayout
from tests.sources.reading import FIXTURES, HEAD, ROW, read, read_text, written


def test_order_case_and_spaces_of_names_do_not_matter(tmp_path: Path) -> None:
    head = "Value USD,HS Code,flow,Partner ISO3,REPORTER_ISO3, period "
    reading = read_text(tmp_path, "1000,870323,export,KAZ,DEU,2024-01", head=head)
    assert reading.column("value") == [1000.0]


def test_unknown_columns_are_named(tmp_path: Path) -> None:
    assert "columns not read: colour, taste" in read_text(tmp_path, f"{ROW},a,b", head=f"{HEAD},colour,taste").notes


def test_a_renamed_column_is_named_with_the_close_ones(tmp_path: Path) -> None:
    with pytest.raises(UnexpectedLayout, match=r"no column for hs_code.*Close names are 'hscod'.*\[columns\] hs_code"):
        read_text(tmp_path, ROW, head=HEAD.replace("hs_code", "hscod"))


@pytest.mark.parametrize(
    ("source", "path", "old", "new"),
    [
        ("comtrade", "comtrade/final_47.csv", "primaryValue", "primValue"),
        ("comtrade", "comtrade/final_47.csv", "netWgt", "netWeight"),
        ("comext", "comext/full_v2_202203.dat", "VALUE_EUR", "VALUE_EURO"),
        ("comext", "comext/relational_view.csv", "PARTNER", "PARTNERS"),
        ("baci", "baci/BACI_HS17_Y2021_V202401.csv", ",v,", ",val,"),
        ("fts", "fts/fts.csv", "STOIM", "STOIMOST"),
        ("fts", "fts/fts.csv", "NAPR", "NAPRAVLENIE"),
        ("hs-concordance", "concordances/hs.csv", "code.before", "code.prev"),
        ("cn-concordance", "concordances/cn.csv", "origin", "old"),
        ("policy-events", "concordances/events.csv", "actor", "who"),
    ],
)
def test_a_publisher_that_renames_a_column_fails_loudly(
    tmp_path: Path, source: str, path: str, old: str, new: str
) -> None:
    text = (FIXTURES / path).read_text("utf-8").replace(old, new, 1)
    with pytest.raises(UnexpectedLayout, match="no column for"):
        read(tmp_path, source, written(tmp_path, text, Path(path).name))


def test_a_name_that_stands_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnexpectedLayout, match="two columns are called 'flow'"):
        read_text(tmp_path, f"{ROW},x", head=f"{HEAD},flow")


def test_a_file_without_direction_asks_for_it(tmp_path: Path) -> None:
    path = FIXTURES / "national" / "cn8_exports.csv"
    with pytest.raises(UnexpectedLayout, match=r"exports or imports.*--mapping eurostat-cn8-exports"):
        read(tmp_path, "comext", path)


def test_a_value_without_currency_is_no_value(tmp_path: Path) -> None:
    with pytest.raises(UnexpectedLayout, match="no column for value"):
        read_text(tmp_path, ROW, head=HEAD.replace("value_usd", "value"))


def test_value_and_currency_columns(tmp_path: Path) -> None:
    head = HEAD.replace("value_usd", "value") + ",currency"
    reading = read_text(tmp_path, f"{ROW},USD", ROW.replace("-01", "-02") + ",EUR", head=head)
    assert reading.column("currency") == ["USD", "EUR"]


def test_of_two_values_the_euro_is_taken_and_said(tmp_path: Path) -> None:
    reading = read_text(tmp_path, f"{ROW},900", head=f"{HEAD},value_eur")
    assert (reading.column("value"), reading.column("currency")) == ([900.0], ["EUR"])
    assert "values were taken from 'value_eur', not from 'value_usd'" in reading.notes


def test_a_mapping_may_prefer_the_dollar(tmp_path: Path) -> None:
    reading = read_text(tmp_path, f"{ROW},900", head=f"{HEAD},value_eur", mapping='[constants]\ncurrency = "USD"\n')
    assert (reading.column("value"), reading.column("currency")) == ([1000.0], ["USD"])


def test_parquet_of_any_types_reads(tmp_path: Path) -> None:
    path = tmp_path / "typed.parquet"
    duckdb.sql(
        f"""COPY (SELECT DATE '2024-01-01' AS period, 'DEU' AS reporter_iso3, 'KAZ' AS partner_iso3, 'export' AS flow,
            unnest([870323, 870324]) AS hs_code, unnest([5::DECIMAL(9,2), NULL]) AS value_eur, true AS is_aggregate,
            unnest(['NaN'::DOUBLE, 2]) AS netweight_kg) TO '{path}' (FORMAT parquet)"""
    )
    reading = read(tmp_path, "flows", path)
    assert (reading.column("value"), reading.column("netweight_kg")) == ([5.0, None], [None, 2.0])
    assert (reading.column("period")[0], reading.column("is_aggregate")[0]) == ("2024-01", True)


def test_a_truncated_parquet_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cut.parquet"
    duckdb.sql(f"COPY (SELECT range AS period FROM range(9999)) TO '{path}' (FORMAT parquet)")
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(SourceError, match="truncated or damaged"):
        read(tmp_path, "flows", path)


def test_a_name_with_wildcards_reads_that_file_only(tmp_path: Path) -> None:
    written(tmp_path, f"{HEAD}\n{ROW}\n", "trade1.csv")
    odd = written(tmp_path, f"{HEAD}\n{ROW.replace('1000', '7')}\n", "trade[1]*.csv")
    assert read(tmp_path, "flows", odd).column("value") == [7.0]


def test_a_workbook_of_one_table_reads(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    for row in (HEAD.split(","), ["2024-01", "DEU", "KAZ", "export", 870323, 12.5]):
        book.active.append(row)
    book.save(tmp_path / "trade.xlsx")
    assert read(tmp_path, "flows", tmp_path / "trade.xlsx").column("value") == [12.5]


def test_bytes_that_are_no_workbook_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="the workbook cannot be read"):
        read(tmp_path, "flows", written(tmp_path, "PK no", "trade.xlsx"))
