"""Legs: from rows to series. Nothing counted twice, nothing unknown taken for zero."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from entrepot.flows.legs import Legs, legs_of
from entrepot.flows.options import RoutesOptions
from entrepot.flows.panel import Floats
from entrepot.lake import Lake
from tests.factory import QUESTION, Row, added, flow, lake_of, present, series
from tests.lake.made import cell, put

STEADY = [100.0] * 30


def legs(lake: Lake, **question: Any) -> Legs:
    with lake.engine() as engine:
        return legs_of(engine, RoutesOptions(**{**QUESTION, **question}))


def base() -> list[Row]:
    return present() + present(reporter_iso3="POL") + series([1.0], partner_iso3="RUS", hs_code="010121")


def one(data: Legs, via: str = "KAZ", product: str = "854231", leg: str = "in") -> Floats:
    """The values of one series."""
    panel = data.panels[leg]
    names = [data.products[i].product_id for i in panel.product]
    at = [i for i in range(len(panel)) if data.via[panel.via[i]] == via and names[i] == product]
    assert len(at) == 1, [(data.via[v], p) for v, p in zip(panel.via, names, strict=True)]
    return panel.values[at[0]]


def values(folder: Path, *groups: Iterable[Row], **question: Any) -> Floats:
    return one(legs(lake_of(folder, base(), *groups), **question))


def test_a_month_without_a_row_of_a_reporter_who_reports_is_zero(tmp_path: Path) -> None:
    found = values(tmp_path, series([100.0, 0.0, 50.0] + [0.0] * 27))
    assert found.tolist() == [100.0, 0.0, 50.0] + [0.0] * 27


def test_the_origins_are_added(tmp_path: Path) -> None:
    assert (values(tmp_path, series(STEADY), series([7.0] * 30, reporter_iso3="POL")) == 107).all()


def test_reports_of_others_than_the_origins_are_not(tmp_path: Path) -> None:
    others = series(STEADY, reporter_iso3="CHN") + series(STEADY, reporter_iso3="FRA")
    assert (values(tmp_path, series(STEADY), others) == 100).all()


def test_both_reports_of_one_flow_are_counted_once(tmp_path: Path) -> None:
    bought = series(STEADY, reporter_iso3="KAZ", partner_iso3="DEU", flow="import", partner_role="origin")
    assert (values(tmp_path, series(STEADY), bought) == 100).all()


def test_groups_and_residual_areas_are_not_added_to_their_members(tmp_path: Path) -> None:
    groups = series(STEADY, reporter_iso3="EU27") + series(STEADY, partner_iso3="World")
    assert (values(tmp_path, series(STEADY), groups) == 100).all()


def test_re_exports_are_not_added_to_exports(tmp_path: Path) -> None:
    assert (values(tmp_path, series(STEADY), series(STEADY, flow="re-export")) == 100).all()


@pytest.mark.parametrize(("level", "product"), [(4, "8542"), (6, "854231")])
def test_headings_and_their_parts_are_never_added(tmp_path: Path, level: int, product: str) -> None:
    parts = [series([50.0] * 30, hs_code=code) for code in ("85423110", "85423190")]
    chapters = series(STEADY, hs_code="85") + series(STEADY, hs_code="TOTAL")
    lake = lake_of(tmp_path, base(), series(STEADY), series(STEADY, hs_code="8542"), *parts, chapters)
    assert (one(legs(lake, level=level), product=product) == 100).all()


def test_eight_digits_add_up_to_six_where_only_they_are_given(tmp_path: Path) -> None:
    parts = [series([50.0] * 30, hs_code=code) for code in ("85423110", "85423190")]
    assert (values(tmp_path, *parts) == 100).all()


def test_at_eight_digits_each_code_stands_alone(tmp_path: Path) -> None:
    fine = [present(hs_code="25171010"), present(hs_code="25171010", reporter_iso3="POL")]
    parts = [series([v] * 30, hs_code=code) for code, v in (("85423110", 30.0), ("85423190", 70.0))]
    data = legs(lake_of(tmp_path, base(), *fine, *parts), level=8)
    assert (one(data, product="85423110") == 30).all() and (one(data, product="85423190") == 70).all()


def test_partners_given_at_different_digits_lose_nothing(tmp_path: Path) -> None:
    fine = series(STEADY, hs_code="85423110", partner_iso3="KGZ")
    data = legs(lake_of(tmp_path, base(), series(STEADY), fine))
    assert (one(data, "KAZ") == 100).all() and (one(data, "KGZ") == 100).all()


def test_two_sources_of_one_reporter_are_not_added(tmp_path: Path) -> None:
    lake = lake_of(tmp_path, base(), series(STEADY))
    rows = [{**cell(), **row, "hs_revision": None} for row in series(STEADY) + present()]
    put(lake, "other.csv", *rows, source="comtrade")
    assert (one(legs(lake)) == 100).all()


def test_a_silent_month_of_the_reporter_who_matters_is_unknown(tmp_path: Path) -> None:
    rows = [row for row in base() + series(STEADY) if (row["period"], row["reporter_iso3"]) != ("2019-05", "DEU")]
    found = one(legs(lake_of(tmp_path, rows)))
    assert np.isnan(found[4]) and (np.delete(found, 4) == 100).all()


def test_a_silent_month_of_a_reporter_who_hardly_matters_changes_little(tmp_path: Path) -> None:
    rows = base() + series(STEADY) + series([5.0] * 30, reporter_iso3="POL")
    rows = [row for row in rows if (row["period"], row["reporter_iso3"]) != ("2019-05", "POL")]
    assert one(legs(lake_of(tmp_path, rows)))[4] == 100


def test_silence_on_imports_does_not_hide_the_same_reporters_exports(tmp_path: Path) -> None:
    # Norway does not report, so Kazakhstan's imports are read for it; they miss a month, its exports do not.
    bought = series([10.0] * 30, reporter_iso3="KAZ", partner_iso3="NOR", flow="import", partner_role="origin")
    sold = series(STEADY, reporter_iso3="KAZ", partner_iso3="RUS")
    lake = lake_of(tmp_path, base(), [row for row in bought if row["period"] != "2019-05"], sold)
    data = legs(lake, origins="DEU,POL,NOR")
    assert (one(data, leg="out") == 100).all()
    assert np.isnan(one(data)[4])


def test_a_withheld_value_is_unknown_and_not_zero(tmp_path: Path) -> None:
    found = values(tmp_path, series([100.0, None, 0.0] + [100.0] * 27))
    assert np.isnan(found[1]) and found[2] == 0


def test_a_value_beside_a_withheld_one_is_kept(tmp_path: Path) -> None:
    found = values(tmp_path, series(STEADY), [flow("2019-03", None, reporter_iso3="POL")])
    assert found[2] == 100


def test_direct_trade_is_a_leg_of_its_own(tmp_path: Path) -> None:
    data = legs(lake_of(tmp_path, base(), series(STEADY), series([9.0] * 30, partner_iso3="RUS")))
    assert (one(data, "RUS", leg="direct") == 9).all()
    assert "RUS" not in {data.via[i] for i in data.panels["in"].via}


def test_the_onward_leg_is_the_intermediarys_report(tmp_path: Path) -> None:
    data = legs(lake_of(tmp_path, base(), series([4.0] * 30, reporter_iso3="KAZ", partner_iso3="RUS")))
    assert (one(data, leg="out") == 4).all()


def test_the_onward_leg_is_the_destinations_report_where_the_intermediary_has_none(tmp_path: Path) -> None:
    bought = series([4.0] * 30, reporter_iso3="RUS", partner_iso3="KAZ", flow="import", partner_role="consignment")
    assert (one(legs(lake_of(tmp_path, base(), bought)), leg="out") == 4).all()


def test_months_before_a_code_was_born_are_unknown(tmp_path: Path) -> None:
    base_rows = [present("2020-01", 48, reporter_iso3=iso3) for iso3 in ("DEU", "POL")]
    new = series([100.0] * 24, "2022-01", hs_code="852589")
    lake = lake_of(tmp_path, *base_rows, new, series([1.0], "2020-01", partner_iso3="RUS"))
    found = one(legs(lake, event="2023-01"), product="852589")
    assert np.isnan(found[:24]).all() and (found[24:] == 100).all()


def test_split_codes_are_one_series_with_a_concordance(tmp_path: Path) -> None:
    base_rows = [present("2020-01", 36, reporter_iso3=iso3) for iso3 in ("DEU", "POL")]
    old = series([100.0] * 24, "2020-01", hs_code="852580")
    new = [series([v] * 12, "2022-01", hs_code=code) for code, v in (("852581", 40.0), ("852589", 60.0))]
    changes = [("852580", code, "2022 to 2017") for code in ("852581", "852589")]
    rows = [*base_rows, old, *new, series([1.0], "2020-01", partner_iso3="RUS")]
    found = one(legs(lake_of(tmp_path, *rows, concordance=changes), event="2022-03"), product="852581+")
    assert (found == 100).all()


def test_named_intermediaries_are_tested_and_the_others_stay_as_controls(tmp_path: Path) -> None:
    data = legs(lake_of(tmp_path, base(), series(STEADY), series(STEADY, partner_iso3="KGZ")), via="KGZ")
    panel = data.panels["in"]
    assert {data.via[v]: bool(t) for v, t in zip(panel.via, panel.is_tested, strict=True)} == {
        "KAZ": False, "KGZ": True, "NOR": False}  # fmt: skip


def test_two_halves_of_one_cell_are_what_the_whole_is(tmp_path: Path) -> None:
    halves = added(series([50.0] * 30) + series([50.0] * 30))
    assert (values(tmp_path, halves) == 100).all()
