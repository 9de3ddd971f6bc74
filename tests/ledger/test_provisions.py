"""Provisions by code: what covers a product on the way to a destination, and when."""

from __future__ import annotations

from typing import Any

import pytest

from entrepot.ledger import Provision, provisions, provisions_of
from tests.ledger.packs_made import entry

CARS = {"hs_code": "8703", "hs_revision": "HS2022", "coverage": "full"}


def act(*, coverage: str | None = "full", **other: Any) -> tuple[Provision, ...]:
    """What one act on cars to Russia states."""
    goods = {**CARS, "coverage": coverage} if coverage else {"hs_code": "8703", "hs_revision": "HS2022"}
    return provisions_of([entry("act", kind="provision", jurisdiction="EU", targets=["RUS"], goods=[goods], **other)])


def test_cars_were_covered_in_part_from_march_2022() -> None:
    assert provisions("870323", destination="RUS", on="2022-03-15") == ()
    (found,) = provisions("870323", destination="RUS", on="2022-06-01")
    assert (found.coverage, found.price_above, found.currency) == ("part", 50000.0, "EUR")
    assert provisions("870323", destination="KGZ") == provisions("870423", destination="RUS") == ()


def test_provisions_touch_finer_and_coarser_codes() -> None:
    assert len(provisions("87032319", destination="RUS")) == 2
    finer = {found.hs_code for found in provisions("87", destination="RUS")}
    assert {"8703", "870380"} <= finer and "870323" not in finer


def test_electric_cars_were_covered_whole_from_june_2023_and_small_petrol_ones_in_part() -> None:
    def coverage(code: str, on: str) -> list[str]:
        return sorted(found.coverage for found in provisions(code, destination="RUS", on=on))

    assert coverage("870380", "2023-06-23") == ["part"] and coverage("870380", "2023-06-24") == ["full", "part"]
    assert coverage("870321", "2023-06-24") == ["part"]


def test_an_act_of_the_eu_binds_its_members_and_a_states_act_the_state() -> None:
    (of_eu,) = act()
    assert (of_eu.jurisdiction, "DEU" in of_eu.binds(on="2025-06-01")) == ("EU27", True)
    (of_state,) = provisions_of([entry("act", targets=["RUS"], goods=[CARS])])
    assert of_state.binds(on="2025-06-01") == {"KAZ"}


@pytest.mark.parametrize("status", ["alleged", "disputed", "proposed", "reported"])
def test_what_is_not_sure_covers_nothing(status: str) -> None:
    assert act(status=status) == ()


def test_a_code_whose_coverage_is_unknown_and_an_act_without_a_start_are_left_out() -> None:
    assert act(coverage=None) == act(dates={"announced": "2025-01-01"}) == ()


def test_an_act_that_is_corrected_no_longer_speaks() -> None:
    made = {"kind": "provision", "targets": ["RUS"], "goods": [CARS]}
    assert [found.entry_id for found in provisions_of([entry("a", **made), entry("b", replaces="a", **made)])] == ["b"]


@pytest.mark.parametrize(
    ("other", "coverage", "span"),
    [
        ({"dates": {"effective": "2025-01-19", "removed": "2025-03-01"}}, "full", ("2025-01-19", "2025-03-01")),
        ({"dates": {"effective": "2025-01", "removed": "2025-03"}}, "part", ("2025-01-01", "2025-03-31")),
        ({"dates": {"effective": "2025-01-19", "removed": "2025-03-01"}, "end": "nominal"}, "part",
         ("2025-01-19", None)),
        ({"suspended": [{"from": "2025-02-01", "to": "2025-03-01"}]}, "part", ("2025-01-19", None)),
    ],
)  # fmt: skip
def test_bounds_stay_bounds_where_a_date_is_not_sure(
    other: dict[str, Any], coverage: str, span: tuple[str, str | None]
) -> None:
    (found,) = act(**other)
    assert (found.coverage, (found.valid_from, found.valid_to)) == (coverage, span)


def test_a_ban_on_what_comes_from_a_state_covers_nothing_that_goes_there() -> None:
    assert act(instrument="import_ban") == ()
    assert provisions("270900", destination="RUS") == provisions("720851", destination="RUS") == ()


def test_aircraft_are_covered_whole_and_watches_by_price() -> None:
    (aircraft,) = provisions("880240", destination="RUS", on="2022-02-26")
    (watch,) = provisions("910111", destination="RUS", on="2022-04-01")
    assert (aircraft.coverage, watch.coverage, watch.price_above) == ("full", "part", 300.0)
    assert provisions("880240", destination="RUS", on="2022-02-25") == ()
