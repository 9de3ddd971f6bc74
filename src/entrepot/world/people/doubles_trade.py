"""Innocent firms and their trade: forwarders, relocated firms, growing traders, treasuries, service companies."""

from __future__ import annotations

from entrepot.world.people.planted_shipments import seal_trip
from entrepot.world.people.story import LAST, Party, Story, day, day_of

_PLACES = ("KGZ", "KAZ", "UZB", "ARM", "GEO", "TUR")
_CLAUSE, _SEALS, _KGZ_RULE = day_of("2024-03-20"), day_of("2026-02-14"), day_of("2024-09-25")


def order(s: Story, seller: Party, buyer: Party, good: int, on: float, **cells: object) -> str:
    """Add a deal as it should be: contract, payment that names it, and the goods some weeks later."""
    key = s.contract(seller, buyer, good, int(on))
    code, value = s.made.trade.code(good), s.size(float(s.made.trade.made.shipment[good]) + 5000, 0.6)
    paid = min(LAST - 1, on + s.between(2, 20))
    s.pay(
        buyer, seller, value, paid, contract_id=key, hs_codes=code,
        purpose=f"for goods {code} under contract {key[-5:]} of {day(on)}",
    )  # fmt: skip
    came = paid + s.between(6, 45)
    if came < LAST:
        s.ship(seller, buyer, good, came, contract_id=key, value=value, **cells)
    return key


def growing_trader(s: Story) -> None:
    """Imports ordinary goods, more every year."""
    good = s.good(listed=False)
    firm, seller = s.dealer(good, s.pick(_PLACES)), s.supplier()
    at = s.between(10, 60)
    gap = s.between(60, 110)
    while at < LAST - 60:
        order(s, seller, firm, good, at)
        at += gap
        gap = max(12, gap * s.between(0.8, 1.0))


def trader_of_listed_goods(s: Story) -> None:
    """An old firm that has always dealt in electronics or machines, with every paper in its place."""
    good = s.good(listed=True)
    firm, sellers = s.dealer(good, s.pick(_PLACES), since=-s.whole(1500, 5000)), [s.supplier() for _ in range(2)]
    for _ in range(s.count(2, 6)):
        order(s, s.pick(sellers), firm, good, s.whole(_CLAUSE, LAST - 60))


def relocated_firm(s: Story) -> None:
    """A software firm that left Russia in 2022 buys servers for its new office, and says so."""
    servers = [i for i in s.made.trade.listed if s.made.trade.code(int(i))[:4] in ("8471", "8517")]
    good = int(s.pick(servers))
    firm = s.company(
        s.pick(("KGZ", "KAZ", "ARM", "GEO")), since=day_of("2022-03-01") + s.whole(5, 500), director=s.person(),
        activity_code="62.01", activity_text="software and computers", employees=s.count(8, 40),
    )  # fmt: skip
    for _ in range(s.whole(1, 2)):
        order(s, s.supplier(), firm, good, s.whole(_CLAUSE, LAST - 60))
    client = s.supplier()
    for month in range(s.whole(4, 12)):
        s.pay(client, firm, s.size(20_000, 0.4), LAST - 10 - 30 * month, purpose="software development, monthly act")


def forwarder(s: Story) -> None:
    """Carries many owners' goods in one lorry under one waybill; all arrive."""
    carrier = s.company(s.pick(_PLACES), director=s.person(), activity_code="52.29", activity_text="freight forwarding")
    for _ in range(s.whole(1, 3)):
        at, paper = s.whole(60, LAST - 5), f"CMR{s.made.next_id('')}"
        for _ in range(s.whole(2, 4)):
            good = s.good(listed=False)
            shared = {"transport_document": paper} if s.chance(0.5) else {}
            s.ship(
                s.supplier(), s.dealer(good, carrier.country), good, at, declarant_name=carrier.name,
                departure_date=day(at - 12), **shared,
            )  # fmt: skip


def group_treasury(s: Story) -> None:
    """The parent pays what its daughter bought; most contracts name it as the user, some do not."""
    good = s.good(listed=False)
    parent, daughter, seller = s.supplier(), s.dealer(good, s.pick(_PLACES)), s.supplier()
    s.add("ownership", owner_id=parent.id, asset_id=daughter.id, percentage=100, start_date=day(-1500))
    on = s.whole(60, LAST - 60)
    named = {"end_user_id": parent.id, "end_user_country": parent.country} if s.chance(0.85) else {}
    key = s.contract(seller, daughter, good, on, **named)
    code = s.made.trade.code(good)
    for _ in range(s.whole(1, 4)):
        s.pay(
            parent, seller, s.size(30_000), on + s.between(5, 50), contract_id=key, purpose=f"for our daughter, {code}"
        )
    s.ship(seller, daughter, good, min(LAST - 1, on + 40), contract_id=key)


def prepaid_and_came(s: Story) -> None:
    """Paid in full in advance; the maker needed months, and the goods came."""
    good = s.good(listed=s.chance(0.3))
    seller, buyer = s.supplier(), s.dealer(good, s.pick(("KAZ", "UZB", "ARM", "GEO", "TUR")))
    on = s.whole(_CLAUSE, LAST - 220)
    key = s.contract(seller, buyer, good, on)
    code = s.made.trade.code(good)
    at = on + s.between(2, 15)
    cells = {"contract_id": key, "hs_codes": code, "is_advance": True, "purpose": f"prepayment for goods {code}"}
    s.pay(buyer, seller, s.size(50_000), at, **cells)
    s.ship(seller, buyer, good, at + s.size(70, 0.45), contract_id=key)


def prepaid_services(s: Story) -> None:
    """Licences, repairs and consultants paid a year ahead; nothing crosses a border."""
    buyer, seller = s.dealer(s.good(listed=False), s.pick(_PLACES)), s.supplier()
    for _ in range(s.whole(1, 4)):
        what = s.pick(
            ("software licence for a year", "consulting, annual fee", "maintenance of machines", "cloud services")
        )
        s.pay(buyer, seller, s.size(15_000), s.whole(60, LAST - 2), is_advance=True, purpose=f"{what}, prepayment")


def importer_of_bishkek(s: Story) -> None:
    """A Kyrgyz firm pays abroad and the goods come home within weeks."""
    good = s.good(listed=s.chance(0.2))
    seller, buyer = s.supplier(), s.dealer(good, "KGZ")
    for _ in range(s.whole(1, 4)):
        order(s, seller, buyer, good, s.whole(_KGZ_RULE, LAST - 70))


def visa_firm(s: Story) -> None:
    """A licensed visa office: advances for papers, some given back when a visa is refused."""
    office = s.company("KGZ", director=s.person(), activity_code="79.90", activity_text="visa office")
    for _ in range(s.several(14, 0.5)):
        payer = s.person(home="KGZ")
        at, fee = s.between(500, LAST - 60), s.size(400, 0.4)
        words = ("visa papers, advance", "work permit papers, advance", "passport photo and forms")
        paid = s.pay(payer, office, fee, at, is_advance=True, purpose=s.pick(words), rail="other")
        if s.chance(0.2):
            s.pay(
                office,
                payer,
                fee,
                at + s.between(10, 50),
                is_refund_of=paid,
                purpose="refund, visa refused",
                rail="other",
            )


def letter_with_a_user(s: Story) -> None:
    """A letter of credit to the order of the bank, and papers that name the user."""
    good = s.good(listed=True)
    seller, buyer = s.supplier(), s.dealer(good, s.pick(_PLACES))
    key = order(s, seller, buyer, good, s.whole(_CLAUSE, LAST - 60))
    bank = s.made.bank(s.luck, buyer.country)
    own = s.chance(0.5)
    s.add(
        "trade_paper", paper_id=s.made.next_id("TP"), kind="letter_of_credit", contract_id=key,
        consignee_id=bank.bic if own else buyer.id, issuing_bic=bank.bic, names_end_user=True,
    )  # fmt: skip
    s.add(
        "trade_paper", paper_id=s.made.next_id("TP"), kind="invoice", contract_id=key, consignee_id=buyer.id,
        names_end_user=True,
    )  # fmt: skip


def changes_bank(s: Story) -> None:
    """A counterparty changes its bank at home, or sells its goods to somebody new."""
    good = s.good(listed=False)
    ours, other = s.dealer(good, "KAZ"), s.company(s.pick(("KGZ", "TUR", "UZB")))
    s.account(other)
    start, code = s.whole(60, LAST - 250), s.made.trade.code(good)
    for number in range(s.whole(4, 8)):
        if number == 3:
            other.bic, other.account = s.made.bank(s.luck, other.country).bic, s.made.next_id("AX")
        s.pay(other, ours, s.size(12_000), start + 22 * number, hs_codes=code, purpose=f"for goods {code} by invoice")


def service_company(s: Story) -> None:
    """A company secretary who sits on a dozen boards; none of the firms trades goods."""
    who = s.person()
    address = s.address(who.country)
    for _ in range(s.several(16, 0.4)):
        s.company(who.country, director=who, address=address, activity_code="70.22", activity_text="consulting")


def business_centre(s: Story) -> None:
    """One address of many firms; one or two of them deal in electronics."""
    home = s.pick(_PLACES)
    address = s.address(home)
    for number in range(s.several(18, 0.4)):
        if number < 1:
            good = s.good(listed=True)
            order(s, s.supplier(), s.dealer(good, home, address=address), good, s.whole(_CLAUSE, LAST - 60))
        else:
            s.company(home, director=s.person(papers_too=False), address=address, activity_code="62.01")


def machine_buyer(s: Story) -> None:
    """A workshop buys a machine with all that belongs to it; a few have engineers of their own."""
    machines = [i for i in s.made.trade.listed if s.made.trade.code(int(i))[:4] in ("8457", "8458", "8459")]
    good = int(s.pick(machines))
    buyer = s.dealer(good, s.pick(_PLACES), is_maker=True)
    own = "training" if s.chance(0.05) else ""
    s.contract(s.supplier(), buyer, good, s.whole(_CLAUSE, LAST - 30), declined_services=own)


def dear_small_lot(s: Story) -> None:
    """A few pieces in a hurry, by air, somewhat dearer."""
    good = s.good(listed=True)
    firm = s.dealer(good, s.pick(_PLACES))
    s.ship(s.supplier(), firm, good, s.whole(60, LAST - 2), price_times=s.between(1.0, 1.35), value=s.size(900))


def transit_that_arrives(s: Story) -> None:
    """Through Russia to Central Asia, some days late at the border, under a seal with a weak battery."""
    good = s.good(listed=s.chance(0.4))
    seller, buyer = s.supplier(country=s.pick(("DEU", "POL", "ITA"))), s.dealer(good, s.pick(("KGZ", "KAZ", "UZB")))
    at = s.whole(_SEALS + 10, LAST - 30) if s.chance(0.4) else s.whole(60, LAST - 60)
    arrived = at + s.size(11, 0.4)
    seal = s.made.next_id("SE")
    gap = (at + s.between(1, 3), s.size(0.07, 0.5))
    if at > _SEALS:
        seal_trip(s, seal, at, min(arrived, LAST - 1), buyer.country, silent=gap, opened=False)
    s.ship(
        seller, buyer, good, at, procedure="transit", transit_countries="BLR;RUS", departure_date=day(at),
        arrival_date=day(min(arrived, LAST)), seal_id=seal if at > _SEALS else None,
    )  # fmt: skip


def habitual_changes(s: Story) -> None:
    """A trader who changes routes all the time, or changed one long before it left."""
    good = s.good(listed=s.chance(0.3))
    seller, buyer = s.supplier(), s.dealer(good, s.pick(_PLACES))
    often = s.chance(0.5)
    for number in range(s.whole(3, 8)):
        at = LAST - 20 - 30 * number
        leaves = at - s.whole(3, 20)
        if often:
            cells = {"route_changed_at": f"{day(leaves - 1)}T08:00:00Z"} if s.chance(0.8) else {}
        else:
            cells = {"consignee_changed_at": f"{day(leaves - s.whole(8, 60))}T08:00:00Z"} if s.chance(0.3) else {}
        s.ship(seller, buyer, good, at, departure_date=day(leaves), **cells)


def exporter_with_papers(s: Story) -> None:
    """Kazakh goods and lawful re-exports to Russia with entry and waybill."""
    good = s.good(listed=False)
    firm, buyer = s.dealer(good, "KAZ"), s.company("RUS")
    for _ in range(s.whole(1, 4)):
        at = s.whole(80, LAST - 6)
        entry = s.ship(s.supplier(), firm, good, at - s.whole(5, 70))
        s.ship(
            firm, buyer, good, at, procedure="export", exit_date=day(at + 2), entry_shipment_id=entry,
            trading_country="KAZ",
        )  # fmt: skip


def true_sale(s: Story) -> None:
    """An owner sells a firm to strangers; nobody is listed."""
    owner = s.person()
    other = s.person(home=owner.country)
    firm = s.company(owner.country, director=owner)
    on = s.whole(60, LAST - 30)
    s.add("ownership", owner_id=owner.id, asset_id=firm.id, percentage=100, start_date=day(-900), end_date=day(on))
    s.add("ownership", owner_id=other.id, asset_id=firm.id, percentage=100, start_date=day(on))
    s.pay(other, owner, s.size(90_000), on + s.between(1, 10), purpose="price of shares under contract of sale")


def payroll_agent(s: Story) -> None:
    """Takes a firm's wages in one sum and pays them out the same day, keeping a fee."""
    firm, agent = s.dealer(s.good(listed=False), "KAZ"), s.company("KAZ", director=s.person(), activity_code="78.20")
    s.account(agent, declared_turnover=5_000_000)
    hands = [s.person(home="KAZ") for _ in range(s.whole(3, 7))]
    for month in range(s.whole(3, 8)):
        at, wage = LAST - 12 - 30 * month, s.size(900, 0.2)
        s.pay(firm, agent, wage * len(hands) * 1.03, at + 0.3, purpose="wages of the month by register", rail="other")
        for one in hands:
            s.pay(agent, one, wage, at + 0.3 + s.between(0.05, 0.5), purpose="wages of the month", rail="other")


DOUBLE_TRADE = (
    ("growing_trader", None, growing_trader),
    ("trader_of_listed_goods", None, trader_of_listed_goods),
    ("relocated_firm", None, relocated_firm),
    ("forwarder", None, forwarder),
    ("group_treasury", None, group_treasury),
    ("prepaid_and_came", None, prepaid_and_came),
    ("prepaid_services", None, prepaid_services),
    ("importer_of_bishkek", None, importer_of_bishkek),
    ("visa_firm", None, visa_firm),
    ("letter_with_a_user", None, letter_with_a_user),
    ("changes_bank", None, changes_bank),
    ("service_company", None, service_company),
    ("business_centre", None, business_centre),
    ("machine_buyer", None, machine_buyer),
    ("dear_small_lot", None, dear_small_lot),
    ("transit_that_arrives", None, transit_that_arrives),
    ("habitual_changes", None, habitual_changes),
    ("exporter_with_papers", None, exporter_with_papers),
    ("true_sale", None, true_sale),
    ("payroll_agent", None, payroll_agent),
)
