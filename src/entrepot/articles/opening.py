"""From the bytes of a file to the text that spans point into.

Text and Markdown stay as they are, but for the byte order mark and line ends (``\\n``); HTML and PDF give what a
reader sees. Nothing is fetched.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from entrepot.errors import SourceError

MOST_BYTES = 12_000_000
ENDINGS = (".txt", ".md", ".markdown", ".html", ".htm", ".xhtml", ".pdf", ".text", "")
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


@dataclass(frozen=True, slots=True)
class Opened:
    """A file as text.

    Attributes:
        meta: what the file itself says: title, author, outlet, date, address, language, translated.
        notes: what was lost on the way.
    """

    name: str
    text: str
    sha256: str
    encoding: str
    kind: str
    meta: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def open_article(path: Path) -> Opened:
    """Return the text of an article's file: .txt, .md, .html or .pdf.

    Raises:
        SourceError: the file is not there, empty, too large, binary, or a PDF that holds no text.
    """
    data = _bytes(path)
    kind = _kind(path, data)
    digest = hashlib.sha256(data).hexdigest()
    if kind == "pdf":
        text, meta, notes = _pdf(data, path)
        return Opened(path.name, text, digest, "pdf", kind, meta, notes)
    if b"\0" in data[:65536] and not _wide(data) and not data.startswith(tuple(bom for bom, _ in _BOMS)):
        raise SourceError(
            "holds no text: its bytes are binary", where=str(path), remedy="Save the article as text, HTML or PDF."
        )
    text, encoding, notes = _decoded(data)
    meta = {}
    if kind == "html":
        from entrepot.articles.markup import text_of_html

        text, meta = text_of_html(text)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise SourceError("holds no text", where=str(path), remedy="Look whether the article was saved whole.")
    return Opened(path.name, text, digest, encoding, kind, meta, notes)


def _bytes(path: Path) -> bytes:
    if path.is_dir():
        raise SourceError("is a folder", where=str(path), remedy="Name the files in it.")
    if not path.is_file():
        raise SourceError("no such file", where=str(path), remedy="Check the path.")
    if path.suffix.lower() not in ENDINGS:
        raise SourceError(
            f"{path.suffix!r} is no ending of an article",
            where=str(path),
            remedy="Save it as .txt, .md, .html or .pdf.",
        )
    if path.stat().st_size > MOST_BYTES:
        raise SourceError(
            f"is {path.stat().st_size:,} bytes long; an article has at most {MOST_BYTES:,}",
            where=str(path),
            remedy="Cut it into articles.",
        )
    data = path.read_bytes()
    if not data.strip():
        raise SourceError("is empty", where=str(path), remedy="Save the article again.")
    return data


def _kind(path: Path, data: bytes) -> str:
    if data.startswith(b"%PDF"):
        return "pdf"
    if path.suffix.lower() == ".pdf":
        raise SourceError(
            "is named .pdf but is no PDF", where=str(path), remedy="Save it again, or name it by what it is."
        )
    is_html = path.suffix.lower() in (".html", ".htm", ".xhtml") or re.match(
        rb"\s*(?:<!doctype html|<html)", data[:200], re.I
    )
    return "html" if is_html else "markdown" if path.suffix.lower() in (".md", ".markdown") else "text"


def _decoded(data: bytes) -> tuple[str, str, tuple[str, ...]]:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(encoding, "replace"), encoding, ()
    if encoding := _wide(data):
        note = f"the bytes have no byte order mark; they were read as {encoding}, which is a guess"
        return data.decode(encoding, "replace"), encoding, (note,)
    try:
        return data.decode("utf-8"), "utf-8", ()
    except UnicodeDecodeError:
        pass
    if found := re.search(rb"charset=[\"']?([\w-]+)", data[:2048]):
        try:
            return data.decode(found[1].decode("ascii")), found[1].decode("ascii").lower(), ()
        except (LookupError, UnicodeDecodeError):
            pass
    encoding = (
        _cyrillic(data[:20000])
        if sum(byte >= 0xC0 for byte in data[:20000]) * 4 > len(data[:20000])
        else "windows-1252"
    )
    text = data.decode(encoding, "replace")
    return text, encoding, (f"the bytes are not UTF-8; they were read as {encoding}, which is a guess",)


def _wide(data: bytes) -> str:
    """Return the UTF-16 that bytes without a byte order mark are in: every other byte is the script's; else empty."""
    sample = data[:4000]
    for encoding, high in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        if len(sample) >= 20 and sum(byte in (0, 4) for byte in high) * 10 > len(high) * 9:
            return encoding
    return ""


def _cyrillic(data: bytes) -> str:
    """Return the Russian encoding under which most letters are small."""
    return max(("windows-1251", "koi8-r"), key=lambda name: sum(c.islower() for c in data.decode(name, "replace")))


def _unwrapped(page: str) -> str:
    """Return a page's lines as paragraphs: a line that is nearly as long as the longest goes on in the next."""
    lines = [line.strip() for line in page.split("\n") if line.strip()]
    most = max(map(len, lines))
    text = lines[0]
    for before, line in pairwise(lines):
        goes_on = len(before) >= 0.75 * most and most >= 40
        text += ("" if before.endswith("-") else " ") + line if goes_on else f"\n\n{line}"
    return text


def _pdf(data: bytes, path: Path) -> tuple[str, dict[str, str], tuple[str, ...]]:
    try:
        from pypdf import PdfReader
        from pypdf.errors import PyPdfError
    except ImportError as error:
        raise SourceError(
            "reading PDF needs the extra 'articles'", where=str(path), remedy="Run: pip install 'entrepot[articles]'."
        ) from error
    from io import BytesIO

    try:
        reader = PdfReader(BytesIO(data))
        pages = [page.extract_text() or "" for page in reader.pages]
        info: Any = reader.metadata or {}
    except (PyPdfError, ValueError, KeyError, TypeError, RecursionError, NotImplementedError) as error:
        raise SourceError(
            f"the PDF cannot be read ({type(error).__name__})",
            where=str(path),
            remedy="Save it again without protection.",
        ) from error
    text = "\n\n".join(_unwrapped(page) for page in pages if page.strip())
    if not text:
        raise SourceError(
            "the PDF holds pictures of text only", where=str(path), remedy="Run text recognition (OCR) over it first."
        )
    meta = {
        ours: str(info[theirs]) for ours, theirs in (("title", "/Title"), ("author", "/Author")) if info.get(theirs)
    }
    return text, meta, ()
