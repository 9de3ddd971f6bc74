"""Bytes of a text file as UTF-8: byte-order marks, other encodings, and where the first wrong byte is."""

from __future__ import annotations

import codecs
from pathlib import Path

from entrepot.errors import ConfigError, SourceError

BLOCK = 1 << 20
MARKS = ((codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def marked_encoding(path: Path) -> str | None:
    """Return the encoding that a byte-order mark declares, other than UTF-8."""
    with path.open("rb") as file:
        head = file.read(4)
    return next((name for mark, name in MARKS if head.startswith(mark)), None)


def transcode(path: Path, *, encoding: str, folder: Path, where: str) -> Path:
    """Return a UTF-8 copy of a file in another encoding.

    Raises:
        ConfigError: no such encoding.
        SourceError: a byte that the encoding does not know.
    """
    try:
        decoder = codecs.getincrementaldecoder(encoding)()
    except LookupError as error:
        raise ConfigError(
            f"no encoding is called {encoding!r}",
            where=where,
            remedy='For example "windows-1251" or "iso-8859-1".',
        ) from error
    target = folder / f"{path.stem}.{encoding}.utf8"
    lines = 1
    with path.open("rb") as source, target.open("w", encoding="utf-8", newline="") as out:
        # A file that begins as UTF-8 and is none: the mark would become letters of the first column's name.
        if source.read(3) != codecs.BOM_UTF8:
            source.seek(0)
        while True:
            block = source.read(BLOCK)
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                lines += error.object[: error.start].count(b"\n")
                raise _undecodable(error.object[error.start], lines, encoding, where) from error
            out.write(text)
            lines += block.count(b"\n")
            if not block:
                return target


def with_even_line_ends(path: Path, *, folder: Path) -> Path:
    """Return a copy whose lines all end in a line feed; tables put together from several systems mix them."""
    target = folder / f"{path.stem}.even"
    carried = b""
    with path.open("rb") as source, target.open("wb") as out:
        while block := source.read(BLOCK):
            block = carried + block
            carried = b"\r" if block.endswith(b"\r") else b""
            out.write(block[: len(block) - len(carried)].replace(b"\r\n", b"\n").replace(b"\r", b"\n"))
        out.write(b"\n" if carried else b"")
    return target


def wrong_encoding(path: Path, *, where: str) -> SourceError:
    """Return the error that says where a file stops being UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    lines = 1
    with path.open("rb") as source:
        while block := source.read(BLOCK):
            try:
                decoder.decode(block)
            except UnicodeDecodeError as error:
                return _undecodable(
                    error.object[error.start],
                    lines + error.object[: error.start].count(b"\n"),
                    "utf-8",
                    where,
                )
            lines += block.count(b"\n")
    return _undecodable(0, lines, "utf-8", where)


def _undecodable(byte: int, line: int, encoding: str, where: str) -> SourceError:
    return SourceError(
        f"line {line} holds byte 0x{byte:02X}, which is not {encoding}",
        where=where,
        remedy='Name the encoding in a mapping file, [read] encoding = "windows-1251" (Cyrillic) or "iso-8859-1".',
    )
