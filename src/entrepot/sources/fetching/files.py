"""Files of a download folder.

Layout on disk::

    <name>               the publisher's bytes, complete
    <name>.origin.json   its Origin: publisher, title, url without key, retrieved_at, extracted_date,
                         licence, sha256
    <name>.part          bytes of a download that has not ended
    <name>.part.json     what they are the beginning of (address, validators, full length)
    .fetch.lock          held while a fetch works in the folder
    .comtrade.json       calls made today and questions known to be too large; no key

The record is written before the file takes its final name, so that a file without a record is never
one of ours that was interrupted.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from entrepot.errors import SnapshotMismatch, SourceError
from entrepot.origin import Origin, content_hash


def beside(path: Path, ending: str) -> Path:
    """Return the path of a companion of ``path``: its name with ``ending`` added."""
    return path.with_name(path.name + ending)


@contextmanager
def folder_lock(folder: Path) -> Iterator[None]:
    """Hold the folder for one fetch; the lock ends with the process, however that ends.

    Raises:
        SourceError: another fetch works here, or the folder cannot be made or written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / ".fetch.lock").open("ab")
    except OSError as error:
        raise cannot_write(folder, error) from error
    with file:
        if sys.platform != "win32":
            import fcntl

            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise SourceError(
                    "another fetch is working in this folder",
                    where=str(folder),
                    remedy="Wait for it to end, or name another --dir.",
                ) from error
        yield


def is_here(path: Path) -> bool:
    """Return whether ``path`` is a complete earlier download, by its record and hash.

    Raises:
        SnapshotMismatch: a file of that name that has no record, or not the recorded bytes.
    """
    if not path.exists():
        return False
    remedy = "Move the file away, or download it again with --refresh."
    try:
        record = json.loads(beside(path, ".origin.json").read_text("utf-8"))
        recorded = str(record["sha256"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SnapshotMismatch(
            "a file of that name is here without a record of where it came from",
            where=str(path),
            remedy=remedy,
        ) from error
    if not path.is_file() or content_hash(path) != recorded:
        raise SnapshotMismatch("the file is not the one that was downloaded", where=str(path), remedy=remedy)
    return True


def promote(part: Path, target: Path, *, origin: Origin) -> None:
    """Give a complete download its final name, after its record."""
    try:
        with part.open("rb") as file:
            os.fsync(file.fileno())
        write_json(beside(target, ".origin.json"), origin.as_dict())
        part.replace(target)
        beside(part, ".json").unlink(missing_ok=True)
    except OSError as error:
        raise cannot_write(target, error) from error


def write_json(path: Path, content: Mapping[str, object]) -> None:
    """Replace a small JSON file in one step."""
    draft = beside(path, ".new")
    try:
        with draft.open("w", encoding="utf-8") as file:
            file.write(json.dumps(content, ensure_ascii=False, indent=1) + "\n")
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        raise cannot_write(path, error) from error


def read_json(path: Path) -> dict[str, object]:
    """Return the content of a small JSON file; empty where it is absent or not readable as JSON."""
    try:
        content = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def cannot_write(path: Path, error: OSError) -> SourceError:
    """Return the error for a failed write: full disk, no permission."""
    return SourceError(
        f"cannot write ({error.strerror or error})",
        where=str(path),
        remedy="Check the folder's permissions and the free space; what was downloaded is kept.",
    )
