"""Identifiers: numbers of people, companies, ships, accounts and documents, and what their digits say.

A number is brought to its normal form first (capitals and digits; Cyrillic and Greek letters that look Latin become
Latin, spaces and dashes go), then held against the shape and the check digits of its kind. Several kinds carry facts:
a Kazakh IIN the birth date and sex, a BIN the month of registration. That the digits hold says that nobody mistyped
them, not that the number was given to anybody.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from entrepot.codes.facts import rows
from entrepot.codes.identifier_kinds import KINDS, Kind, Said, fits
from entrepot.codes.territories import find_territory
from entrepot.errors import UnknownCode

# Documents whose numbers have a country's shape, and those whose numbers have none that is known.
_SHAPED = {"passport": "passport", "passportNumber": "passport", "id_card": "id_card"}
_PLAIN = ("residence_permit", "decree", "power_of_attorney", "other")
# Names of records and lists that say no more than "some number of a state or a register".
_GENERAL = ("", "tax_number", "tax_id", "id_number", "registration_number", "tin")
_FTM = {"taxNumber": "tax_number", "idNumber": "id_number", "registrationNumber": "registration_number"}
_LOOK = str.maketrans("АВЕКМНОРСТУХІЈЅЁΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEKMHOPCTYXIJSEABEZHIKMNOPTYX")
_LABEL = re.compile(
    r"^\W*(?:(?:ИНН|ОГРНИП|ОГРН|ИИН|БИН|ПИН|ПИНФЛ|ЖШШИР|УНП|ЄДРПОУ|ЕДРПОУ|РНОКПП|ВКН|СТИР|INN|OGRNIP|OGRN|IIN|BIN|"
    r"PINFL|PIN|UNP|EDRPOU|RNOKPP|TCKN|VKN|VOEN|VÖEN|STIR|LEI|IMO|IBAN|BIC|SWIFT|TIN|PASSPORT|ПАСПОРТ|СЕРИЯ|НОМЕР|"
    r"NUMBER|NO|NR)(?=[\W\d])|№)[\s.:№#]*",
    re.IGNORECASE,
)
_LABELS = {
    **{"инн": "inn", "огрн": "ogrn", "огрнип": "ogrnip", "иин": "iin", "бин": "bin", "пин": "pin", "пинфл": "pinfl"},
    **{"унп": "unp", "єдрпоу": "edrpou", "едрпоу": "edrpou", "рнокпп": "rnokpp", "стир": "stir", "vöen": "voen"},
    **{kind.name: kind.name for kind in KINDS},
    **{"swift": "bic", "паспорт": "passport", "passport": "passport"},
}
_LABELLED = re.compile(
    rf"(?<!\w)({'|'.join(sorted(_LABELS, key=len, reverse=True))})(?!\w)[\s.:№#-]*((?:[^\W_](?:[ -](?=\d))?){{6,42}})",
    re.IGNORECASE,
)
_BARE = re.compile(r"(?<!\w)(?:[A-Z]{2}\d{2}(?: [A-Z0-9]{4}){2,7}(?: [A-Z0-9]{1,4})?|[A-Z0-9]{11,34})(?!\w)")


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number and what it says.

    Attributes:
        kind: inn, iin, bin, pin, pinfl, unp, lei, imo, iban, bic, passport ...; ``other`` where no kind fits.
        country: ISO3 of the state that gives it; empty where it is not a state's or not known.
        number: its normal form.
        is_valid: nothing is wrong with it: shape, check digits where a rule is public, dates that exist.
        problem: what is wrong, one sentence; empty if nothing.
        birth_date: ISO 8601, where its digits carry it.
        sex: male or female, where its digits carry it.
        date: when the holder was registered (``2008-06``, ``2019``), where its digits carry it.
        holder: person, company, branch, representation, entrepreneurs or vessel, where its digits or kind say so.
        is_checked: a check digit was there and holds; False too where the kind has none that is public.
        note: how the number was mended to fit: an O read as 0.
    """

    kind: str
    country: str
    number: str
    is_valid: bool
    problem: str = ""
    birth_date: str = ""
    sex: str = ""
    date: str = ""
    holder: str = ""
    is_checked: bool = False
    note: str = ""


def normal_number(text: str) -> str:
    """Return the normal form of a number: Latin capitals and digits, nothing else.

    >>> normal_number("АН 123-4567")
    'AH1234567'
    """
    folded = unicodedata.normalize("NFKC", text).upper().translate(_LOOK)
    digits = (str(unicodedata.digit(sign)) if sign.isdigit() else sign for sign in folded)
    return "".join(sign for sign in digits if sign.isalnum())


def read_identifier(text: str, *, kind: str = "", country: str = "") -> Identifier:
    """Return what a number is and says; one that fits no kind comes back with its problem.

    Args:
        text: as it is written, with or without its label.
        kind: a kind, or a column's or a FollowTheMoney property's name (tax_number, idNumber, passportNumber); empty
            for any.
        country: of the issuer: ISO alpha-3, alpha-2 or a name; empty where unknown.

    Raises:
        UnknownCode: there is no such kind or country.

    >>> read_identifier("ИНН 7707083893", kind="inn").is_valid
    True
    """
    kind = _FTM.get(kind, kind)
    issuer = _iso3(country)
    number = normal_number(_unlabelled(text))
    if kind in _SHAPED:
        return _document(_SHAPED[kind], issuer, number)
    if kind in _PLAIN:
        return Identifier(kind, issuer, number, bool(number), "" if number else "it is empty")
    kinds = _kinds_of(kind, issuer)
    found = [_read(one, number) for one in kinds]
    is_told = bool(issuer) or kind not in _GENERAL
    # With nothing said of it, a number is told by its own checks only.
    fitting = [one for one in found if one is not None and (is_told or one.is_valid)]
    if fitting:
        return min(fitting, key=lambda one: (not one.is_valid, not one.is_checked))
    if kind in _GENERAL:
        return Identifier("other", issuer, number, bool(number), "" if number else "it is empty")
    wrong = f"{number[:50]!r} has not the shape of {kind}" if number else "it is empty"
    return Identifier(
        kinds[0].name if kinds else kind, issuer or (kinds[0].country if kinds else ""), number, False, wrong
    )


def find_identifiers(text: str) -> tuple[Identifier, ...]:
    """Return the valid identifiers of a running text, in their order.

    Numbers that stand behind the name of their kind (``ИНН``, ``BIN``, ``IMO``) are read as that kind; bare ones are
    returned only where their check digits tell them from any other number.
    """
    found: list[tuple[int, Identifier]] = []
    taken: set[int] = set()
    for match in _LABELLED.finditer(text):
        one = read_identifier(match[2], kind=_LABELS[match[1].casefold()])
        if one.is_valid:
            found.append((match.start(2), one))
            taken.update(range(*match.span(2)))
    # One sign for one sign, so that places stay the same.
    folded = "".join(sign.upper() if len(sign.upper()) == 1 else sign for sign in text).translate(_LOOK)
    for match in _BARE.finditer(folded):
        if match.start() not in taken:
            found += [(match.start(), one) for one in _bare(match[0])]
    ordered = sorted(found, key=lambda pair: pair[0])
    return tuple(dict.fromkeys(one for _, one in ordered))


def identifier_kinds() -> tuple[tuple[str, str], ...]:
    """Return the kinds whose digits are known, each with the country that gives it."""
    return tuple((kind.name, kind.country) for kind in KINDS)


def _iso3(country: str) -> str:
    if not country.strip():
        return ""
    found = find_territory(country, scheme="iso2" if len(country.strip()) == 2 else "any")
    if found is None:
        raise UnknownCode(f"unknown territory {country!r}", remedy="Use the ISO 3166 alpha-3 code.")
    return found.code


def _unlabelled(text: str) -> str:
    while (match := _LABEL.match(text)) and match.end() < len(text):
        text = text[match.end() :]
    return text


def _kinds_of(name: str, country: str) -> list[Kind]:
    named = [kind for kind in KINDS if name in ("", kind.name) or name in kind.also]
    if not named and name not in _GENERAL:
        remedy = f"Use one of {', '.join(dict.fromkeys(kind.name for kind in KINDS))}, passport, id_card."
        raise UnknownCode(f"unknown kind of identifier {name!r}", remedy=remedy)
    if not country and name in _GENERAL:
        return [kind for kind in named if kind.is_distinct]
    return [kind for kind in named if not country or kind.country in ("", country)]


def _read(kind: Kind, number: str) -> Identifier | None:
    note = ""
    if not fits(kind, number):
        mended = number.replace("O", "0")
        if mended == number or not fits(kind, mended):
            return None
        number, note = mended, "the letter O is read as 0"
    said: Said = kind.says(number)
    holds = kind.holds is None or kind.holds(number)
    problem = said.problem or ("" if holds else f"the check digits of {number} do not hold for {kind.name}")
    is_checked = kind.holds is not None and holds
    facts = (said.birth_date, said.sex, said.date) if not problem else ("", "", "")
    country = kind.country or _country_within(kind.name, number)
    return Identifier(kind.name, country, number, not problem, problem, *facts, said.holder, is_checked, note)


def _country_within(kind: str, number: str) -> str:
    """The country that an account's or a bank's number names."""
    place = {"iban": 0, "bic": 4}.get(kind)
    found = None if place is None else find_territory(number[place : place + 2], scheme="iso2")
    return found.code if found else ""


def _bare(token: str) -> Iterator[Identifier]:
    number = normal_number(token)
    for kind in KINDS:
        if kind.is_distinct and fits(kind, number):
            one = _read(kind, number)
            if one is not None and one.is_valid:
                yield one


@cache
def _document_shapes() -> dict[str, list[tuple[str, str]]]:
    shapes: dict[str, list[tuple[str, str]]] = {}
    for row in rows("passports"):
        shapes.setdefault(row["country"], []).append((row["kind"], row["shape"]))
    return shapes


def _document(kind: str, country: str, number: str) -> Identifier:
    """A passport or a card; shapes of countries that the list does not hold are not judged."""
    if not number:
        return Identifier(kind, country, number, False, "it is empty")
    shapes = [shape for of, shape in _document_shapes().get(country, ()) if of == kind]
    for shape in shapes:
        if (mended := _mended(number, shape)) is not None:
            note = "" if mended == number else "O and 0 are exchanged to fit the shape"
            return Identifier(kind, country, mended, True, holder="person", note=note)
    problem = f"{number[:50]} has not a shape of {country} ({kind}: {', '.join(shapes)})" if shapes else ""
    return Identifier(kind, country, number, not problem, problem, holder="person")


def _mended(number: str, shape: str) -> str | None:
    """The number in a shape of letters (A) and digits (9), with O and 0 exchanged where the shape asks for it."""
    if len(number) != len(shape):
        return None
    signs = [
        "0" if (sign, place) == ("O", "9") else "O" if (sign, place) == ("0", "A") else sign
        for sign, place in zip(number, shape, strict=True)
    ]
    fits_it = all(sign.isdigit() == (place == "9") for sign, place in zip(signs, shape, strict=True))
    return "".join(signs) if fits_it else None
