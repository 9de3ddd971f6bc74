"""Planted behaviour of companies and their contracts."""

from __future__ import annotations

from entrepot.world.people.planted_payments import _deal
from entrepot.world.people.planted_people import listing
from entrepot.world.people.story import LAST, Party, Story, day, day_of

_WAR, _CLAUSE = day_of("2022-02-24"), day_of("2024-03-20")
_PLACES = ("KGZ", "KAZ", "UZB", "ARM", "GEO", "TUR")


def founded_for_trade(s: Story) -> None:
    """Founded after the invasion, and at once in high-priority goods."""
    good = s.good(listed=True)
    since = s.whole(0, LAST - 250)
    firm = s.dealer(good, s.pick(_PLACES), since=since, employees=s.whole(1, 4))
    first = since + s.size(70, 0.6)
    for number in range(s.count(1, 4)):
        s.ship(s.supplier(), firm, good, min(LAST, first + 20 * number))
    s.plant("company", firm.id)


def wrong_line(s: Story) -> None:
    """A bakery that buys processors."""
    lines = (
        ("10.71", "bakery"),
        ("96.02", "hairdressing"),
        ("56.10", "restaurant"),
        ("01.41", "dairy farm"),
        ("47.76", "flowers"),
    )
    code, words = s.pick(lines)
    firm = s.company(s.pick(_PLACES), director=s.person(), activity_code=code, activity_text=words)
    for _ in range(s.count(1, 3)):
        s.ship(s.supplier(), firm, s.good(listed=True), s.whole(60, LAST - 2))
    s.plant("company", firm.id)


def share_to_kin(s: Story) -> None:
    """Around a listing the owner's share goes down, to a relative, somebody employed or a firm just made."""
    owner, listed = s.person(), s.whole(150, LAST - 130)
    firm = s.company(s.pick(_PLACES), director=owner)
    moved = listed + s.pick((-1, 1)) * s.size(30, 0.7)
    whole = s.pick((100, 100, 80, 75, 60))
    left = s.pick((0, 0, 10, 25, 49))
    s.add("ownership", owner_id=owner.id, asset_id=firm.id, percentage=whole, start_date=day(-900), end_date=day(moved))
    if left:
        s.add("ownership", owner_id=owner.id, asset_id=firm.id, percentage=left, start_date=day(moved))
    if s.chance(0.7):
        other = s.person()
        kind = s.pick(("spouse", "child", "sibling", "employee"))
        s.add("relation", from_id=owner.id, to_id=other.id, kind=kind, start_date=day(-2000))
    else:
        other = s.company(firm.country, since=int(moved) - s.whole(3, 45))
    s.add("ownership", owner_id=other.id, asset_id=firm.id, percentage=whole - left, start_date=day(moved))
    listing(s, owner, listed)
    s.plant("company", firm.id)


def owned_by_the_listed(s: Story) -> None:
    """Listed owners together hold the firm, straight or through a firm of theirs."""
    firm, listed = s.company(s.pick(_PLACES), director=s.person()), s.whole(100, LAST - 40)
    regime = s.pick(("OFAC", "EU", "UK"))
    owners = 1 if regime == "UK" else s.whole(1, 3)
    total = s.between(52, 100)
    parts = s.luck.dirichlet([3.0] * owners) * total
    target: Party = firm
    if s.chance(0.3):
        target = s.company(s.pick(("CYP", "ARE", "KGZ")))
        s.add("ownership", owner_id=target.id, asset_id=firm.id, percentage=s.pick((100, 75, 60)), start_date=day(-400))
    for part in parts:
        owner = s.person(papers_too=False)
        s.add(
            "ownership",
            owner_id=owner.id,
            asset_id=target.id,
            percentage=f"{part:.2f}",
            start_date=day(-s.whole(100, 900)),
        )
        listing(s, owner, listed, regime=regime)
    s.plant("company", firm.id)


def one_address(s: Story) -> None:
    """One flat or office is home to many firms, and several trade high-priority goods."""
    home = s.pick(_PLACES)
    address = s.address(home)
    many = s.several(17)
    traders = max(2, round(many * s.between(0.2, 0.7)))
    for number in range(many):
        good = s.good(listed=True)
        firm = s.dealer(good, home, address=address, since=-s.whole(-300, 700))
        if number < traders:
            s.ship(s.supplier(), firm, good, s.whole(400, LAST - 2))
            s.plant("company", firm.id)


def no_trace(s: Story) -> None:
    """No site, a private mailbox, and a large order of high-priority goods."""
    good = s.good(listed=True)
    firm = s.dealer(
        good, s.pick(_PLACES), website="", email=f"sales{s.whole(1, 10**6)}@{s.pick(('gmail.com', 'mail.ru'))}"
    )
    for _ in range(s.count(1, 2)):
        s.ship(s.supplier(), firm, good, s.whole(60, LAST - 2), value=s.size(350_000, 0.6))
    s.plant("company", firm.id)


def successor(s: Story) -> None:
    """A firm listed, and weeks later a new one with its telephones, address or director."""
    director = s.person()
    old = s.company("KGZ", director=director)
    listed = s.whole(120, LAST - 120)
    mail = f"info{s.whole(1, 10**6)}@old.example"
    listing(s, old, listed, phones=old.phone, addresses=old.address, emails=mail, directors=director.name)
    since = listed + int(s.luck.choice([-1, 1], p=[0.3, 0.7]) * s.size(50, 0.6))
    cells: dict[str, object] = {"phone": old.phone, "address": old.address, "email": mail}
    for name in list(s.luck.permutation(list(cells)))[: s.whole(0, 1)]:
        del cells[str(name)]
    new = s.company("KGZ", since=since, director=director if s.chance(0.6) else s.person(), **cells)
    s.plant("company", new.id)


def declines_services(s: Story) -> None:
    """Buys a machine and wants nobody to set it up, teach or keep it."""
    machines = [
        i for i in s.made.trade.listed if s.made.trade.code(int(i))[:4] in ("8457", "8458", "8459", "8466", "8486")
    ]
    good = int(s.pick(machines))
    buyer, seller = s.dealer(good, s.pick(_PLACES)), s.supplier()
    declined = s.pick(
        ("installation", "installation;training", "training;maintenance", "installation;training;maintenance")
    )
    s.plant("contract", s.contract(seller, buyer, good, s.whole(30, LAST - 5), declined_services=declined))


def award_to_kin(s: Story) -> None:
    """The firm of somebody in office, or of a relative, is given what others are not."""
    holder = s.person(home="KGZ", is_pep=True)
    body = s.made.next_id("BO")
    s.add(
        "relation", from_id=holder.id, to_id=body, kind="office_holder", office=s.pick(("minister", "deputy",
        "governor")),
        start_date=day(-s.whole(200, 900)),
    )  # fmt: skip
    owner = holder
    if s.chance(0.6):
        owner = s.person(home="KGZ")
        s.add("relation", from_id=holder.id, to_id=owner.id, kind=s.pick(("spouse", "child", "sibling")))
    firm = s.company("KGZ", director=owner)
    s.add("ownership", owner_id=owner.id, asset_id=firm.id, percentage=s.pick((100, 75, 51)), start_date=day(-300))
    s.add(
        "public_record", record_id=s.made.next_id("PR"), kind=s.pick(("licence", "award", "exemption")),
        granted_by=body,
        beneficiary_id=firm.id, date=day(s.whole(20, LAST - 2)),
    )  # fmt: skip
    s.plant("company", firm.id)


def statement_of_nobody(s: Story) -> None:
    """No end-user statement, one that several buyers share word for word, or an end user who lives at a forwarder's."""
    variant = s.whole(0, 2)
    on = s.whole(_CLAUSE, LAST - 40)
    if variant == 0:
        seller, buyer, good, _ = _deal(s)
        empty = {"end_user_statement_text": None, "end_user_statement_date": None}
        s.plant("contract", s.contract(seller, buyer, good, on, **empty))
    elif variant == 1:
        text = f"We confirm civil use of the goods by ourselves, form {s.whole(1, 10**6)}"
        for _ in range(s.several(5, 0.4)):
            good = s.good(listed=True)
            key = s.contract(s.supplier(), s.dealer(good, s.pick(_PLACES)), good, on, end_user_statement_text=text)
            s.plant("contract", key)
    else:
        seller, buyer, good, _ = _deal(s)
        s.add("reference", kind="address_type", key=buyer.address, value="forwarder", date=day(0))
        s.plant("contract", s.contract(seller, buyer, good, on))


def no_clause(s: Story) -> None:
    """A seller of the Union sold high-priority goods without a word against re-export to Russia."""
    good = s.good(listed=True)
    seller, buyer = s.supplier(country=s.pick(("DEU", "ITA", "POL", "FRA", "NLD"))), s.dealer(good, s.pick(_PLACES))
    on = s.whole(_CLAUSE, LAST - 2)
    s.plant("contract", s.contract(seller, buyer, good, on, has_no_reexport_clause=False))


def known_shipper(s: Story) -> None:
    """A party of the public list of those who shipped such goods to Russia."""
    firm = s.dealer(s.good(listed=True), s.pick(_PLACES))
    listing(s, firm, s.whole(20, LAST - 20), regime=s.pick(("BIS_SHIPPERS", "SHIPPERS")))
    s.plant("company", firm.id)


FIRMS = (
    ("founded_for_trade", "C01", founded_for_trade),
    ("wrong_line", "C02", wrong_line),
    ("share_to_kin", "C03", share_to_kin),
    ("owned_by_the_listed", "C04", owned_by_the_listed),
    ("one_address", "C05", one_address),
    ("no_trace", "C06", no_trace),
    ("successor", "C07", successor),
    ("declines_services", "C08", declines_services),
    ("award_to_kin", "C09", award_to_kin),
    ("statement_of_nobody", "C10", statement_of_nobody),
    ("no_clause", "C11", no_clause),
    ("known_shipper", "C12", known_shipper),
)
