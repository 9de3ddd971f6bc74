"""Mapping files: by path or by name, validated, and every shipped one against a look-alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepot.errors import ConfigError, NotFound, UnexpectedLayout
from entrepot.sources import mapping_names, read_mapping
from tests.sources.reading import ROW, read, read_text, written

SHIPPED = {
    "armenia-commodity-extract": ("extract", 1),
    "armenia-customs-by-partner": ("customs", 6),
    "armenia-monthly-by-partner": ("armenia_by_partner", 5),
    "armenia-official-reexports": ("official_rx", 2),
    "armenia-reexport-estimates": ("reexports", 2),
    "armenia-totals-by-month": ("totals_by_month", 2),
    "eurostat-cn8-exports": ("cn8_exports", 2),
    "eurostat-member-totals": ("member_totals", 4),
    "imf-imts": ("imf", 3),
    "national-yearly-eur": ("yearly_eur", 2),
    "uzbekistan-sdmx-exports": ("sdmx", 2),
    "uzbekistan-sdmx-imports": ("sdmx", 2),
}


def test_every_shipped_mapping_has_a_look_alike() -> None:
    assert set(mapping_names()) == set(SHIPPED)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_mapping_reads_its_look_alike(tmp_path: Path, name: str) -> None:
    fixture, rows = SHIPPED[name]
    reading = read(tmp_path, "flows", f"national/{fixture}.csv", mapping=name)
    assert (reading.report.rows, reading.report.skipped) == (rows, 0)
    assert "not read" not in reading.notes


def test_origin_and_consignment_are_kept_apart(tmp_path: Path) -> None:
    reading = read(tmp_path, "flows", "national/armenia_by_partner.csv", mapping="armenia-monthly-by-partner")
    german = {(r["flow"], r["partner_role"]): r["value"] for r in reading.rows if r["partner_iso3"] == "DEU"}
    assert german == {
        ("export", "destination"): 1500.0,
        ("import", "origin"): 10000.0,
        ("import", "consignment"): 7000.0,
    }


def test_members_and_aggregates_are_told_apart(tmp_path: Path) -> None:
    reading = read(tmp_path, "flows", "national/member_totals.csv", mapping="eurostat-member-totals")
    assert sum(row["value"] for row in reading.rows if not row["is_aggregate"]) == 40.0
    assert reading.column("is_aggregate") == [False, False, True, True]


def test_cn8_exports_read_under_either_source(tmp_path: Path) -> None:
    row = read(tmp_path, "comext", "national/cn8_exports.csv", mapping="eurostat-cn8-exports").rows[0]
    assert (row["source_id"], row["reporter_iso3"], row["hs_revision"]) == ("comext", "IRL", "CN2022")


def test_a_year_beside_months(tmp_path: Path) -> None:
    reading = read(tmp_path, "flows", "national/customs.csv", mapping="armenia-customs-by-partner")
    assert {row["period"] for row in reading.rows} == {"2020-05", "2020"}
    assert [row["value"] for row in reading.rows if row["flow"] == "export"] == [None, 9000.0]


def test_an_unknown_mapping_names_the_shipped_ones(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="eurostat-cn8-exports"):
        read_mapping("nonesuch")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[columns", "m.toml"),
        ('[columns]\nhscode = "x"\n', "unknown field 'hscode'"),
        ('[colums]\nhs_code = "x"\n', "colums"),
        ('[read]\ndecimal = ";"\n', "read.decimal"),
        ('[melt]\nname = "x"\n', "either columns or pattern"),
        ('duplicates = "add"\n', "duplicates"),
        ('[melt]\npattern = "("\n', "regular expression"),
        ('[read]\ndelimiter = "--"\n', "read.delimiter"),
        ('[constants]\nvalue_usd = "5"\n', "value_usd cannot be one constant"),
    ],
)
def test_a_wrong_mapping_is_refused(tmp_path: Path, text: str, found: str) -> None:
    with pytest.raises(ConfigError, match=found.replace("[", r"\[")):
        read_mapping(written(tmp_path, text, "m.toml"))


def test_a_mapped_column_that_is_gone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnexpectedLayout, match="no column for netweight_kg"):
        read_text(tmp_path, ROW, mapping='[columns]\nnetweight_kg = "kilos"\n')


def test_a_melted_column_that_is_gone_is_refused(tmp_path: Path) -> None:
    mapping = '[melt]\ncolumns = ["a"]\nname = "n"\nvalue = "v"\n'
    with pytest.raises(UnexpectedLayout, match="no column 'a' to melt"):
        read_text(tmp_path, ROW, mapping=mapping)


def test_melting_a_column_that_is_read_elsewhere_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnexpectedLayout, match=r"\[melt\] takes column 'flow'"):
        read_text(tmp_path, ROW, mapping='[melt]\npattern = "f.*"\n')
