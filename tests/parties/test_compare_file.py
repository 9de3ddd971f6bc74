"""Pairs in a file: streamed, harmless to spreadsheets, and never fewer rows than the file has."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import pytest

from entrepot.errors import ConfigError, SourceError
from entrepot.parties import compare, compare_file


def made(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "pairs.csv"
    path.write_text(text, "utf-8")
    return path


PAIRS = "a,b,note\nИван Петров,Ivan Petrov,=1+1\nN/A,n/a,-5\nUnknown Unknown,неизвестно,+996700000000\n"


@pytest.mark.parametrize("ending", [".csv", ".jsonl", ".json", ".parquet"])
def test_what_is_streamed_is_what_is_returned(tmp_path: Path, ending: str) -> None:
    pairs, out = made(tmp_path, PAIRS), tmp_path / f"out{ending}"
    assert compare_file(pairs, out, left="a", right="b") == 3
    scores = [row[0] for row in duckdb.sql(f"SELECT score FROM '{out}'").fetchall()]
    assert scores == compare(pairs, left="a", right="b")["score"] and scores[1:] == [None, None]


def test_a_formula_becomes_text_and_a_number_stays(tmp_path: Path) -> None:
    compare_file(made(tmp_path, PAIRS), tmp_path / "out.csv", left="a", right="b")
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        assert [row["note"] for row in csv.DictReader(file)] == ["'=1+1", "-5", "+996700000000"]


def test_a_quote_that_is_never_closed_stops_and_names_where_it_was_opened(tmp_path: Path) -> None:
    pairs = made(tmp_path, 'a,b\nA,B\n"Ivan,Petr\nC,D\nE,F\n')
    with pytest.raises(SourceError, match="begins in line 3"):
        compare_file(pairs, tmp_path / "out.csv", left="a", right="b")
    assert not (tmp_path / "out.csv").exists()


def test_two_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="two columns are called 'a'"):
        compare(made(tmp_path, "a,a,b\n1,2,3\n"), left="a", right="b")
