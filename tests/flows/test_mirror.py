"""Mirror: which reports are held against each other, what is no gap, and the contract's columns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from entrepot.errors import ConfigError, EstimateError, MixedCurrency, UnknownCode
from entrepot.flows import mirror
from entrepot.flows.mirror import TABLE_TYPES
from entrepot.flows.mirror_caveats import MIRROR_CAVEATS
from entrepot.lake import Lake, open_lake
from entrepot.sources import ingest
from tests.flows.mirror_made import PAIR, export, imported, lake_of, months
from tests.lake.made import cell, put


def only(folder: Path, *rows: dict[str, Any], **question: Any) -> dict[str, Any]:
    """The single row of an answer."""
    found = mirror(lake_of(folder, *rows), **{**PAIR, **question}).rows()
    assert len(found) == 1
    return found[0]


def test_the_gap_is_imports_without_their_margin_less_exports(tmp_path: Path) -> None:
    row = only(tmp_path, export("2021-01", 80.0), imported("2021-01", 107.0))
    assert row["gap"] == pytest.approx(20.0)
    assert row["gap_share"] == pytest.approx(20 / 107)
    assert (row["export_value"], row["import_value"], row["currency"]) == (80.0, 107.0, "USD")


def test_columns_are_those_of_the_contract(tmp_path: Path) -> None:
    found = mirror(lake_of(tmp_path, export("2021-01", 80.0), imported("2021-01", 107.0)), **PAIR)
    assert list(found.columns) == list(TABLE_TYPES)
    assert found["exporter_iso3"] == ["DEU"] and found["hs_codes"] == ["854231"]


def test_a_cell_absent_in_a_reporting_month_is_none_recorded(tmp_path: Path) -> None:
    rows = [export("2021-01", 80.0), export("2021-01", 5.0, hs_code="870323"), imported("2021-01", 107.0)]
    found = {row["product_id"]: row for row in mirror(lake_of(tmp_path, *rows), **PAIR)}
    cars = found["870323"]
    assert (cars["import_value"], cars["gap"], cars["gap_share"]) == (0.0, -5.0, None)
    assert "only_exporter_records" in cars["caveats"]


def test_a_month_without_any_report_of_a_side_has_no_gap(tmp_path: Path) -> None:
    rows = [export("2021-01", 80.0), export("2021-02", 90.0), imported("2021-01", 107.0)]
    found = {row["period"]: row for row in mirror(lake_of(tmp_path, *rows), **PAIR)}
    february = found["2021-02"]
    assert (february["import_value"], february["gap"], february["gap_share"]) == (None, None, None)
    assert "one_sided" in february["caveats"] and "one_sided" not in found["2021-01"]["caveats"]


def test_a_month_in_which_a_side_reports_others_only_is_none_recorded(tmp_path: Path) -> None:
    other = imported("2021-02", 1.0, partner_iso3="POL")
    found = mirror(
        lake_of(tmp_path, export("2021-01", 8.0), export("2021-02", 9.0), imported("2021-01", 9.0), other), **PAIR
    )
    assert found["import_value"] == [9.0, 0.0]


def test_a_withheld_value_has_no_gap_and_is_not_zero(tmp_path: Path) -> None:
    row = only(tmp_path, export("2021-01", None, report_status="suppressed"), imported("2021-01", 107.0))
    assert (row["export_value"], row["gap"], row["gap_share"]) == (None, None, None)
    assert "value_withheld" in row["caveats"]


def test_zero_exports_are_a_gap_of_all_imports(tmp_path: Path) -> None:
    row = only(tmp_path, export("2021-01", 0.0), imported("2021-01", 107.0))
    assert row["gap"] == pytest.approx(100.0) and row["gap_share"] == pytest.approx(100 / 107)


def test_zero_imports_have_no_share(tmp_path: Path) -> None:
    row = only(tmp_path, export("2021-01", 50.0), imported("2021-01", 0.0))
    assert (row["gap"], row["gap_share"]) == (-50.0, None)


def test_consignment_is_the_mirror_where_it_is_recorded(tmp_path: Path) -> None:
    rows = [export("2021-01", 400.0), imported("2021-01", 82.0, partner_role="origin"), imported("2021-01", 447.0)]
    row = only(tmp_path, *rows)
    assert row["import_value"] == 447.0
    assert "import_by_origin" not in row["caveats"]


def test_imports_by_origin_say_so(tmp_path: Path) -> None:
    row = only(tmp_path, export("2021-01", 400.0), imported("2021-01", 82.0, partner_role="origin"))
    assert row["import_value"] == 82.0 and "import_by_origin" in row["caveats"]


def test_an_unknown_role_says_so(tmp_path: Path) -> None:
    row = only(tmp_path, export("2021-01", 400.0), imported("2021-01", 82.0, partner_role="unknown"))
    assert "import_role_unknown" in row["caveats"]


def test_ten_digits_are_summed_to_six(tmp_path: Path) -> None:
    parts = [imported("2021-01", 60.0, hs_code="8542311000"), imported("2021-01", 47.0, hs_code="8542319000")]
    row = only(tmp_path, export("2021-01", 100.0), *parts)
    assert row["import_value"] == 107.0 and row["product_id"] == "854231"


def test_a_heading_and_its_parts_are_not_added(tmp_path: Path) -> None:
    rows = [imported("2021-01", 107.0), imported("2021-01", 60.0, hs_code="85423110")]
    assert only(tmp_path, export("2021-01", 100.0), *rows)["import_value"] == 107.0


def test_two_revisions_of_one_report_are_not_added(tmp_path: Path) -> None:
    rows = [imported("2021-01", 107.0, hs_revision=revision) for revision in ("HS2012", "HS2017")]
    assert only(tmp_path, export("2021-01", 100.0), *rows)["import_value"] == 107.0


def test_a_value_given_both_fob_and_cif_is_read_once(tmp_path: Path) -> None:
    rows = [imported("2021-01", 107.0), imported("2021-01", 101.0, valuation="fob")]
    assert only(tmp_path, export("2021-01", 100.0), *rows)["import_value"] == 107.0


def test_the_finest_level_in_common_is_used(tmp_path: Path) -> None:
    rows = [
        export("2021-01", 10.0),
        export("2021-01", 20.0, hs_code="854232"),
        imported("2021-01", 30.0, hs_code="8542"),
    ]
    row = only(tmp_path, *rows)
    assert (row["product_id"], row["export_value"]) == ("8542", 30.0)
    assert "coarser_level" in row["caveats"]


def test_totals_are_compared_where_nothing_finer_is_in_common(tmp_path: Path) -> None:
    row = only(tmp_path, export("2021", 31.0, hs_code="TOTAL"), imported("2021", 29.0, hs_code="TOTAL"))
    assert (row["product_id"], row["period"], row["import_value"]) == ("TOTAL", "2021", 29.0)


def test_chapters_are_compared_where_nothing_finer_is_in_common(tmp_path: Path) -> None:
    rows = [export("2021-01", 31.0), imported("2021-01", 29.0, hs_code="85"), imported("2021-01", 5.0, hs_code="TOTAL")]
    row = only(tmp_path, *rows)
    assert (row["product_id"], row["export_value"], row["import_value"]) == ("85", 31.0, 29.0)


def test_a_list_finer_than_the_reports_is_refused(tmp_path: Path) -> None:
    lake = lake_of(tmp_path, export("2021-01", 10.0), imported("2021-01", 30.0, hs_code="8542"))
    with pytest.raises(EstimateError, match="4 in common"):
        mirror(lake, **PAIR, products="854231")


def test_years_are_added_up_from_months_of_whole_years(tmp_path: Path) -> None:
    rows = [export(month, 10.0) for month in months("2021-01", 18)]
    found = mirror(lake_of(tmp_path, *rows, imported("2021", 130.0), imported("2022", 70.0)), **PAIR).rows()
    assert [(row["period"], row["export_value"]) for row in found] == [("2021", 120.0), ("2022", None)]
    assert "months_summed" in found[0]["caveats"]


def test_months_come_before_years(tmp_path: Path) -> None:
    rows = [export("2021-01", 10.0), imported("2021-01", 9.0), export("2021", 90.0), imported("2021", 99.0)]
    lake = lake_of(tmp_path, *rows)
    assert mirror(lake, **PAIR)["period"] == ["2021-01"]
    assert mirror(lake, **PAIR, freq="A")["period"] == ["2021"]


def test_one_of_several_sources_is_chosen_and_named(tmp_path: Path) -> None:
    lake = lake_of(tmp_path, export("2021-01", 10.0), imported("2021-01", 9.0), imported("2021-02", 9.0))
    put(lake, "second.csv", imported("2021-01", 900.0), source="comtrade")
    found = mirror(lake, **PAIR)
    assert found["import_value"] == [9.0, 9.0]
    assert "one_source_of_several:import=flows" in found["caveats"][0]
    assert "one_source_of_several" in found.caveat_texts


def test_two_currencies_are_refused_by_name(tmp_path: Path) -> None:
    lake = lake_of(tmp_path, export("2021-01", 10.0, currency="EUR"), imported("2021-01", 9.0))
    with pytest.raises(MixedCurrency, match=r"EUR.*USD") as caught:
        mirror(lake, **PAIR)
    assert caught.value.remedy


def test_the_currency_in_common_is_used(tmp_path: Path) -> None:
    rows = [export("2021-01", 10.0, currency="EUR"), export("2021-01", 12.0), imported("2021-01", 9.0)]
    row = only(tmp_path, *rows)
    assert (row["export_value"], row["currency"]) == (12.0, "USD")


def test_fob_imports_lose_no_margin(tmp_path: Path) -> None:
    row = only(tmp_path, export("2021-01", 100.0), imported("2021-01", 107.0, valuation="fob"))
    assert row["gap"] == 7.0 and "same_valuation" in row["caveats"]


def test_an_unknown_valuation_loses_the_usual_margin_and_says_so(tmp_path: Path) -> None:
    row = only(tmp_path, export("2021-01", 100.0), imported("2021-01", 107.0, valuation=None))
    assert row["gap"] == pytest.approx(0.0) and "valuation_unknown" in row["caveats"]


def test_what_was_rounded_away_says_so(tmp_path: Path) -> None:
    row = only(tmp_path, export("2021-01", 0.0, report_status="rounded"), imported("2021-01", 4_000.0))
    assert "export_rounded_away" in row["caveats"]


def test_aggregates_are_never_counted(tmp_path: Path) -> None:
    world = imported("2021-01", 999.0, partner_iso3="DEU", is_aggregate=True, hs_code="870323")
    assert only(tmp_path, export("2021-01", 10.0), imported("2021-01", 9.0), world)["product_id"] == "854231"


@pytest.mark.parametrize("code", ["EU27", "WORLD"])
def test_a_group_is_no_reporter(tmp_path: Path, code: str) -> None:
    with pytest.raises((EstimateError, UnknownCode)):
        mirror(lake_of(tmp_path, export("2021-01", 10.0)), exporter=code, importer="KAZ")


def test_an_absent_pair_says_who_reports_what(tmp_path: Path) -> None:
    lake = lake_of(tmp_path, export("2021-01", 10.0, partner_iso3="POL"), imported("2021-01", 9.0, partner_iso3="POL"))
    with pytest.raises(EstimateError, match=r"DEU exports in 1 periods.*KAZ imports in 1 periods"):
        mirror(lake, **PAIR)


def test_one_side_alone_is_shown_without_a_gap(tmp_path: Path) -> None:
    row = only(tmp_path, export("2021-01", 10.0))
    assert (row["export_value"], row["import_value"], row["gap"]) == (10.0, None, None)
    assert "one_sided" in row["caveats"]


def test_a_reporter_that_never_names_the_partner_says_so(tmp_path: Path) -> None:
    row = only(tmp_path, export("2021-01", 10.0), imported("2021-01", 9.0, partner_iso3="POL"))
    assert "partner_never_named" in row["caveats"]


@pytest.mark.parametrize("event", ["2020-12", "2021-03"])
def test_an_event_outside_the_reports_is_refused(tmp_path: Path, event: str) -> None:
    rows = [make(month, 9.0) for make in (export, imported) for month in ("2021-01", "2021-02")]
    with pytest.raises(EstimateError, match="2021-01 to 2021-02"):
        mirror(lake_of(tmp_path, *rows), **PAIR, event=event)


def test_products_that_nobody_reports_are_refused(tmp_path: Path) -> None:
    lake = lake_of(tmp_path, export("2021-01", 10.0), imported("2021-01", 9.0))
    with pytest.raises(EstimateError, match="870323"):
        mirror(lake, **PAIR, products="870323")
    with pytest.raises(UnknownCode):
        mirror(lake, **PAIR, products="nothing")


def test_only_products_asked_for_are_listed(tmp_path: Path) -> None:
    rows = [make("2021-01", 9.0, hs_code=code) for make in (export, imported) for code in ("854231", "870323")]
    assert mirror(lake_of(tmp_path, *rows), **PAIR, products="8703")["product_id"] == ["870323"]


@pytest.mark.parametrize(
    "question", [{"event": "2021"}, {"level": 5}, {"cif": 1.0}, {"freq": "Q"}, {"importer": "DEU"}, {"importer": "deu"}]
)
def test_a_malformed_question_is_refused(tmp_path: Path, question: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        mirror(lake_of(tmp_path, export("2021-01", 10.0)), **{**PAIR, **question})


def test_goods_whose_code_is_withheld_have_a_row_and_no_gap(tmp_path: Path) -> None:
    secret = imported("2021-01", 50.0, hs_code="9999", report_status="suppressed")
    found = {
        row["product_id"]: row
        for row in mirror(lake_of(tmp_path, export("2021-01", 10.0), imported("2021-01", 9.0), secret), **PAIR)
    }
    assert found["9999"]["import_value"] == 50.0
    assert found["9999"]["export_value"] is None and "confidential_code" in found["9999"]["caveats"]


def test_sources_lead_to_the_snapshots_that_were_read(tmp_path: Path) -> None:
    found = mirror(lake_of(tmp_path, export("2021-01", 10.0), imported("2021-01", 9.0)), **PAIR)
    assert found.sources["n_rows"] == [2] and found.sources["sha256"][0]


def test_trade_inside_a_customs_union_says_so(tmp_path: Path) -> None:
    rows = [cell("2021-01", 5.0, reporter_iso3="KAZ", partner_iso3="RUS", currency="USD")]
    found = mirror(lake_of(tmp_path, *rows), exporter="KAZ", importer="RUS")
    assert "customs_union" in found["caveats"][0]


@pytest.fixture(scope="module")
def india_russia(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    lake = open_lake(tmp_path_factory.mktemp("india") / "lake", create=True)
    ingest(lake, "fts", [shared_data / "trade/india-russia/india_russia_hs_monthly_fts_vs_mirror.parquet"])
    return lake


def test_india_and_russia_2021(india_russia: Lake) -> None:
    found = mirror(india_russia, exporter="IND", importer="RUS", freq="A")
    year = [row for row in found if row["period"] == "2021"]
    totals = [sum(row[name] or 0 for row in year) / 1e6 for name in ("import_value", "export_value")]
    assert totals == pytest.approx([4_427.0, 3_322.3], abs=0.05)
    assert held_by(year) == {"both": 1_690, "only exporter": 305, "only importer": 723}


def held_by(rows: list[dict[str, Any]]) -> dict[str, int]:
    """How many codes both sides hold, whatever the value, and how many one alone."""
    counts = {"both": 0, "only exporter": 0, "only importer": 0}
    for row in rows:
        if "confidential_code" not in row["caveats"]:
            is_ours = row["export_value"] != 0 or "export_rounded_away" in row["caveats"]
            is_theirs = bool(row["import_value"])
            counts["both" if is_ours and is_theirs else "only exporter" if is_ours else "only importer"] += 1
    return counts


def test_the_middle_log_ratio_of_india_and_russia_2021(india_russia: Lake) -> None:
    """0.575 is known for the codes whose leading zero was not lost; what was rounded away counts as infinite."""
    found = mirror(india_russia, exporter="IND", importer="RUS", freq="A")
    ratios = [
        np.log(row["import_value"] / row["export_value"]) if row["export_value"] else np.inf
        for row in found
        if row["period"] == "2021" and row["import_value"] and "confidential_code" not in row["caveats"]
        if not row["product_id"].startswith("0")
        if row["export_value"] != 0 or "export_rounded_away" in row["caveats"]
    ]
    assert len(ratios) == 1_627
    assert np.median(ratios) == pytest.approx(0.575, abs=5e-4)


def test_a_placebo_event_of_india_and_russia_raises_no_more_than_its_share(india_russia: Lake) -> None:
    found = mirror(india_russia, exporter="IND", importer="RUS", event="2021-07")
    p = np.array(list(dict(zip(found["product_id"], found["change_p_value"], strict=True)).values()), dtype=float)
    p = p[~np.isnan(p)]
    assert len(p) > 1_000
    assert 0.05 < (p <= 0.1).mean() < 0.13 and 0.4 < np.median(p) < 0.55


def test_the_band_of_india_and_russia_holds_nine_in_ten_later_gaps(india_russia: Lake) -> None:
    found = mirror(india_russia, exporter="IND", importer="RUS", event="2021-07").rows()
    later = [row for row in found if row["period"] >= "2021-07" and row["gap_share"] is not None]
    inside = [row["gap_quiet_low"] <= row["gap_share"] <= row["gap_quiet_high"] + 1e-12 for row in later]
    assert len(inside) > 9_000 and 0.87 < np.mean(inside) < 0.93


def test_the_same_lake_gives_the_same_bytes(india_russia: Lake, tmp_path: Path) -> None:
    files = [tmp_path / f"{i}.csv" for i in range(3)]
    for file in files:
        mirror(india_russia, exporter="IND", importer="RUS", event="2021-07").write(file)
    assert len({file.read_bytes() for file in files}) == 1


def test_every_caveat_is_described() -> None:
    page = (Path(__file__).parents[2] / "docs" / "methods" / "mirror.md").read_text("utf-8")
    assert [caveat for caveat in MIRROR_CAVEATS if f"`{caveat}" not in page] == []


def test_the_total_alone_can_be_asked_for_where_codes_are_there_too(tmp_path: Path) -> None:
    rows = [export("2021", 31.0, hs_code="TOTAL"), export("2021", 9.0, hs_code="850440")]
    rows += [imported("2021", 29.0, hs_code="TOTAL"), imported("2021", 8.0, hs_code="850440")]
    row = only(tmp_path, *rows, products="TOTAL")
    assert (row["product_id"], row["import_value"]) == ("TOTAL", 29.0)
