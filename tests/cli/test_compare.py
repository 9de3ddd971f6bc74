"""``entrepot compare``: pairs in, pairs with score and reasons out."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from entrepot.cli import main

TEXT = "id,a,b\n1,Асанов Бакыт,BAKYT ASANOV\n2,Acme Trading LLC,Apex Trading LLC\n3,,Ivan Petrov\n"


def test_columns_are_kept_and_two_are_added(tmp_path: Path) -> None:
    (tmp_path / "pairs.csv").write_text(TEXT, "utf-8")
    out = tmp_path / "out.csv"
    assert main(["compare", str(tmp_path / "pairs.csv"), "--left", "a", "--right", "b", "--out", str(out)]) == 0
    rows = list(csv.DictReader(out.open(encoding="utf-8")))
    assert list(rows[0]) == ["id", "a", "b", "score", "reasons"]
    assert float(rows[0]["score"]) > 0.7 > float(rows[1]["score"])
    assert rows[2]["score"] == "" and json.loads(rows[2]["reasons"])[0]["detail"] == "no usable name"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the file is empty"),
        ("a,b\n", "no rows below the header"),
        ("a,c\nx,y\n", "there is no column 'b'"),
        ("a,b,score\nx,y,1\n", "has a column 'score' already"),
    ],
)
def test_a_file_that_cannot_be_compared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, said: str
) -> None:
    (tmp_path / "pairs.csv").write_text(text, "utf-8")
    assert main(["compare", str(tmp_path / "pairs.csv"), "--left", "a", "--right", "b"]) == 1
    told = capsys.readouterr().err
    assert said in told and "pairs.csv" in told


def test_another_encoding_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "pairs.csv").write_bytes("a,b\nИванов Иван,Ivanov Ivan\n".encode("cp1251"))
    assert main(["compare", str(tmp_path / "pairs.csv"), "--left", "a", "--right", "b"]) == 1
    assert "UTF-8" in capsys.readouterr().err


def test_a_row_without_names_stays_where_it_was(tmp_path: Path) -> None:
    (tmp_path / "pairs.csv").write_text("a,b\n,\nAsan Usenov,Asan Usenov\n,\n", "utf-8")
    out = tmp_path / "out.csv"
    assert main(["compare", str(tmp_path / "pairs.csv"), "--left", "a", "--right", "b", "--out", str(out)]) == 0
    assert [bool(row["score"]) for row in csv.DictReader(out.open(encoding="utf-8"))] == [False, True, False]
