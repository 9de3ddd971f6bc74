"""``routes`` on the command line: control sets side by side, weights, months for R and Stata, placebos."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest

from entrepot.cli import main
from entrepot.ledger import record
from tests.factory import added, lake_of, planted, present, quiet
from tests.ledger.packs_made import AT, entry

LISTED = ",".join(f"84{7100 + i:04d}" for i in range(0, 40, 5))


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("routes")
    rows = added([*quiet(3), *planted(200_000, via="KAZ", code="847105")])
    lake_of(folder, rows, present(partner_iso3="RUS"))
    question = ["--destination", "RUS", "--event", "2020-07", "--origins", "DEU,POL", "--products", LISTED]
    return ["routes", "--lake", str(folder / "lake"), *question]


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_all_control_sets_stand_side_by_side(asked: list[str], tmp_path: Path) -> None:
    usual, every = tmp_path / "usual.csv", tmp_path / "all.csv"
    assert main([*asked, "--out", str(usual)]) == main([*asked, "--controls", "all", "--out", str(every)]) == 0
    for a, b in zip(read(usual), read(every), strict=True):
        assert a == {name: b[name] for name in a}
        excess = [float(b[f"{name}_excess"]) for name in ("own", "destination", "sister", "via", "pooled")]
        assert min(excess) == float(b["excess_min"]) and max(excess) == float(b["excess_max"])
        assert all(0 <= float(b[f"{name}_pretrend_p"]) <= 1 for name in ("own", "via"))
        assert float(b["pooled_excess_low"]) == float(b["excess_low"]) and b["control_set"] == "pooled"


def test_the_headline_of_one_set_is_its_column_among_all(asked: list[str], tmp_path: Path) -> None:
    one, every = tmp_path / "via.csv", tmp_path / "all.csv"
    assert main([*asked, "--controls", "via", "--out", str(one)]) == 0
    assert main([*asked, "--controls", "all", "--out", str(every)]) == 0
    found = {(row["via_iso3"], row["product_id"]): row for row in read(every)}
    for row in read(one):
        beside = found[row["via_iso3"], row["product_id"]]
        assert row["excess_high"] == beside["via_excess_high"]
        # The months speak for the set that they are held against, which beside the others is the usual one.
        assert row["excess_low"] == beside["via_excess_low"] or (
            float(row["p_value"]) <= 0.01 and float(row["excess_low"]) > float(beside["via_excess_low"])
        )


def test_other_sellers_change_nothing_where_there_are_none(asked: list[str], tmp_path: Path) -> None:
    usual, counted = tmp_path / "usual.csv", tmp_path / "counted.csv"
    assert main([*asked, "--out", str(usual)]) == main([*asked, "--sellers", "--out", str(counted)]) == 0
    assert read(usual) == read(counted)


def test_weights_go_to_a_file_of_their_own(asked: list[str], tmp_path: Path) -> None:
    assert main([*asked, "--weights", str(tmp_path / "weights.csv"), "--out", str(tmp_path / "routes.csv")]) == 0
    weights = read(tmp_path / "weights.csv")
    assert {row["product_id"] for row in weights} == {"847105"}
    assert {row["control_set"] for row in weights} == {"destination", "sister", "via", "pooled"}


def test_tidy_months_come_with_scripts(asked: list[str], tmp_path: Path) -> None:
    assert main([*asked, "--tidy", str(tmp_path / "months"), "--out", str(tmp_path / "routes.csv")]) == 0
    names = {path.name for path in (tmp_path / "months").iterdir()}
    assert names == {"series.csv", "rows.csv", "estimate.R", "estimate.do"}


def test_placebos_stand_beside_the_real_answer(
    asked: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*asked, "--placebo", "products=3", "--seed", "4", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [row["is_real"] for row in found] == [True, False, False, False]
    assert main([*asked, "--placebo", "date=2", "--out", str(tmp_path / "dates.csv")]) == 0
    assert "2 placebos; the real answer has 1 alerts, rank 1 (p 0.333)" in capsys.readouterr().err


@pytest.mark.parametrize(
    "wrong",
    [
        ["--placebo", "moon"],
        ["--placebo", "date="],
        ["--placebo", "date=0"],
        ["--placebo", "date=-1"],
        ["--placebo", "date=²"],
        ["--controls", "unlisted"],
        ["--placebo", "date", "--weights", "w.csv"],
        ["--weights", "w.txt"],
    ],
)
def test_wrong_usage_is_told(asked: list[str], wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*asked, *wrong]) == 2
    assert wrong[0] in capsys.readouterr().err


def test_a_folder_that_cannot_be_made_is_told_before_the_work(
    asked: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*asked, "--tidy", str(tmp_path / "no" / "where")]) == 1
    assert "Choose another --tidy." in capsys.readouterr().err


def test_an_onward_leg_that_is_not_there_gives_no_placebo_destination(
    asked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*asked, "--placebo", "destination"]) == 1
    assert "onward leg is not in the data" in capsys.readouterr().err


def test_a_report_on_a_lake_beside_a_simulated_world_says_so_and_draws_no_real_law(
    asked: list[str], tmp_path: Path
) -> None:
    real, made = tmp_path / "real.html", tmp_path / "made.html"
    # The made trade is of 2020; the ledger's acts of that time are none, so the page is looked at for its banner.
    assert main([*asked, "--out", str(real)]) == 0
    lake = Path(asked[asked.index("--lake") + 1])
    (lake.parent / "world").mkdir()
    (lake.parent / "world" / "README.txt").write_text("SIMULATED", "utf-8")
    assert main([*asked, "--out", str(made)]) == 0
    shutil.rmtree(lake.parent / "world")
    assert "SIMULATED" in made.read_text("utf-8") and "SIMULATED" not in real.read_text("utf-8")


def test_a_measure_gives_the_event_and_is_told(asked: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    asked = [word for word in asked if word not in ("--event", "2020-07")]
    assert main([*asked, "--measure", "kaz-20230401-online-tracking"]) == 1
    said = capsys.readouterr().err
    assert "kaz-20230401-online-tracking: event 2023-04" in said and "2023-04" in said.splitlines()[-1]


def test_a_measure_of_the_lakes_own_ledger_gives_its_goods_unless_others_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lake = lake_of(tmp_path, added(quiet(3)), present(partner_iso3="RUS"))
    goods = [{"hs_code": "847105", "hs_revision": "HS2017"}]
    record(lake, [entry("own-ban", instrument="export_ban", dates={"effective": "2020-07-01"}, goods=goods)], at=AT)
    asked = ["routes", "--lake", str(lake.path), "--destination", "RUS", "--origins", "DEU,POL", "--measure", "own-ban"]
    said = []
    for products in ([], ["--products", "all"], ["--products", "847101"]):
        assert main([*asked, *products, "--out", str(tmp_path / "routes.csv")]) == 0
        said.append(capsys.readouterr().err.splitlines()[0])
    assert said == [f"own-ban: event 2020-07, products {products}" for products in ("847105", "all", "847101")]
