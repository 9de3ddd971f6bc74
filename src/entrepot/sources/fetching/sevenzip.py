"""Whether a file is a whole 7z archive, told from its first 32 bytes and its directory at the end."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

from entrepot.errors import SourceError

_MAGIC = b"7z\xbc\xaf\x27\x1c"
_START = 32


def check_seven_zip(path: Path, *, where: str) -> None:
    """Raise SourceError unless ``path`` is a 7z archive of the length and directory its start declares.

    A body that was cut where the server named no Content-Length shows here. What is packed inside is
    checked when it is read.
    """
    with path.open("rb") as file:
        start = file.read(_START)
        if start[: len(_MAGIC)] != _MAGIC:
            raise _not_ours(f"no 7z archive: it begins with {start[:16]!r}", where)
        if len(start) < _START or zlib.crc32(start[12:]) != struct.unpack_from("<I", start, 8)[0]:
            raise _not_ours("a damaged 7z archive: its start does not match its checksum", where)
        offset, size, checksum = struct.unpack_from("<QQI", start, 12)
        if path.stat().st_size != _START + offset + size:
            raise _not_ours(
                f"a 7z archive of {path.stat().st_size:,} bytes instead of {_START + offset + size:,}", where
            )
        file.seek(_START + offset)
        if zlib.crc32(file.read(size)) != checksum:
            raise _not_ours("a damaged 7z archive: its directory does not match its checksum", where)


def _not_ours(found: str, where: str) -> SourceError:
    return SourceError(found, where=where, remedy="Nothing was saved. Try again later, or name another --base-url.")
