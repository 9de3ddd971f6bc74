"""Real files of publishers, where they are: totals as published or as recomputed independently."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from entrepot.lake import Lake
from entrepot.sources import IngestReport, ingest
from tests.sources.reading import AT, new_lake

MAR_TO_NOV = "freq = 'M' AND substr(period, 6) BETWEEN '03' AND '11'"


def taken(folder: Path, data: Path, source: str, path: str, mapping: str | None = None) -> tuple[Lake, IngestReport]:
    lake = new_lake(folder)
    return lake, ingest(lake, source, data / "trade" / path, mapping=mapping, at=AT)


def asked(lake: Lake, sql: str) -> list[tuple[Any, ...]]:
    with lake.engine() as engine:
        return engine.rows(sql)


@pytest.mark.parametrize("source", ["flows", "comext"])
def test_eu_exports_of_listed_goods_by_partner(tmp_path: Path, shared_data: Path, source: str) -> None:
    path = "eurostat-cn8-sanctioned/eu27_exports_cn8_monthly.parquet"
    lake, report = taken(tmp_path, shared_data, source, path, "eurostat-cn8-exports")
    found = asked(
        lake,
        f"""SELECT partner_iso3, list(m ORDER BY y) FROM (
                SELECT partner_iso3, substr(period, 1, 4) AS y, round(sum(value) / 1e6) AS m
                FROM flows WHERE {MAR_TO_NOV} GROUP BY ALL) GROUP BY partner_iso3""",
    )
    assert dict(found) == {
        "RUS": [17486, 20447, 5369], "KAZ": [962, 940, 2750], "ARM": [103, 110, 571], "KGZ": [31, 39, 404],
        "GEO": [218, 289, 695], "UZB": [339, 343, 671], "BLR": [1104, 1507, 1989]}  # fmt: skip
    assert (report.rows, report.skipped) == (731_200, 0)


def test_india_and_russia_report_2021_differently(tmp_path: Path, shared_data: Path) -> None:
    lake, report = taken(tmp_path, shared_data, "fts", "india-russia/india_russia_hs_monthly_fts_vs_mirror.parquet")
    found = asked(
        lake,
        """SELECT reporter_iso3, flow, round(sum(value) / 1e6) FROM flows WHERE substr(period, 1, 4) = '2021'
           AND (reporter_iso3, flow) IN (('RUS', 'import'), ('IND', 'export')) GROUP BY ALL ORDER BY ALL""",
    )
    assert found == [("IND", "export", 3322), ("RUS", "import", 4427)]
    assert report.skipped == 0
    assert asked(lake, "SELECT count(*) FROM flows WHERE length(hs_code) % 2 = 1") == [(0,)]
    assert asked(lake, "SELECT DISTINCT report_status FROM flows WHERE reporter_iso3 = 'IND'") == [("rounded",)]


def test_india_russia_unknown_values_stay_unknown(tmp_path: Path, shared_data: Path) -> None:
    lake, _ = taken(tmp_path, shared_data, "fts", "india-russia/india_russia_hs_monthly_fts_vs_mirror.parquet")
    unknown, zero = asked(
        lake,
        """SELECT count(*) FILTER (value IS NULL), count(*) FILTER (value = 0) FROM flows
           WHERE reporter_iso3 = 'IND'""",
    )[0]
    assert 0 < unknown <= 11_993 and 0 < zero <= 62_967


def test_armenian_cars_are_counted_once(tmp_path: Path, shared_data: Path) -> None:
    lake, report = taken(tmp_path, shared_data, "comtrade", "comtrade-armenia/armenia_8703_monthly_comtrade.csv.gz")
    found = asked(
        lake,
        """SELECT flow, length(hs_code), round(sum(value)) FROM flows WHERE substr(period, 1, 4) = '2022'
           GROUP BY ALL ORDER BY ALL""",
    )
    same = [("export", 4, 251377944), ("export", 6, 251377944), ("import", 4, 599466666), ("import", 6, 599466666)]
    assert found == same
    assert any("were added up" in note for note in report.notes)


def test_armenian_fuel_in_mixed_encodings(tmp_path: Path, shared_data: Path) -> None:
    _, report = taken(tmp_path, shared_data, "comtrade", "comtrade-armenia/fuel_imports.csv")
    assert report.rows > 5000 and report.skipped == 0


def test_eurostat_totals_are_the_sum_of_members(tmp_path: Path, shared_data: Path) -> None:
    path = "eurostat-totals/eu27_by_member_monthly_totals_2019-2024.csv.gz"
    lake, _ = taken(tmp_path, shared_data, "comext", path, "eurostat-member-totals")
    found = asked(
        lake,
        """SELECT partner_iso3, list(m ORDER BY y) FROM (
               SELECT partner_iso3, substr(period, 1, 4) AS y, round(sum(value) / 1e6) AS m FROM flows
               WHERE NOT is_aggregate AND flow = 'export' AND substr(period, 1, 4) IN ('2019', '2021', '2022', '2023')
               GROUP BY ALL) GROUP BY partner_iso3""",
    )
    assert dict(found) == {
        "RUS": [90753, 89169, 55008, 38182], "KAZ": [6324, 5487, 10348, 12110], "KGZ": [334, 263, 1171, 2734],
        "ARM": [801, 757, 1886, 2162], "GEO": [2102, 2045, 3228, 3623], "UZB": [2541, 2299, 3766, 4353]}  # fmt: skip
    assert asked(lake, "SELECT count(DISTINCT reporter_iso3) FROM flows WHERE is_aggregate") == [(4,)]


def test_raw_relational_view_reads_whole(tmp_path: Path, shared_data: Path) -> None:
    lake, report = taken(
        tmp_path, shared_data, "comext", "eurostat-totals/eu27_world_totals_raw_relational_view.csv.gz"
    )
    assert report.skipped == 0
    assert asked(lake, "SELECT DISTINCT reporter_iso3, freq, hs_code, is_aggregate FROM flows") == [
        ("EU27", "A", "TOTAL", True)]  # fmt: skip


def test_databrowser_spreadsheet(tmp_path: Path, shared_data: Path) -> None:
    path = "eurostat-cn8-sanctioned/sample_databrowser_spreadsheet_totals.xlsx"
    lake, report = taken(tmp_path, shared_data, "eurostat-databrowser", path)
    assert asked(lake, "SELECT count(DISTINCT hs_code), count(DISTINCT flow), min(period), max(period) FROM flows") == [
        (2, 2, "2020-01", "2022-11")]  # fmt: skip
    assert asked(lake, "SELECT count(*) FROM flows WHERE value IS NULL") == [(0,)] and report.skipped == 0


def test_lost_in_transit_by_both_reports(tmp_path: Path, shared_data: Path) -> None:
    lake, _ = taken(tmp_path, shared_data, "flows", "national-totals/kyrgyz_import_yearly.csv", "national-yearly-eur")
    ingest(
        lake, "comext", shared_data / "trade/eurostat-totals/eu27_by_member_monthly_totals_2019-2024.csv.gz",
        mapping="eurostat-member-totals", at=AT)  # fmt: skip
    found = asked(
        lake,
        """SELECT reporter_iso3, list(m ORDER BY y) FROM (
               SELECT reporter_iso3, substr(period, 1, 4) AS y, round(sum(value) / 1e6) AS m FROM flows
               WHERE (reporter_iso3, partner_iso3, flow) IN (('KGZ', 'LTU', 'import'), ('LTU', 'KGZ', 'export'))
                 AND substr(period, 1, 4) IN ('2022', '2023') GROUP BY ALL) GROUP BY ALL""",
    )
    assert dict(found) == {"KGZ": [64, 92], "LTU": [325, 387]}


@pytest.mark.parametrize(
    ("path", "mapping"),
    [
        ("national-totals/armenia_import_yearly.csv", "national-yearly-eur"),
        ("national-totals/kazakhstan_import_yearly.csv", "national-yearly-eur"),
        ("national-totals/uzbek_import_yearly.csv", "national-yearly-eur"),
        ("national-totals/armenia_monthly_by_partner_2007-2024.csv", "armenia-monthly-by-partner"),
        ("national-totals/armenia_customs_monthly_by_partner_raw.csv", "armenia-customs-by-partner"),
        ("national-totals/imf_imts_russia_by_partner_2016-2024.csv", "imf-imts"),
        ("national-totals/uzbekistan_sdmx_1105_raw.csv", "uzbekistan-sdmx-exports"),
        ("national-totals/uzbekistan_sdmx_1176_raw.csv", "uzbekistan-sdmx-imports"),
        ("comtrade-armenia/armenia_hs6_monthly_reexport_estimates.csv.gz", "armenia-reexport-estimates"),
        ("comtrade-armenia/official_RX_data.csv", "armenia-official-reexports"),
        ("comtrade-armenia/main_reexports.csv", "armenia-commodity-extract"),
        ("comtrade-armenia/export_import_by_month.csv", "armenia-totals-by-month"),
    ],
)
def test_national_tables_read_by_a_shipped_mapping(tmp_path: Path, shared_data: Path, path: str, mapping: str) -> None:
    _, report = taken(tmp_path, shared_data, "flows", path, mapping)
    assert report.rows > 20 and report.skipped <= report.rows / 100


def test_armenia_imports_from_the_emirates_by_origin_and_by_consignment(tmp_path: Path, shared_data: Path) -> None:
    path = "national-totals/armenia_monthly_by_partner_2007-2024.csv"
    lake, _ = taken(tmp_path, shared_data, "flows", path, "armenia-monthly-by-partner")
    found = asked(
        lake,
        """SELECT partner_role, round(sum(value) / 1e6) FROM flows
           WHERE partner_iso3 = 'ARE' AND flow = 'import' AND substr(period, 1, 4) = '2024' GROUP BY ALL""",
    )
    assert dict(found) == {"origin": 82.0, "consignment": 447.0}


def test_concordances(tmp_path: Path, shared_data: Path) -> None:
    lake, report = taken(tmp_path, shared_data, "hs-concordance", "reference/hs_concordances_adjacent_revisions.csv.gz")
    ingest(lake, "cn-concordance", shared_data / "trade/reference/cn8_concordances_1988-2025.csv.gz", at=AT)
    found = asked(
        lake, "SELECT system, count(*), count(DISTINCT revision_after) FROM concordance GROUP BY ALL ORDER BY 1"
    )
    assert found == [("CN", 16962, 37), ("HS", 43863, 6)]
    assert report.skipped == 0
