"""Each publisher's layouts, on look-alikes: nothing counted twice, nothing invented."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from entrepot.errors import SourceError, UnexpectedLayout
from tests.sources.reading import FIXTURES, Reading, read, written


def only(reading: Reading, **where: object) -> dict[str, object]:
    (row,) = [row for row in reading.rows if all(row[name] == value for name, value in where.items())]
    return row


def test_comtrade_keeps_the_total_and_leaves_its_parts_out(tmp_path: Path) -> None:
    reading = read(tmp_path, "comtrade", "comtrade/final_47.csv")
    assert only(reading, hs_code="854231", flow="export")["value"] == 1000.0
    assert "3 records are parts of a total" in reading.notes


def test_comtrade_adds_parts_that_have_no_total(tmp_path: Path) -> None:
    row = only(read(tmp_path, "comtrade", "comtrade/final_47.csv"), hs_code="854232")
    assert (row["value"], row["quantity"]) == (100.0, 10.0)
    assert row["netweight_kg"] is None  # One part's weight is 0, which means not reported.


def test_comtrade_levels_and_reexports_stay_apart(tmp_path: Path) -> None:
    reading = read(tmp_path, "comtrade", "comtrade/final_47.csv")
    assert only(reading, hs_code="8542")["value"] == 1100.0
    assert only(reading, flow="re-export")["value"] == 200.0
    assert "1 records are of another kind" in reading.notes  # domestic exports are inside exports


def test_comtrade_valuation_is_read_from_the_values(tmp_path: Path) -> None:
    reading = read(tmp_path, "comtrade", "comtrade/final_47.csv")
    assert only(reading, partner_iso3="DEU")["valuation"] == "cif"
    assert only(reading, partner_iso3="CAN")["valuation"] == "fob"


def test_comtrade_world_and_total(tmp_path: Path) -> None:
    row = only(read(tmp_path, "comtrade", "comtrade/final_47.csv"), hs_code="TOTAL")
    assert (row["partner_iso3"], row["is_aggregate"], row["hs_revision"]) == ("WORLD", True, None)


def test_comtrade_incomplete_splits_of_one_cell_are_not_added(tmp_path: Path) -> None:
    lines = (FIXTURES / "comtrade" / "final_47.csv").read_text("utf-8").splitlines()
    mode, second = lines[2], lines[4]
    text = "\n".join([lines[0], mode, mode.replace(",3200,", ",2100,"), second])
    row = only(read(tmp_path, "comtrade", written(tmp_path, text)), hs_code="854231")
    assert row["value"] == 1200.0


def test_comtrade_tariff_lines_keep_their_digits(tmp_path: Path) -> None:
    reading = read(tmp_path, "comtrade", "comtrade/tariff_line_34.csv")
    assert sorted(reading.column("hs_code")) == ["851712000", "85171300", "8703231981"]


def test_comtrade_preview_without_iso_reads_the_numbers(tmp_path: Path) -> None:
    reading = read(tmp_path, "comtrade", "comtrade/preview_codes_only.csv")
    assert (reading.column("reporter_iso3"), reading.column("partner_iso3")) == (["KAZ", "KAZ"], ["USA", "TWN"])


def test_comtrade_web_files_of_old(tmp_path: Path) -> None:
    reading = read(tmp_path, "comtrade", "comtrade/web_until_2022.csv")
    assert reading.column("flow") == ["import", "export", "re-export", "re-import"]
    assert "iso-8859-1" in reading.notes


def test_comtrade_wits_is_in_thousands(tmp_path: Path) -> None:
    row = read(tmp_path, "comtrade", "comtrade/wits.csv").rows[0]
    assert (row["value"], row["period"], row["hs_revision"]) == (1234500.0, "2019", "HS2012")


def test_comtrade_lower_case_extract_adds_modes_within_a_level(tmp_path: Path) -> None:
    reading = read(tmp_path, "comtrade", "comtrade/lower_case.csv")
    assert {row["hs_code"]: row["value"] for row in reading.rows} == {"8703": 150.5, "870323": 150.5}


def test_comext_adds_procedures_and_the_two_codes_of_one_territory(tmp_path: Path) -> None:
    reading = read(tmp_path, "comext", "comext/full_v2_202203.dat")
    assert only(reading, partner_iso3="KAZ")["value"] == 1050.0
    assert only(reading, partner_iso3="GBR")["value"] == 75.0


def test_comext_hidden_goods_and_partners(tmp_path: Path) -> None:
    row = only(read(tmp_path, "comext", "comext/full_v2_202203.dat"), reporter_iso3="GRC")
    assert (row["hs_code"], row["report_status"], row["is_aggregate"]) == ("09", "suppressed", True)


def test_comext_imports_from_members_are_by_consignment(tmp_path: Path) -> None:
    row = only(read(tmp_path, "comext", "comext/full_v2_202203.dat"), flow="import")
    assert (row["partner_role"], row["valuation"], row["hs_revision"]) == ("consignment", "cif", "CN2022")


def test_comext_legacy_whole_year_and_total_regime(tmp_path: Path) -> None:
    reading = read(tmp_path, "comext", "comext/full201552.dat")
    assert [(r["period"], r["value"]) for r in reading.rows] == [("2015", 1030.0), ("2015-03", 40.0)]


def test_comext_legacy_thousands_and_tons(tmp_path: Path) -> None:
    row = read(tmp_path, "comext", "comext/legacy_1000ecu.csv").rows[0]
    assert (row["reporter_iso3"], row["partner_iso3"], row["value"], row["netweight_kg"]) == (
        "DEU", "RUS", 12000.0, 500.0)  # fmt: skip


def test_comext_relational_view_labels(tmp_path: Path) -> None:
    reading = read(tmp_path, "comext", "comext/relational_view.csv")
    assert only(reading, reporter_iso3="EU27")["period"] == "2019"
    assert only(reading, reporter_iso3="DEU")["value"] == 1000.0
    assert only(reading, reporter_iso3="AUT")["partner_iso3"] == "NOR"


def test_comext_sdmx_leaves_weights_out_of_values(tmp_path: Path) -> None:
    assert read(tmp_path, "comext", "comext/sdmx.csv").column("value") == [777.0]


def test_baci_scales_and_mends(tmp_path: Path) -> None:
    reading = read(tmp_path, "baci", "baci/BACI_HS17_Y2021_V202401.csv")
    row = only(reading, hs_code="010121")
    assert (row["reporter_iso3"], row["value"], row["netweight_kg"]) == ("USA", 12500.0, 250.0)
    assert (row["hs_revision"], row["report_status"]) == ("HS2017", "estimated")
    assert only(reading, reporter_iso3="DEU")["netweight_kg"] is None


def test_fts_regions_are_added_up(tmp_path: Path) -> None:
    row = only(read(tmp_path, "fts", "fts/fts.csv"), hs_code="0902300001")
    assert (row["reporter_iso3"], row["partner_iso3"], row["flow"], row["value"]) == ("RUS", "IND", "import", 1500.0)


def test_fts_hidden_goods(tmp_path: Path) -> None:
    row = only(read(tmp_path, "fts", "fts/fts.csv"), hs_code="9999")
    assert (row["report_status"], row["value"]) == ("suppressed", 77.0)


def test_fts_mirror_rows_are_the_partners_reports(tmp_path: Path) -> None:
    reading = read(tmp_path, "fts", "fts/mirror.csv")
    row = only(reading, hs_code="090230")
    assert (row["reporter_iso3"], row["partner_iso3"], row["flow"]) == ("IND", "RUS", "export")
    assert (row["report_status"], row["valuation"]) == ("rounded", "fob")


def test_fts_empty_is_unknown_and_zero_is_rounded(tmp_path: Path) -> None:
    reading = read(tmp_path, "fts", "fts/mirror.csv")
    assert only(reading, hs_code="271012")["value"] is None
    assert only(reading, hs_code="870323")["value"] == 0.0


def test_fts_unknown_direction_or_source_is_an_issue(tmp_path: Path) -> None:
    text = (FIXTURES / "fts" / "mirror.csv").read_text("utf-8")
    text = text.replace("ИМ", "ТР", 1).replace("FTS", "GUESS")
    reading = read(tmp_path, "fts", written(tmp_path, text))
    assert sorted(i["value"] for i in reading.report.issues) == ["NAPR=ТР", "Source=GUESS"]


def test_fts_in_cyrillic_code_page(tmp_path: Path) -> None:
    text = (FIXTURES / "fts" / "fts.csv").read_text("utf-8").encode("windows-1251")
    assert read(tmp_path, "fts", written(tmp_path, text)).report.rows == 3


def test_hs_changes_without_sitc_and_copies(tmp_path: Path) -> None:
    reading = read(tmp_path, "hs-concordance", "concordances/hs.csv", table="concordance")
    assert [(r["revision_before"], r["code_before"], r["code_after"]) for r in reading.rows] == [
        ("HS2017", "852580", "852589"), ("HS2017", "852580", "852581"), ("HS2007", "010110", "010121")]  # fmt: skip
    assert reading.report.skipped == 1


def test_cn_changes(tmp_path: Path) -> None:
    row = read(tmp_path, "cn-concordance", "concordances/cn.csv", table="concordance").rows[0]
    assert (row["revision_before"], row["revision_after"], row["code_after"]) == ("CN2021", "CN2022", "85258900")


def test_policy_events_cite_and_have_ids(tmp_path: Path) -> None:
    reading = read(tmp_path, "policy-events", "concordances/events.csv", table="ledger")
    titles = [[cited["title"] for cited in json.loads(text)] for text in reading.column("sources")]
    assert titles == [["OJ L 87"], ["OJ L 87"], ["OJ L 87; press as reported"]]
    assert reading.column("entry_id")[0] == "eu-2022-03-15-4th-package-luxury-goods"
    assert set(reading.column("status")) == {"reported"}


def book(path: Path, *, head: str = "TIME", cells: tuple[object, ...] = (100.5, ":", "c")) -> Path:
    import openpyxl

    made = openpyxl.Workbook()
    made.active.title = "Summary"
    made.active.append(["EU trade"])
    for name, flow in (("Sheet 1", "EXPORT"), ("Sheet 2", "IMPORT")):
        sheet = made.create_sheet(name)
        for row in (
            ["Data extracted on 22/01/2023 20:19:34 from [ESTAT]"], ["Dataset: ", "EU trade [DS-045409]"], [], [],
            ["PRODUCT [PRODUCT]", None, "Motor cars (excl. used) [87032319]"], ["FLOW", None, flow],
            ["INDICATORS", None, "VALUE_IN_EUROS"], [], [head, head, "2022-01", "2022-02", "2022-03"],
            ["FREQ (Labels)", "FREQ (Labels)", "Monthly", "Monthly", "Monthly"],
            ["REPORTER (Labels)", "PARTNER (Labels)"], ["Ireland (Eire)", "Kazakhstan", *cells], [],
            ["Special value"], [":", "not available"],
        ):  # fmt: skip
            sheet.append(row)
    made.save(path)
    return path


def test_databrowser_not_available_is_no_row_and_confidential_is_suppressed(tmp_path: Path) -> None:
    reading = read(tmp_path, "eurostat-databrowser", book(tmp_path / "b.xlsx"))
    export = [(r["period"], r["value"], r["report_status"]) for r in reading.rows if r["flow"] == "export"]
    assert sorted(export) == [("2022-01", 100.5, "reported"), ("2022-03", None, "suppressed")]
    assert "2 cells are ':' (not available)" in reading.notes


def test_databrowser_dimensions_and_extraction_date(tmp_path: Path) -> None:
    row = read(tmp_path, "eurostat-databrowser", book(tmp_path / "b.xlsx")).rows[0]
    assert (row["reporter_iso3"], row["hs_code"], row["hs_revision"], row["source_row"]) == (
        "IRL", "87032319", "CN2022", 12)  # fmt: skip
    from entrepot.lake import open_lake

    with open_lake(tmp_path / "lake").engine() as engine:
        assert engine.rows("SELECT extracted_date FROM snapshots") == [("2023-01-22",)]


def test_databrowser_without_its_line_of_periods_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnexpectedLayout, match="begins with TIME"):
        read(tmp_path, "eurostat-databrowser", book(tmp_path / "b.xlsx", head="DATE"))


def test_databrowser_wants_a_workbook(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="not a workbook"):
        read(tmp_path, "eurostat-databrowser", "comext/sdmx.csv")
