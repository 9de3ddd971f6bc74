"""Planted behaviour of payments, contracts and papers of trade."""

from __future__ import annotations

from itertools import pairwise

from entrepot.world.people import papers
from entrepot.world.people.planted_people import listing
from entrepot.world.people.story import LAST, Party, Story, day, day_of

# The first day of the Kyrgyz rule is given as the 25th and as the 30th.
_KGZ_RULE, _KGZ_TERM = day_of("2024-09-30"), day_of("2025-09-20")
_SPFS_BAN, _RAILS_BAN = day_of("2024-11-25"), day_of("2026-01-27")
_CLAUSE = day_of("2024-03-20")
_PLACES = ("KGZ", "KAZ", "UZB", "ARM", "GEO", "TUR", "ARE")


def _deal(
    s: Story, *, listed: bool = True, home: str | None = None, on: int | None = None
) -> tuple[Party, Party, int, str]:
    """Return seller, buyer, good and contract of an ordinary deal."""
    good = s.good(listed=listed)
    buyer, seller = s.dealer(good, home or s.pick(_PLACES)), s.supplier()
    key = s.contract(seller, buyer, good, s.whole(_CLAUSE, LAST - 60) if on is None else on)
    return seller, buyer, good, key


def somebody_else_pays(s: Story) -> None:
    """The price comes from a firm, often of a third country, that no paper of the deal names."""
    on = s.whole(100, LAST - 80)
    seller, _, good, key = _deal(s, listed=s.chance(0.6), on=on)
    stranger = s.supplier(country=s.pick(("ARE", "HKG", "TUR", "RUS", "KGZ")))
    for _ in range(s.whole(1, 3)):
        at = on + s.between(5, 70)
        code = s.made.trade.code(good)
        s.plant(
            "payment",
            s.pay(stranger, seller, s.size(40_000), at, contract_id=key, hs_codes=code, purpose=f"invoice {code}"),
        )


def new_firm_buys(s: Story) -> None:
    """A firm founded after the invasion, in a place of transshipment, pays for high-priority goods; no use is named."""
    good = s.good(listed=True)
    since = s.whole(day_of("2022-03-10"), LAST - 200)
    director = s.person()
    buyer = s.company(s.pick(_PLACES), since=since, director=director, website=None, employees=s.whole(1, 3))
    seller = s.supplier()
    key = None
    if s.chance(0.5):
        key = s.contract(
            seller, buyer, good, since + 20, end_user_id=None, end_user_country=None, end_user_statement_text=None,
            end_user_statement_date=None,
        )  # fmt: skip
    for _ in range(s.whole(1, 3)):
        at = s.between(max(since + 25, 20), min(LAST - 1, max(since, 20) + 400))
        code = s.made.trade.code(good)
        cells = {"contract_id": key, "hs_codes": code, "purpose": f"payment for {code} under invoice {s.whole(1, 99)}"}
        s.plant("payment", s.pay(buyer, seller, s.size(50_000), at, **cells))


def small_parts(s: Story) -> None:
    """One account spreads an order over several like suppliers in parts smaller than it usually pays."""
    good = s.good(listed=True)
    buyer = s.dealer(good, s.pick(_PLACES))
    s.account(buyer)
    code, usual = s.made.trade.code(good), s.size(40_000, 0.4)
    start = s.whole(250, LAST - 40)
    for _ in range(s.whole(6, 12)):
        s.pay(
            buyer,
            s.supplier(),
            usual * s.size(1, 0.3),
            start - s.between(40, 240),
            hs_codes=code,
            purpose=f"goods {code}",
        )
    for _ in range(s.several(5, 0.35)):
        amount = usual * s.between(0.12, 0.75)
        s.plant(
            "payment",
            s.pay(buyer, s.supplier(), amount, start + s.between(0, 26), hs_codes=code, purpose=f"goods {code}"),
        )


def dear_goods(s: Story) -> None:
    """High-priority goods at several times what others pay."""
    seller, buyer, good, key = _deal(s)
    for _ in range(s.whole(1, 3)):
        times = 1.6 + s.size(1.6, 0.6)
        s.plant("shipment", s.ship(seller, buyer, good, s.whole(60, LAST - 5), price_times=times, contract_id=key))


def letter_to_the_bank(s: Story) -> None:
    """The letter of credit consigns the goods to the bank that opened it, and no paper names who will use them."""
    seller, buyer, good, key = _deal(s)
    bank = s.made.bank(s.luck, buyer.country)
    row = {
        "paper_id": s.made.next_id("TP"), "kind": "letter_of_credit", "contract_id": key, "consignee_id": bank.bic,
        "issuing_bic": bank.bic, "names_end_user": False,
    }  # fmt: skip
    s.plant("trade_paper", s.add("trade_paper", **row))
    s.add(
        "trade_paper",
        paper_id=s.made.next_id("TP"),
        kind="invoice",
        contract_id=key,
        consignee_id=bank.bic,
        names_end_user=False,
    )
    s.pay(buyer, seller, s.size(60_000), s.whole(_CLAUSE, LAST - 5), contract_id=key, hs_codes=s.made.trade.code(good))


def paid_and_never_came(s: Story) -> None:
    """Goods paid in full in advance that never come."""
    on = s.whole(100, LAST - 260)
    seller, buyer, good, key = _deal(s, listed=s.chance(0.5), home=s.pick(("KAZ", "UZB", "ARM", "GEO")), on=on)
    code = s.made.trade.code(good)
    cells = {"contract_id": key, "hs_codes": code, "is_advance": True, "purpose": f"100 % prepayment, goods {code}"}
    s.plant("payment", s.pay(buyer, seller, s.size(70_000), on + s.whole(2, 25), **cells))


def paid_from_bishkek(s: Story) -> None:
    """A Kyrgyz firm pays a supplier abroad, and nothing comes to Kyrgyzstan; the goods go elsewhere or nowhere."""
    on = s.whole(_KGZ_RULE - 20, _KGZ_TERM - 60)
    seller, buyer, good, key = _deal(s, listed=s.chance(0.5), home="KGZ", on=on)
    code, at = s.made.trade.code(good), max(on, _KGZ_RULE) + s.whole(1, 40)
    paid = s.pay(buyer, seller, s.size(60_000), at, contract_id=key, hs_codes=code, purpose=f"payment for goods {code}")
    if s.chance(0.4):
        s.ship(seller, buyer, good, at + s.whole(10, 50), contract_id=key, destination_country="RUS")
    s.plant("payment", paid)


def through_a_listed_bank(s: Story) -> None:
    """A bank of the chain was listed before the day of value."""
    listed = s.whole(30, LAST - 100)
    country = s.pick(("RUS", "RUS", "BLR", "KGZ"))
    letters = "".join(chr(65 + s.whole(0, 25)) for _ in range(2))
    bic = f"QZ{letters}{papers.iso2(country)}{chr(65 + s.whole(0, 25))}{s.whole(0, 9)}"
    name = f"Listed Bank {bic}"
    s.add("bank", bic=bic, name=name, country=country, uses_spfs=False, is_direct_participant=True, profile_date=day(0))
    listing(s, bic, listed, name=name)
    payer, payee = s.dealer(s.good(listed=False), s.pick(_PLACES)), s.supplier()
    at = listed + s.between(1, 90)
    role = s.whole(0, 2)
    if role == 0:
        payee.bic = bic
    elif role == 1:
        s.account(payer, bank_bic=bic)
    cells = {"intermediary_bics": bic} if role == 2 else {}
    s.plant("payment", s.pay(payer, payee, s.size(30_000), at, purpose="payment for equipment under invoice", **cells))


def forbidden_rail(s: Story) -> None:
    """Money goes by Russia's messaging system, or its card and fast rails, after they were forbidden or warned of."""
    payer = s.dealer(s.good(listed=False), s.pick(("KGZ", "KAZ", "TUR", "UZB")))
    payee = s.supplier(country="RUS")
    if s.chance(0.6):
        bank = s.made.bank(s.luck, "RUS", spfs=True)
        payee.bic = bank.bic
        rail, at = "spfs", s.between(_SPFS_BAN, LAST - 1)
    else:
        rail, at = s.pick(("mir", "sbp")), s.between(_RAILS_BAN, LAST - 1)
    s.plant("payment", s.pay(payer, payee, s.size(20_000), at, rail=rail, purpose="payment for goods under contract"))


def listed_wallet(s: Story) -> None:
    """Money to or from a wallet on a list, straight or through one wallet between."""
    wallet, between = f"0x{s.made.next_id('')}ab{s.whole(10, 99)}", f"0x{s.made.next_id('')}cd{s.whole(10, 99)}"
    listed = s.whole(30, LAST - 60)
    listing(s, s.made.next_id("XX"), listed, name=f"Exchange {wallet[-4:]}", wallets=wallet)
    who, other = s.person(), s.person()
    at = listed + s.between(2, 55)
    cells = {"rail": "crypto", "currency": "USD", "purpose": "token transfer"}
    if s.chance(0.5):
        ends = (f"0x{who.id}", wallet) if s.chance(0.6) else (wallet, f"0x{who.id}")
        s.plant("payment", s.pay(who, other, s.size(5000), at, wallet_from=ends[0], wallet_to=ends[1], **cells))
    else:
        first = s.pay(who, other, s.size(5000), at, wallet_from=f"0x{who.id}", wallet_to=between, **cells)
        s.pay(other, s.person(), s.size(5000), at + s.between(0.1, 2), wallet_from=between, wallet_to=wallet, **cells)
        s.plant("payment", first)


def bank_moves_south(s: Story) -> None:
    """A counterparty leaves its Russian or Belarusian bank and, weeks later, pays for the same goods from elsewhere."""
    good = s.good(listed=True)
    ours, other = (
        s.supplier(country=s.pick(("DEU", "CHN", "TUR", "POL"))),
        s.company(s.pick(("RUS", "BLR", "KGZ", "ARE"))),
    )
    code, start = s.made.trade.code(good), s.whole(60, LAST - 200)
    other.bic, other.account = s.made.bank(s.luck, s.pick(("RUS", "BLR"))).bic, s.made.next_id("AX")
    for _ in range(s.whole(2, 4)):
        s.pay(other, ours, s.size(30_000), start + s.between(0, 50), hs_codes=code, purpose=f"for {code} by invoice")
    new = s.made.bank(s.luck, s.pick(("KGZ", "ARE", "TUR", "KAZ")))
    other.bic, other.account = new.bic, s.made.next_id("AX")
    moved = start + 50 + s.size(35, 0.5)
    for number in range(s.whole(1, 3)):
        key = s.pay(
            other,
            ours,
            s.size(30_000),
            moved + number * s.between(5, 12),
            hs_codes=code,
            purpose=f"for {code} by invoice",
        )
        if number == 0:
            s.plant("payment", key)


def says_too_little(s: Story) -> None:
    """Large payments of trade, one after another, that name no last parties and say one word."""
    payer, payee = (
        s.dealer(s.good(listed=False), s.pick(_PLACES)),
        s.supplier(country=s.pick(("ARE", "HKG", "CHN", "TUR"))),
    )
    start = s.whole(30, LAST - 40)
    usual = s.size(120_000, 0.6)
    empty = {"ultimate_debtor": None, "ultimate_creditor": None}
    for _ in range(s.several(6, 0.4)):
        cells = {**empty, "purpose": s.pick(("goods", "invoice", "payment", "товар", "contract"))}
        s.plant("payment", s.pay(payer, payee, usual * s.size(1, 0.4), start + s.between(0, 27), **cells))


def quick_chain(s: Story) -> None:
    """Money hops through several hands within a day, a little smaller each time, and ends abroad."""
    people = [s.person() for _ in range(s.several(3.6, 0.25, 3))]
    last = s.supplier(country=s.pick(("ARE", "HKG", "TUR")))
    amount, at = s.size(20_000), s.whole(30, LAST - 3) + s.between(0.2, 0.4)
    source = s.supplier(country="RUS")
    s.pay(source, people[0], amount, at - s.between(0.01, 0.1), purpose="transfer")
    hops = [*people, last]
    for one, other in pairwise(hops):
        key = s.pay(one, other, amount, at, purpose="transfer")
        amount *= 1 - s.between(0.008, 0.045)
        at += s.between(0.02, 0.22)
    s.plant("payment", key)


PAYMENTS = (
    ("somebody_else_pays", "Y01", somebody_else_pays),
    ("new_firm_buys", "Y02", new_firm_buys),
    ("small_parts", "Y03", small_parts),
    ("dear_goods", "Y04", dear_goods),
    ("letter_to_the_bank", "Y05", letter_to_the_bank),
    ("paid_and_never_came", "Y06", paid_and_never_came),
    ("paid_from_bishkek", "Y07", paid_from_bishkek),
    ("through_a_listed_bank", "Y08", through_a_listed_bank),
    ("forbidden_rail", "Y09", forbidden_rail),
    ("listed_wallet", "Y10", listed_wallet),
    ("bank_moves_south", "Y11", bank_moves_south),
    ("says_too_little", "Y12", says_too_little),
    ("quick_chain", "Y14", quick_chain),
)
