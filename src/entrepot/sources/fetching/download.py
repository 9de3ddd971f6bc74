"""Download one file, going on where an earlier attempt ended."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import httpx

from entrepot.errors import SourceError
from entrepot.sources.fetching.files import beside, cannot_write, read_json, write_json
from entrepot.sources.fetching.pacing import TryAgain, persist
from entrepot.sources.fetching.session import Session, refuse_page

_AGAIN = "Run the same command again; it goes on where it stopped."

Progress = Callable[[str, int, int | None], None]
"""Told of a name, how much of it is done, and how much there is (None where unknown)."""


@dataclass(frozen=True)
class Served:
    """What the publisher said of the bytes that a ``.part`` file begins.

    Attributes:
        url: the address asked.
        etag: the publisher's mark of this content; empty where it gave none.
        last_modified: the publisher's date of this content; empty where it gave none.
        length: full length in bytes; None where the publisher did not say.
    """

    url: str
    etag: str = ""
    last_modified: str = ""
    length: int | None = None

    @property
    def validator(self) -> str:
        """Return what If-Range may name: a strong ETag, else the date, else nothing."""
        return self.last_modified if self.etag.startswith("W/") or not self.etag else self.etag


def download(session: Session, url: str, part: Path, *, progress: Progress | None = None) -> Served:
    """Fill ``part`` with all bytes of ``url`` and return what was served.

    Bytes already in ``part`` are kept only when the publisher confirms, by If-Range, that they are
    the beginning of the same content; a server that does not serve ranges is read from the start.

    Raises:
        SourceError: a lasting failure, or too many passing ones in a row. ``part`` stays for a resume.
    """

    def attempt() -> Served:
        return _attempt(session, url, part, progress=progress)

    return persist(attempt, pacing=session.pacing, gained=lambda: _size(part))


def _attempt(session: Session, url: str, part: Path, *, progress: Progress | None) -> Served:
    held, known = _held(part, url)
    if known is not None and held == known.length:
        return known
    headers = {"Range": f"bytes={held}-", "If-Range": known.validator} if known and held else {}
    with session.get(url, headers=headers) as response:
        _check_sound(response, url)
        if response.status_code == 416 or not _continues(response, held=held, known=known):
            discard(part)
            raise TryAgain("the content changed on the way", where=url, remedy=_AGAIN, seconds=0.0)
        if response.status_code == 200:
            held, known = 0, _served(response, url)
        assert known is not None
        _write(response, part, held=held, known=known, progress=progress)
    _check_length(part, known)
    return known


def _held(part: Path, url: str) -> tuple[int, Served | None]:
    """Return how many bytes of ``url`` are here and what they belong to; a strange part is dropped."""
    try:
        known = Served(**read_json(beside(part, ".json")))  # type: ignore[arg-type]
    except TypeError:
        known = None
    size = _size(part)
    too_long = known is not None and known.length is not None and size > known.length
    if known is None or known.url != url or not known.validator or too_long:
        discard(part)
        return 0, None
    return size, known


def _check_sound(response: httpx.Response, url: str) -> None:
    refuse_page(response, where=url)
    if response.headers.get("content-encoding", "identity").lower() not in ("", "identity"):
        raise SourceError(
            f"the server packed the file as {response.headers['content-encoding']!r} unasked",
            where=url,
            remedy="Name another --base-url.",
        )


def _continues(response: httpx.Response, *, held: int, known: Served | None) -> bool:
    """Return whether the body can be used: a whole file, or exactly what is missing of the same one."""
    if response.status_code != 206:
        return True
    span = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+|\*)", response.headers.get("content-range", "").strip())
    if span is None or known is None or int(span[1]) != held:
        return False
    same_mark = response.headers.get("etag", known.etag) == known.etag
    return same_mark and (known.length is None or span[3] in ("*", str(known.length)))


def _served(response: httpx.Response, url: str) -> Served:
    length = response.headers.get("content-length", "")
    return Served(
        url=url,
        etag=response.headers.get("etag", ""),
        last_modified=response.headers.get("last-modified", ""),
        length=int(length) if length.isdigit() else None,
    )


def _write(response: httpx.Response, part: Path, *, held: int, known: Served, progress: Progress | None) -> None:
    name = part.name.removesuffix(".part")
    try:
        with part.open("ab" if held else "wb") as file:
            write_json(beside(part, ".json"), asdict(known))
            # Blocks as they come: gathering them would lose the last ones when the connection drops.
            for block in response.iter_raw():
                file.write(block)
                held += len(block)
                if progress:
                    progress(name, held, known.length)
    except OSError as error:
        raise cannot_write(part, error) from error


def _check_length(part: Path, known: Served) -> None:
    size = _size(part)
    if known.length is None or size == known.length:
        return
    if size > known.length:
        discard(part)
    raise TryAgain(f"{size:,} bytes came of {known.length:,}", where=known.url, remedy=_AGAIN)


def discard(part: Path) -> None:
    """Remove an unfinished download and its note."""
    part.unlink(missing_ok=True)
    beside(part, ".json").unlink(missing_ok=True)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
