"""Case files: one zip whose bytes depend on its content alone, and a reader that trusts nothing in it.

Layout of a case file::

    manifest.json       format, case, versions, every other file with its SHA-256 and size, what was withheld
    case.json           the case, its alerts with findings and decisions, its notes
    audit.jsonl         the entries of the audit log about them
    documents/NNN-name
    queries/NN.json     what was asked, with which parameters
    queries/NN/role     files that it read
    answers/NN.json     what it gave: columns, types, rows
    inputs/lake/        the rows of the lake that the queries read, as a lake of their own
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from entrepot.errors import BundleRefused, NotFound, SourceError
from entrepot.lake import Table

FORMAT = 1
MANIFEST = "manifest.json"
PROBLEMS = {"file": "VARCHAR", "problem": "VARCHAR"}
# Nothing in a case file needs more; a bomb does.
MOST_FILES = 50_000
MOST_BYTES = 20_000_000_000
MOST_MANIFEST = 50_000_000
_BLOCK = 1 << 20
_WHEN = (1980, 1, 1, 0, 0, 0)
_NAME = re.compile(r"[^\x00-\x1f\x7f\\:*?\"<>|]{1,240}")
_HEAD = {
    "case_id": str,
    "frozen_at": str,
    "is_public": bool,
    "versions": dict,
    "audit_head": dict,
    "withheld": list,
    "left_out": list,
    "files": list,
}
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


def write_bundle(path: Path, head: Mapping[str, Any], files: Mapping[str, bytes | Path]) -> str:
    """Write a case file, whole or not at all; return the SHA-256 of its manifest.

    Nothing is compressed: tables are so already, and compressors differ between machines.

    Args:
        head: what the manifest says beside the list of files.
        files: name inside the file -> content, or a file that holds it.

    Raises:
        SourceError: the file cannot be written.
    """
    listed = [{"path": name, **_measured(content)} for name, content in sorted(files.items())]
    manifest = _json({**head, "format": FORMAT, "files": listed})
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with zipfile.ZipFile(scratch, "w", zipfile.ZIP_STORED) as made:
            _put(made, MANIFEST, manifest)
            for name, content in sorted(files.items()):
                _put(made, name, content)
        with scratch.open("rb") as done:
            os.fsync(done.fileno())
        scratch.replace(path)
    except OSError as error:
        raise SourceError(str(error.strerror), where=str(path), remedy="Choose another --out.") from error
    finally:
        scratch.unlink(missing_ok=True)
    return hashlib.sha256(manifest).hexdigest()


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def _measured(content: bytes | Path) -> dict[str, Any]:
    if isinstance(content, bytes):
        return {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    with content.open("rb") as file:
        return {"sha256": hashlib.file_digest(file, "sha256").hexdigest(), "bytes": content.stat().st_size}


def _put(made: zipfile.ZipFile, name: str, content: bytes | Path) -> None:
    entry = zipfile.ZipInfo(name, _WHEN)
    entry.external_attr = 0o644 << 16
    entry.create_system = 3
    if isinstance(content, bytes):
        made.writestr(entry, content)
        return
    entry.file_size = content.stat().st_size
    with content.open("rb") as source, made.open(entry, "w") as target:
        while block := source.read(_BLOCK):
            target.write(block)


def verify_bundle(path: Path) -> Table:
    """Return what does not hold in a case file: file, problem; no row where every file is as the manifest has it.

    Raises:
        NotFound: no such file.
        BundleRefused: it is no case file, or a hostile one.
    """
    problems: list[dict[str, str]] = []
    with _opened(path) as (made, entries):
        manifest, _ = _manifest(made, entries, path)
        listed = {str(one["path"]): one for one in manifest["files"]}
        for name in sorted(entries.keys() - listed.keys() - {MANIFEST}):
            problems.append({"file": name, "problem": "is not in the manifest"})
        for name, said in sorted(listed.items()):
            if name not in entries:
                problems.append({"file": name, "problem": "is missing"})
            elif found := _digest(made, entries[name], path) != said["sha256"]:
                assert found
                problems.append({"file": name, "problem": f"is altered: its hash is not {str(said['sha256'])[:16]}"})
    return Table.from_rows(problems, PROBLEMS)


def manifest_of(path: Path) -> tuple[dict[str, Any], str]:
    """Return the manifest of a case file and its SHA-256.

    Raises:
        NotFound: no such file.
        BundleRefused: it is no case file, or a hostile one.
    """
    with _opened(path) as (made, entries):
        return _manifest(made, entries, path)


def unpack_bundle(path: Path, folder: Path) -> dict[str, Any]:
    """Write the files of a case file below a folder, each checked against the manifest, and return the manifest.

    Raises:
        BundleRefused: anything is altered, missing, added or hostile. Nothing is left outside of ``folder``.
    """
    if len(problems := verify_bundle(path)):
        first = next(iter(problems))
        remedy = "Get the file again from whoever made it; `entrepot case verify` lists every problem."
        raise BundleRefused(f"{first['file']} {first['problem']}", where=str(path), remedy=remedy)
    with _opened(path) as (made, entries):
        manifest, _ = _manifest(made, entries, path)
        for name, entry in entries.items():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as file:
                for block in _blocks(made, entry, path):
                    file.write(block)
    return manifest


@contextmanager
def _opened(path: Path) -> Iterator[tuple[zipfile.ZipFile, dict[str, zipfile.ZipInfo]]]:
    if not path.is_file():
        raise NotFound("no such file", where=str(path), remedy="Name a file that `entrepot case freeze` wrote.")
    try:
        with zipfile.ZipFile(path) as made:
            yield made, _harmless(made, path)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, RuntimeError) as error:
        raise _refused(f"no zip file that can be read ({error})", path) from error


def _harmless(made: zipfile.ZipFile, path: Path) -> dict[str, zipfile.ZipInfo]:
    """The entries by name, after a look at everything that could harm: names, kinds, sizes, twins."""
    entries: dict[str, zipfile.ZipInfo] = {}
    folded: set[str] = set()
    if len(made.infolist()) > MOST_FILES:
        raise _refused(f"it holds {len(made.infolist()):,} files", path)
    total = sum(entry.file_size for entry in made.infolist())
    if total > MOST_BYTES or total > max(4 * path.stat().st_size, 1_000_000):
        raise _refused(f"unpacked it would be {total:,} bytes", path)
    for entry in made.infolist():
        if problem := _harm(entry):
            raise _refused(f"{entry.filename[:80]!r} {problem}", path)
        if entry.filename.casefold() in folded:
            raise _refused(f"{entry.filename!r} is there twice", path)
        folded.add(entry.filename.casefold())
        entries[entry.filename] = entry
    for name in entries:
        if any("/".join(name.split("/")[:depth]) in entries for depth in range(1, name.count("/") + 1)):
            raise _refused(f"{name!r} lies in a file", path)
    return entries


def _harm(entry: zipfile.ZipInfo) -> str:
    mode = entry.external_attr >> 16
    if mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return "is a link or a device, not a file"
    if entry.flag_bits & 0x1:
        return "is encrypted"
    # The name as it stands in the file: the module cuts it at a zero byte and turns separators.
    if entry.orig_filename != entry.filename:
        return "has a name that is not plain"
    parts = entry.filename.split("/")
    if entry.is_dir() or any(part in ("", ".", "..") for part in parts):
        return "leaves its folder or is no file"
    if any(not _NAME.fullmatch(part) or _RESERVED.fullmatch(part) or part != part.rstrip(". ") for part in parts):
        return "has a name that is not plain"
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "is packed in an unknown way"
    return ""


def _manifest(made: zipfile.ZipFile, entries: Mapping[str, zipfile.ZipInfo], path: Path) -> tuple[dict[str, Any], str]:
    entry = entries.get(MANIFEST)
    if entry is None or entry.file_size > MOST_MANIFEST:
        raise _refused("it has no manifest.json", path)
    content = b"".join(_blocks(made, entry, path))
    try:
        manifest = json.loads(content)
        if manifest["format"] != FORMAT:
            raise _refused(f"it has format {manifest['format']!r}, this program reads {FORMAT}", path)
        if wrong := [name for name, kind in _HEAD.items() if not isinstance(manifest.get(name), kind)]:
            raise ValueError(f"no {wrong[0]}")
        listed = [*manifest["files"], *({"path": one["name"], **one} for one in manifest["withheld"])]
        if not all(isinstance(one["path"], str) and isinstance(one["sha256"], str) for one in listed):
            raise ValueError("files")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise _refused(f"its manifest cannot be read ({error})", path) from error
    return manifest, hashlib.sha256(content).hexdigest()


def _blocks(made: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path) -> Iterator[bytes]:
    """The bytes of an entry, never more than it says to hold."""
    left = entry.file_size
    with made.open(entry) as file:
        while block := file.read(_BLOCK):
            left -= len(block)
            if left < 0:
                raise _refused(f"{entry.filename!r} is larger than it says", path)
            yield block
    if left:
        raise _refused(f"{entry.filename!r} is shorter than it says", path)


def _digest(made: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path) -> str:
    digest = hashlib.sha256()
    try:
        for block in _blocks(made, entry, path):
            digest.update(block)
    except zipfile.BadZipFile:
        # Its checksum is wrong: it is altered, and is told so with its name.
        return ""
    return digest.hexdigest()


def _refused(found: str, path: Path) -> BundleRefused:
    return BundleRefused(found, where=str(path), remedy="Take a file that `entrepot case freeze` wrote.")
