"""OFAC's remarks: dates, places, documents and links in free text, separated by semicolons.

Each piece is tried against the forms below; what none fits stays in ``notes`` and is counted by its reader.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from entrepot.sources.entities import (
    Entity,
    add_document,
    country_code,
    document_number,
    iso_date,
    stable_id,
    years_between,
)

_DATE = r"(?:\d{1,2} )?(?:[A-Z][a-z]{2} )?\d{4}"
_SPAN = re.compile(rf"(circa )?({_DATE})(?:(?: to (?:circa )?|-)({_DATE}))?")
# "Passport 645720381 (Russia) issued 08 May 2009 expires 08 May 2019"
_TAIL = re.compile(
    rf"(?P<number>.*?)(?: \((?P<country>[^()]*)\))?(?: issued (?P<issued>{_DATE}))?(?: expires (?P<expires>{_DATE}))?"
)
_PLAIN = {
    "nationality": "nationality", "citizen": "citizenship", "Gender": "gender", "Email Address": "email",
    "Website": "website", "Phone Number": "phone", "Telephone No.": "phone", "Telephone Number:": "phone",
    "Telephone:": "phone", "Telephone": "phone", "Former Vessel Flag": "pastFlags", "Other Vessel Flag": "pastFlags",
    "Vessel Flag": "flag", "Nationality of Registration": "country", "MMSI": "mmsi", "Aircraft Model": "model",
    "Aircraft Tail Number": "registrationNumber", "Previous Aircraft Tail Number": "registrationNumber",
    "Aircraft Manufacturer's Serial Number (MSN)": "serialNumber", "Aircraft Mode S Transponder Code": "icaoCode",
    "Aircraft Construction Number (also called L/N or S/N or F/N)": "serialNumber", "SWIFT/BIC": "swiftBic",
    "BIK (RU)": "bikCode", "D-U-N-S Number": "dunsCode", "Organization Type:": "sector",
    "Target Type": "classification",
    "Vessel Registration Identification IMO": "imoNumber", "Identification Number IMO": "imoNumber",
    "Company Number IMO": "imoNumber", "POB": "birthPlace", "Vessel Call Sign": "callSign", "Vessel Type": "type",
}  # fmt: skip
_COUNTRIES = frozenset({"nationality", "citizenship", "pastFlags", "flag", "country"})
_DATES = {
    "Organization Established Date": "incorporationDate",
    "Aircraft Manufacture Date": "buildDate",
    "Vessel Year of Build": "buildDate",
}
_DOCUMENTS = {
    "passportNumber": ("Diplomatic Passport", "Stateless Person Passport", "Passport"),
    "taxNumber": (
        "Tax ID No.", "NIT #", "RUC #", "R.F.C.", "RFC", "RIF #", "Italian Fiscal Code", "US FEIN", "C.U.I.T.",
        "RTN", "Fiscal Code", "Tax Number", "VAT Number", "Numero de Identificacion Tributaria",
    ),
    "vatCode": ("V.A.T. Number",),
    "leiCode": ("Legal Entity Number",),
    "okpoCode": ("Government Gazette Number",),
    "uscCode": (
        "Unified Social Credit Code (USCC)", "United Social Credit Code Certificate (USCCC)",
    ),
    "registrationNumber": (
        "Business Registration Document # CUD:", "Business Registration Document #", "Business Registration Number",
        "Registration Number", "Registration ID", "Commercial Registry Number", "Company Number", "UK Company Number",
        "C.R. No.", "Folio Mercantil No.", "Matricula Mercantil No", "Trade License No.", "License",
        "Economic Register Number (CBLS)", "Chamber of Commerce Number", "Central Registration System Number",
        "Istanbul Chamber of Comm. No.", "Public Registration Number", "Business Number", "Enterprise Number",
        "Registered Charity No.", "Dubai Chamber of Commerce Membership No.", "Branch Unit Number", "Permit Number",
        "Certificate of Incorporation Number", "File Number", "Romanian C.R.", "Romanian Tax Registration",
        "Romanian Permanent Resident",
    ),
    "idNumber": (
        "National ID No.", "C.U.R.P.", "Cedula No.", "Cedula de Ciudadania", "D.N.I.", "Identification Number",
        "Personal ID Card", "Birth Certificate Number", "Driver's License No.", "Electoral Registry No.",
        "National Foreign ID Number", "Credencial electoral", "C.U.I.P.", "C.U.I.", "Residency Number", "I.F.E.", "SSN",
        "Citizen's Card Number", "Turkish Identification Number", "Numero de Identidad", "LE Number", "Kenyan ID No.",
        "Cartilla de Servicio Militar Nacional", "Travel Document Number", "VisaNumberID", "Residency Card", "I.D. No.",
        "Bosnian Personal ID No.", "Moroccan Personal ID No.", "Tarjeta de Identidad", "Refugee ID Card",
        "Chinese Commercial Code", "Military Registration Number", "Stateless Person ID Card",
        "Tazkira National ID Card",
        "Afghan Money Service Provider License Number", "Seafarer's Identification Document", "Pilot License Number",
        "MSB Registration Number", "Paraguayan tax identification number", "Interpol: Red Notice. File No.",
        "Social Security Number", "Immigration No.", "Serial No.", "Numero Unico de Identificacao Tributaria",
    ),
}  # fmt: skip
_KINDS = {kind: name for name, kinds in _DOCUMENTS.items() for kind in kinds}
_FORMS = {**_PLAIN, **_DATES, **_KINDS}
_FORM = re.compile("(" + "|".join(re.escape(one) for one in sorted(_FORMS, key=len, reverse=True)) + r")\s+(.+)")
_WALLET = re.compile(r"Digital Currency Address - (\S+) (\S+)")
_QUOTED = re.compile(r"([afn])\.k\.a\.,? ['\"](.+)['\"]")
_LINKED = re.compile(r"Linked To: (.+)|\(Linked To: (.+)\)")
_LISTED = re.compile(rf"(Listing|Effective) Date \(.*\): ({_DATE})")
_PROVISIONS = re.compile(
    r"(?:\(?Secondary sanctions risk|Additional Sanctions Information|Transactions Prohibited For|"
    r"Executive Order \d+|CAATSA Section|IFCA Determination|EO \d+ Directive|"
    r"Subject to Secondary Sanctions).*",
    re.IGNORECASE,
)
_RANK = r"former|acting|deputy|vice|first|second|senior|alternate title|lt\.?|brigadier|major|lieutenant"
_OFFICE = (
    r"member|minister|director|head|chief|chair(?:man|woman|person)|president|prime minister|commander|general|admiral|"
    r"governor|secretary|representative|manager|colonel|captain|ambassador|adviser|advisor|judge|magistrate|officer|"
    r"ceo|mayor|leader|official|employee|constituent|speaker|rector|editor|owner|founder|inspector|prosecutor|doctor"
)
_LAST = r"employee|official|representative|brigadier general|council member|committee member"
_POSITION = re.compile(rf"^(?:(?:{_RANK})[ ,-]+)*(?:{_OFFICE})\b|\b(?:{_LAST})$", re.IGNORECASE)
_OWNER_FORMS = ("Aircraft Operator", "Fax", "Vessel Owner")
# Russian numbers have a length of their own for each register.
_RUSSIAN = {("taxNumber", 10): "innCode", ("taxNumber", 12): "innCode", ("registrationNumber", 13): "ogrnCode",
            ("registrationNumber", 15): "ogrnCode", ("taxNumber", 9): "kppCode"}  # fmt: skip
# What is longer says more than a number.
_LONGEST = 25
_REGISTER_IDS = frozenset({"leiCode", "okpoCode", "uscCode", "vatCode"})


class Remarks:
    """What the remarks of one entity say.

    Attributes:
        documents: rows of documents and wallets.
        linked: names of others as OFAC writes them.
        provisions, listed, effective: what belongs to the sanction, not to the entity.
        left: pieces that no form fits.
        faults: (field, text) of dates that are none.
    """

    def __init__(self) -> None:
        self.documents: list[Entity] = []
        self.linked: list[str] = []
        self.provisions: list[str] = []
        self.listed: list[str] = []
        self.effective: list[str] = []
        self.left: list[str] = []
        self.faults: list[tuple[str, str]] = []


def read_remarks(text: str, entity: Entity) -> Remarks:
    """Put what OFAC's remarks say of an entity into its properties; return the rest."""
    said = Remarks()
    for piece in _pieces(text):
        plain = piece.removeprefix("alt. ").removeprefix("Alt. ")
        if not any(take(plain, entity, said) for take in _TAKERS):
            said.left.append(piece)
            entity.add("notes", piece)
    return said


def is_document(kind: str) -> bool:
    """Return whether OFAC's name of a kind of number is known."""
    return kind in _KINDS


def _pieces(text: str) -> Iterator[str]:
    for piece in text.strip().removesuffix(".").split(";"):
        if piece := piece.strip():
            yield piece


def _birth(piece: str, entity: Entity, said: Remarks) -> bool:
    if not piece.startswith("DOB "):
        return False
    span = _SPAN.fullmatch(piece[4:].strip())
    first = iso_date(span[2]) if span else None
    last = iso_date(span[3]) if span and span[3] else None
    if span is None or first is None or (span[3] and last is None):
        said.faults.append(("DOB", piece[4:]))
        return True
    entity.add("birthDate", *(years_between(first, last) if last else [first]))
    if span[1] or "circa" in piece:
        entity.add("notes", piece)
    return True


def _plain_form(piece: str, entity: Entity, said: Remarks) -> bool:
    found = _FORM.fullmatch(piece)
    if found is None:
        return False
    kind, rest = found[1], found[2].strip()
    if name := _DATES.get(kind):
        span = _SPAN.fullmatch(rest)
        first, last = (iso_date(span[2]), iso_date(span[3] or span[2])) if span else (None, None)
        if first is None or last is None:
            said.faults.append((kind, rest))
        elif span and span[3]:
            entity.add(name, *years_between(first, last))
        else:
            entity.add(name, first)
    elif name := _PLAIN.get(kind):
        if name == "imoNumber":
            rest = rest.partition(" (")[0]
        if rest.startswith("possibly "):
            entity.add("notes", piece)
        values = (
            [country_code(rest.removeprefix("possibly "))]
            if name in _COUNTRIES
            else [rest.lower() if name == "gender" else rest]
        )
        entity.add(name, *values)
        if name == "birthPlace":
            _birth_country(rest, entity)
    else:
        return _document(kind, rest, entity, said)
    return True


def _birth_country(place: str, entity: Entity) -> None:
    parts = [part.strip() for part in place.split(",")]
    for text in (", ".join(parts[-2:]), parts[-1]):
        code = country_code(text)
        if len(code) in (2, 4) and code.islower():
            entity.add("birthCountry", code)
            return


def _document(kind: str, rest: str, entity: Entity, said: Remarks) -> bool:
    found = _TAIL.fullmatch(rest)
    if found is None or not re.search(r"\d", rest):
        return False
    number = found["number"].lstrip("# ").strip()
    if not number:
        return False
    take_document(
        kind,
        number,
        entity,
        said,
        country=country_code(found["country"] or ""),
        issued=iso_date(found["issued"] or ""),
        expires=iso_date(found["expires"] or ""),
    )
    return True


def take_document(
    kind: str,
    number: str,
    entity: Entity,
    said: Remarks,
    *,
    country: str,
    issued: str | None = None,
    expires: str | None = None,
) -> None:
    """Put a document of a kind that OFAC names into an entity; one of an unknown kind stays in its notes."""
    name = _KINDS.get(kind)
    if name is None:
        said.left.append(kind)
        entity.add("notes", f"{kind} {number}" + (f" ({country})" if country else ""))
        return
    if country == "ru" and number.isdigit() and (own := _RUSSIAN.get((name, len(number)))):
        entity.add(own, number)
    if name == "leiCode" and len(number) != 20:
        name = "registrationNumber"
    if name in _REGISTER_IDS:
        entity.add(name, number)
        return
    if len(number) > _LONGEST:
        entity.add("notes", f"{kind} {number}")
        number = document_number(number.removeprefix("No.: "))[0]
    document = add_document(entity, name, number, type=kind, country=country, startDate=issued, endDate=expires)
    if document is not None and name in ("passportNumber", "idNumber", "taxNumber"):
        said.documents.append(document)


def _wallet(piece: str, entity: Entity, said: Remarks) -> bool:
    found = _WALLET.fullmatch(piece)
    if found is None:
        return False
    wallet = Entity(stable_id(f"{entity.entity_id}-wallet", found[2]), "CryptoWallet", False, entity.row)
    wallet.add("currency", found[1])
    wallet.add("publicKey", found[2])
    wallet.add("holder", entity.entity_id)
    wallet.add("topics", "sanction")
    said.documents.append(wallet)
    return True


def _nickname(piece: str, entity: Entity, said: Remarks) -> bool:
    found = _QUOTED.fullmatch(piece)
    if found:
        entity.add("previousName" if found[1] == "f" else "weakAlias", found[2])
    return found is not None


def _link(piece: str, entity: Entity, said: Remarks) -> bool:
    found = _LINKED.fullmatch(piece)
    if found:
        said.linked.append(found[1] or found[2])
    return found is not None


def _sanction(piece: str, entity: Entity, said: Remarks) -> bool:
    if found := _LISTED.fullmatch(piece):
        (said.listed if found[1] == "Listing" else said.effective).append(iso_date(found[2]) or "")
        said.provisions.append(piece)
    elif _PROVISIONS.fullmatch(piece):
        said.provisions.append(piece.strip("()"))
    else:
        return False
    return True


def _position(piece: str, entity: Entity, said: Remarks) -> bool:
    if entity.schema != "Person" or not _POSITION.search(piece):
        return False
    entity.add("position", piece)
    return True


def _kept(piece: str, entity: Entity, said: Remarks) -> bool:
    """Forms that are understood and have no property of their own."""
    if not piece.startswith(_OWNER_FORMS):
        return False
    entity.add("notes", piece)
    return True


_TAKERS: tuple[Callable[[str, Entity, Remarks], bool], ...] = (
    _birth,
    _link,
    _nickname,
    _wallet,
    _sanction,
    _kept,
    _plain_form,
    _position,
)
