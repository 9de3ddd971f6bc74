"""``entrepot effect``: a sentence, JSON, a page; a refusal is an answer, wrong usage is not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from entrepot.cli import main
from entrepot.ledger import record
from tests.flows.effect.test_answer import lake
from tests.ledger.packs_made import AT, entry

QUESTION = ["effect", "--exporter", "DEU", "--importer", "KAZ"]


@pytest.fixture
def made(tmp_path: Path) -> list[str]:
    return ["--lake", str(lake(tmp_path, after=0.6).path)]


def test_the_sentence_has_the_interval_and_blames_nobody(made: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*QUESTION, *made, "--date", "2021-07-15"]) == 0
    told = capsys.readouterr().out
    assert "90 % interval between -" in told and "cause" not in told


def test_json_has_the_contracts_fields(made: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*QUESTION, *made, "--date", "2021-07", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    names = "exporters importers products date n_treated n_controls effect_pct low high p_value anticipation_pct"
    names += " anticipation_low anticipation_high pretrend_p_value path controls other_measures caveats answered"
    assert set(names.split()) <= set(found) and found["answered"] is True
    assert set(found["path"][0]) == {"period", "estimate_pct", "low", "high"}


def test_a_page_and_a_file_are_written(made: list[str], tmp_path: Path) -> None:
    for ending in ("html", "json"):
        out = tmp_path / f"effect.{ending}"
        assert main([*QUESTION, *made, "--date", "2021-07", "--out", str(out)]) == 0
        assert "KAZ" in out.read_text("utf-8")


def test_a_refusal_says_what_is_missing(made: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*QUESTION, *made, "--date", "2019-09"]) == 0
    assert "Not answered" in capsys.readouterr().out


def test_one_of_date_and_measure_is_needed(made: list[str]) -> None:
    assert main([*QUESTION, *made]) == 2


def test_a_measure_of_the_lakes_own_ledger_is_found_and_all_products_may_be_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = lake(tmp_path, after=0.6)
    goods = [{"hs_code": "854231", "hs_revision": "HS2017"}]
    record(kept, [entry("own", dates={"effective": "2021-07-15"}, goods=goods, targets=["KAZ"])], at=AT)
    asked = [*QUESTION, "--lake", str(kept.path), "--measure", "own", "--json"]
    found = []
    for products in ([], ["--products", "all"]):
        assert main([*asked, *products]) == 0
        found.append(json.loads(capsys.readouterr().out)["products"])
    assert found == ["854231", "all"]
