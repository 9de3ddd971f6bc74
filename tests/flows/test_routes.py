"""Routes as a whole: what may not change the answer, small and odd data, questions of every kind."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from entrepot.cli import main
from entrepot.codes import month_index, month_text
from entrepot.errors import ConfigError, EstimateError, UnknownCode
from entrepot.flows import Routes
from entrepot.lake import Lake
from entrepot.sources import ingest
from tests.factory import Row, added, asked, flow, lake_of, present, quiet, row_of, series, written
from tests.flows.test_ranking import PLANTED, market

MONEY = {
    "observed", "expected", "excess", "excess_low", "excess_high", "excess_min", "excess_max",
    "out_observed", "out_expected", "out_excess", "out_excess_low", "out_excess_high",
}  # fmt: skip


# Columns that name months.
DATED = frozenset({"window_start", "window_end", "counter_explanation", "would_change"})


def everything() -> list[Row]:
    return [row for group in market() for row in group]


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    return lake_of(tmp_path_factory.mktemp("market"), everything())


@pytest.fixture(scope="module")
def found(lake: Lake) -> Routes:
    return asked(lake)


def close(a: Routes, b: Routes, *, scale: float = 1.0, labels: frozenset[str] = frozenset()) -> None:
    """Hold two answers to be one, but for the unit of money and the named labels."""
    assert len(a) == len(b)
    for left, right in zip(a, b, strict=True):
        for name, value in left.items():
            if name in labels:
                continue
            if not isinstance(value, float):
                assert right[name] == value, name
            else:
                factor = scale if name in MONEY else 1.0
                assert right[name] == pytest.approx(value * factor, rel=1e-6, abs=1e-6 * factor), name


def test_the_order_of_rows_does_not_change_the_answer(found: Routes, tmp_path: Path) -> None:
    rows = everything()
    random.Random(5).shuffle(rows)
    close(found, asked(lake_of(tmp_path, rows)))


def test_the_unit_of_money_changes_money_alone(found: Routes, tmp_path: Path) -> None:
    close(found, asked(lake_of(tmp_path, [{**row, "value": row["value"] * 128} for row in everything()])), scale=128)


def test_the_name_of_the_currency_changes_its_label_alone(found: Routes, tmp_path: Path) -> None:
    other = asked(lake_of(tmp_path, [{**row, "currency": "USD"} for row in everything()]))
    close(found, other, labels=frozenset({"currency"}))
    assert set(other["currency"]) == {"USD"}


def test_whole_years_change_labels_alone(found: Routes, tmp_path: Path) -> None:
    def earlier(row: Row) -> Row:
        return {**row, "period": month_text(month_index(row["period"]) - 12)}

    other = asked(lake_of(tmp_path, map(earlier, everything())), event="2019-07")
    close(found, other, labels=DATED)
    assert other["window_start"][0] == "2019-07"


def test_the_same_question_gives_the_same_bytes(lake: Lake, found: Routes, tmp_path: Path) -> None:
    for number in (1, 2):
        asked(lake).write(tmp_path / f"{number}.csv")
    assert (tmp_path / "1.csv").read_bytes() == (tmp_path / "2.csv").read_bytes()


def test_what_another_country_reports_changes_no_estimate(found: Routes, tmp_path: Path) -> None:
    """Other sellers of the same goods can only be a rival explanation."""
    others = [{**row, "reporter_iso3": "CHN"} for row in quiet(8)]
    close(found, asked(lake_of(tmp_path, everything(), added(others))), labels=frozenset({"counter_explanation"}))


def test_as_of_is_the_lake_as_it_was_then(lake: Lake, tmp_path: Path) -> None:
    known = [row for row in everything() if row["period"] <= "2021-01"]
    close(asked(lake, as_of="2021-01"), asked(lake_of(tmp_path, known)))


def test_until_defaults_to_the_last_common_month(found: Routes) -> None:
    assert set(found["window_end"]) == {"2021-06"} and set(found["window_start"]) == {"2020-07"}


def test_a_named_intermediary_is_the_only_one_ranked(lake: Lake) -> None:
    rows = asked(lake, via="KAZ").rows()
    assert {row["via_iso3"] for row in rows} == {"KAZ"}
    assert any(row["is_alert"] for row in rows)


def test_naming_an_intermediary_changes_no_expectation_but_through_the_controls(lake: Lake, found: Routes) -> None:
    alone = row_of(asked(lake, via="KAZ", controls="own"), *PLANTED[0])
    assert alone["observed"] == row_of(found, *PLANTED[0])["observed"]
    assert alone["expected"] == pytest.approx(row_of(asked(lake, controls="own"), *PLANTED[0])["expected"])


@pytest.mark.parametrize("products", ["847103,847111", "8471", "84.71.03", "{file}"])
def test_products_by_code_heading_and_file(lake: Lake, tmp_path: Path, products: str) -> None:
    (tmp_path / "list.csv").write_text("hs_code\n847103\n847111\n")
    rows = asked(lake, products=products.format(file=tmp_path / "list.csv")).rows()
    assert ("KAZ", "847103") in {(row["via_iso3"], row["product_id"]) for row in rows}
    assert all(row["hs_codes"].startswith("8471") for row in rows)


def test_a_list_of_goods_that_nobody_trades_is_an_empty_table(lake: Lake) -> None:
    found = asked(lake, products="chpl")
    assert len(found) == 0 and found.parameters["goods"].startswith("goods on the list")


@pytest.mark.parametrize(("level", "n"), [(4, 1), (6, 40)])
def test_the_level_is_the_grain(lake: Lake, level: int, n: int) -> None:
    rows = [row for row in asked(lake, level=level) if row["via_iso3"] == "KAZ"]
    assert len(rows) == n and {len(row["product_id"]) for row in rows} == {level}


def test_eight_digits(tmp_path: Path) -> None:
    fine = [{**row, "hs_code": f"{row['hs_code']}00"} for row in everything()]
    found = asked(lake_of(tmp_path, fine), level=8)
    assert row_of(found, "KAZ", "84710300")["is_alert"]


def test_one_series_only_is_estimated_against_itself(tmp_path: Path) -> None:
    rows = series([100.0 + i % 5 for i in range(18)] + [900.0] * 12) + series([1.0], partner_iso3="RUS")
    row = row_of(asked(lake_of(tmp_path, rows)))
    assert row["expected"] == pytest.approx(12 * 102, rel=0.5)
    assert row["excess"] > 0 and row["q_value"] == row["p_value"]
    assert {"no_controls", "short_history"} <= set(row["caveats"].split("; "))


def test_one_row_only_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EstimateError, match=r"2020-07.*outside the data"):
        asked(lake_of(tmp_path, [flow("2020-07", 5.0, partner_iso3="RUS")]))


def test_a_single_row_among_reporting_months_is_estimated(tmp_path: Path) -> None:
    rows = present() + present(reporter_iso3="POL") + [flow("2020-09", 5.0), flow("2020-01", partner_iso3="RUS")]
    row = row_of(asked(lake_of(tmp_path, rows)))
    assert (row["observed"], row["is_alert"]) == (5.0, False)
    assert "no_past_anywhere" in row["caveats"] or "new_route" in row["caveats"]


def test_a_route_that_is_new_while_others_had_the_good_is_ranked_and_says_so(tmp_path: Path) -> None:
    new = series([2e5 + i for i in range(12)], "2020-07", partner_iso3="UZB", hs_code="847199")
    rows = [*everything(), *new, *series([9e3] * 30, partner_iso3="KAZ", hs_code="847199")]
    row = row_of(asked(lake_of(tmp_path, rows)), "UZB", "847199")
    assert "new_route" in row["caveats"] and row["rank"] is not None
    assert row["observed"] == pytest.approx(sum(2e5 + i for i in range(12)))
    assert row["excess"] > 0.5 * row["observed"]


def test_rows_that_cannot_be_tested_are_listed_with_the_reason_and_no_number(tmp_path: Path) -> None:
    rows = [*everything(), *series([50.0] * 12, "2020-07", hs_code="847198")]
    row = row_of(asked(lake_of(tmp_path, rows)), "KAZ", "847198")
    for name in MONEY | {"rank", "p_value", "q_value", "share_of_lost_direct"}:
        assert row[name] is None, name
    assert row["is_alert"] is False and "no_past_anywhere" in row["caveats"]


def test_untestable_rows_come_last(tmp_path: Path) -> None:
    rows = [*everything(), *series([50.0] * 12, "2020-07", hs_code="847198")]
    ranks = asked(lake_of(tmp_path, rows))["rank"]
    assert ranks[-1] is None and None not in ranks[:-1]


def test_withheld_values_from_the_event_on_are_not_tested(tmp_path: Path) -> None:
    hidden = series([100.0] * 18 + [None] * 12, hs_code="847198")
    row = row_of(asked(lake_of(tmp_path, everything(), hidden)), "KAZ", "847198")
    assert row["rank"] is None and "withheld_after_event" in row["caveats"]


def test_too_few_known_months_are_not_tested(tmp_path: Path) -> None:
    hidden = series([None] * 14 + [100.0] * 16, hs_code="847198")
    row = row_of(asked(lake_of(tmp_path, everything(), hidden)), "KAZ", "847198")
    assert row["rank"] is None and "too_few_months" in row["caveats"]


def test_some_withheld_months_are_unknown_and_say_so(tmp_path: Path) -> None:
    values: list[float | None] = [100.0 + i % 3 for i in range(30)]
    values[3] = values[25] = None
    row = row_of(asked(lake_of(tmp_path, everything(), series(values, hs_code="847198"))), "KAZ", "847198")
    assert "unknown_months" in row["caveats"]
    assert row["observed"] == pytest.approx(sum(v for v in values[18:] if v is not None))
    # Eleven known months are held against eleven, not twelve.
    assert row["excess_low"] < 0 < row["excess_high"]


def test_an_origin_that_stops_is_left_out_and_every_row_says_so(tmp_path: Path) -> None:
    gone = [{**row, "reporter_iso3": "FRA"} for row in quiet(8) if row["period"] < "2020-05"]
    found = asked(lake_of(tmp_path, everything(), added(gone)), origins="DEU,POL,FRA")
    assert set(found.parameters["origins_left_out"]) == {"FRA"}
    assert all("origins_left_out" in row["caveats"] for row in found)
    assert "FRA" not in " ".join(filter(None, found["top_origins"]))


def test_a_silent_month_is_no_fall(tmp_path: Path) -> None:
    rows = [row for row in everything() if (row["period"], row["reporter_iso3"]) != ("2021-02", "DEU")]
    found = asked(lake_of(tmp_path, rows))
    carried = [row for row in found if "unknown_months" in row["caveats"]]
    assert len(carried) > 50
    kept = [row for row in carried if row["rank"] and not row["is_alert"]]
    held = sum(row["excess_low"] <= 0 <= row["excess_high"] for row in kept)
    assert held >= 0.85 * len(kept)


def test_negative_values_never_reach_an_estimate(tmp_path: Path) -> None:
    lake = lake_of(tmp_path, everything(), [flow("2019-02", -5.0, hs_code="847198")])
    assert all(row["observed"] is None or row["observed"] >= 0 for row in asked(lake))


def test_absurd_values_do_not_spoil_the_others(found: Routes, tmp_path: Path) -> None:
    other = asked(lake_of(tmp_path, everything(), [flow("2019-02", 1e300, hs_code="847198")]))
    keys = {(r["via_iso3"], r["product_id"]) for r in other if r["is_alert"]}
    assert set(PLANTED) <= keys


def test_a_later_extraction_of_the_same_months_replaces_them(lake: Lake, tmp_path: Path) -> None:
    made = lake_of(tmp_path, everything())
    # Whole hundredths, as the lake keeps them: then twice as much is exactly so.
    again = [{**row, "value": round(row["value"], 2) * 2} for row in everything()]
    ingest(made, "flows", written(tmp_path / "again.csv", again), at="2024-06-01T00:00:00+00:00")
    close(asked(lake), asked(made), scale=2)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"alpha": 0}, ConfigError),
        ({"alpha": 1}, ConfigError),
        ({"level": 7}, ConfigError),
        ({"controls": "none"}, ConfigError),
        ({"via": "XQQ"}, UnknownCode),
        ({"via": "DEU"}, ConfigError),
        ({"origins": "NOBODY"}, UnknownCode),
        ({"products": "gadgets"}, UnknownCode),
        ({"destination": "BLR"}, EstimateError),
        ({"event": "2035-01"}, EstimateError),
        ({"event": "2020-7"}, ConfigError),
        ({"as_of": "2019-12"}, EstimateError),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused(lake: Lake, wrong: dict[str, Any], error: type) -> None:
    with pytest.raises(error) as caught:
        asked(lake, **wrong)
    assert caught.value.remedy


def test_an_unknown_part_of_a_question_is_a_mistake_of_the_programmer(lake: Lake) -> None:
    with pytest.raises(TypeError, match="origin"):
        asked(lake, origin="DEU")


COMMAND = ["routes", "--destination", "RUS", "--event", "2020-07", "--origins", "DEU,POL"]


@pytest.mark.parametrize(
    ("wrong", "code", "told"),
    [
        (["--alpha", "0"], 2, "alpha"),
        (["--alpha", "1"], 2, "alpha"),
        (["--alpha", "nan"], 2, "alpha"),
        (["--level", "5"], 2, "level"),
        (["--event", "2035-01"], 1, "outside the data"),
        (["--destination", "BLR"], 1, "BLR"),
        (["--destination", "XQQ"], 1, "XQQ"),
        (["--products", "gadgets"], 1, "gadgets"),
    ],
)
def test_the_command_refuses_in_one_line(
    lake: Lake, wrong: list[str], code: int, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*COMMAND, *wrong, "--lake", str(lake.path)]) == code
    said = capsys.readouterr()
    assert told in said.err and "Traceback" not in said.err and said.out == ""
    if code == 1:
        assert len(said.err.strip().splitlines()) == 1


def test_the_command_answers_as_the_function_does(
    lake: Lake, found: Routes, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*COMMAND, "--json", "--lake", str(lake.path)]) == 0
    said = capsys.readouterr()
    rows = json.loads(said.out)
    assert [(r["via_iso3"], r["product_id"]) for r in rows] == [(r["via_iso3"], r["product_id"]) for r in found]
    assert f"{sum(found['is_alert'])} alerts" in said.err


def test_an_empty_lake_is_told_from_an_empty_answer(tmp_path: Path) -> None:
    from entrepot.lake import open_lake

    with pytest.raises(EstimateError, match="no monthly flows"):
        asked(open_lake(tmp_path / "lake", create=True))
