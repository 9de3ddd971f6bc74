"""Records of an XML file one by one: no DTD, no entities, nothing outside the file, bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from entrepot.errors import SourceError, UnexpectedLayout

DEPTH = 64
# Bytes of one record: the longest of a real list takes some hundred kilobytes.
RECORD = 64 << 20


def local(tag: str) -> str:
    """Return a tag's name without its namespace."""
    return tag.rpartition("}")[2]


def elements_of(path: Path, *, root: str, records: frozenset[str], where: str) -> Iterator[Element]:
    """Yield the elements of a file that are records, each with its whole content; tags have no namespace.

    Args:
        root: the name of the outermost element.
        records: names of elements that are records. A record in a record is part of it.

    Raises:
        UnexpectedLayout: the outermost element is another.
        SourceError: the file ends early or is not well formed; has a DTD or entities; is nested deeper than any
            list; or one record is larger than any.
    """
    with path.open("rb") as raw:
        file = _Bounded(raw, where)
        try:
            yield from _walk(file, root, records, where)
        except ParseError as error:
            raise SourceError(
                f"the XML ends early or is broken ({error})", where=where, remedy="Download it again."
            ) from error
        except (DefusedXmlException, ValueError, LookupError) as error:
            raise SourceError(
                f"the XML is not read: it has a document type, entities or an unknown encoding ({_said(error)})",
                where=where,
                remedy="No list has them. Check where the file comes from.",
            ) from error


def root_of(head: bytes) -> str:
    """Return the name of the outermost element in the first bytes of a file, or an empty text."""
    text = head.decode("utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "replace")
    position = 0
    while (position := text.find("<", position)) >= 0:
        if text.startswith("<!--", position):
            position = max(text.find("-->", position), position + 1)
        elif text[position + 1 : position + 2].isalpha():
            name = text[position + 1 :].split(None, 1)[0].split(">")[0].rstrip("/")
            return name.rpartition(":")[2]
        position += 1
    return ""


def unread(record: Element, known: frozenset[str]) -> Iterator[str]:
    """Yield the paths below a record that hold text or attributes and that no reader knows.

    Args:
        known: paths as ``ALIAS/NAME``; ``@type`` for an attribute; one that ends in ``/*`` covers all below it.
    """
    covered = {path[:-2] for path in known if path.endswith("/*")}

    def walk(element: Element, path: str) -> Iterator[str]:
        for name in element.attrib:
            if (place := f"{path}@{local(name)}" if not path else f"{path}/@{local(name)}") not in known:
                yield place
        for child in element:
            place = f"{path}/{child.tag}" if path else child.tag
            if place in covered:
                continue
            if (child.text or "").strip() and place not in known:
                yield place
            yield from walk(child, place)

    yield from walk(record, "")


def text_of(element: Element | None, path: str = "") -> str:
    """Return the text at a path below an element, or an empty text."""
    found = element if element is None or not path else element.find(path)
    return "" if found is None else " ".join((found.text or "").split())


def texts_of(element: Element, path: str) -> list[str]:
    """Return every text at a path below an element that is not empty."""
    return [text for found in element.findall(path) if (text := text_of(found))]


def _walk(file: _Bounded, root: str, records: frozenset[str], where: str) -> Iterator[Element]:
    path: list[Element] = []
    inside: Element | None = None
    for event, element in iterparse(
        file, events=("start", "end"), forbid_dtd=True, forbid_entities=True, forbid_external=True
    ):
        if event == "start":
            element.tag = local(element.tag)
            if not path and element.tag != root:
                raise UnexpectedLayout(
                    f"the outermost element is {element.tag!r}, not {root!r}",
                    where=where,
                    remedy="Check that the file is of this source.",
                )
            path.append(element)
            if len(path) > DEPTH:
                remedy = "No list is. Check where the file comes from."
                raise SourceError(f"elements are nested more than {DEPTH} deep", where=where, remedy=remedy)
            if inside is None and element.tag in records:
                inside = element
            continue
        path.pop()
        if inside is not None and element is inside:
            yield inside
            inside = None
            file.record_ends()
        if inside is None:
            element.clear()
            if path:
                path[-1].remove(element)


class _Bounded:
    """A file that stops where one record takes more bytes than any may."""

    def __init__(self, file: IO[bytes], where: str) -> None:
        self.file = file
        self.where = where
        self.since = 0

    def read(self, size: int = -1) -> bytes:
        block = self.file.read(size)
        self.since += len(block)
        if self.since > RECORD:
            raise SourceError(
                f"one record takes more than {RECORD >> 20} MB",
                where=self.where,
                remedy="No list has such records. Check where the file comes from.",
            )
        return block

    def record_ends(self) -> None:
        self.since = 0


def _said(error: Exception) -> str:
    return " ".join(str(error).split())[:120]
