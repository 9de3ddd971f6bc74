"""Several: a cell that one report gives twice, by valuation, revision or frequency, is read once."""

from __future__ import annotations

import random
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from entrepot.flows import mirror
from entrepot.flows.several import is_several, revision_distance
from entrepot.lake import Lake
from entrepot.sources import ingest
from tests.factory import AT, Row, asked, flow, lake_of, months, present, row_of, series, written
from tests.flows.test_legs import base, legs, one

N = 30


def given(value: float, **other: Any) -> list[Row]:
    return series([value] * N, **other)


def found(folder: Path, *groups: Iterable[Row], **question: Any) -> list[float]:
    return one(legs(lake_of(folder, base(), *groups), **question)).tolist()


def caveats(lake: Lake, product: str = "854231", **question: Any) -> tuple[str, ...]:
    data = legs(lake, **question)
    return next(p.caveats for p in data.products if p.product_id == product)


def test_exports_given_at_both_stages_are_read_fob(tmp_path: Path) -> None:
    assert found(tmp_path, given(100), given(110, valuation="cif")) == [100] * N


def test_imports_given_at_both_stages_are_read_cif(tmp_path: Path) -> None:
    bought = {"reporter_iso3": "KAZ", "partner_iso3": "DEU", "flow": "import", "partner_role": "origin"}
    rows = [*given(100, **bought), *given(110, valuation="cif", **bought)]
    lake = lake_of(tmp_path, rows, present(reporter_iso3="KAZ", partner_iso3="RUS"))
    assert one(legs(lake, origins="DEU")).tolist() == [110] * N


def test_a_stage_that_is_not_named_is_taken_before_the_unusual_one(tmp_path: Path) -> None:
    assert found(tmp_path, given(100, valuation=""), given(110, valuation="cif")) == [100] * N


def test_what_is_given_at_one_stage_only_stays_whichever_it_is(tmp_path: Path) -> None:
    # Of two origins and two goods each is given at another stage; only one cell is given at both.
    rows = [given(100), given(110, valuation="cif"), given(7, reporter_iso3="POL", valuation="cif")]
    other = given(5, hs_code="854232", valuation="cif")
    data = legs(lake_of(tmp_path, base(), *rows, other))
    assert (one(data) == 107).all() and (one(data, product="854232") == 5).all()


def test_partners_given_at_different_stages_are_both_kept(tmp_path: Path) -> None:
    lake = lake_of(tmp_path, base(), given(100), given(50, partner_iso3="KGZ", valuation="cif"))
    data = legs(lake)
    assert (one(data) == 100).all() and (one(data, "KGZ") == 50).all()
    assert not {"two_valuations", "two_revisions"} & set(caveats(lake))


def test_a_value_is_read_before_a_withheld_one_of_the_usual_stage(tmp_path: Path) -> None:
    assert found(tmp_path, given(None), given(110, valuation="cif")) == [110] * N  # type: ignore[arg-type]


def test_rows_read_at_one_of_two_stages_say_so(tmp_path: Path) -> None:
    lake = lake_of(tmp_path, base(), given(100), given(110, valuation="cif"), given(5, hs_code="854232"))
    assert "two_valuations" in caveats(lake)
    assert "two_valuations" not in caveats(lake, "854232")
    assert "two_valuations" in row_of(asked(lake))["caveats"]


def test_a_code_under_two_revisions_in_one_month_is_read_under_the_one_in_force(tmp_path: Path) -> None:
    # HS2017 is in force from 2017 to 2021.
    rows = [given(v, hs_revision=r) for v, r in ((100, "HS2017"), (90, "HS2012"), (80, "HS2022"))]
    assert found(tmp_path, *rows) == [100] * N


def test_a_revision_that_is_not_named_is_the_one_in_force(tmp_path: Path) -> None:
    assert found(tmp_path, given(100), given(90, hs_revision="HS2012")) == [100] * N


def test_the_same_rows_with_and_without_a_named_revision_count_once(tmp_path: Path) -> None:
    lake = lake_of(tmp_path, base(), given(100, hs_revision="HS2017"), given(100))
    assert (one(legs(lake)) == 100).all()
    assert "two_revisions" in caveats(lake)


def test_what_is_given_under_the_older_revision_only_stays(tmp_path: Path) -> None:
    rows = [given(100, hs_revision="HS2017"), given(90, hs_revision="HS2012")]
    only = [given(70, hs_revision="HS2012", partner_iso3="KGZ"), given(3, hs_revision="HS2012", hs_code="854232")]
    data = legs(lake_of(tmp_path, base(), *rows, *only))
    assert (one(data) == 100).all() and (one(data, "KGZ") == 70).all()
    assert (one(data, product="854232") == 3).all()


def test_after_a_split_the_old_code_beside_its_parts_is_left_out(tmp_path: Path) -> None:
    before = series([100] * 24, "2020-01", hs_code="852580", hs_revision="HS2017")
    again = series([100] * 12, "2022-01", hs_code="852580", hs_revision="HS2017")
    parts = [
        series([v] * 12, "2022-01", hs_code=code, hs_revision="HS2022") for code, v in (("852581", 40), ("852589", 60))
    ]
    changes = [("852580", code, "2022 to 2017") for code in ("852581", "852589")]
    there = [present("2020-01", 36, reporter_iso3=iso3) for iso3 in ("DEU", "POL")]
    rows = [before, again, *parts, *there, series([1.0], "2020-01", partner_iso3="RUS")]
    lake = lake_of(tmp_path, *rows, concordance=changes)
    assert (one(legs(lake, event="2022-03"), product="852581+") == 100).all()
    assert "two_revisions" in caveats(lake, "852581+", event="2022-03")


def test_a_new_revision_from_a_month_on_is_no_mixture(tmp_path: Path) -> None:
    rows = [series([100] * 24, "2020-01", hs_revision="HS2017"), series([100] * 12, "2022-01", hs_revision="HS2022")]
    there = [present("2020-01", 36, reporter_iso3=iso3) for iso3 in ("DEU", "POL")]
    lake = lake_of(tmp_path, *rows, *there, series([1.0], "2020-01", partner_iso3="RUS"))
    assert (one(legs(lake, event="2022-03")) == 100).all()
    assert "two_revisions" not in caveats(lake, event="2022-03")


@pytest.mark.parametrize(("level", "product"), [(4, "8542"), (6, "854231")])
def test_revisions_stages_and_digits_at_once_count_once(tmp_path: Path, level: int, product: str) -> None:
    fine = [given(50, hs_code=code, hs_revision="CN2019") for code in ("85423110", "85423190")]
    twice = [given(v, hs_revision=r, valuation=s) for v, r, s in ((100, "HS2017", "fob"), (110, "HS2017", "cif"))]
    old = given(90, hs_revision="HS2012")
    data = legs(lake_of(tmp_path, base(), *fine, *twice, old), level=level)
    assert (one(data, product=product) == 100).all()


def test_a_report_with_doubled_cells_changes_nothing_for_another(tmp_path: Path) -> None:
    rows = [given(7, reporter_iso3="POL"), given(8, reporter_iso3="POL", valuation="cif")]
    assert found(tmp_path, given(100), *rows) == [107] * N


def test_two_files_of_one_source_with_and_without_a_stage_count_once(tmp_path: Path) -> None:
    lake = lake_of(tmp_path, base(), given(100))
    ingest(lake, "flows", written(tmp_path / "again.csv", given(100, valuation="")), at=AT)
    assert (one(legs(lake)) == 100).all()


def test_yearly_rows_beside_monthly_ones_are_never_added(tmp_path: Path) -> None:
    yearly = [flow(year, 1200.0) for year in ("2019", "2020")]
    lake = lake_of(tmp_path, base(), given(100), yearly)
    assert (one(legs(lake)) == 100).all()
    found = mirror(lake, exporter="DEU", importer="KAZ", products="854231", level=6)
    assert {v for v in found["export_value"] if v is not None} == {100.0}


def test_a_year_that_is_given_only_as_a_whole_is_unknown_by_month(tmp_path: Path) -> None:
    rows = [row for row in base() + given(100) if not row["period"].startswith("2020") or row["reporter_iso3"] != "DEU"]
    lake = lake_of(tmp_path, rows, [flow("2020", 1200.0)])
    values = one(legs(lake, event="2021-01"))
    assert np.isnan(values[12:24]).all() and (values[:12] == 100).all()


def test_doubled_rows_leave_the_mirror_as_it_was(tmp_path: Path) -> None:
    bought = series([130.0] * N, reporter_iso3="KAZ", partner_iso3="DEU", flow="import", valuation="cif")
    rows = [*base(), *given(100), *bought]
    once = mirror(lake_of(tmp_path / "once", rows), exporter="DEU", importer="KAZ")
    twice = mirror(lake_of(tmp_path / "twice", rows, given(110, valuation="cif")), exporter="DEU", importer="KAZ")
    assert once["export_value"] == twice["export_value"] and once["gap"] == twice["gap"]


def chosen(rows: list[Row]) -> float:
    """What is to be read of one month's rows of one product, worked out row by row."""
    nearest = min(revision_distance(row["hs_revision"] or None, year=2019, level=6) for row in rows)
    rows = [r for r in rows if revision_distance(r["hs_revision"] or None, year=2019, level=6) == nearest]
    rows = [row for row in rows if len(row["hs_code"]) == min(len(r["hs_code"]) for r in rows)]
    best: dict[str, Row] = {}
    named_first = sorted(rows, key=lambda r: str(r["hs_revision"]), reverse=True)
    for row in sorted(named_first, key=lambda r: ("fob", "", "cif").index(r["valuation"])):
        best.setdefault(row["hs_code"], row)
    return float(sum(row["value"] for row in best.values()))


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_mixed_each_month_is_what_choosing_by_hand_gives(tmp_path: Path, seed: int) -> None:
    luck = random.Random(seed)
    kinds = [
        {"hs_code": code, "hs_revision": revision, "valuation": stage}
        for code in ("854231", "85423110", "85423190")
        for revision in ("HS2012", "HS2017", "HS2022", "CN2019", "CN2018")
        for stage in ("fob", "cif", "")
    ]
    mixed = [[flow(p, luck.randint(1, 999), **kind) for kind in luck.sample(kinds, 4)] for p in months("2019-01", 12)]
    lake = lake_of(tmp_path, base(), *mixed, series([5.0] * 30, partner_iso3="KGZ"))
    assert one(legs(lake))[:12].tolist() == [chosen(rows) for rows in mixed]


@pytest.mark.parametrize(
    ("kinds", "answer"),
    [
        ([(6, "HS2017", "fob")], False),
        ([(6, "HS2017", "fob"), (8, "CN2020", "fob")], False),
        ([(6, "HS2017", "fob"), (8, "CN2020", "cif")], False),
        ([(6, "HS2017", "fob"), (6, "HS2017", "cif")], True),
        ([(6, "HS2017", "fob"), (6, "HS2017", None)], True),
        ([(6, "HS2012", "fob"), (8, "CN2020", "fob")], True),
        ([], False),
    ],
)
def test_which_mixtures_can_give_a_cell_twice(kinds: list[Any], answer: bool) -> None:
    assert is_several(kinds, year=2020, level=6) is answer


@pytest.mark.parametrize("level", [6, 8])
def test_the_nearest_revision_is_the_newest_in_force(level: int) -> None:
    names = [None, f"CN{2020}", "CN2019", "CN2016", "CN2023"]
    distances = [revision_distance(name, year=2020, level=level) for name in names]
    assert distances[:2] == [0, 0] and distances == sorted(distances)
