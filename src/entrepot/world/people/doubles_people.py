"""Innocent persons whose records look like something planted: migrants, students, dual citizens, families."""

from __future__ import annotations

from typing import Any

from entrepot.world.people import papers
from entrepot.world.people.groups import CITIZENSHIPS
from entrepot.world.people.planted_accounts import card, uses
from entrepot.world.people.planted_people import _agent, _application
from entrepot.world.people.story import HOMES, LAST, Party, Story, day, day_of

_CARD_RULE = day_of("2025-01-19")


def _second(s: Story) -> str:
    return str(s.pick([one for one in CITIZENSHIPS if one != s.citizenship]))


def labour_migrant(s: Story) -> None:
    """Works abroad, draws wages in cash there, sends money home every month."""
    who = s.person()
    place = s.pick(("RUS", "RUS", "RUS", "KAZ", "TUR", "KOR", "POL"))
    s.account(who)
    key = card(s, who, LAST - s.whole(60, 330), 12, account_id=who.account)
    uses(s, key, place, LAST - 150, LAST - 1, s.count(10, 30), s.between(0.3, 0.9))
    if s.chance(0.5):
        uses(s, key, who.country, LAST - 300, LAST - 1, s.count(1, 4), 0.2)
    s.logins(who, place, LAST - 200, LAST - 1, s.count(5, 20))
    boss, home = s.supplier(country=place), s.person(citizenship=s.citizenship, home=who.country)
    for month in range(s.whole(4, 12)):
        at = LAST - 10 - 30 * month + s.between(-3, 3)
        wage = s.size(900, 0.3)
        s.pay(boss, who, wage, at, purpose=s.pick(("wages", "salary for the month", "зарплата")), rail="other")
        s.pay(who, home, wage * s.between(0.3, 0.8), at + s.between(0.3, 4), purpose="to family", rail="other")


def student_abroad(s: Story) -> None:
    """Studies abroad; parents send money, the card pays there, all log-ins come from there."""
    who = s.person(birth_date=day(-s.whole(17 * 365, 21 * 365)), role="student")
    place = s.pick(("CHN", "TUR", "DEU", "POL", "RUS", "KOR"))
    s.account(who)
    key = card(s, who, LAST - s.whole(60, 330), 12, account_id=who.account)
    uses(s, key, place, LAST - 150, LAST - 1, s.count(15, 50), s.between(0.02, 0.4))
    s.logins(who, place, LAST - 250, LAST - 1, s.count(8, 30))
    parent, school = s.person(citizenship=s.citizenship, home=who.country), s.supplier(country=place)
    for month in range(s.whole(3, 10)):
        s.pay(parent, who, s.size(500, 0.3), LAST - 5 - 30 * month, purpose="for living", rail="other")
    s.pay(who, school, s.size(2500, 0.4), s.whole(LAST - 280, LAST - 100), purpose="tuition fee for the year")


def dual_citizen(s: Story) -> None:
    """Two passports, both told to the bank, spelt as each state spells."""
    second = _second(s)
    got = s.whole(-4000, LAST - 100)
    who = s.person(
        citizenships=f"{s.citizenship};{second}", citizenship_since=f"{s.citizenship}:;{second}:{day(got)}",
        declared_citizenships=f"{second};{s.citizenship}", kyc_date=day(max(30, got + s.whole(5, 90))),
    )  # fmt: skip
    s.passport(who, second, issue_date=day(got + s.whole(5, 400)), family=who.family.replace("kh", "h"))
    s.account(who)
    s.logins(who, who.country, 300, LAST - 1, s.whole(3, 12))


def one_line_form(s: Story) -> None:
    """The form had room for one citizenship; name and birth date agree on both passports."""
    second = _second(s)
    got = s.whole(-3000, -100)
    who = s.person(
        citizenships=f"{s.citizenship};{second}", citizenship_since=f"{s.citizenship}:;{second}:{day(got)}",
        declared_citizenships=s.citizenship,
    )  # fmt: skip
    s.passport(who, second, issue_date=day(got + s.whole(5, 90)))
    s.account(who)


def married_name(s: Story) -> None:
    """A new passport after a marriage, in a new family name."""
    who = s.person()
    other = s.person(citizenship=s.citizenship)
    on = s.whole(60, LAST - 60)
    s.add("relation", from_id=who.id, to_id=other.id, kind="spouse", start_date=day(on - 30))
    s.passport(
        who, s.citizenship, issue_date=day(on), family=other.family,
        name_as_printed=f"{who.given} {other.family}".upper(),
    )  # fmt: skip


def misread_scan(s: Story) -> None:
    """A scan in which the machine took an O for a nought."""
    who = s.person(papers_too=False)
    number = str(papers.document_numbers(s.luck, s.citizenship, 1)[0])
    lines = papers.mrz(
        s.citizenship, who.family, who.given, number, citizenship=s.citizenship, birth=who.birth,
        is_woman=who.is_woman, expiry=day(LAST + 900),
    )  # fmt: skip
    place = 44 + s.pick((0, 3, 5, 14, 16))
    read = lines[:place] + {"0": "O", "1": "I", "5": "S", "8": "B"}.get(lines[place], lines[place]) + lines[place + 1 :]
    s.passport(who, s.citizenship, number=number, mrz=read, expiry_date=day(LAST + 900))
    s.account(who)


def remitter(s: Story) -> None:
    """Sends small sums to several relatives, month by month, from a bank where the work is."""
    who = s.person(home=s.pick(("RUS", "RUS", "KAZ", "TUR")))
    s.account(who, bank_bic=s.made.bank(s.luck, who.country, spfs=False).bic)
    kin = [s.person() for _ in range(s.count(1, 3))]
    for month in range(s.whole(6, 24)):
        for one in kin:
            s.pay(
                who,
                one,
                s.size(220, 0.5),
                LAST - 8 - 30 * month,
                rail="other",
                purpose=s.pick(("family help", "помощь")),
            )


def seasonal_worker(s: Story) -> None:
    """Nothing all winter, then harvest wages and a tractor's instalments."""
    who = s.person()
    farm, shop = (s.dealer(s.good(listed=False), who.country) for _ in range(2))
    s.account(who)
    for year in (0, 1, 2):
        for week in range(s.whole(6, 14)):
            at = 365 * year + s.whole(10, 90) + 7 * (week % 3)
            s.pay(farm, who, s.size(700, 0.4), min(at, LAST - 2), rail="other", purpose="harvest wages")
        s.pay(who, shop, s.size(3000, 0.4), min(365 * year + 110, LAST - 2), rail="card", purpose="instalment, tractor")
    for month in range(s.whole(2, 12)):
        s.pay(who, shop, s.size(60, 0.5), 30 * month + 5, rail="card", purpose="groceries and fuel")


def house_buyer(s: Story) -> None:
    """Opens an account to sell one flat and buy another; all of it passes in two days."""
    who = s.person()
    other, builder = s.person(home=who.country), s.dealer(s.good(listed=False), who.country)
    opened = s.whole(30, LAST - 80)
    price = s.size(70_000, 0.5)
    s.account(who, opened=opened, declared_turnover=round(price * s.between(0.2, 2.5), -2))
    at = opened + s.between(5, 60)
    s.pay(other, who, price, at, purpose="for the flat under contract of sale", rail="other")
    s.pay(
        who,
        builder,
        price * s.between(0.9, 1.0),
        at + s.between(0.1, 1.9),
        purpose="flat, share agreement",
        rail="other",
    )
    s.logins(who, who.country, opened, LAST - 1, s.whole(2, 12))


def family_device(s: Story) -> None:
    """A household with one tablet; wages come and are spent over the month."""
    device, home = s.made.next_id("dev"), s.pick(HOMES)
    shop = s.dealer(s.good(listed=False), home)
    first: Party | None = None
    for _ in range(s.whole(2, 6)):
        same: dict[str, Any] = {} if first is None else {"address": first.address, "phone": first.phone}
        who = s.person(home=home, **same)
        first = first or who
        who.device = device
        s.account(who)
        s.logins(who, who.country, 500, LAST - 1, s.count(2, 8))
        for month in range(s.whole(3, 10)):
            wage, at = s.size(700, 0.3), LAST - 20 - 30 * month
            s.pay(shop, who, wage, at, rail="other", purpose="salary for the month")
            for _ in range(3):
                s.pay(
                    who, shop, wage * s.between(0.1, 0.3), at + s.between(0.5, 18), rail="card", purpose="shop purchase"
                )


def traveller(s: Story) -> None:
    """Three weeks by the sea with one card, some of it cash."""
    who = s.person()
    s.account(who)
    key = card(s, who, LAST - s.whole(100, 330), 12, account_id=who.account)
    at = LAST - s.whole(25, 60)
    uses(s, key, s.pick(("TUR", "ARE", "GEO")), at, at + s.whole(10, 22), s.count(15, 40), s.between(0.05, 0.6))
    uses(s, key, who.country, LAST - 90, LAST - 1, s.count(3, 20), 0.2)
    s.logins(who, who.country, 600, LAST - 30, s.whole(4, 20))


def long_card_allowed(s: Story) -> None:
    """A non-resident's card for years that the rule allows: an exemption, or issued before it."""
    who = s.person(citizenship=_not_kazakh(s), home=s.pick(("RUS", "KGZ", "UZB", "TUR")))
    if s.chance(0.5):
        key = card(s, who, s.whole(100, _CARD_RULE - 1), s.pick((24, 36, 48, 60)), holder_residency="non_resident")
    else:
        key = card(
            s, who, s.whole(_CARD_RULE, LAST - 1), s.pick((24, 36, 60)), holder_residency="non_resident",
            exemption=s.pick(("business", "diplomat", "investor")),
        )  # fmt: skip
    uses(s, key, "KAZ", LAST - 200, LAST - 1, s.count(3, 15), 0.2)


def childrens_cards(s: Story) -> None:
    """A mother with two cards of her own, four of her children, and one for a loan."""
    who = s.person(citizenship=_not_kazakh(s), home=s.pick(("RUS", "KGZ", "UZB")))
    bank = s.made.bank(s.luck, "KAZ")
    for exemption in ("none", "none", *["child"] * s.whole(2, 5), "loan_only"):
        card(
            s, who, s.whole(_CARD_RULE, LAST - 1), 11, bank_bic=bank.bic, exemption=exemption,
            holder_residency="non_resident",
        )  # fmt: skip


def vpn_user(s: Story) -> None:
    """Logs in through a tunnel that ends elsewhere most days."""
    who = s.person()
    s.account(who)
    s.logins(who, s.pick(("DEU", "NLD", "USA")), LAST - 150, LAST - 1, s.whole(8, 30), is_vpn=True)
    s.logins(who, who.country, LAST - 160, LAST - 1, s.whole(2, 12))


def commuter(s: Story) -> None:
    """Lives on one side of a border and works on the other."""
    who = s.person(home="KGZ")
    s.account(who)
    s.logins(who, "KAZ", LAST - 200, LAST - 1, s.whole(10, 40))
    s.logins(who, "KGZ", LAST - 200, LAST - 1, s.whole(3, 20))


def licensed_agent(s: Story) -> None:
    """A law firm or a university files for dozens, with its licence and its name on every form."""
    agent = _agent(s, is_licensed=True, is_disclosed=True)
    start = s.whole(30, LAST - 130)
    for _ in range(s.several(14, 0.5)):
        who = s.person(agent_id=agent)
        _application(s, who, agent, start + s.between(0, 100), outcome="granted", decided_date=day(LAST - 5))


def accountant(s: Story) -> None:
    """Holds powers of attorney of several traders and pays their taxes from their accounts."""
    agent = _agent(s, is_licensed=True, is_disclosed=True)
    treasury = s.company("KAZ", activity_code="84.11", activity_text="state treasury")
    start = s.whole(60, LAST - 90)
    for _ in range(s.count(2, 5)):
        who = s.person(home="KAZ")
        s.account(who)
        on = day(start - s.whole(5, 300))
        s.passport(who, "KAZ", kind="power_of_attorney", agent_id=agent, issue_date=on, mrz=None)
        s.pay(who, treasury, s.size(600), start + s.between(0, 60), rail="other", purpose="tax of the quarter")


def declared_office_holder(s: Story) -> None:
    """A person in office whose further citizenship the bank knows."""
    second = _second(s)
    s.person(
        citizenships=f"{s.citizenship};{second}",
        citizenship_since=f"{s.citizenship}:{day(-9000)};{second}:{day(-s.whole(200, 2500))}",
        declared_citizenships=f"{s.citizenship};{second}", is_pep=True,
    )  # fmt: skip


def coin_saver(s: Story) -> None:
    """Buys coins at an exchange that nobody listed."""
    who, place = s.person(), s.supplier(country=s.pick(("KAZ", "DEU", "ARE")))
    for _ in range(s.count(1, 4)):
        cells = {"wallet_from": f"0x{place.id}", "wallet_to": f"0x{who.id}"}
        s.pay(place, who, s.size(700), s.whole(100, LAST - 2), rail="crypto", purpose="withdrawal of coins", **cells)


DOUBLE_PEOPLE = (
    ("labour_migrant", None, labour_migrant),
    ("student_abroad", None, student_abroad),
    ("dual_citizen", None, dual_citizen),
    ("one_line_form", None, one_line_form),
    ("married_name", None, married_name),
    ("misread_scan", None, misread_scan),
    ("remitter", None, remitter),
    ("seasonal_worker", None, seasonal_worker),
    ("house_buyer", None, house_buyer),
    ("family_device", None, family_device),
    ("traveller", None, traveller),
    ("long_card_allowed", None, long_card_allowed),
    ("childrens_cards", None, childrens_cards),
    ("vpn_user", None, vpn_user),
    ("commuter", None, commuter),
    ("licensed_agent", None, licensed_agent),
    ("accountant", None, accountant),
    ("declared_office_holder", None, declared_office_holder),
    ("coin_saver", None, coin_saver),
)


def _not_kazakh(s: Story) -> str:
    return str(s.citizenship if s.citizenship != "KAZ" else s.pick(("KGZ", "UZB", "RUS", "TJK")))
