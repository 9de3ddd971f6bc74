"""Planted behaviour of persons, their papers, agents, applications and offers.

Every story says in the spirit of its source what somebody does; sizes come from what such people do, with long tails,
and nothing here knows a number of a flag.
"""

from __future__ import annotations

from entrepot.world.people import papers
from entrepot.world.people.groups import CITIZENSHIPS
from entrepot.world.people.story import LAST, Party, Story, day, day_of

_IIN_END, _CLAIM = day_of("2025-01-01"), day_of("2025-01-24")


def _other(s: Story, than: str) -> str:
    return str(s.pick([one for one in CITIZENSHIPS if one != than]))


def _second_name(s: Story) -> tuple[str, str]:
    stranger = s.person(papers_too=False)
    return stranger.given, stranger.family


def listing(s: Story, entity: Party | str, on: float, *, name: str | None = None, **cells: object) -> None:
    """Add a listing of a party under a regime that lists such parties."""
    key = entity if isinstance(entity, str) else entity.id
    said = name or (entity if isinstance(entity, str) else entity.name)
    row = {
        "listing_id": s.made.next_id("LI"), "entity_id": key, "entity_name": said,
        "regime": s.pick(("OFAC", "EU", "UK")), "listing_date": day(on),
    }  # fmt: skip
    s.add("listing", **{**row, **cells})


def second_identity(s: Story) -> None:
    """A second passport in another name, or with another birth date, that the bank was not told of."""
    own = s.citizenship
    second = _other(s, own)
    kyc = s.whole(200, LAST - 30)
    got = kyc - s.whole(20, 1500)
    who = s.person(
        citizenships=f"{own};{second}", citizenship_since=f"{second}:{day(got)}", declared_citizenships=own,
        kyc_date=day(kyc),
    )  # fmt: skip
    variant = s.whole(0, 2)
    given, family = _second_name(s) if variant != 1 else (who.given, who.family)
    born = day(day_of(who.birth) + s.whole(40, 900)) if variant == 1 else who.birth
    s.passport(
        who, second, issue_date=day(got + s.whole(1, 90)), given=given, family=family, birth_date_as_printed=born,
        name_as_printed=f"{given} {family}".upper(), channel=s.pick(("agent", "in_person", "embassy")),
    )  # fmt: skip
    if variant == 2:
        listing(s, s.made.next_id("XX"), kyc - s.whole(-200, 600), name=f"{given} {family}")
    s.plant("person", who.id)


def papers_near_listing(s: Story) -> None:
    """A new passport, citizenship or spelling in the months around a listing of the person or of the person's firm."""
    listed = s.whole(150, LAST - 150)
    got = listed + int(s.luck.choice([-1, 1], p=[0.45, 0.55])) * int(s.luck.gamma(2.0, 30.0) + 2)
    own = s.citizenship
    second = _other(s, own)
    told = s.chance(0.5)
    who = s.person(
        citizenships=f"{own};{second}", citizenship_since=f"{second}:{day(got)}",
        declared_citizenships=f"{own};{second}" if told else own, kyc_date=day(min(LAST, max(got, listed) + 60)),
    )  # fmt: skip
    given = who.given if s.chance(0.6) else papers.document_numbers(s.luck, "KAZ", 1)[0][:1] + who.given[1:]
    s.passport(who, second, issue_date=day(got + s.whole(0, 25)), given=given)
    if s.chance(0.5):
        listing(s, who, listed)
    else:
        firm = s.company(s.pick(("KGZ", "KAZ", "ARE")))
        share = s.pick((100, 100, 75, 60, 51))
        s.add("ownership", owner_id=who.id, asset_id=firm.id, percentage=share, start_date=day(-s.whole(10, 900)))
        listing(s, firm, listed)
    s.plant("person", who.id)


def life_elsewhere(s: Story) -> None:
    """All is done from another country than papers, address and tax office say, and it is trade or a rail."""
    who = s.person(home="KAZ" if s.citizenship != "KAZ" else "KGZ")
    place = s.pick([one for one in ("RUS", "ARE", "TUR", "CHN", "GEO") if one != s.citizenship])
    s.account(who)
    start = s.whole(LAST - 260, LAST - 120)
    s.logins(who, place, start, LAST, s.whole(15, 60))
    seller = s.supplier()
    for _ in range(s.count(2, 5)):
        good = s.made.trade.code(s.good(listed=True))
        at = s.between(start + 5, LAST - 2)
        if s.chance(0.6):
            s.pay(who, seller, s.size(9000), at, hs_codes=good, purpose=f"for goods {good}")
        else:
            s.pay(who, seller, s.size(4000), at, rail="mir", purpose="transfer to supplier")
    s.plant("person", who.id)


def impossible_paper(s: Story) -> None:
    """A passport that cannot be right: a changed check digit, older than the citizenship, or a number of no series."""
    variant = s.whole(0, 2)
    second = _other(s, s.citizenship)
    since = s.whole(100, LAST - 200)
    who = s.person(
        citizenships=f"{s.citizenship};{second}", citizenship_since=f"{second}:{day(since)}",
        declared_citizenships=f"{s.citizenship};{second}",
    )  # fmt: skip
    cells: dict[str, object] = {"issue_date": day(since + s.whole(3, 200))}
    if variant == 0:
        number = str(papers.document_numbers(s.luck, second, 1)[0])
        good = papers.mrz(
            second, who.family, who.given, number, citizenship=second, birth=who.birth, is_woman=who.is_woman,
            expiry=day(since + 3800),
        )  # fmt: skip
        place = s.pick((9, 19, 27))
        wrong = str((int(good[44 + place]) + s.whole(1, 9)) % 10)
        cells |= {"number": number, "mrz": good[: 44 + place] + wrong + good[45 + place :]}
        cells["expiry_date"] = day(since + 3800)
    elif variant == 1:
        cells["issue_date"] = day(since - s.whole(5, 400))
    else:
        number = s.pick(("12", "A1", "ZZZZ99999999", "000-77", "Q"))
        second = s.pick(("KGZ", "KAZ", "UZB", "RUS", "TUR"))
        cells |= {"number": number, "mrz": None}
    s.plant("document", s.passport(who, second, **cells))


def _agent(s: Story, **cells: object) -> str:
    row = {
        "agent_id": s.made.next_id("AG"), "name": f"Agency {s.whole(1, 999)}", "phone": papers.phone(s.luck, "KGZ"),
        "email": f"a{s.whole(1, 10**7)}@mail.ru", "address": s.address("KGZ"), "is_licensed": False,
        "is_disclosed": False,
    }  # fmt: skip
    return s.add("agent", **{**row, **cells})


def _application(s: Story, who: Party, agent: str | None, on: float, **cells: object) -> str:
    row = {
        "application_id": s.made.next_id("AP"), "person_id": who.id, "kind": s.pick(("citizenship", "residence")),
        "country": s.pick(("KGZ", "KAZ")), "route": "residence", "submitted_date": day(on), "outcome": "pending",
        "agent_id": agent,
    }  # fmt: skip
    return s.add("application", **{**row, **cells})


def agent_of_many(s: Story) -> None:
    """One agent without licence, or one who hides, files for many strangers within some weeks."""
    licensed = s.chance(0.3)
    agent = _agent(s, is_licensed=licensed, is_disclosed=not licensed and s.chance(0.3))
    start, span = s.whole(30, LAST - 130), s.between(10, 110)
    for _ in range(s.count(5, 14)):
        who = s.person(citizenship=_other(s, "KGZ"), agent_id=agent)
        s.plant("application", _application(s, who, agent, start + s.between(0, span)))


def exposed_second_citizenship(s: Story) -> None:
    """A person in office, or a relative, took a further citizenship later and did not say so."""
    second = _other(s, s.citizenship)
    exposed = s.chance(0.5)
    who = s.person(
        citizenships=f"{s.citizenship};{second}",
        citizenship_since=f"{s.citizenship}:{day(-9000)};{second}:{day(-s.whole(20, 2500))}",
        declared_citizenships=s.citizenship, is_pep=exposed,
        pep_relation=None if exposed else s.pick(("spouse", "child", "sibling", "associate")),
    )  # fmt: skip
    s.plant("person", who.id)


def director_of_many(s: Story) -> None:
    """One name on the papers of many firms, several of which trade in high-priority goods."""
    who = s.person(home=s.pick(("KGZ", "KAZ", "UZB")))
    firms = s.count(10, 18)
    traders = max(3, round(firms * s.between(0.2, 0.7)))
    for number in range(firms):
        good = s.good(listed=True)
        firm = s.dealer(good, who.country, director=who, since=-s.whole(-500, 900))
        if number < traders:
            for _ in range(s.count(1, 2)):
                s.ship(s.supplier(), firm, good, s.whole(560, LAST - 5), valuation="cif")
    s.plant("person", who.id)


def new_number_abroad(s: Story) -> None:
    """A Kazakh identification number through an embassy after that way was closed."""
    who = s.person()
    on = day(s.whole(_IIN_END, LAST - 1))
    s.plant("document", s.passport(who, "KAZ", kind="iin", channel="embassy", issue_date=on, mrz=None))


def agent_of_numbers(s: Story) -> None:
    """One agent brings a crowd of strangers to identification numbers within some weeks."""
    agent = _agent(s)
    start, span = s.whole(_IIN_END, LAST - 60), s.between(3, 40)
    for _ in range(s.count(20, 45)):
        who = s.person(papers_too=False, agent_id=agent)
        on = day(start + s.between(0, span))
        paper = s.passport(who, "KAZ", kind="iin", channel="agent", issue_date=on, agent_id=agent, mrz=None)
        s.plant("document", paper)


def prepaid_passports(s: Story) -> None:
    """A seller goes on taking money in advance for passports after a stop was reported, and gives nothing back."""
    seller = s.company("KGZ", since=-s.whole(0, 900), activity_code="69.10", activity_text="legal services")
    start, span = s.whole(_CLAIM + 5, LAST - 200), s.between(30, 180)
    words = (
        "advance for citizenship of Kyrgyzstan", "prepayment passport service", "citizenship application fee, advance",
        "предоплата за гражданство", "оплата за оформление паспорта",
    )  # fmt: skip
    for _ in range(s.count(5, 15)):
        payer = s.person(citizenship=_other(s, "KGZ"))
        at = start + s.between(0, span)
        s.plant("payment", s.pay(payer, seller, s.size(7000), at, is_advance=True, purpose=s.pick(words)))


def offer_without_law(s: Story) -> None:
    """Citizenship for an investment is offered where the law has no such way."""
    row = {
        "offer_id": s.made.next_id("OF"), "offer_date": day(s.whole(20, LAST - 1)),
        "country": s.pick(("TUR", "ARE", "RUS")), "route": "investment", "target_citizenship": "KGZ",
        "price": round(s.size(60_000), -2), "currency": "USD",
        "payee_id": s.made.next_id("XX"), "payee_kind": "company",
        "text": s.pick(("Kyrgyz passport by investment in 90 days", "Гражданство Кыргызстана за инвестиции")),
    }  # fmt: skip
    s.plant("offer", s.add("offer", **row))


def _office(s: Story) -> tuple[Party, str]:
    """Return who gets money, and the holder of an office to whom it leads."""
    holder = s.person(home="KGZ", is_pep=True)
    s.add(
        "relation", from_id=holder.id, to_id=s.made.next_id("BO"), kind="office_holder",
        office=s.pick(("deputy minister", "head of migration department", "deputy")),
        start_date=day(-s.whole(100, 900)),
    )  # fmt: skip
    if s.chance(0.5):
        return holder, holder.id
    kin = s.person(home="KGZ")
    s.add("relation", from_id=holder.id, to_id=kin.id, kind=s.pick(("spouse", "child", "sibling")))
    return kin, holder.id


def fee_to_an_official(s: Story) -> None:
    """The fee for a decision of the state goes to an official's, or a relative's, own account."""
    payee, _ = _office(s)
    payer = s.person(citizenship=_other(s, "KGZ"))
    words = (
        "state fee for citizenship",
        "fee for residence permit decision",
        "госпошлина за гражданство",
        "licence fee",
    )
    s.plant("payment", s.pay(payer, payee, s.size(5000), s.whole(60, LAST - 2), purpose=s.pick(words)))


def offer_of_an_official(s: Story) -> None:
    """An offer whose price goes to an official or a relative."""
    payee, _ = _office(s)
    said = s.pick(("official", "relative_of_official", "unknown"))
    row = {
        "offer_id": s.made.next_id("OF"), "offer_date": day(s.whole(20, LAST - 1)), "country": "KGZ",
        "route": s.pick(("residence", "merit", "presidential")), "target_citizenship": "KGZ",
        "price": round(s.size(20_000), -2), "currency": "USD", "payee_id": payee.id, "payee_kind": said,
        "text": "We settle everything with the right people",
    }  # fmt: skip
    s.plant("offer", s.add("offer", **row))


def several_principals(s: Story) -> None:
    """The holder of several strangers' powers of attorney sends their money to one payee within weeks."""
    agent = _agent(s, is_disclosed=True)
    payee = s.supplier(country=s.pick(("ARE", "HKG", "TUR")))
    start = s.whole(60, LAST - 90)
    for _ in range(s.count(3, 6)):
        who = s.person()
        s.account(who)
        paper = s.passport(
            who, "KAZ", kind="power_of_attorney", agent_id=agent, channel="agent",
            issue_date=day(start - s.whole(5, 200)), mrz=None,
        )  # fmt: skip
        for _ in range(s.count(1, 2)):
            s.pay(who, payee, s.size(8000), start + s.between(0, 27), purpose="transfer by attorney")
        s.plant("document", paper)


PEOPLE = (
    ("second_identity", "P01", second_identity),
    ("papers_near_listing", "P02", papers_near_listing),
    ("life_elsewhere", "P03", life_elsewhere),
    ("impossible_paper", "P04", impossible_paper),
    ("agent_of_many", "P05", agent_of_many),
    ("exposed_second_citizenship", "P06", exposed_second_citizenship),
    ("director_of_many", "P07", director_of_many),
    ("new_number_abroad", "A05", new_number_abroad),
    ("agent_of_numbers", "A05B", agent_of_numbers),
    ("several_principals", "A10", several_principals),
    ("prepaid_passports", "F01", prepaid_passports),
    ("offer_without_law", "F02", offer_without_law),
    ("fee_to_an_official", "F03", fee_to_an_official),
    ("offer_of_an_official", "F03B", offer_of_an_official),
)
