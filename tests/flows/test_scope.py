"""Scope: whose reports are read, over which months, and what stops or is left out."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from entrepot.errors import EstimateError, MixedCurrency
from entrepot.flows import RoutesOptions
from entrepot.flows.scope import Scope, customs_union, scope_of
from entrepot.lake import Lake
from entrepot.sources import ingest
from tests.factory import AT, QUESTION, Row, flow, lake_of, months, present, series
from tests.lake.made import cell, put


def scope(folder: Path, *groups: Iterable[Row], **question: Any) -> Scope:
    return answered(lake_of(folder, *groups), **question)


def answered(lake: Lake, **question: Any) -> Scope:
    with lake.engine() as engine:
        return scope_of(engine, RoutesOptions(**{**QUESTION, **question}))


def both(**other: Any) -> list[Row]:
    return present(**other) + present(reporter_iso3="POL", **other) + series([1.0], partner_iso3="RUS")


def test_the_window_is_what_the_origins_share(tmp_path: Path) -> None:
    found = scope(tmp_path, present(n=30) + series([1.0], partner_iso3="RUS"), present(n=28, reporter_iso3="POL"))
    assert (found.n_before, found.n_months) == (18, 28)
    assert found.caveats == ("short_history",)


@pytest.mark.parametrize(("until", "n"), [("2020-12", 24), ("2030-12", 30)])
def test_until_ends_the_window_and_never_beyond_the_data(tmp_path: Path, until: str, n: int) -> None:
    assert scope(tmp_path, both(), until=until).n_months == n


def test_as_of_hides_later_months(tmp_path: Path) -> None:
    found = scope(tmp_path, both(), as_of="2020-10")
    assert found.n_months == 22
    assert all(max(report.months) == found.last_month for report in found.reports)


def test_history_is_cut_to_what_the_method_learns_from(tmp_path: Path) -> None:
    found = scope(tmp_path, both(first="2015-01", n=78))
    assert (found.n_before, found.caveats) == (36, ())


def test_an_origin_that_stops_is_left_out_and_named(tmp_path: Path) -> None:
    found = scope(tmp_path, both(), present(n=20, reporter_iso3="FRA"), origins="DEU,POL,FRA", until="2021-06")
    assert found.left_out == {"FRA": "no rows in 10 of 30 months, first 2020-09"}
    assert "origins_left_out" in found.caveats
    assert "FRA" not in {pair[2] for pair in found.pairs}


def test_single_silent_months_leave_a_reporter_in(tmp_path: Path) -> None:
    gap = [row for row in present(reporter_iso3="POL") if row["period"] not in ("2020-03", "2020-09")]
    found = scope(tmp_path, present() + series([1.0], partner_iso3="RUS"), gap)
    assert found.silences() == [("POL", "export", 14), ("POL", "export", 20)]
    assert found.left_out == {}


def test_the_exporters_report_is_read_before_the_importers(tmp_path: Path) -> None:
    bought = present(reporter_iso3="KAZ", partner_iso3="DEU", flow="import", partner_role="origin")
    found = scope(tmp_path, both(), bought)
    sides = {pair[4] for pair in found.pairs if pair[:2] == ("in", "KAZ")}
    assert sides == {"export"}


def test_the_importers_report_stands_in_for_an_exporter_who_does_not_report(tmp_path: Path) -> None:
    bought = present(reporter_iso3="KAZ", partner_iso3="DEU", flow="import", partner_role="origin")
    found = scope(tmp_path, bought + series([1.0], reporter_iso3="KAZ", partner_iso3="RUS"))
    assert ("in", "KAZ", "DEU", "KAZ", "import") in found.pairs


def test_imports_are_read_by_origin_before_consignment(tmp_path: Path) -> None:
    given = {"reporter_iso3": "KAZ", "partner_iso3": "DEU", "flow": "import", "valuation": "cif"}
    rows = present(**given, partner_role="origin") + present(**given, partner_role="consignment")
    found = scope(tmp_path, rows + series([1.0], reporter_iso3="KAZ", partner_iso3="RUS"))
    assert [report.partner_role for report in found.reports if report.flow == "import"] == ["origin"]


def test_of_two_sources_of_one_reporter_the_one_that_covers_the_window_is_read(tmp_path: Path) -> None:
    lake = lake_of(tmp_path, both())
    old = [cell(p, 1.0, hs_code="251710", partner_iso3="NOR") for p in months("2008-01", 146)]
    put(lake, "old.csv", *old, source="comtrade")
    found = answered(lake)
    assert {(r.reporter_iso3, r.source_id) for r in found.reports} == {("DEU", "flows"), ("POL", "flows")}
    assert found.left_out == {}


@pytest.mark.parametrize("event", ["2018-01", "2019-01", "2021-07", "2030-01"])
def test_an_event_outside_the_data_is_refused_with_the_months_there_are(tmp_path: Path, event: str) -> None:
    with pytest.raises(EstimateError, match="outside the data, which run from 2019-01 to 2021-06"):
        scope(tmp_path, both(), event=event)


@pytest.mark.parametrize(
    ("event", "told"), [("2021-05", "only 2 months from 2021-05 on; 3"), ("2019-06", "only 5 months before 2019-06; 6")]
)
def test_too_few_months_on_either_side_are_refused(tmp_path: Path, event: str, told: str) -> None:
    with pytest.raises(EstimateError, match=told):
        scope(tmp_path, both(), event=event)


def test_a_destination_that_no_row_names_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EstimateError, match="BLR"):
        scope(tmp_path, both(), destination="BLR")


def test_origins_that_do_not_report_are_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(EstimateError, match="no origin of JPN reports from 2019-01 to 2021-06"):
        scope(tmp_path, present(reporter_iso3="RUS"), origins="JPN")


def test_yearly_rows_alone_are_refused(tmp_path: Path) -> None:
    with pytest.raises(EstimateError, match="no monthly flows"):
        scope(tmp_path, [flow("2020"), flow("2021")])


def test_a_level_finer_than_the_data_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EstimateError, match="8 digits"):
        scope(tmp_path, both(), level=8)


def test_several_currencies_in_one_leg_are_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(MixedCurrency, match="EUR from DEU; USD from POL"):
        scope(tmp_path, present() + series([1.0], partner_iso3="RUS"), present(reporter_iso3="POL", currency="USD"))


def test_one_reporter_in_two_currencies_is_refused_by_name(tmp_path: Path) -> None:
    rows = present(n=15) + present("2020-04", 15, currency="USD") + series([1.0], partner_iso3="RUS")
    with pytest.raises(MixedCurrency, match=r"EUR.*USD"):
        scope(tmp_path, rows, present(reporter_iso3="POL"))


def test_the_two_legs_may_be_in_different_currencies(tmp_path: Path) -> None:
    out = present(reporter_iso3="KAZ", partner_iso3="RUS", currency="USD")
    found = scope(tmp_path, both(), out)
    assert found.currency == {"in": "EUR", "out": "USD"}
    assert "legs_in_different_currencies" in found.caveats


def test_groups_are_never_reporters_or_intermediaries(tmp_path: Path) -> None:
    rows = both() + present(reporter_iso3="EU27") + present(partner_iso3="World")
    found = scope(tmp_path, rows)
    named = {name for pair in found.pairs for name in pair[1:4]} | {r.reporter_iso3 for r in found.reports}
    assert not named & {"EU27", "WORLD"}


def test_the_named_intermediary_is_the_only_one_of_the_onward_leg(tmp_path: Path) -> None:
    out = [row for via in ("KAZ", "KGZ") for row in present(reporter_iso3=via, partner_iso3="RUS")]
    found = scope(tmp_path, both(), out, via="KAZ")
    assert {pair[1] for pair in found.pairs if pair[0] == "out"} == {"KAZ"}
    assert "KGZ" in {pair[1] for pair in found.pairs if pair[0] == "in"}


def test_the_customs_union_is_dated() -> None:
    assert customs_union("KAZ", "RUS", on="2022-03-31")
    assert not customs_union("UZB", "RUS", on="2022-03-31")
    assert not customs_union("KGZ", "RUS", on="2014-12-31")


def test_a_concordance_beside_it_changes_nothing(tmp_path: Path) -> None:
    lake = lake_of(tmp_path, both())
    before = answered(lake)
    changes = tmp_path / "changes.csv"
    changes.write_text("code.after,code.before,adjustment\n852589,852580,2022 to 2017\n")
    ingest(lake, "hs-concordance", changes, at=AT)
    assert answered(lake) == before
