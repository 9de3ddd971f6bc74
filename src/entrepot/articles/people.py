"""Who is named in a text: persons with their offices, bodies, and the words they are called by later."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from entrepot.articles import lexicon, russian

_PART = r"(?:[A-ZÀ-ÝŞĞÇÖÜİА-ЯЁ][\w’'\-]*[a-zà-ÿşğıçöüа-яё][\w’'\-]*|[A-Z]\.|[A-Z]{3,}(?:-[A-Z]{2,})?)"
_NAME = re.compile(rf"{_PART}(?:[ \u00a0](?:(?:al|bin|ibn|de|van|der|von|da|di|ben)[ -])?{_PART}){{1,7}}")
_NOT_NAMES = frozenset(
    "The A An In On At Of For From And But Or If When While After Before Since Until As By With Our His "
    "Her Their Its My This That"
    " These Those It He She We They You I Mr Mrs Ms Dr Is Are Was Not No Yes What Who How Why Where "
    "Which There Here Now Then Also"
    " So Yet Only Even Although Though However Moreover According January February March April May June "
    "July August September October"
    " November December Monday Tuesday Wednesday Thursday Friday Saturday Sunday Street Avenue Road "
    "Square Bank Ministry Institute"
    " University Center Centre Committee Council Agency Union Commission Organization Organisation "
    "Department Office Government Parliament"
    " Senate House Court Association Foundation Group Company Party Service Services Telegram Channel "
    "News Press Times Post Media Law"
    " Code Act Treaty Agreement Republic Federation State States National International Central Asia "
    "Asian Europe Western Eastern"
    " Northern Southern North South East West Customs Border Treasury Federal Supreme Security "
    "General-Secretariat Academy School College"
    " Holding Logistics Trading Trade Export Exports Chamber Fund Board Bureau Forum Summit Research "
    "Policy Studies Network Initiative"
    " Question Answer Interviewer Opinion Analysis Read Photo Economic Eurasian Caspian Black Sea Silk "
    "Belt High Priority List Common"
    " Finance Justice Foreign Affairs Interior Defence Defense Commerce Industry Economy Digital Cards "
    "Card Kremlin Soviet Cold War World"
    " Daily Weekly Radio Free Today Tribune Herald Courier Observer Review Journal Gazette Monitor "
    "Parallel Import Imports Sanctions".split()
)
_TITLES = re.compile(r"(?:Mr|Mrs|Ms|Miss|Dr|Prof|Professor|Sir|Lady)\.?\s")
_FEMALE = frozenset(
    "anna maria marta elena olga irina natalia tatiana svetlana aigul aida ainura aisulu asel assel "
    "gulnara dinara saule zarina madina"
    " nargiza dilnoza lola malika leyla aysel gunel nino ketevan tamar anahit lilit sofia sophie emma "
    "julia lena laura sarah jane mary"
    " helen claire ingrid astrid katarina eva ana ayse fatma elif zeynep karin heidi nora alice lucia "
    "monika barbara susan nadia amina"
    " aizhan zhanar meerim jyldyz cholpon nurgul feruza kamila sevara hanna ewa agnieszka petra ulrike "
    "birgit johanna carla paula".split()
)
_HE, _SHE = "m", "f"


@lru_cache(maxsize=4096)
def slug(text: str) -> str:
    """Return a name in lower-case ASCII with hyphens."""
    from anyascii import anyascii

    return re.sub(r"[^a-z0-9]+", "-", anyascii(text.replace("’", "'")).lower().replace("'s", "")).strip("-")


@dataclass(slots=True)
class Person:
    """A person whom the text names."""

    name: str
    role: str = ""
    gender: str = ""
    places: list[int] = field(default_factory=list)

    @property
    def id(self) -> str:
        """``per:`` and the name."""
        return f"per:{slug(self.name)}"

    @property
    def surname(self) -> str:
        """The last word of the name."""
        return self.name.split()[-1]


class People:
    """The persons of one text, found by their full names and then by surnames."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.persons: dict[str, Person] = {}
        common = frozenset(re.findall(r"(?<![\w’'-])[a-zа-яё]{3,}(?![\w-])", text))
        for name, start in names_in(text):
            if not _is_common(name, common):
                self.add(name, start)
        self._by_part = self._parts()

    def add(self, name: str, start: int = 0, role: str = "") -> Person:
        """Return the person of a name, made if new."""
        clean = " ".join(_bare(name).title().split()) if name.isupper() else " ".join(_bare(name).split())
        person = self.persons.get(clean.lower()) or self._same(clean)
        if person is None:
            person = self.persons[clean.lower()] = Person(clean, gender=_gender(clean))
        person.places.append(start)
        person.role = person.role or role or self._role(name, start)
        self._by_part = self._parts()
        return person

    def _same(self, name: str) -> Person | None:
        """Return the person whose longer or shorter name this is."""
        parts = name.lower().split()
        for person in self.persons.values():
            own = person.name.lower().split()
            if own[-1] == parts[-1] and (own[0] == parts[0] or (own[0][0] == parts[0][0] and "." in own[0] + parts[0])):
                return person
        return None

    def _parts(self) -> dict[str, list[Person]]:
        found: dict[str, list[Person]] = {}
        for person in self.persons.values():
            for part in {person.surname, *person.name.split()[:1]}:
                found.setdefault(russian.stem(part.lower()), []).append(person)
        return found

    def _role(self, name: str, start: int) -> str:
        before = self.text[max(0, start - 90) : start]
        if "а" <= name[:1].lower() <= "я":
            return russian.role_before(before)
        if found := _role_before(before):
            return found
        after = self.text[start + len(name) : start + len(name) + 140]
        match = re.match(
            (
                r"\s?(?:,\s(?:an?\s|the\s)?([^,.;:()\n“\"]{4,90}?)(?=,|\.\s|\.?$|\s(?:said|told|says)\b)"
                r"|\s?\(([^()\n]{4,70})\))"
            ),
            after,
        )
        role = (match[1] or match[2]) if match else ""
        return role.strip() if role and _has_role(role) else ""

    def named(self, piece: str) -> Person | None:
        """Return the person whom a piece of text names, the last of its head where several stand."""
        found: list[tuple[int, Person]] = []
        for match in re.finditer(r"[^\W\d_][\w’\-]*(?:'(?!s\b)\w+)*", piece):
            word = re.sub(r"[’']s?$", "", match.group())
            if word[:1].isupper() and (persons := self._by_part.get(russian.stem(word.lower()))):
                found.append((match.start(), self._fits(piece, persons)))
        return found[-1][1] if found else None

    @staticmethod
    def _fits(piece: str, persons: list[Person]) -> Person:
        low = piece.lower()
        return max(persons, key=lambda person: sum(part in low for part in person.name.lower().split()))

    def of_role(self, noun: str, before: int) -> list[Person]:
        """Return persons named before a place whose role has a noun, the latest first."""
        found = [
            p
            for p in self.persons.values()
            if re.search(rf"\b{re.escape(noun)}s?\b", p.role, re.I) and min(p.places) < before
        ]
        return sorted(found, key=lambda p: -max(place for place in p.places if place < before))


def names_in(text: str) -> Iterator[tuple[str, int]]:
    """Yield full names of persons with where they stand."""
    for name, start, _ in russian.names_in(text):
        yield name, start
    for match in _NAME.finditer(text):
        name, start = match.group(), match.start()
        if re.search("[А-Яа-яЁё]", name):
            continue
        while " " in name and _is_lead(name.split()[0]):
            first = len(name.split()[0]) + 1
            start, name = start + first, name[first:]
        parts = name.replace("\u00a0", " ").split()
        if (
            not 2 <= len(parts) <= 4
            or any(re.sub(r"['’]s$", "", part) in _NOT_NAMES for part in parts)
            or _is_place(name)
        ):
            continue
        if any(p.lower() in _role_words() for p in parts) or all(len(p) > 1 and p.isupper() for p in parts):
            continue
        yield re.sub(r"['’]s?$", "", name), start


def _is_common(name: str, common: frozenset[str]) -> bool:
    """Words with capitals that the text also writes without: ``Payment System``, ``Parallel Channels`` of a title."""
    return all(part.lower() in common or part.lower().rstrip("s") in common for part in name.split())


def is_name(name: str) -> bool:
    """Return whether words may be the full name of a person: no word of bodies and papers, no place, no office."""
    return [found for found, _ in names_in(name)] == [name]


def _is_lead(word: str) -> bool:
    """A word that may stand before a name and is no part of it."""
    bare = re.sub(r"['’]s?$", "", word)
    place = lexicon.places().get(bare)
    return (
        bare in _NOT_NAMES
        or bare.lower() in _role_words()
        or bare in _TITLE_WORDS
        or (place is not None and place.kind != "capital")
    )


_TITLE_WORDS = frozenset(
    (
        "Deputy Vice First Senior Acting Former Political Chief Lead Independent Prime Press Then "
        "Ex-minister Ex-president"
    ).split()
)


def _is_place(name: str) -> bool:
    if name in lexicon.outlets():
        return True
    parts = [re.sub(r"['’]s$", "", part) for part in name.split()]
    places = lexicon.places()
    last = places.get(parts[-1])
    return (
        (last is not None and last.kind == "adjective")
        or re.sub(r"['’]s$", "", name) in places
        or any(part in places and places[part].kind != "adjective" for part in parts)
        or parts[0] in places
    )


@lru_cache(maxsize=1)
def _role_words() -> frozenset[str]:
    return frozenset(word for role in lexicon.words("roles") for word in role.split())


def _has_role(text: str) -> bool:
    return bool(_role_words() & set(re.findall(r"[a-z]+", text.lower().replace("-", " "))))


def _role_before(before: str) -> str:
    match = re.search(r"((?:[\w’'\-]+ ){0,6}[\w’'\-]+),? $", re.split(r"[.;:,()\n“”\"—–]", before)[-1] or before[-1:])
    if not match:
        return ""
    words = match[1].split()
    if words[-1].lower().split("-")[-1] not in _role_words():
        return ""
    first = len(words) - 1
    while first and (
        words[first - 1][0].isupper() or words[first - 1].lower() in _ROLE_LINKS or _has_role(words[first - 1])
    ):
        first -= 1
    while words[first].lower() in ("the", "a", "an", "of", "and", "for", "but", "in", "with", "to", "by"):
        first += 1
    return " ".join(words[first:])


_ROLE_LINKS = frozenset(
    "deputy former vice first senior chief political of for and independent local regional acting leading".split()
)


def _bare(name: str) -> str:
    return _TITLES.sub("", name)


def _gender(name: str) -> str:
    parts = name.lower().split()
    if parts[0] in _FEMALE or re.search(r"(?:ova|eva|skaya|kyzy|qizi)$", parts[-1]):
        return _SHE
    return _HE if re.search(r"(?:ov|ev|ssky|sky|uulu)$", parts[-1]) else ""
