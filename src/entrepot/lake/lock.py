"""The writer's lock: one writer at a time, freed by the system when its process dies."""

from __future__ import annotations

import fcntl
import json
import os
from datetime import UTC, datetime
from pathlib import Path

from entrepot.errors import LakeBusy


class WriterLock:
    """An exclusive ``flock`` on the lake's ``lock`` file, which tells others who holds it."""

    def __init__(self, lake: Path) -> None:
        self.path = lake / "lock"
        self._handle: int | None = None

    def acquire(self) -> None:
        """Take the lock.

        Raises:
            LakeBusy: another writer holds it; the message names its process and since when.
        """
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(handle)
            raise self._busy() from error
        self._handle = handle
        try:
            os.ftruncate(handle, 0)
            os.pwrite(handle, json.dumps({"pid": os.getpid()}).encode(), 0)
        except OSError:
            self.release()
            raise

    def release(self) -> None:
        """Free the lock; the file stays, since deleting it would let two writers lock two files."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def _busy(self) -> LakeBusy:
        # The holder's write to the file dates the lock: no clock is read here.
        try:
            since = datetime.fromtimestamp(self.path.stat().st_mtime, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            pid = json.loads(self.path.read_text("utf-8"))["pid"]
        except (OSError, ValueError, KeyError):
            since, pid = "just now", "unknown"
        return LakeBusy(
            f"process {pid} writes to this lake since {since}",
            where=str(self.path.parent),
            remedy="Wait until it ends, then run again.",
        )
