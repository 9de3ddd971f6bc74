"""``entrepot read`` from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from entrepot.cli import main

ARTICLE = Path(__file__).parents[1] / "fixtures" / "articles" / "dev2-interview.txt"


def test_claims_are_written_one_a_line(tmp_path: Path) -> None:
    assert main(["read", str(ARTICLE), "--out", str(tmp_path / "c.jsonl")]) == 0
    rows = [json.loads(line) for line in (tmp_path / "c.jsonl").read_text("utf-8").splitlines()]
    assert {row["speaker"] for row in rows} == {"per:daniyar-omarov"} and rows[0]["checks"][0]["verdict"]


def test_a_brief_is_a_page_without_scripts(tmp_path: Path) -> None:
    article = tmp_path / "a.txt"
    article.write_text("<script>alert(1)</script> Banks refuse payments from Russia.", "utf-8")
    assert main(["read", str(article), "--out", str(tmp_path / "b.html")]) == 0
    assert "<script" not in (tmp_path / "b.html").read_text("utf-8")


def test_a_missing_file_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", str(tmp_path / "none.txt")]) == 1
    assert capsys.readouterr().err.count("\n") == 1
