"""Files that are whole or absent: durable writes, hashes, and errors said in the lake's words."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from entrepot.errors import LakeError, SourceError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FULL_WORDS = ("no space left", "file too large", "disk quota exceeded", "not enough disk space")


def sync_file(path: Path) -> None:
    """Force a file's bytes to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_folder(path: Path) -> None:
    """Force a folder's entries to the disk, so that a rename in it outlives a power cut."""
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(path: Path) -> None:
    """Make a folder and its parents, each entry forced to the disk."""
    if path.is_dir():
        return
    make_folder(path.parent)
    path.mkdir(exist_ok=True)
    sync_folder(path.parent)


def write_json(path: Path, value: dict[str, Any]) -> None:
    """Write JSON so that ``path`` holds either all of it or what it held before, also after a power cut."""
    scratch = path.with_name(f".{path.name}.{os.getpid()}.new")
    with scratch.open("w", encoding="utf-8") as file:
        json.dump(value, file, ensure_ascii=False, indent=1, sort_keys=True)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    scratch.replace(path)
    sync_folder(path.parent)


@contextmanager
def storing(where: Path) -> Iterator[None]:
    """Turn a full disk, a refused write or exhausted memory into a LakeError about ``where``."""
    try:
        yield
    except OSError as error:
        raise disk_error(error, where) from error
    except duckdb.OutOfMemoryException as error:
        raise LakeError(
            "the memory limit is too small for this step",
            where=str(where),
            remedy="Nothing was changed. Raise memory_limit (ENTREPOT_MEMORY_LIMIT).",
        ) from error
    except duckdb.IOException as error:
        raise disk_error(error, where) from error


def disk_error(error: OSError | duckdb.Error, where: Path) -> LakeError:
    """Return the LakeError that says what the system said."""
    if is_full(error):
        return LakeError("the disk is full", where=str(where), remedy="Nothing was changed. Make room, then run again.")
    text = error.strerror or str(error) if isinstance(error, OSError) else first_line(error)
    remedy = "Nothing was changed. Check that the folder may be written."
    return LakeError(f"cannot store: {text}", where=str(where), remedy=remedy)


def is_full(error: BaseException) -> bool:
    """Whether the system refused bytes for want of room."""
    if isinstance(error, OSError) and error.errno in _FULL:
        return True
    return any(word in str(error).lower() for word in _FULL_WORDS)


@contextmanager
def reading(name: str, stage: Path) -> Iterator[None]:
    """Turn a failure of the table engine over a publisher's rows into a SourceError about ``name``.

    The engine reads and writes in one go; an error that is about the stage's own files is the lake's.
    """
    try:
        yield
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.IOException as error:
        if is_full(error) or str(stage) in str(error):
            raise
        raise SourceError(first_line(error), where=name, remedy="Check that the file is whole.") from error
    except duckdb.Error as error:
        raise SourceError(first_line(error), where=name, remedy="Correct the file or the mapping.") from error


def first_line(error: BaseException) -> str:
    """Return the first line of an error's text, without the engine's own class prefix."""
    line = next(iter(str(error).strip().splitlines()), type(error).__name__)
    head, _, rest = line.partition("Error: ")
    return rest if rest and len(head) < 30 else line
