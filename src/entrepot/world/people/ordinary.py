"""Ordinary people and firms, in arrays: who they are, their papers, accounts, cards, numbers, log-ins and relations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from entrepot.world.people import papers
from entrepot.world.people.groups import LATIN_SHARE, draw_groups
from entrepot.world.people.names import ORIGINS, names
from entrepot.world.people.options import FIRST_DAY
from entrepot.world.people.sheets import Sheets
from entrepot.world.people.story import LAST, Made
from entrepot.world.people.trade import SENDERS

FIRMS_SHARE, SUPPLIERS_SHARE = 0.12, 0.03
HOME_SHARES = {"KAZ": 0.48, "KGZ": 0.36, "UZB": 0.08, "ARM": 0.04, "GEO": 0.04}
_MRZ_SHARE = 0.5
_ZERO = np.datetime64(FIRST_DAY)
Texts = NDArray[Any]
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Crowd:
    """Holders of accounts, persons first, then firms of ours, then suppliers abroad.

    Attributes:
        ids, names, country, account, bic: of every holder. is_person, is_firm, is_supplier: which are which.
        good: of firms and suppliers, the good they deal in; -1 of persons.
        opened: day of the account's opening.
    """

    ids: Texts
    names: Texts
    country: Texts
    account: Texts
    bic: Texts
    n_persons: int
    n_firms: int
    good: Whole
    opened: Whole

    def __len__(self) -> int:
        return len(self.ids)


def texts(values: NDArray[Any]) -> Texts:
    """Return an array's values as text."""
    out: Texts = values.astype(str).astype(object)
    return out


def days(numbers: NDArray[Any]) -> Texts:
    """Return days from their numbers."""
    return texts(_ZERO + numbers.astype("timedelta64[D]"))


def instants(at: NDArray[np.float64]) -> Texts:
    """Return instants from days since the first, fractions being hours."""
    return texts(_ZERO.astype("datetime64[s]") + (at * 86400).astype("timedelta64[s]")) + "Z"


def numbered(prefix: str, count: int, start: int = 0) -> Texts:
    """Return ids: a prefix and a number."""
    out: Texts = prefix + texts(np.arange(start + 1, start + count + 1))
    return out


def crowd(made: Made, luck: np.random.Generator) -> Crowd:
    """Add ordinary persons, firms, suppliers and what they hold; return who holds which account."""
    n = made.options.customers
    n_firms, n_suppliers = max(20, round(n * FIRMS_SHARE)), max(20, round(n * SUPPLIERS_SHARE))
    n_persons = n - n_firms
    homes = _pick(luck, HOME_SHARES, n_persons)
    ids, said = _persons(made.sheets, luck, n_persons, homes)
    firm_home = _pick(luck, HOME_SHARES, n_firms)
    abroad = np.array(SENDERS, dtype=object)[luck.integers(len(SENDERS), size=n_suppliers)]
    firms, firm_names, good = _firms(made, luck, np.concatenate([firm_home, abroad]), n_firms, ids)
    country = np.concatenate([homes, firm_home, abroad])
    holders, holder_names = np.concatenate([ids, firms]), np.concatenate([said, firm_names])
    account, bic, opened = _accounts(made, luck, holders, country, n_persons, n_firms)
    found = Crowd(
        holders, holder_names, country, account, bic, n_persons, n_firms,
        np.concatenate([np.full(n_persons, -1), good]), opened,
    )  # fmt: skip
    _cards(made, luck, found)
    _logins(made, luck, found)
    return found


def _pick(luck: np.random.Generator, shares: dict[str, float], count: int) -> Texts:
    chance = np.array(list(shares.values()))
    out: Texts = np.array(list(shares), dtype=object)[luck.choice(len(shares), size=count, p=chance / chance.sum())]
    return out


def _addresses(luck: np.random.Generator, country: Texts) -> Texts:
    """One address a place in the array; some households share one."""
    count = len(country)
    streets = np.array(["Abay", "Chuy", "Manas", "Park", "Station", "Orchard"], dtype=object)
    own: Texts = (
        country + " " + streets[luck.integers(len(streets), size=count)] + " st " + texts(np.arange(1, count + 1))
    )
    shares = np.flatnonzero(luck.random(count) < 0.3)
    shares = shares[shares > 0]
    same = shares[country[shares] == country[shares - 1]]
    own[same] = own[same - 1]
    return own


def _persons(sheets: Sheets, luck: np.random.Generator, count: int, homes: Texts) -> tuple[Texts, Texts]:
    citizenship, origin = draw_groups(luck, count)
    woman = luck.random(count) < 0.48
    said = names(luck, origin, woman)
    is_latin = said.is_latin | (luck.random(count) < LATIN_SHARE)
    given = np.where(is_latin, said.latin_given, said.given)
    family = np.where(is_latin, said.latin_family, said.family)
    ids, full = numbered("PE", count), given + " " + family
    born = days(-luck.integers(18 * 365, 75 * 365, count))
    phone = papers.phones(luck, homes)
    # A number that two would share by chance belongs to the first.
    _, first = np.unique(phone.astype(str), return_index=True)
    spare = np.ones(count, dtype=bool)
    spare[first] = False
    phone[spare] = phone[spare] + texts(np.flatnonzero(spare))
    is_pep = luck.random(count) < 0.002
    sheets.block(
        "person",
        {
            "person_id": ids, "name": full, "birth_date": born, "birth_country": citizenship,
            "citizenships": citizenship, "citizenship_since": citizenship + ":" + born,
            "declared_citizenships": citizenship, "tax_residence": homes, "address": _addresses(luck, homes),
            "address_country": homes, "phone": phone,
            "email": np.char.lower(ids.astype(str)).astype(object) + "@mail.ru",
            "device_ids": "d" + ids, "is_pep": np.where(is_pep, "true", "false").astype(object),
            "kyc_date": days(luck.integers(0, LAST - 10, count)), "role": "customer",
        },
    )  # fmt: skip
    sheets.block(
        "truth",
        {
            "story_id": "ordinary", "record_kind": "person", "record_id": ids, "role": "ordinary",
            "pattern": "ordinary", "citizenship": citizenship,
            "name_origin": np.array(ORIGINS, dtype=object)[origin],
            "script": np.where(is_latin, "latin", "cyrillic").astype(object),
        },
    )  # fmt: skip
    _passports(sheets, luck, ids, citizenship, born, woman, said.latin_given, said.latin_family)
    return ids, full


def _passports(
    sheets: Sheets,
    luck: np.random.Generator,
    holders: Texts,
    citizenship: Texts,
    born: Texts,
    woman: NDArray[np.bool_],
    given: Texts,
    family: Texts,
) -> None:
    count = len(holders)
    number = np.empty(count, dtype=object)
    for country in set(citizenship):
        here = np.flatnonzero(citizenship == country)
        number[here] = papers.document_numbers(luck, str(country), len(here))
    issued = luck.integers(-2800, LAST - 30, count)
    expiry = days(issued + 3652)
    lines = np.full(count, None, dtype=object)
    for i in np.flatnonzero(luck.random(count) < _MRZ_SHARE):
        lines[i] = papers.mrz(
            citizenship[i], family[i], given[i], number[i], citizenship=citizenship[i], birth=born[i],
            is_woman=bool(woman[i]), expiry=expiry[i],
        )  # fmt: skip
    sheets.block(
        "document",
        {
            "document_id": numbered("DO", count), "person_id": holders, "kind": "passport", "number": number,
            "issuer_country": citizenship, "authority": citizenship + " service", "issue_date": days(issued),
            "expiry_date": expiry, "name_as_printed": np.char.upper((given + " " + family).astype(str)).astype(object),
            "birth_date_as_printed": born, "mrz": lines, "channel": "in_person",
        },
    )  # fmt: skip


def _firms(
    made: Made, luck: np.random.Generator, country: Texts, n_ours: int, persons: Texts
) -> tuple[Texts, Texts, Whole]:
    count, trade = len(country), made.trade
    ids = numbered("CO", count)
    good = luck.choice(len(trade.weight), size=count, p=trade.weight)
    lines = [trade.line(i) for i in range(len(trade.weight))]
    is_trader = np.concatenate([luck.random(n_ours) < 0.5, np.ones(count - n_ours, dtype=bool)])
    others = (
        ("47.11", "shop"),
        ("56.10", "restaurant"),
        ("62.01", "software"),
        ("41.20", "building"),
        ("49.41", "haulage"),
    )
    other = luck.integers(len(others), size=count)
    code = np.array(
        [lines[g][0] if t else others[o][0] for g, t, o in zip(good, is_trader, other, strict=True)], object
    )
    words = np.array(
        [lines[g][1] if t else others[o][1] for g, t, o in zip(good, is_trader, other, strict=True)], object
    )
    founded = -luck.integers(100, 6000, count)
    mail = np.char.lower(ids.astype(str)).astype(object)
    private = luck.random(count) < 0.25
    name = "Firm " + ids + " LLC"
    made.sheets.block(
        "company",
        {
            "company_id": ids, "name": name, "country": country, "incorporation_date": days(founded),
            "registration_number": "R" + ids, "tax_number": "T" + ids, "activity_code": code, "activity_text": words,
            "address": country + " Trade st " + texts(np.arange(1, count + 1)), "phone": papers.phones(luck,
            country) + "0",
            "email": np.where(private, mail + "@gmail.com", "office@" + mail + ".example"),
            "website": np.where(luck.random(count) < 0.15, "", "www." + mail + ".example"),
            "employees": texts(1 + luck.geometric(0.08, count)),
        },
    )  # fmt: skip
    directors = persons[luck.permutation(len(persons))[:n_ours]]
    made.sheets.block(
        "directorship",
        {"person_id": directors, "company_id": ids[: len(directors)], "role": "director",
        "start_date": days(founded[: len(directors)])},
    )  # fmt: skip
    made.sheets.block(
        "truth",
        {
            "story_id": "ordinary", "record_kind": "company", "record_id": ids[:n_ours], "role": "ordinary",
            "pattern": "ordinary",
        },
    )  # fmt: skip
    return ids, name, np.where(is_trader, good, -1)


def _accounts(
    made: Made, luck: np.random.Generator, holders: Texts, country: Texts, n_persons: int, n_firms: int
) -> tuple[Texts, Texts, Whole]:
    count = len(holders)
    bic = np.empty(count, dtype=object)
    for one in sorted(set(country)):
        here = np.flatnonzero(country == one)
        own = [bank.bic for bank in made.banks if bank.country == one]
        bic[here] = np.array(own, dtype=object)[luck.integers(len(own), size=len(here))]
    ids, ours = numbered("AC", count), n_persons + n_firms
    late = luck.random(count) < 0.25
    opened = np.where(late, luck.integers(0, LAST - 30, count), -luck.integers(30, 3000, count))
    usual = np.where(np.arange(count) < n_persons, 40_000.0, 2e6)
    said = np.round(usual * np.exp(0.5 * luck.standard_normal(count)), -2)
    made.sheets.block(
        "account",
        {
            "account_id": ids[:ours], "holder_id": holders[:ours], "bank_bic": bic[:ours],
            "bank_country": country[:ours], "opened_date": days(opened[:ours]), "presence": "in_person",
            "declared_turnover": texts(said[:ours]), "currency": "USD", "device_ids": "d" + holders[:ours],
        },
    )  # fmt: skip
    return ids, bic, opened


def _cards(made: Made, luck: np.random.Generator, of: Crowd) -> None:
    count = of.n_persons
    issued = luck.integers(LAST - 700, LAST - 40, count)
    resident = luck.random(count) < 0.93
    months = np.where(resident, luck.choice([12, 24, 36, 48], count), 11)
    ids = numbered("CA", count)
    made.sheets.block(
        "card",
        {
            "card_id": ids, "account_id": of.account[:count], "holder_id": of.ids[:count], "bank_bic": of.bic[:count],
            "scheme": np.array(["visa", "mastercard", "elcart", "unionpay"], dtype=object)[luck.integers(4,
            size=count)],
            "issue_country": of.country[:count],
            "holder_residency": np.where(resident, "resident", "non_resident").astype(object),
            "issue_date": days(issued), "expiry_date": days(issued + months * 30), "exemption": "none",
            "presence": "in_person",
        },
    )  # fmt: skip
    n_uses = count * 5
    whose = luck.integers(count, size=n_uses)
    away = luck.random(n_uses) < 0.06
    places = np.array(["TUR", "ARE", "RUS", "KAZ", "GEO"], dtype=object)[luck.integers(5, size=n_uses)]
    cash = luck.random(n_uses) < 0.2
    at = np.maximum(issued[whose] + 1, LAST - 200) + luck.random(n_uses) * 35
    made.sheets.block(
        "card_use",
        {
            "card_id": ids[whose], "at": instants(np.minimum(at, LAST)), "scheme": "visa",
            "merchant_country": np.where(away, places, of.country[whose]),
            "amount": texts(np.round(np.where(cash, 150, 30) * np.exp(0.7 * luck.standard_normal(n_uses)), 2)),
            "currency": "USD", "kind": np.where(cash, "cash", "purchase").astype(object),
        },
    )  # fmt: skip
    made.sheets.block(
        "sim",
        {
            "msisdn": "+7000" + texts(np.arange(10**7, 10**7 + count)), "holder_id": of.ids[:count],
            "holder_residency": np.where(resident, "resident", "non_resident").astype(object),
            "operator_country": of.country[:count], "activation_date": days(luck.integers(-900, LAST - 5, count)),
            "exemption": "none", "is_biometric_checked": "true", "device_id": "d" + of.ids[:count],
        },
    )  # fmt: skip


def _logins(made: Made, luck: np.random.Generator, of: Crowd) -> None:
    count = of.n_persons * 4
    whose = luck.integers(of.n_persons, size=count)
    away = luck.random(count) < 0.07
    places = np.array(["TUR", "ARE", "RUS", "KAZ", "DEU"], dtype=object)[luck.integers(5, size=count)]
    at = np.maximum(of.opened[whose], LAST - 300) + luck.random(count) * (
        LAST - np.maximum(of.opened[whose], LAST - 300)
    )
    made.sheets.block(
        "login",
        {
            "login_id": numbered("LO", count), "holder_id": of.ids[whose], "account_id": of.account[whose],
            "at": instants(at), "ip_country": np.where(away, places, of.country[whose]),
            "is_vpn": np.where(luck.random(count) < 0.05, "true", "false").astype(object),
            "device_id": "d" + of.ids[whose],
        },
    )  # fmt: skip
