"""Snapshots: the exact bytes that rows were read from, copied before they are read."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass, replace
from pathlib import Path

from entrepot.errors import NotFound, SnapshotMismatch, SourceError
from entrepot.origin import Origin

BLOCK = 1 << 20
ID_LENGTH = 16


@dataclass(frozen=True)
class Snapshot:
    """Bytes that a publisher served.

    Attributes:
        snapshot_id: first 16 hexadecimal digits of the SHA-256.
        path: the copy to read; it has the name of the file it was taken from.
        origin: where the bytes came from, ``sha256`` filled in.
    """

    snapshot_id: str
    path: Path
    origin: Origin


def copy_snapshot(path: Path, origin: Origin, *, folder: Path) -> Snapshot:
    """Return a snapshot of ``path``, copied into ``folder`` and hashed in one pass.

    Raises:
        NotFound: no such file.
        SourceError: a folder or device, no permission, empty, or changed while it was copied.
        SnapshotMismatch: ``origin.sha256`` is given and the bytes have another hash.
        OSError: the copy could not be written.
    """
    handle = _open(path)
    target = folder / path.name
    with os.fdopen(handle, "rb", buffering=0) as source:
        before = os.fstat(source.fileno())
        digest, size = _copy(source.fileno(), target, where=path)
        if size != before.st_size or _marks(before) != _marks(os.fstat(source.fileno())):
            raise SourceError(
                "the file changed while it was read",
                where=str(path),
                remedy="Ingest it again when it is complete.",
            )
    if size == 0:
        raise SourceError("the file is empty", where=str(path), remedy="Download it again.")
    if origin.sha256 and origin.sha256 != digest:
        raise SnapshotMismatch(
            f"the bytes have hash {digest[:ID_LENGTH]}, recorded is {origin.sha256[:ID_LENGTH]}",
            where=str(path),
            remedy="Download it again.",
        )
    return Snapshot(digest[:ID_LENGTH], target, replace(origin, sha256=digest))


def _open(path: Path) -> int:
    try:
        # Without O_NONBLOCK a named pipe would hang the run before it can be refused.
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except FileNotFoundError as error:
        raise NotFound("no such file", where=str(path), remedy="Check the path.") from error
    except PermissionError as error:
        raise SourceError("no permission to read", where=str(path), remedy="Change its permissions.") from error
    except OSError as error:
        raise SourceError(f"cannot be opened: {error.strerror}", where=str(path), remedy="Check the path.") from error
    mode = os.fstat(handle).st_mode
    if stat.S_ISREG(mode):
        return handle
    os.close(handle)
    if stat.S_ISDIR(mode):
        raise SourceError("this is a folder", where=str(path), remedy="Name the files in it, for example FOLDER/*.")
    raise SourceError("this is not a regular file", where=str(path), remedy="Save it to a file first.")


def _copy(source: int, target: Path, *, where: Path) -> tuple[str, int]:
    digest = hashlib.sha256()
    size = 0
    with target.open("wb", buffering=0) as copy:
        while block := _read(source, where):
            digest.update(block)
            view = memoryview(block)
            while view:
                view = view[copy.write(view) :]
            size += len(block)
        os.fsync(copy.fileno())
    return digest.hexdigest(), size


def _read(source: int, where: Path) -> bytes:
    try:
        return os.read(source, BLOCK)
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror}", where=str(where), remedy="Check the disk.") from error


def _marks(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns
