"""Consistency: what a document says twice and differently. Facts for a reader and for red flags; none is a finding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from entrepot.codes import find_territory, parse_day, read_identifier, read_mrz
from entrepot.errors import CodeError, SourceError
from entrepot.lake import Table
from entrepot.parties.identity.profile import Row
from entrepot.parties.names import compare_names, read_name

CONSISTENCY = {
    "document_id": "VARCHAR",
    "person_id": "VARCHAR",
    "fact": "VARCHAR",
    "one": "VARCHAR",
    "other": "VARCHAR",
    "sentence": "VARCHAR",
}
_AGREES = 0.5
Fact = tuple[str, str, str, str]


def inconsistencies(documents: Sequence[Row], persons: Sequence[Row] = (), *, as_of: str) -> Table:
    """Return what documents say twice and differently; what is missing or cannot be read says nothing.

    Returns:
        grain document_id, fact. fact: mrz_unreadable, mrz_check_digit, name_mrz, number_mrz, birth_mrz, birth_number,
        birth_person, issuer_mrz, expiry_mrz, number_shape, issue_before_birth, expiry_before_issue. ``one`` and
        ``other`` are the two values.

    Raises:
        SourceError: a document has no id.
        CodeError: ``as_of`` is no day.
    """
    parse_day(as_of)
    known = {(row.get("person_id") or ""): row for row in persons}
    rows = []
    for place, paper in enumerate(documents, 1):
        if not paper.get("document_id"):
            remedy = "Give a table of documents (RECORDS document), each with an id."
            raise SourceError("document_id is empty or missing", where=f"row {place}", remedy=remedy)
        person = known.get(paper.get("person_id") or "", {})
        for fact, one, other, sentence in (
            *_of_dates(paper, person),
            *_of_number(paper, person),
            *_of_zone(paper, as_of),
        ):
            ids = {"document_id": paper.get("document_id"), "person_id": paper.get("person_id")}
            rows.append({**ids, "fact": fact, "one": one, "other": other, "sentence": sentence})
    return Table.from_rows(rows, CONSISTENCY)


def _of_dates(paper: Row, person: Mapping[str, str | None]) -> Iterator[Fact]:
    printed, told = paper.get("birth_date_as_printed") or "", person.get("birth_date") or ""
    issue, expiry = paper.get("issue_date") or "", paper.get("expiry_date") or ""
    birth = printed or told
    if printed and told and not (printed.startswith(told) or told.startswith(printed)):
        yield "birth_person", printed, told, "the document prints another birth date than the file has"
    if birth and issue and issue < birth[: len(issue)]:
        yield "issue_before_birth", issue, birth, "it was issued before its holder was born"
    if issue and expiry and expiry < issue[: len(expiry)]:
        yield "expiry_before_issue", expiry, issue, "it expires before it was issued"


def _of_number(paper: Row, person: Mapping[str, str | None]) -> Iterator[Fact]:
    kind, number, issuer = paper.get("kind") or "", paper.get("number") or "", paper.get("issuer_country") or ""
    found_issuer = find_territory(issuer, scheme="iso2" if len(issuer) == 2 else "any") if issuer else None
    if not number or kind not in ("passport", "id_card", "iin", "tax_id"):
        return
    found = read_identifier(number, kind=kind, country=found_issuer.code if found_issuer else "")
    if found.problem:
        yield "number_shape", number, issuer, found.problem
    birth = paper.get("birth_date_as_printed") or person.get("birth_date") or ""
    if found.birth_date and birth and not found.birth_date.startswith(birth):
        yield "birth_number", found.birth_date, birth, f"the {found.kind} carries another birth date"


def _of_zone(paper: Row, as_of: str) -> Iterator[Fact]:
    text = paper.get("mrz") or ""
    if not text:
        return
    try:
        zone = read_mrz(text, as_of=as_of)
    except CodeError as error:
        yield "mrz_unreadable", text, "", error.found
        return
    for problem in zone.problems:
        yield "mrz_check_digit", text, "", problem
    number = read_identifier(paper.get("number") or "", kind="other").number
    # TD1 and TD2 cut long numbers; Russian internal passports carry one digit elsewhere.
    if number and zone.number and zone.number not in number and number not in zone.number:
        yield "number_mrz", number, zone.number, "the zone has another number"
    pairs = (
        ("birth_mrz", paper.get("birth_date_as_printed") or "", zone.birth_date, "birth date"),
        ("expiry_mrz", paper.get("expiry_date") or "", zone.expiry_date, "date of expiry"),
    )
    for fact, printed, said, words in pairs:
        if printed and said and not said.startswith(printed):
            yield fact, printed, said, f"the zone has another {words}"
    issuer = paper.get("issuer_country") or ""
    state = find_territory(issuer, scheme="iso2" if len(issuer) == 2 else "any") if issuer else None
    if state and zone.issuer and state.code != zone.issuer:
        yield "issuer_mrz", state.code, zone.issuer, "the zone names another issuer"
    yield from _of_zone_name(paper.get("name_as_printed") or "", f"{zone.surname}, {zone.given_names}".strip(", "))


def _of_zone_name(printed: str, said: str) -> Iterator[Fact]:
    one, other = read_name(printed) if printed else None, read_name(said) if said else None
    if one is not None and other is not None:
        match = compare_names(one, other)
        if match.score < _AGREES:
            yield "name_mrz", printed, said, f"the zone has another name: {match.detail}"
