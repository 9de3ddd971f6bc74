"""Products: codes that are born, end, split and merge; lists, files and codes asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest

from entrepot.errors import EntrepotError, UnknownCode
from entrepot.flows import Method
from entrepot.flows.legs import legs_of
from entrepot.flows.options import RoutesOptions
from entrepot.flows.products import Product
from entrepot.lake import Lake
from tests.factory import QUESTION, Row, lake_of, present, series

# The window crosses the revision of 2022: 26 months before the event, 10 from it on.
CROSSING: dict[str, Any] = {**QUESTION, "event": "2022-03"}
SPLIT = [("852580", "852581", "2022 to 2017"), ("852580", "852589", "2022 to 2017")]


def products(lake: Lake, **question: Any) -> dict[str, Product]:
    with lake.engine() as engine:
        data = legs_of(engine, RoutesOptions(**{**CROSSING, **question}))
    return {product.product_id: product for product in data.products}


def made(folder: Path, *groups: Iterable[Row], concordance: Sequence[tuple[str, str, str]] = ()) -> Lake:
    base = [present("2020-01", 36, reporter_iso3=iso3) for iso3 in ("DEU", "POL")]
    other = series([5.0] * 36, "2020-01", partner_iso3="RUS")
    return lake_of(folder, *base, other, *groups, concordance=concordance)


def born(code: str = "852589", first: str = "2022-01", n: int = 12) -> list[Row]:
    return series([100.0] * n, first, hs_code=code)


def test_a_code_born_with_the_revision_is_not_testable_and_says_so(tmp_path: Path) -> None:
    found = products(made(tmp_path, born()))["852589"]
    assert found.reason == "code_born"
    assert found.caveats == ("codes_by_data",)


def test_a_code_that_ended_with_the_revision_is_not_testable(tmp_path: Path) -> None:
    assert products(made(tmp_path, born("852580", "2020-01", 24)))["852580"].reason == "code_ended"


def test_a_code_used_throughout_is_testable(tmp_path: Path) -> None:
    found = products(made(tmp_path))["854231"]
    assert (found.reason, found.born, found.codes) == ("", None, ("854231",))


def test_a_code_that_somebody_used_before_was_not_born(tmp_path: Path) -> None:
    before = series([1.0], "2021-05", hs_code="852589", reporter_iso3="POL", partner_iso3="UZB")
    assert products(made(tmp_path, born(), before))["852589"].reason == ""


def test_a_code_born_in_a_month_without_a_revision_is_new_trade_and_no_birth(tmp_path: Path) -> None:
    found = products(made(tmp_path, born("870310", "2021-06", 18)))["870310"]
    assert (found.reason, found.born) == ("", None)


def test_a_product_that_nobody_traded_before_the_event_is_not_testable(tmp_path: Path) -> None:
    lake = made(tmp_path, born("870310", "2021-06", 7))
    assert products(lake, event="2021-03", until="2021-12")["870310"].reason == "no_past_anywhere"


def test_a_concordance_joins_the_old_code_with_the_new_ones(tmp_path: Path) -> None:
    lake = made(tmp_path, born("852580", "2020-01", 24), born("852581"), born("852589"), concordance=SPLIT)
    found = products(lake)["852581+"]
    assert found.codes == ("852580", "852581", "852589")
    assert (found.reason, found.caveats) == ("", ("grouped_codes",))


def test_a_renamed_code_keeps_its_past_without_a_plus(tmp_path: Path) -> None:
    renamed = [("880330", "880730", "2022 to 2017")]
    lake = made(tmp_path, born("880330", "2020-01", 24), born("880730"), concordance=renamed)
    found = products(lake)["880730"]
    assert (found.codes, found.reason) == (("880330", "880730"), "")


def test_a_new_code_whose_parents_nobody_traded_is_not_testable(tmp_path: Path) -> None:
    lake = made(tmp_path, born("852589", "2022-04", 9), concordance=SPLIT)
    assert products(lake)["852589+"].reason == "no_past_anywhere"


def test_groups_are_cut_at_headings_where_they_grow_too_large(tmp_path: Path) -> None:
    old, new = [f"8542{i:02d}" for i in range(40, 43)], [f"8543{i:02d}" for i in range(40, 43)]
    changes = [(a, b, "2022 to 2017") for a in old for b in [*new, *old]]
    groups = [born(code, "2020-01", 36) for code in old] + [born(code) for code in new]
    found = products(made(tmp_path, *groups, concordance=changes), method=Method(largest_product=4))
    assert {"854240+"} <= set(found) and "group_cut_at_heading" in found["854240+"].caveats


def test_gold_says_that_it_is_gold(tmp_path: Path) -> None:
    found = products(made(tmp_path, born("710812", "2020-01", 36)))
    assert "precious_metals" in found["710812"].caveats


def test_a_list_tests_its_codes_only_and_the_rest_are_controls(tmp_path: Path) -> None:
    found = products(made(tmp_path), products="chpl")
    assert (found["854231"].is_tested, found["251710"].is_tested) == (True, False)
    assert [item.tier for item in found["854231"].items] == ["1"]


def test_codes_asked_for_may_be_headings_and_carry_dots(tmp_path: Path) -> None:
    found = products(made(tmp_path), products="85.42, 9999")
    assert (found["854231"].is_tested, found["251710"].is_tested) == (True, False)


def test_a_file_of_codes_is_a_list(tmp_path: Path) -> None:
    listed = tmp_path / "mine.csv"
    listed.write_text("hs_code,tier\n854231,a\n")
    found = products(made(tmp_path), products=str(listed))
    assert [name for name, product in found.items() if product.is_tested] == ["854231"]


@pytest.mark.parametrize("text", ["chips", "8542x", "", "TOTAL", "85,,86"])
def test_products_that_are_none_are_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(UnknownCode, match="products"):
        products(made(tmp_path), products=text)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EntrepotError, match=r"gone\.csv"):
        products(made(tmp_path), products=str(tmp_path / "gone.csv"))


def test_a_list_that_names_part_of_a_group_says_so(tmp_path: Path) -> None:
    lake = made(tmp_path, born("852580", "2020-01", 24), born("852581"), born("852589"), concordance=SPLIT)
    found = products(lake, products="852589")["852581+"]
    assert found.is_tested and "list_covers_part_of_group" in found.caveats


def test_a_list_finer_than_the_level_tests_its_part_alone(tmp_path: Path) -> None:
    fine = [series([10.0] * 36, "2020-01", hs_code=code) for code in ("87032310", "87032390")]
    found = products(made(tmp_path, *fine), products="87032310", level=6)
    assert {name: p.is_tested for name, p in found.items() if name.startswith("8703")} == {
        "870323": True,
        "870323~rest": False,
    }


def test_at_four_digits_codes_are_one_heading(tmp_path: Path) -> None:
    lake = made(tmp_path, *[born(code, "2020-01", 36) for code in ("852581", "852589")])
    assert products(lake, level=4)["8525"].codes == ("8525",)


def test_at_four_digits_a_split_inside_the_heading_is_no_birth(tmp_path: Path) -> None:
    lake = made(tmp_path, born("852580", "2020-01", 24), born("852581"), born("852589"))
    assert products(lake, level=4)["8525"].reason == ""
