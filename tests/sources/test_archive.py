"""Unpacking: every kind, and the ways in which an archive can be bad."""

from __future__ import annotations

import gzip
import os
import zipfile
from pathlib import Path

import py7zr
import pytest

from entrepot.errors import SourceError
from entrepot.sources import archive
from entrepot.sources.archive import unpack
from tests.sources.reading import HEAD, ROW, read, written

TEXT = f"{HEAD}\n{ROW}\n".encode()


def packed(folder: Path, kind: str, text: bytes = TEXT) -> Path:
    path = folder / f"trade.csv.{kind}"
    if kind == "gz":
        path.write_bytes(gzip.compress(text))
    elif kind == "zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
            out.writestr("in/trade.csv", text)
    else:
        with py7zr.SevenZipFile(path, "w") as out:
            out.writestr(text, "trade.csv")
    return path


@pytest.mark.parametrize("kind", ["gz", "zip", "7z"])
def test_a_packed_file_reads_like_the_plain_one(tmp_path: Path, kind: str) -> None:
    assert read(tmp_path, "flows", packed(tmp_path, kind)).column("value") == [1000.0]


@pytest.mark.parametrize("kind", ["gz", "zip", "7z"])
def test_a_truncated_archive_is_refused(tmp_path: Path, kind: str) -> None:
    whole = packed(tmp_path, kind, TEXT + os.urandom(1 << 16))
    whole.write_bytes(whole.read_bytes()[: whole.stat().st_size * 2 // 3])
    with pytest.raises(SourceError, match=r"truncated or damaged.*Download it again"):
        read(tmp_path, "flows", whole)


@pytest.mark.parametrize("kind", ["gz", "zip", "7z"])
def test_a_bomb_is_stopped_while_it_unpacks(tmp_path: Path, kind: str) -> None:
    bomb = packed(tmp_path, kind, bytes(8 << 20))
    with pytest.raises(SourceError, match="bomb"):
        unpack(bomb, folder=tmp_path / "out", free=1 << 20)
    assert sum(path.stat().st_size for path in (tmp_path / "out").iterdir()) < 4 << 20


def test_an_unpacked_size_limit_holds_whatever_the_ratio(tmp_path: Path) -> None:
    budget = archive.Budget(packed=1 << 30, where="x", total=100)
    with pytest.raises(SourceError, match="bomb"):
        budget.spend(101)


def test_a_saved_error_page_is_no_archive(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such archive"):
        read(tmp_path, "flows", written(tmp_path, "<html>not found</html>", "trade.7z"))


def test_an_archive_in_an_archive_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is an archive, too"):
        unpack(packed(tmp_path, "zip", gzip.compress(TEXT)), folder=tmp_path / "out")


def test_members_of_one_archive_are_read_together(tmp_path: Path) -> None:
    path = tmp_path / "two.zip"
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("a.csv", TEXT)
        out.writestr("b.csv", TEXT.replace(b"2024-01", b"2024-02"))
    reading = read(tmp_path, "flows", path)
    assert reading.column("period") == ["2024-01", "2024-02"]
    assert reading.column("source_row") == [1, 2]


def test_members_with_other_columns_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "two.zip"
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("a.csv", TEXT)
        out.writestr("b.csv", TEXT.replace(b"value_usd", b"value_eur"))
    with pytest.raises(SourceError, match=r"two\.zip!b\.csv.*columns differ"):
        read(tmp_path, "flows", path)


def test_a_member_that_leads_out_of_the_folder_stays_inside(tmp_path: Path) -> None:
    path = tmp_path / "slip.zip"
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("../../slipped.csv", TEXT)
    members = unpack(path, folder=tmp_path / "out")
    assert [member.path.parent for member in members] == [tmp_path / "out"]
