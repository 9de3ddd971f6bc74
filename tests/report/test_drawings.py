from __future__ import annotations

import re

from entrepot.report.chart import find_measures, path_chart
from entrepot.report.links import links
from entrepot.report.river import NARROW, WIDE, rivers
from tests.report import factory


def row(control: str, origin: str | None, via: str, low: float | None, high: float | None) -> dict[str, object]:
    return {
        "control_set": control,
        "origin_iso3": origin,
        "via_iso3": via,
        "excess": high,
        "excess_low": low,
        "excess_high": high,
    }


def width(path: str) -> float:
    """Width of a band at its source: upper edge less lower edge."""
    ys = [float(y) for y in re.findall(r"M[\d.-]+,([\d.-]+)|,([\d.-]+)Z", path)[0] if y]
    return float(path.rsplit(",", 1)[1].rstrip("Z")) - ys[0]


def test_a_band_is_as_wide_as_the_interval_and_never_a_point() -> None:
    found = rivers(links([row("a", "DEU", "KGZ", 10, 30)]), WIDE, destination="RUS", currency="EUR")["a"]
    band = found.bands[0]
    assert round(width(band.outer) / width(band.inner), 1) == 3.0
    assert band.title.startswith("Germany to Kyrgyzstan: 10.0 to 30.0 EUR")


def test_an_unseen_onward_leg_is_drawn_apart_and_says_so() -> None:
    rows = [row("a", "DEU", "KGZ", 10, 30), row("a", None, "KGZ", None, None)]
    found = rivers(links(rows), NARROW, destination="RUS", currency="EUR")["a"]
    assert not found.is_onward_seen
    assert not found.bands[-1].is_seen
    assert found.bands[-1].title == "Kyrgyzstan to Russia: not seen in this data"


def test_control_sets_share_one_scale_and_one_list_of_bands() -> None:
    rows = [row("a", "DEU", "KGZ", 10, 20), row("b", "DEU", "KGZ", 20, 40), row("b", "POL", "KGZ", 1, 5)]
    found = rivers(links(rows), WIDE, destination="RUS", currency="EUR")
    assert len(found["a"].bands) == len(found["b"].bands)
    assert round(width(found["b"].bands[0].outer) / width(found["a"].bands[0].outer), 1) == 2.0


def test_nothing_above_zero_is_no_river() -> None:
    rows = [row("a", "DEU", "KGZ", -30, -10), row("a", None, "KGZ", None, None)]
    assert rivers(links(rows), WIDE, destination="RUS", currency="EUR") == {}
    assert rivers(links([]), WIDE, destination="RUS", currency="EUR") == {}


def test_many_territories_are_summed_as_other_and_nothing_is_lost() -> None:
    rows = [row("a", f"Q{i:02d}", f"V{i:02d}", 1, 2) for i in range(30)]
    found = links(rows)
    assert len(found.origins) == len(found.vias) == 7
    assert sum(ends[1] for ends in found.ends["a"].values() if ends) == 60


def test_an_intermediary_without_origins_hangs_on_an_unseen_one() -> None:
    found = rivers(links([row("a", None, "KGZ", 5, 9)]), WIDE, destination="RUS", currency="EUR")["a"]
    assert [band.is_seen for band in found.bands] == [False, True]


def test_a_month_without_a_report_breaks_the_line_and_zero_does_not() -> None:
    path = factory.path("KGZ", "870323")
    broken = path_chart(path, [], main="pooled", window=("2022-03", "2022-11"), summary="")
    whole = [{**one, "observed": one["observed"] or 0.0} for one in path]
    drawn = path_chart(whole, [], main="pooled", window=("2022-03", "2022-11"), summary="")
    assert broken.lines[-1].path.count("M") == 2
    assert drawn.lines[-1].path.count("M") == 1


def test_other_control_sets_are_drawn_inside_the_window_only() -> None:
    drawn = path_chart(factory.path("KGZ", "870323"), [], main="pooled", window=("2022-03", "2022-11"), summary="")
    others = [line for line in drawn.lines if line.role == "other"]
    assert [line.control_set for line in others] == ["destination", "own", "via"]
    assert all(int(re.match(r"M(\d+)", line.path)[1]) > 800 for line in others)  # type: ignore[index]


def test_measures_outside_the_months_are_left_out_and_alleged_ones_look_alleged() -> None:
    found = find_measures(factory.MEASURES, ["2018-01", "2022-11"])
    assert [(one.mark, one.is_firm) for one in found] == [(1, True), (2, False), (3, True)]
    assert find_measures(factory.MEASURES, []) == []


def test_measures_of_one_month_share_a_line_and_near_ones_take_another_lane() -> None:
    drawn = path_chart(
        factory.path("KGZ", "870323"),
        find_measures(factory.MEASURES, ["2018-01", "2022-11"]),
        main="pooled",
        window=None,
        summary="",
    )
    assert [mark.text for mark in drawn.marks] == ["1–2", "3"]
    assert [mark.is_firm for mark in drawn.marks] == [True, True]
    assert drawn.shade is None
