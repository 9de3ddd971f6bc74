"""Planted behaviour of accounts, cards, numbers of telephones and log-ins, and faults of the bank's own control."""

from __future__ import annotations

from entrepot.world.people import papers
from entrepot.world.people.groups import CITIZENSHIPS
from entrepot.world.people.story import LAST, Party, Story, day, day_of, instant

_CARD_RULE, _SIM_RULE = day_of("2025-01-19"), day_of("2026-01-15")
# Days on which a rail stopped somewhere, by country; dates of published measures.
_STOPS = {"KAZ": "2024-02-27", "ARM": "2024-03-30", "KGZ": "2024-04-03"}


def _abroad(s: Story) -> str:
    own = s.citizenship
    return own if own != "KAZ" else str(s.pick([one for one in CITIZENSHIPS if one != "KAZ"]))


def card(s: Story, who: Party, on: float, months: int, **cells: object) -> str:
    """Add a card of a bank of the holder's home."""
    bank = s.made.bank(s.luck, "KAZ")
    row = {
        "card_id": s.made.next_id("CA"), "account_id": who.account or None, "holder_id": who.id, "bank_bic": bank.bic,
        "scheme": s.pick(("visa", "mastercard", "unionpay")), "issue_country": "KAZ", "holder_residency": "resident",
        "issue_date": day(on), "expiry_date": day(on + months * 30.44), "exemption": "none", "presence": "in_person",
    }  # fmt: skip
    return s.add("card", **{**row, **cells})


def through_a_young_account(s: Story) -> None:
    """A new account takes in far more than was said and hands it on within hours."""
    who = s.person()
    opened = s.whole(60, LAST - 100)
    said = round(s.size(12_000, 0.5), -2)
    s.account(who, opened=opened, declared_turnover=said)
    total, rounds = said * s.between(4, 30), s.count(3, 8)
    source, sink = s.supplier(country="RUS"), s.supplier(country=s.pick(("ARE", "TUR", "HKG")))
    for _ in range(rounds):
        amount = total / rounds * s.size(1, 0.3)
        at = opened + s.between(3, 75)
        s.pay(source, who, amount, at, purpose="transfer of own funds")
        s.pay(who, sink, amount * s.between(0.95, 0.998), at + s.between(0.05, 1.2), purpose="payment for services")
    s.plant("account", who.account)


def cards_in_bulk(s: Story) -> None:
    """A non-resident collects cards: many of one bank, or several of each of some banks."""
    who = s.person(citizenship=_abroad(s), home=s.pick(("RUS", "KGZ", "UZB")))
    start = s.whole(LAST - 300, LAST - 110)
    banks = [one.bic for one in s.made.banks if one.country == "KAZ"]
    if s.chance(0.5):
        many = [s.pick(banks)] * s.count(6, 9)
    else:
        many = [bic for bic in banks[: s.whole(3, 5)] for _ in range(s.count(4, 5))]
    for bic in many:
        s.plant("card", card(s, who, start + s.between(0, 100), 11, bank_bic=bic, holder_residency="non_resident"))


def card_for_too_long(s: Story) -> None:
    """The bank gave a non-resident a card for years."""
    who = s.person(citizenship=_abroad(s), home=s.pick(("RUS", "KGZ", "UZB")))
    months = s.pick((18, 24, 36, 36, 36, 48, 60))
    s.plant("card", card(s, who, s.whole(_CARD_RULE, LAST - 1), months, holder_residency="non_resident"))


def card_from_afar(s: Story) -> None:
    """The bank gave a non-resident a card without seeing the person."""
    who = s.person(citizenship=_abroad(s), home=s.pick(("RUS", "KGZ", "UZB")))
    on = s.whole(_CARD_RULE, LAST - 1)
    s.plant("card", card(s, who, on, 11, holder_residency="non_resident", presence="remote"))


def account_from_afar(s: Story) -> None:
    """The bank opened an account for a non-resident without seeing the person."""
    who = s.person(citizenship=_abroad(s), home=s.pick(("RUS", "KGZ", "UZB")))
    bank = s.made.bank(s.luck, "KAZ")
    on = s.whole(_CARD_RULE, LAST - 1)
    s.account(who, opened=on, presence="remote", bank_bic=bank.bic, bank_country="KAZ")
    if s.chance(0.6):
        card(s, who, on + 2, 11, holder_residency="non_resident", bank_bic=bank.bic)
    s.plant("account", who.account)


def uses(s: Story, key: str, country: str, first: float, last: float, many: int, cash: float, **cells: object) -> None:
    """Add uses of a card, a share of them for cash."""
    for _ in range(many):
        is_cash = s.chance(cash)
        row = {
            "card_id": key, "at": instant(s.between(first, last)), "scheme": "visa", "merchant_country": country,
            "amount": round(s.size(400 if is_cash else 35), 2), "currency": "USD",
            "kind": "cash" if is_cash else "purchase",
        }  # fmt: skip
        s.add("card_use", **{**row, **cells})


def cash_card_abroad(s: Story) -> None:
    """A card that was never used at home empties cash machines in one other country."""
    who = s.person(citizenship=_abroad(s), home=s.pick(("KAZ", "RUS")))
    s.account(who)
    on = s.whole(LAST - 300, LAST - 100)
    key = card(s, who, on, 11, holder_residency="non_resident")
    place = s.pick(("RUS", "RUS", "ARE", "GEO"))
    many = s.count(12, 35)
    uses(s, key, place, on + 5, LAST - 1, many, s.between(0.78, 1.0))
    if s.chance(0.3):
        uses(s, key, s.pick(("TUR", "KGZ")), on + 5, LAST - 1, max(1, many // 40), 0.0)
    s.plant("card", key)


def numbers_in_bulk(s: Story) -> None:
    """One number serves many strangers, or one person has a drawer full of numbers."""
    on = s.whole(_SIM_RULE, LAST - 5)
    row = {
        "holder_residency": "resident", "operator_country": "KAZ", "activation_date": day(on),
        "exemption": "none", "is_biometric_checked": False,
    }  # fmt: skip
    if s.chance(0.5):
        first = s.person(home="KAZ")
        for _ in range(s.several(10, 0.4)):
            s.person(home="KAZ", phone=first.phone)
        s.plant("sim", s.add("sim", msisdn=first.phone, holder_id=first.id, device_id=first.device, **row))
    else:
        who = s.person(home="KAZ")
        for _ in range(s.several(18, 0.35)):
            number = papers.phone(s.luck, "KAZ")
            s.plant("sim", s.add("sim", msisdn=number, holder_id=who.id, device_id=who.device, **row))


def busier_after_a_stop(s: Story) -> None:
    """When a rail stops an account's turnover with its old counterparties multiplies at once."""
    home = s.pick(tuple(_STOPS))
    who = s.person(home=home) if s.chance(0.6) else s.dealer(s.good(listed=False), home)
    s.account(who)
    stop = day_of(_STOPS[home])
    old = [s.supplier(country=s.pick(("RUS", "RUS", "TUR"))) for _ in range(s.whole(1, 3))]
    usual = s.size(2500, 0.5)
    for month in range(1, 7 if stop > 200 else 6):
        for _ in range(s.whole(1, 2)):
            s.pay(who, s.pick(old), usual * s.size(1, 0.25), stop - 30 * month + s.between(0, 25), rail="mir")
    for number in range(s.whole(4, 9)):
        s.pay(who, old[number % len(old)], usual * s.between(2.5, 9), stop + s.between(1, 27), rail="swift")
    s.plant("account", who.account)


def login_from_nowhere(s: Story) -> None:
    """The account is run from a place under a full embargo, or for weeks from anywhere but the customer's country."""
    who = s.person()
    s.account(who)
    start = s.whole(200, LAST - 120)
    if s.chance(0.5):
        s.logins(who, who.country, start, start + 60, s.whole(3, 20))
        s.logins(who, s.pick(("IRN", "CUB", "PRK")), start + 5, start + 90, s.count(1, 4))
    else:
        s.logins(who, s.pick(("RUS", "ARE", "HKG", "GEO")), LAST - s.whole(45, 160), LAST - 1, s.whole(12, 60))
    s.plant("account", who.account)


def one_device(s: Story) -> None:
    """Strangers' accounts are run from one device, and what comes in is gone within hours."""
    device = s.made.next_id("dev")
    source, sink = s.supplier(country="RUS"), s.supplier(country=s.pick(("ARE", "HKG", "TUR")))
    for _ in range(s.several(7, 0.4)):
        who = s.person()
        s.account(who, opened=s.whole(-200, 500), device_ids=device if s.chance(0.5) else who.device)
        who.device = device
        s.logins(who, who.country, 520, LAST - 1, s.count(2, 8))
        for _ in range(s.count(2, 6)):
            amount, at = s.size(3000), s.between(520, LAST - 4)
            s.pay(source, who, amount, at, purpose="transfer")
            for part in (0.5, 0.46):
                s.pay(who, sink, amount * part * s.between(0.97, 1.03), at + s.between(0.04, 0.7), purpose="transfer")
        s.plant("account", who.account)


ACCOUNTS = (
    ("through_a_young_account", "A01", through_a_young_account),
    ("cards_in_bulk", "A02", cards_in_bulk),
    ("card_for_too_long", "A03", card_for_too_long),
    ("card_from_afar", "A04", card_from_afar),
    ("account_from_afar", "A04B", account_from_afar),
    ("cash_card_abroad", "A06", cash_card_abroad),
    ("numbers_in_bulk", "A07", numbers_in_bulk),
    ("busier_after_a_stop", "A08", busier_after_a_stop),
    ("login_from_nowhere", "A09", login_from_nowhere),
    ("one_device", "P08", one_device),
)
