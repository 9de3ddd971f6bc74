"""Listings: the lake's lists as records of kind listing, and whom of the user's own parties they name.

A name alone lists nobody, and neither does a year of birth: a person of the user is taken for a listed one only where a
number agrees, or a good score has the same day of birth or the same contact beside the name; a firm where a number
agrees, or a good score has the same country, address or contact. The rest is counted, for `entrepot screen` to show.
"""

from __future__ import annotations

import csv
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from entrepot.errors import ConfigError
from entrepot.lake import Lake, csv_relation, get_kind
from entrepot.redflags import RecordTables

if TYPE_CHECKING:
    from entrepot.parties import Candidate, Party

# Lists whose sanctions are one regime's, where the words of an authority need not tell it.
_REGIMES = {"un": "UN"}
_CRYPTO = ("publicKey", "accountId")
_COLUMNS = (
    "listing_id", "entity_id", "entity_name", "regime", "listing_date", "delisting_date", "phones", "emails",
    "addresses", "wallets", "directors",
)  # fmt: skip
# Our columns of a person or company and the properties that screening compares.
_PROPERTIES = {
    "name": "name", "other_names": "alias", "previous_names": "previousName", "birth_date": "birthDate",
    "incorporation_date": "incorporationDate", "citizenships": "citizenship", "country": "country",
    "registration_number": "registrationNumber", "tax_number": "taxNumber", "address": "address", "phone": "phone",
    "email": "email",
}  # fmt: skip
_SCHEMAS = {"person": "Person", "company": "Company"}
# What can be listed; wallets, links and papers stand beside it.
_LISTED = frozenset({"Person", "Company", "Organization", "LegalEntity", "PublicBody", "Vessel", "Airplane"})
# Kinds that screening reads.
SCREENED = frozenset({"person", "company", "document"})
_PAGE = 2000
# From here on a score is good; below it a name was stretched to fit.
_GOOD = 0.85


@dataclass(slots=True)
class Listings:
    """What the lists gave.

    Attributes:
        listed: parties that lists name.
        undated: those whose list does not say since when; they count from the day of the list.
        matched: parties of the user that a list names.
        alike: those that only have the name of one.
    """

    listed: int = 0
    undated: int = 0
    matched: int = 0
    alike: int = 0


@dataclass(slots=True)
class _Entry:
    """A listing of a party under one regime."""

    regime: str
    begun: str
    ended: str


@dataclass(slots=True)
class _Lists:
    """The parties of lists by id, each with what belongs to it."""

    entries: dict[str, list[_Entry]] = field(default_factory=dict)
    parties: dict[str, Party] = field(default_factory=dict)
    wallets: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    directors: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


def take_listings(tables: RecordTables, lake: Lake, against: Sequence[str], *, threshold: float = 0.7) -> Listings:
    """Make the records of kind listing from lists of the lake, and from screening persons and companies against them.

    A row stands for a party and a regime: under the list's own id, under the BIC of a bank, and under the id of each
    person or company of the user that is that party.

    Args:
        against: source ids of lists.
        threshold: the score from which a candidate is looked at.

    Raises:
        ConfigError: listings were given already.
        NotFound: a list that the lake does not hold.
    """
    if "listing" in tables.given:
        raise ConfigError("listings were given as records", where="--against", remedy="Give one of the two.")
    lists, told = _lists(lake, against)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "listings.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, _COLUMNS)
            writer.writeheader()
            writer.writerows(_rows(lists))
            for own_id, listed_id in _matches(tables, lake, against, threshold, told):
                writer.writerows(_rows_of(lists, listed_id, own_id))
        tables.read_relation(get_kind("listing"), csv_relation(path, delimiter=","), lake.path / "listings")
    return told


def _lists(lake: Lake, against: Sequence[str]) -> tuple[_Lists, Listings]:
    from entrepot.parties import listed_on_lists, listed_parties

    lists, told = _Lists(), Listings()
    for source_id in against:
        parties = listed_parties(lake, [source_id])
        sanctions: dict[str, list[Party]] = defaultdict(list)
        for party in parties:
            _take_beside(party, lists, sanctions)
        since = _day_of(lake, source_id)
        regimes: dict[str, list[str]] = defaultdict(list)
        for regime, ids in listed_on_lists(parties).items():
            for entity_id in ids:
                regimes[entity_id].append(_REGIMES.get(source_id, regime))
        for party in parties:
            if party.schema in _LISTED and (found := regimes.get(party.party_id)):
                begun, ended = _span(sanctions.get(party.party_id, ()))
                told.undated += not begun
                lists.parties[party.party_id] = party
                lists.entries[party.party_id] = [_Entry(one, begun or since, ended) for one in sorted(set(found))]
    told.listed = len(lists.entries)
    names = {party_id: party.caption for party_id, party in lists.parties.items()}
    lists.directors = {key: [names.get(one, one) for one in ids] for key, ids in lists.directors.items()}
    return lists, told


def _take_beside(party: Party, lists: _Lists, sanctions: dict[str, list[Party]]) -> None:
    if party.schema == "Sanction":
        for entity_id in party.values("entity"):
            sanctions[entity_id].append(party)
    elif party.schema == "CryptoWallet":
        for entity_id in party.values("holder"):
            lists.wallets[entity_id] += party.values(*_CRYPTO)
    elif party.schema == "Directorship":
        for entity_id in party.values("organization"):
            lists.directors[entity_id] += party.values("director")


def _span(sanctions: Iterable[Party]) -> tuple[str, str]:
    """The first day that sanctions name, and the last where every one of them has ended."""
    sanctions = list(sanctions)
    days = [day for one in sanctions for day in one.values("listingDate", "startDate") if len(day) == 10]
    begun = min(days, default="")
    ends = [max(one.values("endDate"), default="") for one in sanctions]
    return begun, max(ends) if ends and all(len(end) == 10 for end in ends) else ""


def _day_of(lake: Lake, source_id: str) -> str:
    """The day on which a list was as it is: of the extract, else of the download or the ingest."""
    days = [
        (one.origin.extracted_date or one.origin.retrieved_at or one.ingested_at)[:10]
        for one in lake.version().snapshots
        if one.source_id == source_id
    ]
    return max(days)


def _rows(lists: _Lists) -> Iterator[dict[str, str]]:
    for listed_id, party in lists.parties.items():
        for own_id in (listed_id, *party.values("swiftBic")):
            yield from _rows_of(lists, listed_id, own_id)


def _rows_of(lists: _Lists, listed_id: str, own_id: str) -> Iterator[dict[str, str]]:
    party = lists.parties.get(listed_id)
    if party is None:
        return  # A candidate that its list only names beside others.
    is_own = own_id == listed_id
    for entry in lists.entries[listed_id]:
        number = f"{party.dataset}/{listed_id}/{entry.regime}"
        yield {
            "listing_id": number if is_own else f"{number}/{own_id}",
            "entity_id": own_id,
            "entity_name": party.caption,
            "regime": entry.regime,
            "listing_date": entry.begun,
            "delisting_date": entry.ended,
            # Marks are told once, with the list's own id: a party of the user shares its own with nobody.
            "phones": _joined(party.values("phone")) if is_own else "",
            "emails": _joined(party.values("email")) if is_own else "",
            "addresses": _joined(party.values("address")) if is_own else "",
            "wallets": _joined((*lists.wallets.get(listed_id, ()), *party.values("cryptoWallets"))) if is_own else "",
            "directors": _joined(lists.directors.get(listed_id, ())) if is_own else "",
        }


def _matches(
    tables: RecordTables, lake: Lake, against: Sequence[str], threshold: float, told: Listings
) -> Iterator[tuple[str, str]]:
    """Ids of the user's persons and companies, each with that of the listed party that it is."""
    from entrepot.parties import open_index

    kinds = [kind for kind in _SCHEMAS if kind in tables.given]
    index = open_index(lake, against) if kinds else None
    for kind in kinds:
        for party in _own(tables, kind):
            assert index is not None
            found = [one for one in index.search(party, threshold=threshold) if one.is_match]
            sure = [one for one in found if _is_same(one)]
            told.matched += bool(sure)
            told.alike += bool(found) and not sure
            yield from ((party.party_id, one.entity_id) for one in sure)


def _is_same(candidate: Candidate) -> bool:
    """More than resemblance: what agrees beside the name is the party's own."""
    agreeing = {reason.feature: reason.detail for reason in candidate.reasons if reason.weight > 0}
    if agreeing.get("document_number", "").startswith("same number"):
        return True
    if candidate.score < _GOOD:
        return False
    if candidate.schema == "Person":
        return agreeing.get("birth_date") == "same day" or "contact" in agreeing
    return bool({"country", "address", "contact"} & set(agreeing))


def _own(tables: RecordTables, kind: str) -> Iterator[Party]:
    """The user's persons or companies as parties, persons with the numbers of their papers."""
    from entrepot.parties import party_of

    key = get_kind(kind).id
    named = [name for name in _PROPERTIES if name in tables.given[kind]]
    cells = [_cell(name, get_kind(kind).columns[name]) for name in named]
    properties = [_PROPERTIES[name] for name in named]
    if kind == "person" and {"person_id", "number", "kind"} <= tables.given.get("document", frozenset()):
        for name, which in (("passportNumber", "="), ("idNumber", "<>")):
            whose = f"d.person_id = r_person.person_id AND d.kind {which} 'passport'"
            cells.append(f"(SELECT string_agg(number, ';') FROM r_document d WHERE {whose})")
            properties.append(name)
    rows = tables.connection.execute(f"SELECT {', '.join([str(key), *cells])} FROM r_{kind} ORDER BY _row")
    while page := rows.fetchmany(_PAGE):
        for party_id, *values in page:
            held = {
                name: [value] if name == "address" else value.split(";")
                for name, value in zip(properties, values, strict=True)
                if value is not None
            }
            yield party_of(party_id, _SCHEMAS[kind], held)


def _cell(name: str, type_: str) -> str:
    return f"array_to_string({name}, ';')" if type_ in ("list", "countries") else f"CAST({name} AS VARCHAR)"


def _joined(values: Iterable[str]) -> str:
    return ";".join(dict.fromkeys(value.replace(";", ",") for value in values))
