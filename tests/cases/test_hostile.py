"""Case files from elsewhere: nothing in one can leave its folder, fill the disk or pass for something else."""

from __future__ import annotations

import json
import stat
import struct
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from entrepot.cases import read_case_file, replay, verify_case_file
from entrepot.cases.bundle import unpack_bundle
from entrepot.errors import BundleRefused, EntrepotError, NotFound

HEAD = {
    "format": 1,
    "case_id": "c-1",
    "frozen_at": "2026-05-04T08:00:00Z",
    "is_public": False,
    "versions": {},
    "audit_head": {"n": 1, "hash": "0"},
    "withheld": [],
    "left_out": [],
}
Fill = Callable[[zipfile.ZipFile], None]


def made(path: Path, fill: Fill, files: dict[str, bytes] | None = None) -> Path:
    listed = [{"path": name, "sha256": sha256(content).hexdigest()} for name, content in (files or {}).items()]
    with zipfile.ZipFile(path, "w") as done:
        done.writestr("manifest.json", json.dumps({**HEAD, "files": listed}))
        for name, content in (files or {}).items():
            done.writestr(name, content)
        fill(done)
    return path


def named(name: str) -> Fill:
    return lambda done: done.writestr(zipfile.ZipInfo(name), b"x")


def link(done: zipfile.ZipFile) -> None:
    entry = zipfile.ZipInfo("link")
    entry.create_system = 3
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    done.writestr(entry, "/etc/passwd")


def device(done: zipfile.ZipFile) -> None:
    entry = zipfile.ZipInfo("fifo")
    entry.external_attr = (stat.S_IFIFO | 0o666) << 16
    done.writestr(entry, b"")


def bomb(done: zipfile.ZipFile) -> None:
    done.writestr("zeros", bytes(50_000_000), compress_type=zipfile.ZIP_DEFLATED)


def twice(done: zipfile.ZipFile) -> None:
    done.writestr("a.txt", b"x")
    done.writestr("A.TXT", b"y")


def in_a_file(done: zipfile.ZipFile) -> None:
    done.writestr("a", b"x")
    done.writestr("a/b", b"y")


def packed_otherwise(done: zipfile.ZipFile) -> None:
    done.writestr("a", b"x" * 1000, compress_type=zipfile.ZIP_LZMA)


NAMES = [
    "../out.txt",
    "a/../../out.txt",
    "/etc/out.txt",
    "a//b",
    "./a",
    "C:out.txt",
    "a\\..\\out.txt",
    "a\n.txt",
    "nul.txt",
    "a./b",
    "folder/",
    "x" * 300,
]


@pytest.mark.parametrize("fill", [link, device, bomb, twice, in_a_file, packed_otherwise, *map(named, NAMES)])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_hostile_file_is_refused_and_nothing_is_written(fill: Fill, tmp_path: Path) -> None:
    folder = tmp_path / "in" / "side"
    folder.mkdir(parents=True)
    path = made(tmp_path / "case.zip", fill)
    for use in (verify_case_file, replay, lambda one: unpack_bundle(one, folder)):
        with pytest.raises(BundleRefused):
            use(path)
    assert sorted(one.name for one in tmp_path.rglob("*")) == ["case.zip", "in", "side"]


def test_a_size_that_lies_is_refused(tmp_path: Path) -> None:
    """A file that says to be small and unpacks to more stops at what it said."""
    path = made(tmp_path / "c.zip", lambda done: done.writestr("a", bytes(900_000), compress_type=zipfile.ZIP_DEFLATED))
    content = path.read_bytes()
    path.write_bytes(content.replace(struct.pack("<L", 900_000), struct.pack("<L", 10)))
    with pytest.raises(EntrepotError):
        unpack_bundle(path, tmp_path / "x")


@pytest.mark.parametrize(
    "manifest",
    [b"", b"[]", b"{", b'{"format": 2, "files": []}', b'{"format": 1}', b"[" * 100_000, b'{"format": 1, "files": [1]}'],
)
def test_a_manifest_that_is_none_is_refused(manifest: bytes, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as done:
        done.writestr("manifest.json", manifest)
    with pytest.raises(BundleRefused):
        verify_case_file(tmp_path / "c.zip")


@pytest.mark.parametrize("content", [b"", b"PK", b"no zip at all" * 99])
def test_what_is_no_zip_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "c.zip").write_bytes(content)
    with pytest.raises(BundleRefused, match="no zip file"):
        replay(tmp_path / "c.zip")


def test_no_file_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        replay(tmp_path / "none.zip")


@pytest.mark.parametrize(
    "query",
    [
        {"command": "routes", "parameters": {}, "files": {}},
        {
            "command": "check",
            "parameters": {"kind": "card", "as_of": "2025-01-01"},
            "files": {"file": "../../../etc/passwd"},
        },
        {"command": "rm", "parameters": {}, "files": {}},
        {"parameters": 1},
        [],
    ],
)
def test_a_query_that_a_stranger_wrote_is_refused(query: object, tmp_path: Path) -> None:
    files = {"queries/01.json": json.dumps(query).encode(), "case.json": b"{}", "audit.jsonl": b""}
    listed = [{"path": name, "sha256": sha256(content).hexdigest()} for name, content in files.items()]
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as done:
        done.writestr("manifest.json", json.dumps({**HEAD, "files": listed}))
        for name, content in files.items():
            done.writestr(name, content)
    with pytest.raises(EntrepotError):
        replay(tmp_path / "c.zip")


def test_a_name_with_a_zero_byte_is_refused(tmp_path: Path) -> None:
    path = made(tmp_path / "c.zip", named("aQQb"))
    path.write_bytes(path.read_bytes().replace(b"aQQb", b"a\0Qb"))
    with pytest.raises(BundleRefused):
        verify_case_file(path)


@pytest.mark.parametrize("name", sorted(HEAD))
def test_a_manifest_that_lacks_a_part_is_refused(name: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as done:
        done.writestr("manifest.json", json.dumps({key: value for key, value in HEAD.items() if key != name}))
    with pytest.raises(BundleRefused):
        replay(tmp_path / "c.zip")


def test_a_file_whose_parts_are_none_is_told_or_refused(tmp_path: Path) -> None:
    path = made(tmp_path / "c.zip", lambda done: None, {"case.json": b"[]", "audit.jsonl": b"no json\n"})
    assert verify_case_file(path).rows() == [{"file": "audit.jsonl", "problem": "line 1: is no entry of an audit log"}]
    with pytest.raises(BundleRefused):
        read_case_file(path, tmp_path / "y")
