"""Customs declarations in UN/EDIFACT (CUSDEC) as records of shipments: one row a goods item.

Read from the public description of the message (directories D.96B to D.05B). What a national guide adds or says
otherwise is not read: procedure codes, quantities in other units and taxes are left out.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from entrepot.errors import SourceError, UnexpectedLayout
from entrepot.sources.records.countries import alpha3

# What a declaration can say. Events (arrival, exit) are other messages' to tell.
COLUMNS = (
    "shipment_id", "declaration_date", "exporter_id", "exporter_name", "consignee_id", "consignee_name",
    "declarant_name", "origin_country", "dispatch_country", "destination_country", "hs_code", "description",
    "net_weight_kg", "gross_weight_kg", "packages", "amount", "currency", "valuation", "seal_id", "departure_date",
    "contract_id",
)  # fmt: skip
# Separators of components and elements, decimal mark, release, reserved, end of a segment; UNA names others.
_MARKS = ":+.? '"
_BLOCK = 1 << 16
_LONGEST = 1 << 18
# Syntax identifiers of UNB and the bytes they stand for.
_ENCODINGS = {
    "UNOA": "ascii", "UNOB": "ascii", "UNOC": "latin-1", "UNOD": "iso8859-2", "UNOE": "iso8859-5", "UNOF": "iso8859-7",
    "UNOK": "iso8859-9", "UNOW": "utf-8", "UNOY": "utf-8",
}  # fmt: skip
_PLACES = {"27": "origin_country", "28": "destination_country", "36": "destination_country", "35": "dispatch_country"}
_PARTIES = {"EX": "exporter", "CZ": "exporter", "CN": "consignee", "IM": "consignee", "DT": "declarant"}
_WEIGHTS = {
    "AAB": "gross_weight_kg",
    "G": "gross_weight_kg",
    "AAL": "net_weight_kg",
    "AAF": "net_weight_kg",
    "N": "net_weight_kg",
}
_KILOGRAMS = {"KGM": 1.0, "TNE": 1000.0, "GRM": 0.001}
_DATES = {"137": "declaration_date", "136": "departure_date", "133": "departure_date"}
# Amounts of an item, the first that is there counts: invoiced, item total, FOB, customs value.
_AMOUNTS = ("38", "66", "63", "40")
_NUMBER = re.compile(r"\d{6,10}")

Segment = list[list[str]]


@dataclass
class _Message:
    """A declaration being read: what holds for all of it, and the item that is open."""

    number: str = ""
    whole: dict[str, str] = field(default_factory=dict)
    item: dict[str, str] | None = None
    amounts: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def cells(self) -> dict[str, str]:
        return self.whole if self.item is None else self.item


def is_edifact(path: Path) -> bool:
    """Return whether a file begins as an interchange of UN/EDIFACT does."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        head = file.read(64).lstrip(b"\xef\xbb\xbf \r\n")
    return head.startswith((b"UNA", b"UNB+"))


def write_shipments(path: Path, to: Path) -> int:
    """Write the goods items of the declarations in a file as CSV with our columns; return how many.

    Raises:
        SourceError: the file ends early, or a segment has no end.
        UnexpectedLayout: it holds no CUSDEC with goods items.
    """
    rows = 0
    with to.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="")
        writer.writeheader()
        for row in _items(path):
            writer.writerow(row)
            rows += 1
    if not rows:
        raise UnexpectedLayout("no goods item of a CUSDEC in it", where=path.name, remedy="Only CUSDEC is read.")
    return rows


def _items(path: Path) -> Iterator[dict[str, str]]:
    message: _Message | None = None
    is_ended = False
    for segment in _segments(path):
        tag = segment[0][0]
        if tag == "UNH":
            message = _Message() if _part(segment, 2) == "CUSDEC" else None
        elif message is not None and tag in ("CST", "UNS", "UNT"):
            yield from _closed(message)
            is_item = tag == "CST" and bool(_part(segment, 1))
            message.item = _item(segment) if is_item else None
            message = None if tag == "UNT" else message
        elif message is not None:
            _take(message, tag, segment)
        is_ended = tag == "UNZ"
    if not is_ended:
        raise SourceError("the interchange has no end (UNZ)", where=path.name, remedy="Get the whole file.")


def _closed(message: _Message) -> Iterator[dict[str, str]]:
    if message.item is None:
        return
    row = {**message.whole, **message.item, "shipment_id": f"{message.number}-{message.item['shipment_id']}"}
    chosen = next((code for code in _AMOUNTS if code in message.amounts), None)
    if chosen:
        row["amount"], row["currency"] = message.amounts[chosen]
        row["valuation"] = "fob" if chosen == "63" else ""
    message.amounts = {}
    yield row


def _item(segment: Segment) -> dict[str, str]:
    codes = (re.sub(r"[ .]", "", parts[0]) for parts in segment[2:])
    code = next((code for code in codes if _NUMBER.fullmatch(code)), "")
    return {"shipment_id": _part(segment, 1), "hs_code": code}


def _take(message: _Message, tag: str, segment: Segment) -> None:
    cells = message.cells
    code = _part(segment, 1)
    if tag == "BGM":
        message.number = _part(segment, 2)
    elif tag == "DTM" and code in _DATES:
        cells.setdefault(_DATES[code], _date(_part(segment, 1, 1), _part(segment, 1, 2)))
    elif tag == "LOC" and code in _PLACES:
        cells.setdefault(_PLACES[code], alpha3(_part(segment, 2)))
    elif tag == "NAD" and code in _PARTIES:
        _take_party(cells, _PARTIES[code], segment)
    elif tag == "MEA" and (column := _WEIGHTS.get(_part(segment, 2))):
        cells.setdefault(column, _weight(_part(segment, 3), _part(segment, 3, 1)))
    elif tag == "MOA" and message.item is not None:
        message.amounts.setdefault(code, (_part(segment, 1, 1), _part(segment, 1, 2)))
    elif tag == "FTX" and code == "AAA":
        cells["description"] = " ".join(filter(None, [cells.get("description", ""), *_at(segment, 4)]))
    elif tag in ("PAC", "SEL"):
        cells.setdefault({"PAC": "packages", "SEL": "seal_id"}[tag], code)
    elif tag == "RFF" and code == "CT":
        cells.setdefault("contract_id", _part(segment, 1, 1))


def _take_party(cells: dict[str, str], role: str, segment: Segment) -> None:
    name = " ".join(filter(None, _at(segment, 4))) or " ".join(filter(None, _at(segment, 3)))
    cells.setdefault(f"{role}_name", name)
    if role != "declarant":
        cells.setdefault(f"{role}_id", _part(segment, 2))


def _date(text: str, form: str) -> str:
    """Forms 102, 203 and 204 begin with CCYYMMDD, 101 is YYMMDD; what is another stays, and the check tells it."""
    if form in ("102", "203", "204") and re.fullmatch(r"\d{8,14}", text):
        return f"{text[:4]}-{text[4:6]}-{text[6:8]}"
    return f"20{text[:2]}-{text[2:4]}-{text[4:]}" if form == "101" and re.fullmatch(r"\d{6}", text) else text


def _weight(unit: str, value: str) -> str:
    if unit not in _KILOGRAMS:
        return ""
    try:
        return f"{float(value) * _KILOGRAMS[unit]:.10g}"
    except ValueError:
        return value


def _at(segment: Segment, place: int) -> Sequence[str]:
    return segment[place] if place < len(segment) else ()


def _part(segment: Segment, place: int, part: int = 0) -> str:
    parts = _at(segment, place)
    return parts[part].strip() if part < len(parts) else ""


def _segments(path: Path) -> Iterator[Segment]:
    """The segments of an interchange, each a list of elements, each a list of components."""
    with path.open("rb") as file:
        head = file.read(_BLOCK)
        begin = head.find(b"UNA")
        marks = head[begin + 3 : begin + 9].decode("latin-1") if 0 <= begin <= 3 else _MARKS
        found = re.search(rb"UNB.(UNO[A-Z])", head)
        encoding = _ENCODINGS.get(found[1].decode() if found else "", "latin-1")
        rest = head[begin + 9 :] if 0 <= begin <= 3 else head.removeprefix(b"\xef\xbb\xbf")
        if len(marks) != len(_MARKS):
            raise SourceError("UNA is cut", where=path.name, remedy="Get the whole file.")
        splitter = _Splitter(marks)
        while rest or (rest := file.read(_BLOCK)):
            # One byte, one letter, as long as it is cut; names are decoded afterwards.
            for segment in splitter.feed(rest.decode("latin-1")):
                yield [[part.encode("latin-1").decode(encoding, "replace") for part in parts] for parts in segment]
            rest = b""
            if len(splitter.held) > _LONGEST:
                raise SourceError("a segment without an end", where=path.name, remedy="Check that it is EDIFACT.")


class _Splitter:
    """Cuts text into segments; ``?`` (or what UNA names) takes its meaning from the mark after it."""

    def __init__(self, marks: str) -> None:
        self.held = ""
        component, element, decimal, release, _, end = tuple(marks)
        release = "\0" if release == " " else release  # A space says that nothing is released.
        self._component, self._element, self._release, self._decimal = component, element, release, decimal
        self._segment = re.compile(f"({_run(release, end)}){re.escape(end)}", re.DOTALL)
        self._pieces = {mark: re.compile(_run(release, mark), re.DOTALL) for mark in (element, component)}

    def feed(self, text: str) -> Iterator[Segment]:
        """Yield the segments that end in what was fed so far."""
        self.held += text
        done = 0
        # Matched where the last one ended and never searched for: a text without an end would be gone through for each
        # of its letters.
        while found := self._segment.match(self.held, done):
            done = found.end()
            if plain := found[1].strip("\r\n"):
                elements = self._split(plain, self._element)
                yield [[self._plain(part) for part in self._split(one, self._component)] for one in elements]
        self.held = self.held[done:]

    def _split(self, text: str, mark: str) -> list[str]:
        parts, place = [], 0
        while place <= len(text):
            found = self._pieces[mark].match(text, place)
            assert found is not None
            parts.append(found[0])
            place = found.end() + 1
        return parts

    def _plain(self, text: str) -> str:
        released = re.sub(f"{re.escape(self._release)}(.)", r"\1", text)
        # A decimal comma, where UNA names one, in what is a number.
        return released.replace(",", ".") if self._decimal == "," and re.fullmatch(r"\d+,\d+", released) else released


def _run(release: str, mark: str) -> str:
    """A pattern of text up to a mark that is not released."""
    return f"(?:{re.escape(release)}.|[^{re.escape(release + mark)}])*"
