"""Watch where a publisher revised its figures: each look reads the extraction that was known then."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from entrepot.codes import month_index, month_text
from entrepot.flows import watch
from entrepot.lake import Lake, open_lake
from entrepot.sources import ingest
from tests.factory import AT, QUESTION, Row, asked, present, quiet, series, written


def extract(folder: Path, lake: Lake, rows: list[Row], *, day: str) -> None:
    """Ingest rows as the publisher gave them out on a day."""
    path = written(folder / f"{day}.csv", rows)
    told = {"publisher": "an office", "title": "trade", "extracted_date": day}
    path.with_name(path.name + ".origin.json").write_text(json.dumps(told))
    ingest(lake, "flows", path, at=AT)


def months_until(rows: list[Row], last: str) -> list[Row]:
    return [row for row in rows if row["period"] <= last]


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """Extractions two months after the last month of each, from 2020-11 to 2021-05; each doubles one old cell."""
    folder = tmp_path_factory.mktemp("extractions")
    lake = open_lake(folder / "lake", create=True, memory_limit="500MB")
    base = [*quiet(5, products=12), *present(), *present(reporter_iso3="POL"), *series([9.0] * 30, partner_iso3="RUS")]
    for step, last in enumerate(["2020-09", "2020-10", "2020-11", "2020-12", "2021-01", "2021-02", "2021-03"]):
        revised = series([100.0 * 2**step] * 30, hs_code="847199")
        day = f"{month_text(month_index(last) + 2)}-15"
        extract(folder, lake, months_until([*base, *revised], last), day=day)
    return lake


def test_a_look_sees_no_month_that_was_not_extracted_yet(lake: Lake) -> None:
    found = watch(lake, **QUESTION, start="2020-11", end="2021-05")
    assert found.looks["window_end"][1:] == ["2020-10", "2020-11", "2020-12", "2021-01", "2021-02", "2021-03"]


@pytest.mark.parametrize(("month", "money"), [("2020-12", 200.0 * 4), ("2021-03", 1600.0 * 7), ("2021-05", 6400.0 * 9)])
def test_a_look_reads_the_figures_of_its_day(lake: Lake, month: str, money: float) -> None:
    found = watch(lake, **QUESTION, start=month, end=month)
    row = next(row for row in found if row["product_id"] == "847199")
    assert row["observed"] == pytest.approx(money)
    assert "later_extraction" not in row["caveats"]


def test_before_the_first_extraction_its_figures_are_read_and_said_to_be_later(lake: Lake) -> None:
    row = next(row for row in asked(lake, until="2020-09", as_of="2020-09") if row["product_id"] == "847199")
    assert row["observed"] == pytest.approx(300.0) and "later_extraction" in row["caveats"]


def test_without_a_month_the_newest_figures_are_read(lake: Lake) -> None:
    row = next(row for row in asked(lake) if row["product_id"] == "847199")
    assert row["observed"] == pytest.approx(6400.0 * 9) and "later_extraction" not in row["caveats"]


def test_what_is_extracted_later_changes_no_earlier_look(tmp_path: Path, lake: Lake) -> None:
    before = watch(lake, **QUESTION, start="2021-02", end="2021-03").rows()
    extract(tmp_path, lake, series([1e6] * 40, partner_iso3="KAZ", hs_code="847101"), day="2021-09-15")
    assert watch(lake, **QUESTION, start="2021-02", end="2021-03").rows() == before
