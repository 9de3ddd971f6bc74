"""Tidy: from the CSV alone the estimate comes out again, by the arithmetic of the scripts."""

from __future__ import annotations

import csv
import math
import shutil
import subprocess
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from entrepot.errors import EstimateError, SourceError
from entrepot.flows.routes import Work, worked
from entrepot.flows.tidy import write_tidy
from tests.factory import QUESTION, added, flow, lake_of, planted, present, quiet, series

RUSSIA = present(partner_iso3="RUS")
LISTED = ",".join(f"84{7100 + i:04d}" for i in range(0, 40, 4))


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Work:
    rows = added(
        [*quiet(3, n=36), *planted(200_000, via="KAZ", code="847104"), *planted(9000, via="UZB", code="847112")]
    )
    return worked(lake_of(tmp_path_factory.mktemp("tidy"), rows, RUSSIA), **QUESTION, products=LISTED)


def read(path: Path) -> list[dict[str, Any]]:
    texts = {"row_id", "via_iso3", "product_id", "period", "is_control_of", "control_set"}
    with path.open(encoding="utf-8", newline="") as file:
        return [
            {k: v if k in texts else float(v) if v else None for k, v in row.items()} for row in csv.DictReader(file)
        ]


def reproduced(folder: Path, row: dict[str, Any]) -> dict[str, float]:
    """What estimate.R computes, line by line, with nothing but the two files."""
    lines = [one for one in read(folder / "series.csv") if one["row_id"] == row["row_id"] and one["value"] is not None]
    for one in lines:
        one["flat"] = one["value"] / max(one["season"], 0.1)
        one["log"] = math.log(max(one["flat"], row["trifle"]))
    controls = defaultdict(list)
    for one in lines:
        if not one["is_treated"]:
            controls[one["via_iso3"], one["product_id"]].append(one)
    growth = row["growth_rest"]
    for months in controls.values():
        before, after = ([one for one in months if one["is_after"] == side] for side in (0, 1))
        change = sum(one["log"] for one in after) / len(after)
        change -= sum(one["age_weight"] * one["log"] for one in before) / sum(one["age_weight"] for one in before)
        growth += months[0]["weight"] * min(max(change, row["change_low"]), row["change_high"])
    before, after = ([one for one in lines if one["is_treated"] and one["is_after"] == side] for side in (0, 1))
    level = sum(one["age_weight"] * one["flat"] for one in before) / sum(one["age_weight"] for one in before)
    naive = level * math.exp(growth) * sum(one["season"] for one in after)
    observed = sum(one["value"] for one in after)
    mean, low, high = ((naive + row["floor"]) * row[f"correction{end}"] - row["floor"] for end in ("", "_low", "_high"))
    return {
        "observed": observed,
        "expected": mean,
        "excess": observed - mean,
        "excess_low": observed - high,
        "excess_high": observed - low,
    }


@pytest.mark.parametrize("most", [500, 10])
def test_the_estimate_comes_out_of_the_files_alone(work: Work, tmp_path: Path, most: int) -> None:
    write_tidy(work, tmp_path / "out", most=most)
    (row,) = read(tmp_path / "out" / "rows.csv")
    found, top = reproduced(tmp_path / "out", row), work.answer.rows()[0]
    assert row["row_id"] == "KAZ|847104" == f"{top['via_iso3']}|{top['product_id']}"
    for name, value in found.items():
        assert value == pytest.approx(top[name], rel=1e-6), name


@pytest.mark.parametrize("controls", ["own", "destination", "sister", "via"])
def test_every_headline_set_comes_out(work: Work, tmp_path: Path, controls: str) -> None:
    rows = added([*quiet(4), *planted(100_000, via="KAZ", code="847104")])
    asked = worked(lake_of(tmp_path, rows, RUSSIA), **QUESTION, controls=controls)
    write_tidy(asked, tmp_path / "out", rows=[("KAZ", "847104"), ("ARM", "847107")])
    for row in read(tmp_path / "out" / "rows.csv"):
        found = reproduced(tmp_path / "out", row)
        assert found["expected"] == pytest.approx(row["expected"], rel=1e-6)


def test_seasons_come_out_too(tmp_path: Path) -> None:
    rows = added([*quiet(6, n=48, first="2017-07"), *planted(100_000, via="KAZ", code="847104")])
    months = {"01": 0.5, "06": 2.0, "11": 1.5}
    rows = [{**row, "value": round(row["value"] * months.get(row["period"][5:], 1.0), 2)} for row in rows]
    asked = worked(lake_of(tmp_path, rows, present("2017-07", 48, partner_iso3="RUS")), **QUESTION)
    write_tidy(asked, tmp_path / "out")
    (row,) = read(tmp_path / "out" / "rows.csv")
    assert len({one["season"] for one in read(tmp_path / "out" / "series.csv")}) > 6
    assert reproduced(tmp_path / "out", row)["excess"] == pytest.approx(asked.answer["excess"][0], rel=1e-6)


def test_an_onward_leg_alone_comes_out(tmp_path: Path) -> None:
    rows = []
    for one in added(quiet(7)):
        rows.append({**one, "reporter_iso3": one["partner_iso3"], "partner_iso3": "RUS"})
    asked = worked(lake_of(tmp_path, added(rows)), **QUESTION)
    write_tidy(asked, tmp_path / "out")
    (row,) = read(tmp_path / "out" / "rows.csv")
    assert asked.answer["evidence"][0] == "out"
    assert reproduced(tmp_path / "out", row)["expected"] == pytest.approx(asked.answer["expected"][0], rel=1e-6)


def test_the_numbers_in_the_file_are_those_of_the_answer(work: Work, tmp_path: Path) -> None:
    keys = [(row["via_iso3"], row["product_id"]) for row in work.answer if row["rank"] is not None][:5]
    write_tidy(work, tmp_path / "out", rows=keys)
    for row, told in zip(work.answer, read(tmp_path / "out" / "rows.csv"), strict=False):
        assert told["excess_low"] == pytest.approx(row["excess_low"], rel=1e-12)


def test_unknown_months_stay_empty_and_count_for_nothing(tmp_path: Path) -> None:
    rows = [row for row in added(quiet(5)) if (row["partner_iso3"], row["hs_code"], row["period"]) != MISSING]
    work = worked(
        lake_of(tmp_path, rows, RUSSIA, [flow("2020-09", None, partner_iso3="KAZ", hs_code="847103")]), **QUESTION
    )
    write_tidy(work, tmp_path / "out", rows=[("KAZ", "847103")])
    row = read(tmp_path / "out" / "rows.csv")[0]
    empty = [one for one in read(tmp_path / "out" / "series.csv") if one["value"] is None]
    assert ("KAZ", "2020-09") in {(one["via_iso3"], one["period"]) for one in empty}
    assert reproduced(tmp_path / "out", row)["excess_low"] == pytest.approx(row["excess_low"], rel=1e-6)


MISSING = ("KAZ", "847103", "2020-09")


def test_a_series_is_told_from_its_controls(work: Work, tmp_path: Path) -> None:
    write_tidy(work, tmp_path / "out")
    lines = read(tmp_path / "out" / "series.csv")
    own = [one for one in lines if one["is_treated"]]
    assert {(one["via_iso3"], one["product_id"]) for one in own} == {("KAZ", "847104")}
    assert all(one["is_control_of"] == "KAZ|847104" and one["weight"] for one in lines if not one["is_treated"])
    assert all(one["expected"] is not None for one in own)


def test_r_arrives_at_the_same_numbers(work: Work, tmp_path: Path) -> None:
    if (rscript := shutil.which("Rscript")) is None:
        pytest.skip("R is not here")
    write_tidy(work, tmp_path / "out", rows=[("KAZ", "847104"), ("UZB", "847112")])
    run = subprocess.run([rscript, "estimate.R"], cwd=tmp_path / "out", capture_output=True, text=True, timeout=120)
    assert run.returncode == 0 and "as in rows.csv" in run.stdout, run.stderr


def test_no_folder_to_write_in_is_named(work: Work, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="nowhere"):
        write_tidy(work, tmp_path / "nowhere" / "out")
    (tmp_path / "file").write_text("x")
    with pytest.raises(SourceError, match="file"):
        write_tidy(work, tmp_path / "file")


def test_an_answer_without_a_tested_row_has_nothing_to_write(tmp_path: Path) -> None:
    rows = [*series([50.0] * 30, hs_code="251710"), *series([9.0] * 8, "2020-07", hs_code="854231")]
    work = worked(lake_of(tmp_path, rows, RUSSIA), **QUESTION, products="854231")
    with pytest.raises(EstimateError, match="no row could be tested"):
        write_tidy(work, tmp_path / "out")
