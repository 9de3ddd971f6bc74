"""The other half of the flip test: the same records of people who come from elsewhere.

Every person gets another nationality, another name and another way of writing it, the same for all of one's records, so
that what agreed still agrees and what differed still differs: whose new country would by chance be that of one's own
address, tax office or log-ins gets another name alone. With proxies, the country of the address and of tax, the
prefix of the telephone, the script, the country of a payer and the places of log-ins move along. What no swap touches:
dates, amounts, goods, banks, firms, embargoed places, numbers of telephones that lists or SIM cards name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from anyascii import anyascii
from duckdb.sqltypes import VARCHAR

from entrepot.codes import read_identifier
from entrepot.redflags import RecordTables

# Countries that people come from here; a swap is a step along the ring. No embargoed place is among them.
RING = ("KAZ", "TUR", "KGZ", "DEU", "RUS", "CHN", "UZB", "POL", "TJK", "ITA", "ARM", "GEO", "BLR", "AZE", "UKR", "ARE")
_DIAL = {
    "KAZ": "770", "TUR": "90", "KGZ": "996", "DEU": "49", "RUS": "79", "CHN": "86", "UZB": "998", "POL": "48",
    "TJK": "992", "ITA": "39", "ARM": "374", "GEO": "995", "BLR": "375", "AZE": "994", "UKR": "380", "ARE": "971",
}  # fmt: skip
# One usual shape of a passport's number: 9 a digit, A a letter.
_SHAPES = {
    "KAZ": "A99999999", "TUR": "A99999999", "KGZ": "AA9999999", "DEU": "A99999999", "RUS": "999999999",
    "CHN": "A99999999", "UZB": "AA9999999", "POL": "AA9999999", "TJK": "999999999", "ITA": "AA9999999",
    "ARM": "AA9999999", "GEO": "99AA99999", "BLR": "AA9999999", "AZE": "A99999999", "UKR": "AA999999",
    "ARE": "A99999999",
}  # fmt: skip
_CARDS = ("AA9999999", "999999999", "A99999999", "99AA99999", "A99A99999")
# Syllables of names that nobody has: a consonant in Cyrillic and in the Latin of new and of old papers, and a vowel.
_PLAIN = tuple(zip("бдгклмнпрст", "bdgklmnprst", "bdgklmnprst", strict=True))
_TELLING = (("ж", "zh", "j"), ("х", "kh", "h"), ("ц", "ts", "c"), ("ю", "iu", "yu"))
_VOWELS = tuple(zip("аоуи", "aoui", "aoui", strict=True))
_SOUNDS = (("shch", "s"), ("kh", "h"), ("zh", "j"), ("ts", "c"), ("dj", "j"), ("x", "h"), ("q", "k"), ("w", "v"))


@dataclass
class Swap:
    """One swap of one check's tables: how far along the ring, with or without proxies, and what became of what."""

    step: int
    has_proxies: bool
    changed: dict[str, int] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)
    _spellings: dict[str, dict[str, int]] = field(default_factory=dict)

    def country(self, code: str | None) -> str | None:
        """Return the country that stands for another; itself where it is not of the ring."""
        return RING[(RING.index(code) + self.step) % len(RING)] if code in RING else code

    def name(self, text: str) -> str:
        """Return a name with every word another; spellings of one word become one word."""
        new = re.sub(r"[^\W\d_]+(?:['’ʻ-][^\W\d_]+)*", lambda word: self._word(word.group()), text)
        self.said[text] = new
        return new

    def number(self, text: str, country: str, kind: str | None) -> str:
        """Return a number in a usual shape of another country; one that could not be its own country's stays."""
        if country not in RING or not _is_usual(text, country, kind):
            return text
        there = str(self.country(country))
        new = _SHAPES[there]
        if kind == "id_card":
            new = next((shape for shape in _CARDS if _is_usual(_filled(shape), there, kind)), new)
        seed = _stable(text)
        marks = []
        for place, mark in enumerate(new):
            part = _stable(f"{seed}.{place}")
            marks.append(str(part % 10) if mark == "9" else "ABCEHKMNPRTX"[part % 12])
        self.said[text] = "".join(marks)
        return self.said[text]

    def _word(self, word: str) -> str:
        """Another word: the same pieces for all spellings of one name, and for each spelling its own."""
        key = _skeleton(word)
        known = self._spellings.setdefault(key, {})
        spelling = known.setdefault(word.lower(), len(known) % 3)
        seed = _stable(key) + 7919 * self.step
        new = ""
        for place, consonants in enumerate((_PLAIN, _TELLING, _PLAIN)):
            part = _stable(f"{seed}.{place}")
            new += consonants[part % len(consonants)][spelling] + _VOWELS[part // 13 % len(_VOWELS)][spelling]
        new = (new + _PLAIN[_stable(f"{seed}.end") % len(_PLAIN)][spelling]).capitalize()
        return new.upper() if word.isupper() and len(word) > 1 else new


def swap_tables(tables: RecordTables, swap: Swap) -> None:
    """Swap the people of a check's tables in place; counts the records that changed, by kind."""
    ask = tables.connection
    ask.execute("SELECT 1").fetchall()  # Whatever was asked before is over.
    ask.create_function("swapped_name", swap.name, [VARCHAR], VARCHAR)
    ring = ", ".join(f"'{one}': '{swap.country(one)}'" for one in RING)
    ask.execute(f"CREATE OR REPLACE MACRO swapped_country(c) AS coalesce((MAP {{{ring}}})[c], c)")
    ask.execute(
        "CREATE OR REPLACE MACRO swapped_entry(t) AS swapped_country(split_part(t, ':', 1)) ||"
        " CASE WHEN contains(t, ':') THEN ':' || substr(t, strpos(t, ':') + 1) ELSE '' END"
    )
    if "person" in tables.given:
        ask.execute("CREATE OR REPLACE TEMP TABLE people AS SELECT DISTINCT person_id FROM r_person")
    else:
        ask.execute("CREATE OR REPLACE TEMP TABLE people (person_id VARCHAR)")
    _find_settled(tables, swap)
    _swap_directors(tables)
    firms = [
        condition
        for kind, column, condition in (("company", "company_id", _NO_FIRM), ("bank", "name", _NO_BANK))
        if column in tables.given.get(kind, ())
    ]
    _update(tables, swap, "listing", _LISTING, " AND ".join(firms) or "true")
    _update(tables, swap, "person", _NAMES)
    _update(tables, swap, "person", _COUNTRIES, _MOVES)
    _swap_documents(tables, swap)
    # A citizenship that was granted is one that the person has.
    granted = {"country": "swapped_country(country)"}
    _update(tables, swap, "application", granted, f"kind = 'citizenship' AND outcome = 'granted' AND {_MOVES}")
    for side, last in (("payer", "ultimate_debtor"), ("beneficiary", "ultimate_creditor")):
        name = f"{side}_name"
        named = {name: f"swapped_name({name})"}
        if name in tables.given.get("payment", ()):
            # The last party is the same person where it bears the same name.
            named[last] = f"CASE WHEN lower({last}) = lower({name}) THEN swapped_name({last}) ELSE {last} END"
        _update(tables, swap, "payment", named, f"{side}_id IN (FROM people)")
    if swap.has_proxies:
        _swap_proxies(tables, swap)


_LISTING = {"entity_name": "swapped_name(entity_name)"}
_NAMES = {
    "name": "swapped_name(name)",
    "other_names": "list_transform(other_names, lambda n: swapped_name(n))",
}
_COUNTRIES = {
    "birth_country": "swapped_country(birth_country)",
    "citizenships": "list_transform(citizenships, lambda c: swapped_country(c))",
    "citizenship_since": "list_transform(citizenship_since, lambda t: swapped_entry(t))",
    "declared_citizenships": "list_transform(declared_citizenships, lambda c: swapped_country(c))",
}
_MOVES = "coalesce(person_id NOT IN (FROM settled), true)"
_NO_FIRM = "entity_id NOT IN (SELECT company_id FROM r_company)"
_NO_BANK = "lower(trim(entity_name)) NOT IN (SELECT lower(trim(name)) FROM r_bank WHERE name IS NOT NULL)"
_PROXIES = {
    "tax_residence": "swapped_country(tax_residence)",
    "address_country": "swapped_country(address_country)",
    "phone": "list_transform(phone, lambda p: swapped_phone(p))",
}


def _update(tables: RecordTables, swap: Swap, kind: str, cells: Mapping[str, str], where: str = "true") -> None:
    given = {name: sql for name, sql in cells.items() if name in tables.given.get(kind, ())}
    if not given:
        return
    moved = " OR ".join(f'({sql}) IS DISTINCT FROM "{name}"' for name, sql in given.items())
    assigned = ", ".join(f'"{name}" = {sql}' for name, sql in given.items())
    done = tables.connection.execute(f"UPDATE r_{kind} SET {assigned} WHERE ({where}) AND ({moved})").fetchone()
    swap.changed[kind] = max(swap.changed.get(kind, 0), int(done[0]) if done else 0)


def _find_settled(tables: RecordTables, swap: Swap) -> None:
    """Persons whose new country would be one that their unmoved records name, and their old ones are not."""
    given = tables.given
    old = [
        f"SELECT person_id, {sql} AS c FROM r_{kind}"
        for kind, column, sql in (
            ("person", "citizenships", "unnest(citizenships)"),
            ("document", "issuer_country", "issuer_country"),
        )
        if {"person_id", column} <= set(given.get(kind, ()))
    ]
    places = [
        f"SELECT {who} AS person_id, {column} AS c FROM r_{kind}"
        for kind, who, column in (
            ("person", "person_id", "address_country"),
            ("person", "person_id", "tax_residence"),
            ("login", "holder_id", "ip_country"),
        )
        if {who, column} <= set(given.get(kind, ()))
    ]
    found = "SELECT NULL::VARCHAR AS person_id WHERE false"
    if old and places and not swap.has_proxies:
        found = (
            f"WITH old AS ({' UNION '.join(old)}), places AS ({' UNION '.join(places)})"
            " SELECT DISTINCT o.person_id FROM old o JOIN places p ON p.person_id = o.person_id"
            " AND p.c = swapped_country(o.c) WHERE (p.person_id, p.c) NOT IN"
            " (SELECT (person_id, c) FROM old WHERE person_id IS NOT NULL AND c IS NOT NULL)"
        )
    tables.connection.execute(f"CREATE OR REPLACE TEMP TABLE settled AS {found}")


def _swap_directors(tables: RecordTables) -> None:
    """Directors that a listing names by name; those that it names by id keep it."""
    if "directors" not in tables.given.get("listing", ()):
        return
    ask = tables.connection
    ids = "SELECT person_id FROM people"
    if "directorship" in tables.given:
        ids += " UNION SELECT person_id FROM r_directorship"
    ask.execute(
        "CREATE OR REPLACE TEMP TABLE new_directors AS SELECT _row, list(CASE WHEN d IN (SELECT person_id FROM"
        f" ({ids}) WHERE person_id IS NOT NULL) THEN d ELSE swapped_name(d) END ORDER BY place) AS directors FROM"
        " (SELECT _row, unnest(directors) AS d, generate_subscripts(directors, 1) AS place FROM r_listing)"
        " GROUP BY _row"
    )
    ask.execute("UPDATE r_listing l SET directors = n.directors FROM new_directors n WHERE n._row = l._row")


def _swap_documents(tables: RecordTables, swap: Swap) -> None:
    """Issuer, number in the issuer's shape, printed name, machine-readable lines; a wrong check digit stays wrong."""
    if "document" not in tables.given:
        return
    ask = tables.connection
    rows = ask.execute(
        f"SELECT _row, kind, issuer_country, number, name_as_printed, mrz, {_MOVES} FROM r_document"
    ).fetchall()
    new = [(row, *_document(swap, *cells)) for row, *cells in rows]
    ask.execute(
        "CREATE OR REPLACE TEMP TABLE new_document"
        " (_row BIGINT, issuer VARCHAR, number VARCHAR, name VARCHAR, mrz VARCHAR)"
    )
    if new:
        columns = [list(column) for column in zip(*new, strict=True)]
        ask.execute("INSERT INTO new_document SELECT unnest(?), unnest(?), unnest(?), unnest(?), unnest(?)", columns)
    ask.execute(
        "UPDATE r_document d SET issuer_country = n.issuer, number = n.number, name_as_printed = n.name, mrz = n.mrz"
        " FROM new_document n WHERE n._row = d._row"
    )
    swap.changed["document"] = sum(old[2:6] != one[1:] for old, one in zip(rows, new, strict=True))


def _document(
    swap: Swap,
    kind: str | None,
    issuer: str | None,
    number: str | None,
    name: str | None,
    lines: str | None,
    moves: bool,
) -> tuple[str | None, str | None, str | None, str | None]:
    if kind in ("iin", "tax_id"):
        # Such a number is of the country that taxes, whoever the person is.
        moves = False
    if not moves:
        return issuer, number, swap.name(name) if name else name, lines
    new = swap.number(number, issuer, kind) if number and issuer else number
    printed = swap.name(name) if name else name
    return swap.country(issuer), new, printed, _lines(swap, lines, number, new) if lines else lines


def _lines(swap: Swap, lines: str, number: str | None, new: str | None) -> str:
    """The lines of a passport with another issuer, name and number; of other forms, as they were."""
    text = lines.replace("\n", "").replace("\r", "").strip()
    if len(text) != 88 or not text.startswith("P"):
        return lines
    head, second = text[:44], text[44:]
    family, _, given = head[5:].partition("<<")
    named = [_field(swap.name(part.replace("<", " ").strip().title())) for part in (family, given)]
    first = f"{head[:2]}{swap.country(head[2:5])}{'<<'.join(named)}".ljust(44, "<")[:44]
    country = swap.country(second[10:13]) or second[10:13]
    own, digit = second[:9], second[9]
    if number and new and own.rstrip("<") == number.upper()[:9].rstrip("<"):
        changed = new[:9].ljust(9, "<")
        digit = _shifted(changed, own, digit)
        own = changed
    body = own + digit + country + second[13:43]
    whole = body[:10] + body[13:20] + body[21:43]
    before = second[:10] + second[13:20] + second[21:43]
    return first + body + _shifted(whole, before, second[43])


def _shifted(text: str, before: str, digit: str) -> str:
    """The check digit of a text, wrong by as much as the one before was."""
    if not digit.isdigit():
        return digit
    return str((_check(text) + int(digit) - _check(before)) % 10)


def _check(text: str) -> int:
    values = (0 if mark == "<" else int(mark) if mark.isdigit() else ord(mark) - 55 for mark in text)
    return sum(value * (7, 3, 1)[place % 3] for place, value in enumerate(values)) % 10


def _field(text: str) -> str:
    return "".join(mark if mark.isalpha() else "<" for mark in anyascii(text).upper())


def _swap_proxies(tables: RecordTables, swap: Swap) -> None:
    ask = tables.connection
    kept = [
        f"SELECT regexp_replace(p, '[^0-9]', '', 'g') AS p FROM (SELECT {column} AS p FROM r_{kind})"
        for kind, column in (("sim", "msisdn"), ("listing", "unnest(phones)"), ("company", "unnest(phone)"))
        if column.split("(")[-1].rstrip(")") in tables.given.get(kind, ())
    ]
    ask.execute(f"CREATE OR REPLACE TEMP TABLE kept_phone AS {' UNION '.join(kept) or 'SELECT NULL::VARCHAR AS p'}")
    prefixes = sorted(_DIAL.items(), key=lambda item: -len(item[1]))
    cases = " ".join(
        f"WHEN starts_with(d, '{dial}') THEN '+{_DIAL[str(swap.country(one))]}' || substr(d, {len(dial) + 1})"
        for one, dial in prefixes
    )
    ask.execute(
        "CREATE OR REPLACE MACRO swapped_phone(p) AS (SELECT CASE WHEN d IN (SELECT k.p FROM kept_phone k WHERE k.p IS"
        f" NOT NULL) THEN p {cases} ELSE p END FROM (SELECT regexp_replace(p, '[^0-9]', '', 'g') AS d))"
    )
    _swap_phones(tables, swap)
    places = {name: sql for name, sql in _PROXIES.items() if name != "phone"}
    _update(tables, swap, "person", places)
    _update(tables, swap, "login", {"ip_country": "swapped_country(ip_country)"}, "holder_id IN (FROM people)")
    _swap_payers(tables, swap)


def _swap_phones(tables: RecordTables, swap: Swap) -> None:
    if "phone" not in tables.given.get("person", ()):
        return
    ask = tables.connection
    ask.execute(
        "CREATE OR REPLACE TEMP TABLE new_phone AS SELECT _row, list(swapped_phone(p) ORDER BY place) AS phone FROM"
        " (SELECT _row, unnest(phone) AS p, generate_subscripts(phone, 1) AS place FROM r_person) GROUP BY _row"
    )
    ask.execute("UPDATE r_person p SET phone = n.phone FROM new_phone n WHERE n._row = p._row")


def _swap_payers(tables: RecordTables, swap: Swap) -> None:
    """Countries of persons in payments; what was at home stays at home, what crossed a border still does."""
    if not {"payer_country", "beneficiary_country"} <= tables.given.get("payment", frozenset()):
        return
    payer, payee = "payer_id IN (FROM people)", "beneficiary_id IN (FROM people)"
    ours, theirs = "swapped_country(payer_country)", "swapped_country(beneficiary_country)"
    home = "payer_country = beneficiary_country"
    cells = {
        "payer_country": f"CASE WHEN {payer} OR {home} THEN {ours} ELSE payer_country END",
        "beneficiary_country": f"CASE WHEN {payee} OR {home} THEN {theirs} ELSE beneficiary_country END",
    }
    same = " = ".join(cells.values())
    _update(tables, swap, "payment", cells, f"({payer} OR {payee}) AND (({home}) = ({same}))")


def _skeleton(word: str) -> str:
    """What spellings of one word share: its consonants in one simple Latin form."""
    text = anyascii(word).lower()
    for found, simple in _SOUNDS:
        text = text.replace(found, simple)
    bare = re.sub(r"[^a-z]|[aeiouy]|(?<=.)h", "", text)
    return re.sub(r"(.)\1+", r"\1", bare) or text


def _is_usual(number: str, country: str, kind: str | None) -> bool:
    """Whether a number can be one of a passport or a card of a country, as far as its shapes are known."""
    if kind == "id_card":
        return read_identifier(number, kind=kind, country=country).is_valid
    if re.fullmatch("".join("[0-9]" if mark == "9" else "[A-Z]" for mark in _SHAPES[country]), number):
        return True
    return re.fullmatch("[A-Z0-9]{6,9}", number) is not None and (
        read_identifier(number, kind="passport", country=country).is_valid
    )


def _filled(shape: str) -> str:
    return shape.replace("9", "1")


def _stable(text: str) -> int:
    """A number that depends on a text alone, the same in every process."""
    value = 0
    for mark in text:
        value = (value * 131 + ord(mark)) % 2_147_483_647
    return value
