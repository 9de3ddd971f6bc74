"""Unpacking of .gz, .zip and .7z into a scratch folder, stopping at bombs and at truncated archives.

Limits hold while bytes arrive, not by what the archive says of itself: a small file may not unpack to more than
``RATIO`` times its size (beyond ``FREE``), nor any file to more than ``TOTAL``.
"""

from __future__ import annotations

import gzip
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

from entrepot.errors import SourceError

RATIO = 250
FREE = 64 << 20
TOTAL = 256 << 30
MEMBERS = 10_000
BLOCK = 1 << 20
PACKED = (".gz", ".zip", ".7z")
WORKBOOKS = (".xlsx", ".xls", ".xlsm", ".xlsb", ".ods")


@dataclass(frozen=True)
class Member:
    """One unpacked file and the name by which messages call it."""

    path: Path
    label: str


@dataclass
class Budget:
    """Counts unpacked bytes of one archive and stops at a bomb."""

    packed: int
    where: str
    total: int = TOTAL
    ratio: int = RATIO
    free: int = FREE
    spent: int = field(default=0)

    def spend(self, size: int) -> None:
        """Count ``size`` more bytes; SourceError beyond the limits."""
        self.spent += size
        if self.spent > min(self.total, max(self.free, self.packed * self.ratio)):
            raise SourceError(
                f"unpacks to more than {self.spent >> 20} MB from {max(self.packed >> 10, 1)} kB, like a bomb",
                where=self.where,
                remedy="Unpack it yourself if you trust it, and ingest the unpacked file.",
            )


def unpack(path: Path, *, folder: Path, free: int = FREE) -> list[Member]:
    """Return the data files in ``path``: itself where it is not packed, else its unpacked members by name.

    ``free`` bytes may be unpacked whatever the ratio.

    Raises:
        SourceError: truncated or damaged archive, a bomb, an archive in an archive, no member.
    """
    kind = _kind(path)
    if not kind:
        return [Member(path, path.name)]
    budget = Budget(packed=path.stat().st_size, where=path.name, free=free)
    folder.mkdir(parents=True, exist_ok=True)
    unpackers = {"gz": _gzip, "zip": _zip, "7z": _seven}
    try:
        members = unpackers[kind](path, folder, budget)
    except (
        EOFError,
        gzip.BadGzipFile,
        zipfile.BadZipFile,
        zlib.error,
        OSError,
        NotImplementedError,
    ) as error:
        if isinstance(error, OSError) and not isinstance(error, gzip.BadGzipFile) and error.errno is not None:
            raise
        raise _damaged(path, error) from error
    if not members:
        raise SourceError("the archive holds no file", where=path.name, remedy="Download it again.")
    return members


def check_workbook(path: Path) -> None:
    """Refuse a workbook whose parts would unpack to a bomb; a workbook is read into memory whole."""
    if path.suffix.lower() == ".xls" or not zipfile.is_zipfile(path):
        return
    budget = Budget(packed=path.stat().st_size, where=path.name, total=2 << 30)
    with zipfile.ZipFile(path) as archive:
        for item in archive.infolist():
            budget.spend(item.file_size)


def _kind(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(6)
    if path.suffix.lower() in WORKBOOKS:
        return ""
    if head.startswith(b"\x1f\x8b"):
        return "gz"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    if head.startswith(b"7z\xbc\xaf\x27\x1c"):
        return "7z"
    if path.suffix.lower() in PACKED:
        raise SourceError(
            f"the name ends in {path.suffix} but the bytes are no such archive",
            where=path.name,
            remedy="Download it again: a saved error page or a part of the file is the usual cause.",
        )
    return ""


def _copy(source: IO[bytes], target: Path, budget: Budget) -> None:
    with target.open("wb") as out:
        while block := source.read(BLOCK):
            budget.spend(len(block))
            out.write(block)


def _gzip(path: Path, folder: Path, budget: Budget) -> list[Member]:
    target = folder / (path.stem if path.suffix.lower() == ".gz" else f"{path.name}.unpacked")
    with gzip.open(path, "rb") as source:
        _copy(source, target, budget)  # type: ignore[arg-type]
    if _kind(target):
        raise _nested(path.name, target.name)
    return [Member(target, path.name)]


def _zip(path: Path, folder: Path, budget: Budget) -> list[Member]:
    members = []
    with zipfile.ZipFile(path) as archive:
        for number, item in enumerate(_files(archive.infolist(), path)):
            if item.flag_bits & 1:
                raise SourceError("the archive has a password", where=path.name, remedy="Unpack it first.")
            target = folder / f"{number:05d}{PurePosixPath(item.filename).suffix.lower()}"
            with archive.open(item) as source:
                _copy(source, target, budget)
            members.append(_checked(target, path, item.filename))
    return members


def _files(items: list[zipfile.ZipInfo], path: Path) -> Iterator[zipfile.ZipInfo]:
    kept = [item for item in items if not item.is_dir() and not item.filename.startswith("__MACOSX/")]
    if len(kept) > MEMBERS:
        raise SourceError(f"{len(kept)} files in one archive", where=path.name, remedy="Unpack it first.")
    return iter(sorted(kept, key=lambda item: item.filename))


def _checked(target: Path, path: Path, name: str) -> Member:
    if target.stat().st_size and _kind(target):
        raise _nested(path.name, name)
    return Member(target, f"{path.name}!{name}")


def _seven(path: Path, folder: Path, budget: Budget) -> list[Member]:
    import py7zr
    from py7zr.exceptions import ArchiveError, PasswordRequired

    factory = _SevenFactory(folder, budget)
    try:
        with py7zr.SevenZipFile(path, "r") as archive:
            if archive.needs_password():
                raise SourceError("the archive has a password", where=path.name, remedy="Unpack it first.")
            names = [item.filename for item in archive.list() if not item.is_directory]
            if len(names) > MEMBERS:
                raise SourceError(f"{len(names)} files in one archive", where=path.name, remedy="Unpack it first.")
            archive.extractall(factory=factory)
    except SourceError:
        raise
    except PasswordRequired as error:
        raise SourceError("the archive has a password", where=path.name, remedy="Unpack it first.") from error
    except (ArchiveError, EOFError, OSError, ValueError, TypeError, IndexError, AttributeError) as error:
        # py7zr meets cut-off headers with whatever its parser trips over.
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise _damaged(path, error) from error
    except Exception as error:
        if type(error).__module__.startswith(("_lzma", "lzma", "zlib", "py7zr", "struct", "pyppmd", "bz2")):
            raise _damaged(path, error) from error
        raise
    return [_checked(factory.targets[name], path, name) for name in sorted(factory.targets)]


class _SevenFactory:
    """Gives py7zr one counted file for each member."""

    def __init__(self, folder: Path, budget: Budget) -> None:
        self.folder = folder
        self.budget = budget
        self.targets: dict[str, Path] = {}

    def create(self, filename: str) -> Any:
        target = self.folder / f"{len(self.targets):05d}{PurePosixPath(filename).suffix.lower()}"
        self.targets[filename] = target
        return _SevenFile(target, self.budget)


class _SevenFile:
    """What py7zr writes a member to (its Py7zIO protocol)."""

    def __init__(self, path: Path, budget: Budget) -> None:
        self.path = path
        self.budget = budget
        path.touch()

    def write(self, data: bytes | bytearray) -> int:
        self.budget.spend(len(data))
        with self.path.open("ab") as out:
            return out.write(data)

    def read(self, size: int | None = None) -> bytes:
        return self.path.read_bytes()[:size]

    def seek(self, offset: int, whence: int = 0) -> int:
        return offset

    def flush(self) -> None:
        return None

    def close(self) -> None:
        return None

    def size(self) -> int:
        return self.path.stat().st_size


def _damaged(path: Path, error: Exception) -> SourceError:
    reason = " ".join(str(error).split()) or type(error).__name__
    return SourceError(f"the archive is truncated or damaged ({reason})", where=path.name, remedy="Download it again.")


def _nested(outer: str, inner: str) -> SourceError:
    return SourceError(f"{inner!r} in it is an archive, too", where=outer, remedy="Unpack the outer one first.")
