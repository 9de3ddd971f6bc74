"""Options: what a question may say, and what is refused before any row is read."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import pytest

from entrepot.errors import ConfigError, EntrepotError, UnknownCode
from entrepot.flows import CONTROL_SETS, Method, RoutesOptions


def options(**other: object) -> RoutesOptions:
    return RoutesOptions(**{"destination": "RUS", "event": "2022-03", **other})


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"event": "2022-13"}, "event is '2022-13'"),
        ({"event": "2022"}, "event is '2022'"),
        ({"event": "2022-03-01"}, "event is"),
        ({"until": "March 2022"}, "until is 'March 2022'"),
        ({"as_of": "0000-01"}, "as_of is"),
        ({"until": "2022-02"}, "until 2022-02 is before event 2022-03"),
        ({"level": 5}, "level is 5"),
        ({"alpha": 0}, "alpha is 0"),
        ({"alpha": 1}, "alpha is 1"),
        ({"alpha": -0.1}, "alpha is -0.1"),
        ({"alpha": float("nan")}, "alpha is nan"),
        ({"controls": "best"}, "controls is 'best'"),
    ],
)
def test_a_malformed_question_is_refused_with_a_remedy(wrong: dict[str, object], told: str) -> None:
    with pytest.raises(ConfigError, match=told) as caught:
        options(**wrong)
    assert caught.value.remedy


@pytest.mark.parametrize("destination", ["XQQ", "", "Russia", "EU27"])
def test_the_destination_is_a_known_state(destination: str) -> None:
    with pytest.raises(EntrepotError):
        options(destination=destination)


def test_lower_case_destinations_are_understood() -> None:
    assert options(destination="rus").destination == "RUS"


def test_the_destination_is_no_origin_of_its_own() -> None:
    assert options(origins="DEU,RUS").origin_codes() == {"DEU"}


@pytest.mark.parametrize("origins", ["RUS", ",", ""])
def test_origins_that_name_nobody_are_refused(origins: str) -> None:
    with pytest.raises(EntrepotError):
        options(origins=origins).origin_codes()


def test_an_unknown_origin_is_refused() -> None:
    with pytest.raises(UnknownCode, match="XQQ"):
        options(origins="DEU,XQQ").origin_codes()


def test_the_united_kingdom_is_an_origin_of_the_coalition_but_not_of_the_eu_in_2022() -> None:
    assert "GBR" in options().origin_codes()
    assert "GBR" not in options(origins="EU27").origin_codes()
    assert "GBR" in options(origins="EU27", event="2019-03").origin_codes()


def test_a_placebo_event_before_the_coalition_was_formed_has_origins_all_the_same() -> None:
    assert {"DEU", "USA"} <= options(event="2012-03").origin_codes()


@pytest.mark.parametrize("via", ["RUS", "DEU", "DEU,RUS"])
def test_intermediaries_that_can_be_none_are_refused(via: str) -> None:
    with pytest.raises(ConfigError, match="via"):
        options(via=via, origins="DEU,POL").via_codes()


def test_products_may_be_a_file(tmp_path: Path) -> None:
    listed = tmp_path / "list.csv"
    listed.write_text("hs_code\n854231\n")
    assert options(products=str(listed)).product_file() == listed
    assert options(products="854231").product_file() is None


def test_a_long_row_of_codes_is_no_file() -> None:
    codes = ",".join(f"8542{i:02d}" for i in range(100))
    assert options(products=codes).product_file() is None


def test_the_method_page_gives_every_parameter_and_control_set() -> None:
    page = (Path(__file__).parents[2] / "docs/methods/routes.md").read_text("utf-8")
    for name, value in asdict(Method()).items():
        assert f"| `{name}` | {value} |" in page, name
    assert all(f"| {name} |" in page for name in CONTROL_SETS)
