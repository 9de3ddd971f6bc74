"""A story: some made persons or firms, what they do over the months, and what of it is planted.

Ordinary people come in arrays; what is planted, and what only looks like it, is told one story at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np

from entrepot.world.draws import Kind, draws
from entrepot.world.people import papers
from entrepot.world.people.banks import Bank
from entrepot.world.people.groups import LATIN_SHARE, Group, draw_citizenship, draw_origin
from entrepot.world.people.names import ORIGINS, names
from entrepot.world.people.options import FIRST_DAY, LAST_DAY, PeopleOptions
from entrepot.world.people.sheets import Sheets
from entrepot.world.people.trade import PRICE_SPREAD, SENDERS, STOP_DATE, Trade

ZERO = date.fromisoformat(FIRST_DAY)
LAST = (date.fromisoformat(LAST_DAY) - ZERO).days
STOP_DAY = (date.fromisoformat(STOP_DATE) - ZERO).days
IDS = {
    "person": "person_id", "document": "document_id", "company": "company_id", "account": "account_id",
    "card": "card_id", "sim": "msisdn", "application": "application_id", "payment": "payment_id",
    "contract": "contract_id", "shipment": "shipment_id", "agent": "agent_id", "offer": "offer_id",
    "trade_paper": "paper_id", "login": "login_id",
}  # fmt: skip
HOMES = ("KAZ", "KGZ")


def day_of(text: str) -> int:
    """Return a day as the number of days since the first of the population."""
    return (date.fromisoformat(text) - ZERO).days


def day(number: float) -> str:
    """Return a day's text from its number."""
    return (ZERO + timedelta(days=int(number))).isoformat()


def instant(at: float) -> str:
    """Return an instant's text from days since the first, fractions being hours."""
    seconds = round((at - int(at)) * 86400) if at >= 0 else 0
    hours, rest = divmod(min(seconds, 86399), 3600)
    return f"{day(at)}T{hours:02d}:{rest // 60:02d}:{rest % 60:02d}Z"


@dataclass
class Party:
    """A person or a firm of a story."""

    kind: str
    id: str
    name: str
    country: str
    address: str
    phone: str
    email: str
    device: str = ""
    account: str = ""
    bic: str = ""
    citizenship: str = ""
    birth: str = ""
    given: str = ""
    family: str = ""
    is_woman: bool = False
    agent: str | None = None


@dataclass
class Made:
    """What all stories share."""

    options: PeopleOptions
    trade: Trade
    sheets: Sheets
    banks: Sequence[Bank]
    counters: dict[str, int] = field(default_factory=dict)

    def next_id(self, prefix: str) -> str:
        """Return an id that nobody has; ordinary records have those below 100 million."""
        number = self.counters.get(prefix, 100_000_000) + 1
        self.counters[prefix] = number
        return f"{prefix}{number}"

    def bank(self, luck: np.random.Generator, country: str, *, spfs: bool | None = None) -> Bank:
        """Return a bank of a country, of any where the country has none."""
        found = [b for b in self.banks if b.country == country and (spfs is None or b.uses_spfs == spfs)]
        chosen = found or [b for b in self.banks if not b.uses_spfs]
        return chosen[int(luck.integers(len(chosen)))]


class Story:
    """One story; every record that it adds is told apart in the truth."""

    def __init__(self, made: Made, place: int, number: int, pattern: str, red_flag: str | None) -> None:
        self.made, self.pattern, self.red_flag = made, pattern, red_flag
        self.luck = draws(made.options.seed, Kind.STORY, place, number)
        self.id = f"{pattern}-{number}"
        self.citizenship = draw_citizenship(self.luck)
        self._origin = draw_origin(self.luck, self.citizenship)
        self.is_latin = bool(self.luck.random() < LATIN_SHARE)
        self.group: Group | None = None
        self._records: list[tuple[str, str]] = []
        self._planted: set[tuple[str, str]] = set()

    # Chance

    def chance(self, share: float) -> bool:
        return bool(self.luck.random() < share)

    def pick(self, of: Sequence[Any]) -> Any:
        return of[int(self.luck.integers(len(of)))]

    def whole(self, low: int, high: int) -> int:
        """Return a whole number, both ends included."""
        return int(self.luck.integers(low, high + 1))

    def between(self, low: float, high: float) -> float:
        return float(self.luck.uniform(low, high))

    def size(self, median: float, spread: float = 0.6) -> float:
        """Return a size with a long upper tail."""
        return float(median * np.exp(spread * self.luck.standard_normal()))

    def count(self, least: int, usual: float) -> int:
        """Return a number of things: the least and a geometric rest, together ``usual`` on the mean."""
        more = max(usual - least, 0.01)
        return least + int(self.luck.geometric(1 / (1 + more))) - 1

    def several(self, usual: float, spread: float = 0.5, least: int = 2) -> int:
        """Return a number of things around a usual one, now few, now many."""
        return max(least, round(self.size(usual, spread)))

    # Records

    def add(self, kind: str, /, **cells: Any) -> str:
        """Add a record and return its id, empty for kinds without."""
        self.made.sheets.add(kind, cells)
        key = str(cells.get(IDS[kind], "")) if kind in IDS else ""
        if key:
            self._records.append((kind, key))
        return key

    def plant(self, kind: str, key: str) -> None:
        """Say that a record is one that a check should find."""
        self._planted.add((kind, key))

    def close(self) -> None:
        """Write the story's truth."""
        group = self.group or Group(self.citizenship, ORIGINS[self._origin], "latin" if self.is_latin else "cyrillic")
        for kind, key in self._records:
            role = "double" if self.red_flag is None else "planted" if (kind, key) in self._planted else "part"
            self.made.sheets.mark(
                self.id, kind, key, role, self.pattern, self.red_flag, group.citizenship, group.origin, group.script
            )

    # People

    def person(
        self, *, citizenship: str | None = None, home: str | None = None, papers_too: bool = True, **cells: Any
    ) -> Party:
        """Add a person with a passport; the first one's group is the story's."""
        own = citizenship or self.citizenship
        origin = self._origin
        if citizenship is not None and citizenship != self.citizenship:
            origin = draw_origin(self.luck, citizenship)
        elif self.group is not None:
            origin = draw_origin(self.luck, own)
        woman = self.chance(0.45)
        said = names(self.luck, np.array([origin]), np.array([woman]))
        is_latin = bool(said.is_latin[0]) or self.is_latin
        given, family = (said.latin_given[0], said.latin_family[0]) if is_latin else (said.given[0], said.family[0])
        if self.group is None:
            self.group = Group(own, ORIGINS[origin], "latin" if is_latin else "cyrillic")
        country = home or self.pick(HOMES)
        key = self.made.next_id("PE")
        birth = day(-self.whole(20 * 365, 65 * 365))
        party = Party(
            "person", key, f"{given} {family}", country, self.address(country), papers.phone(self.luck, country),
            f"{key.lower()}@{self.pick(('mail.ru', 'gmail.com', 'inbox.kz'))}", f"d{key}", citizenship=own, birth=birth,
            given=str(said.latin_given[0]), family=str(said.latin_family[0]), is_woman=woman,
        )  # fmt: skip
        kyc = cells.pop("kyc_date", None) or day(self.whole(30, LAST - 60))
        row = {
            "person_id": key, "name": party.name, "birth_date": birth, "birth_country": own, "citizenships": own,
            "citizenship_since": f"{own}:{birth}", "declared_citizenships": own, "tax_residence": country,
            "address": party.address, "address_country": country, "phone": party.phone, "email": party.email,
            "device_ids": party.device, "is_pep": False, "kyc_date": kyc, "role": "customer",
        }  # fmt: skip
        self.add("person", **{**row, **cells})
        if papers_too:
            self.passport(party, own)
        return party

    def passport(self, holder: Party, country: str, **cells: Any) -> str:
        """Add a passport, with its machine-readable lines most of the time."""
        kind = cells.get("kind", "passport")
        number = cells.pop("number", None) or (
            papers.iin(self.luck, holder.birth, is_woman=holder.is_woman)
            if kind == "iin"
            else str(papers.document_numbers(self.luck, country, 1)[0])
        )
        issued = cells.pop("issue_date", None) or day(-self.whole(0, 2500))
        issued_on = day_of(issued)
        expiry = day(issued_on + 3652)
        birth = cells.get("birth_date_as_printed", holder.birth)
        lines = papers.mrz(
            country, cells.pop("family", holder.family), cells.pop("given", holder.given), number,
            citizenship=country, birth=birth, is_woman=holder.is_woman, expiry=expiry,
        )  # fmt: skip
        row = {
            "document_id": self.made.next_id("DO"), "person_id": holder.id, "kind": "passport", "number": number,
            "issuer_country": country, "authority": f"{country} service {self.whole(1, 60)}", "issue_date": issued,
            "expiry_date": expiry, "name_as_printed": f"{holder.given} {holder.family}".upper(),
            "birth_date_as_printed": holder.birth, "mrz": lines if self.chance(0.7) else None, "channel": "in_person",
        }  # fmt: skip
        return self.add("document", **{**row, **cells})

    def company(self, country: str, *, since: int | None = None, director: Party | None = None, **cells: Any) -> Party:
        """Add a firm; one of ours has a director, a foreign counterparty has none that we know of."""
        key = self.made.next_id("CO")
        word = self.pick(("Altyn", "Silk", "Nomad", "Prime", "Ala", "Baltic", "Delta", "Orient", "Vega", "Tulpar"))
        name = f"{word} {self.pick(('Trade', 'Supply', 'Import', 'Service', 'Group', 'Tech'))} {key[-6:]} LLC"
        founded = -self.whole(300, 5000) if since is None else since
        site = key.lower()
        party = Party(
            "company", key, name, country, self.address(country), papers.phone(self.luck, country),
            f"office@{site}.example", f"d{key}", agent=director.id if director else None,
        )  # fmt: skip
        row: dict[str, Any] = {
            "company_id": key, "name": name, "country": country, "incorporation_date": day(founded),
            "registration_number": key[-8:], "tax_number": key[-9:], "activity_code": "46.90",
            "activity_text": "general wholesale", "address": party.address, "phone": party.phone, "email": party.email,
            "website": f"www.{site}.example", "employees": self.count(2, 14),
        }  # fmt: skip
        row.update(cells)
        self.add("company", **row)
        party.address, party.phone = row["address"], row["phone"]
        if director is not None:
            self.add("directorship", person_id=director.id, company_id=key, role="director", start_date=day(founded))
        return party

    def dealer(self, good: int, country: str, *, since: int | None = None, **cells: Any) -> Party:
        """Add a firm of ours whose line of business the good is, with its director."""
        code, words = self.made.trade.line(good, is_maker=cells.pop("is_maker", False))
        director = cells.pop("director", None) or self.person(home=country)
        cells = {"activity_code": code, "activity_text": words, **cells}
        return self.company(country, since=since, director=director, **cells)

    def supplier(self, *, country: str | None = None, **cells: Any) -> Party:
        """Add a foreign supplier with an account of its own bank."""
        party = self.company(country or self.pick(SENDERS), **cells)
        party.bic = self.made.bank(self.luck, party.country).bic
        party.account = f"{papers.iso2(party.country)}00{self.made.next_id('AX')[2:]}"
        return party

    def address(self, country: str) -> str:
        """Return an address that nobody else has."""
        street = self.pick(("Abay", "Chuy", "Manas", "Saryarka", "Lenin", "Park", "Station", "Orchard"))
        return f"{country} {street} st {self.whole(1, 400)}, office {self.made.next_id('')[-6:]}"

    # Accounts and money

    def account(self, holder: Party, *, opened: int | None = None, **cells: Any) -> str:
        """Add an account and make it the holder's."""
        bank = self.made.bank(self.luck, holder.country)
        key = self.made.next_id("AC")
        row: dict[str, Any] = {
            "account_id": key, "holder_id": holder.id, "bank_bic": bank.bic, "bank_country": holder.country,
            "opened_date": day(-self.whole(100, 2000) if opened is None else opened), "presence": "in_person",
            "declared_turnover": round(self.size(60_000 if holder.kind == "person" else 3_000_000, 0.5), -2),
            "currency": "USD", "device_ids": holder.device,
        }  # fmt: skip
        row.update(cells)
        self.add("account", **row)
        holder.account, holder.bic = key, row["bank_bic"]
        return key

    def pay(self, payer: Party, payee: Party, amount: float, at: float, **cells: Any) -> str:
        """Add a payment; at is days since the first, its fraction the hour."""
        for one in (payer, payee):
            if not one.bic:
                self.account(one)
        if at == int(at):
            at += self.between(0.3, 0.8)
        row = {
            "payment_id": self.made.next_id("PA"), "value_date": day(at), "booked_at": instant(at),
            "amount": round(amount, 2), "currency": "USD", "payer_id": payer.id, "payer_name": payer.name,
            "payer_country": payer.country, "payer_account": payer.account, "payer_bic": payer.bic,
            "beneficiary_id": payee.id, "beneficiary_name": payee.name, "beneficiary_country": payee.country,
            "beneficiary_account": payee.account, "beneficiary_bic": payee.bic, "rail": "swift",
            "ultimate_debtor": payer.name, "ultimate_creditor": payee.name, "purpose": "payment under invoice",
            "is_advance": False,
        }  # fmt: skip
        return self.add("payment", **{**row, **cells})

    def logins(self, who: Party, country: str, first: float, last: float, many: int, **cells: Any) -> None:
        """Add log-ins from a country over some days."""
        for at in np.sort(self.luck.uniform(first, max(last, first + 0.1), many)):
            row = {
                "login_id": self.made.next_id("LO"), "holder_id": who.id, "account_id": who.account or None,
                "at": instant(float(at)), "ip_country": country, "is_vpn": False, "device_id": who.device,
            }  # fmt: skip
            self.add("login", **{**row, **cells})

    # Trade

    def good(self, *, listed: bool) -> int:
        """Return a good, the often shipped ones more often."""
        of = self.made.trade.listed if listed else self.made.trade.plain
        return int(of[min(int(self.luck.exponential(len(of) / 4)), len(of) - 1)])

    def contract(self, seller: Party, buyer: Party, good: int, on: int, **cells: Any) -> str:
        """Add a contract with everything that a careful seller writes into it."""
        key = self.made.next_id("CN")
        row = {
            "contract_id": key, "contract_date": day(on), "seller_id": seller.id, "buyer_id": buyer.id,
            "end_user_id": buyer.id, "end_user_country": buyer.country, "destination_country": buyer.country,
            "hs_codes": self.made.trade.code(good), "has_no_reexport_clause": True,
            "end_user_statement_text": f"{buyer.name} uses the goods at {buyer.address} for {self.pick(_USES)}",
            "end_user_statement_date": day(on - self.whole(0, 20)),
        }  # fmt: skip
        return self.add("contract", **{**row, **cells})

    def ship(self, seller: Party, buyer: Party, good: int, at: float, **cells: Any) -> str:
        """Add a shipment at an ordinary price, weight and route; ``value`` and ``price_times`` change them."""
        trade = self.made.trade
        if self.pattern != "under_the_stop" and trade.is_stopped(good, seller.country, buyer.country):
            at = min(at, STOP_DAY - 5)
        value = cells.pop("value", None) or self.size(float(trade.made.shipment[good]) + 3000, 0.7)
        price = (
            trade.made.price[good]
            * self.size(1.0, cells.pop("price_spread", PRICE_SPREAD))
            * cells.pop("price_times", 1.0)
        )
        kg = max(round(value / price, 2), 0.1)
        travel = self.whole(3, 24)
        bulk = kg / (trade.density[good] * self.size(1.0, 0.15))
        key = self.made.next_id("SH")
        row = {
            "shipment_id": key, "declaration_date": day(at), "procedure": "import", "exporter_id": seller.id,
            "exporter_name": seller.name, "consignee_id": buyer.id, "consignee_name": buyer.name,
            "consignee_kind": "trader", "declarant_name": f"Broker {self.whole(1, 50)}",
            "origin_country": seller.country, "dispatch_country": seller.country, "trading_country": seller.country,
            "destination_country": buyer.country, "hs_code": trade.code(good), "hs_revision": "HS2022",
            "description": trade.name(good), "net_weight_kg": kg, "gross_weight_kg": round(kg * 1.08, 2),
            "packages": max(1, int(kg / 40)), "volume_m3": f"{bulk:.4f}",
            "quantity": max(1, round(kg / trade.piece_kg[good])), "quantity_unit": "pcs", "amount": round(value, 2),
            "currency": "USD", "valuation": "cif", "departure_date": day(at - travel), "arrival_date": day(at),
            "transport_document": f"CMR{key[2:]}",
        }  # fmt: skip
        return self.add("shipment", **{**row, **cells})


_USES = (
    "its own workshop", "repair of its machines", "a hospital", "a telephone network", "a new line",
    "school laboratories", "packing of fruit", "an own server room", "resale to shops in the same town",
    "a mine's control room",
)  # fmt: skip
