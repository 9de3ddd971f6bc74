"""The how-to pages do what they say."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepot.cli import main
from entrepot.lake import open_lake
from tests.tour.reading import ROOT, blocks, commands

INGEST = (ROOT / "docs" / "how-to" / "ingest-your-own-file.md").read_text("utf-8")


def written(folder: Path) -> tuple[Path, Path]:
    """The example's table and its mapping, as the page shows them."""
    table = next(block for block in blocks(INGEST, "") if "Monat;" in block)
    (folder / "office.csv").write_text(table, "utf-8")
    (folder / "office.toml").write_text(blocks(INGEST, "toml")[0], "utf-8")
    return folder / "office.csv", folder / "office.toml"


def test_the_example_of_a_mapping_reads_its_file(tmp_path: Path) -> None:
    table, mapping = written(tmp_path)
    assert main(["ingest", "flows", str(table), "--mapping", str(mapping), "--lake", str(tmp_path / "lake")]) == 0
    with open_lake(tmp_path / "lake").engine() as engine:
        rows = engine.rows("SELECT period, reporter_iso3, partner_iso3, flow, hs_code, value, currency FROM flows")
    assert rows == [("2024-03", "DEU", "KAZ", "export", "854231", 1_204_500.0, "EUR")]


def test_the_words_of_a_mapping_are_known(tmp_path: Path) -> None:
    from entrepot.sources import Layout

    assert {"skip", "parts", "schemes", "melt", "ignored", "duplicates"} <= set(Layout.model_fields)


@pytest.mark.slow
def test_a_question_asked_again_gives_the_same_bytes(
    in_demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = ["routes", "--destination", "RUS", "--event", "2022-03", "--products", "chpl", "--lake", "demo/lake", "--out"]
    answers = set()
    for threads in (1, 2):
        monkeypatch.setenv("ENTREPOT_THREADS", str(threads))
        assert main([*ask, str(tmp_path / "again.csv")]) == 0
        answers.add((tmp_path / "again.csv").read_bytes())
    assert len(answers) == 1


@pytest.mark.slow
def test_the_page_on_watching_does_what_it_says(in_demo: Path) -> None:
    page = (ROOT / "docs" / "how-to" / "watch.md").read_text("utf-8")
    given = commands(page)
    assert len(given) == 2
    for arguments in given:
        assert main(arguments) == 0
        assert Path(arguments[-1]).stat().st_size > 0
    names: dict[str, object] = {}
    exec(compile(blocks(page, "python")[0], "watch.md", "exec"), names)
    assert len(names["found"].looks) == 4  # type: ignore[attr-defined]


def test_the_page_on_measures_asks_without_a_lake(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    page = (ROOT / "docs" / "how-to" / "measures.md").read_text("utf-8")
    given = [a for a in commands(page) if a[0] == "measures" and "my-pack" not in a]
    assert len(given) == 7
    assert all(main(arguments) == 0 for arguments in given)
    assert (tmp_path / "mir.html").stat().st_size > 0
    drawn = (ROOT / "docs" / "images" / "timeline.svg").read_text("utf-8")
    assert "kgz-20240403-mir-stop" in drawn and "<script" not in drawn
