"""Planted behaviour of shipments and their seals; vias and goods are those of the simulated trade's planted paths."""

from __future__ import annotations

from entrepot.codes import product_list
from entrepot.world.people.story import LAST, Party, Story, day, day_of, instant

_EXIT_RULE, _SEALS, _EU_STOP = 0, day_of("2026-02-14"), day_of("2026-04-24")
_UNION = ("DEU", "ITA", "POL", "FRA", "NLD")


def _path(s: Story) -> tuple[Party, Party, int]:
    """Return seller, intermediary and good of a planted path of the trade world."""
    trade = s.made.trade
    way = s.pick(trade.routes)
    origin, via = trade.where.iso3[way.stops[0]], trade.where.iso3[way.stops[-2]]
    return s.supplier(country=origin), s.dealer(way.good, via), int(way.good)


def lost_in_transit(s: Story) -> None:
    """Goods for Central Asia in transit through Russia that never arrive."""
    good = s.good(listed=s.chance(0.7))
    buyer = s.dealer(good, s.pick(("KGZ", "KAZ", "UZB")))
    seller, at = s.supplier(country=s.pick((*_UNION, "TUR"))), s.whole(60, LAST - 90)
    key = s.ship(
        seller, buyer, good, at, procedure="transit", transit_countries=s.pick(("RUS", "BLR;RUS", "POL;BLR;RUS")),
        arrival_date=None, departure_date=day(at - s.whole(0, 6)),
    )  # fmt: skip
    s.plant("shipment", key)


def broken_seal(s: Story) -> None:
    """A seal goes silent for long on the road, or is opened before the destination."""
    seller, buyer, good = s.supplier(country="RUS" if s.chance(0.3) else "CHN"), None, s.good(listed=s.chance(0.5))
    buyer = s.dealer(good, s.pick(("KGZ", "KAZ")))
    at, seal = s.whole(_SEALS + 8, LAST - 2), s.made.next_id("SE")
    start = at - s.between(3, 6)
    opened = s.chance(0.5)
    silent = (s.between(start + 0.4, at - 1.2), s.size(0.8, 0.4))
    seal_trip(s, seal, start, at, buyer.country, silent=None if opened else silent, opened=opened)
    key = s.ship(
        seller, buyer, good, at, seal_id=seal, procedure="transit", departure_date=day(start), transit_countries="KAZ",
    )  # fmt: skip
    s.plant("shipment", key)


def seal_trip(
    s: Story, seal: str, start: float, end: float, to: str, *, silent: tuple[float, float] | None, opened: bool
) -> None:
    """Add the events of a seal: closed, a sign of life every hour or two, opened."""
    place = "KAZ" if to != "KAZ" else "RUS"
    s.add("seal_event", seal_id=seal, at=instant(start), event="closed", country=place)
    at, stop = start, start + (end - start) * s.between(0.4, 0.7)
    while at < end - 0.1:
        at += s.between(0.03, 0.11)
        if silent and silent[0] <= at < silent[0] + silent[1]:
            continue
        country = to if at > end - 0.3 * (end - start) else place
        s.add("seal_event", seal_id=seal, at=instant(at), event="ping", country=country)
        if opened and at > stop:
            s.add("seal_event", seal_id=seal, at=instant(at + 0.02), event="opened", country=place)
            return
    s.add("seal_event", seal_id=seal, at=instant(end), event="opened", country=to)


def to_a_mail_drop(s: Story) -> None:
    """The last consignee is a forwarder, a bank or an address for letters."""
    seller, buyer, good = _path(s)
    kind = s.pick(("forwarder", "mail_drop", "bank"))
    s.plant(
        "shipment", s.ship(seller, buyer, good, s.whole(60, LAST - 2), consignee_kind=kind, transport_document=None)
    )


def changed_at_the_door(s: Story) -> None:
    """Shortly before it leaves, consignee or route change, for somebody who never did that before."""
    seller, buyer, good = _path(s)
    at = s.whole(300, LAST - 5)
    for number in range(s.whole(3, 8)):
        s.ship(seller, buyer, good, at - 25 * (number + 1))
    leaves = at - s.whole(3, 20)
    changed = instant(leaves - s.size(1.0, 0.7))
    which = s.pick(("consignee_changed_at", "route_changed_at"))
    s.plant("shipment", s.ship(seller, buyer, good, at, departure_date=day(leaves), **{which: changed}))


def odd_value(s: Story) -> None:
    """A unit value far outside what the others of a busy route have, either way."""
    good = int(s.pick(s.made.trade.plain[:12].tolist()))
    seller, home = s.supplier(), s.pick(("KAZ", "KGZ"))
    buyers = [s.dealer(good, home) for _ in range(3)]
    for _ in range(s.several(25, 0.4)):
        s.ship(s.supplier(country=seller.country), s.pick(buyers), good, s.whole(60, LAST - 2))
    times = s.size(3.5, 0.4)
    times = times if s.chance(0.5) else 1 / times
    cells = {"price_times": times, "value": s.size(90_000)}
    s.plant("shipment", s.ship(seller, s.pick(buyers), good, s.whole(60, LAST - 2), **cells))


def next_door_code(s: Story) -> None:
    """When a code is listed, the same parties go on with the same thing under its neighbour's code."""
    listed = [i for i in s.made.trade.listed if s.made.trade.sisters(int(i))]
    good = int(s.pick(listed))
    since = {item.hs_code: item.valid_from for item in product_list("chpl").items}
    day_listed = day_of(since.get(s.made.trade.code(good)) or "2024-02-23")
    sister = s.pick(s.made.trade.sisters(good))
    seller, buyer = s.supplier(), s.dealer(good, s.pick(("KGZ", "KAZ", "UZB", "ARM", "TUR")))
    trade = s.made.trade
    times = trade.made.price[good] / trade.made.price[sister]
    luck = s.size(1.0, 0.1)
    for number in range(s.whole(3, 7)):
        s.ship(seller, buyer, good, day_listed - 5 - 22 * number - s.whole(0, 10), price_times=luck, price_spread=0.03)
    first = None
    for number in range(s.whole(1, 3)):
        at = day_listed + s.size(22, 0.6) + 20 * number
        key = s.ship(
            seller,
            buyer,
            sister,
            at,
            price_times=times * luck,
            price_spread=0.03,
            description=trade.name(good),
            value=s.size(30_000),
        )
        first = first or key
    s.plant("shipment", str(first))


def above_the_industry(s: Story) -> None:
    """Machines for chips go where nobody makes any."""
    chips = [i for i in s.made.trade.listed if s.made.trade.code(int(i))[:4] == "8486"]
    good = int(s.pick(chips))
    place = s.pick(("KGZ", "UZB", "TJK", "ARM", "GEO"))
    s.add(
        "reference", hs_code=s.made.trade.code(good), kind="industry_level", key=place, value=s.pick(("none", "low")),
        date=day(0),
    )  # fmt: skip
    s.plant("shipment", s.ship(s.supplier(), s.dealer(good, place), good, s.whole(60, LAST - 2)))


def under_the_stop(s: Story) -> None:
    """Goods of the Union's export stop for Kyrgyzstan leave for there after its start."""
    codes = ("845710", "851762", "851769")
    goods = [i for i, one in enumerate(s.made.trade.made.after) if one in codes]
    good = int(s.pick(goods))
    seller, buyer = s.supplier(country=s.pick(_UNION)), s.dealer(good, "KGZ")
    s.plant("shipment", s.ship(seller, buyer, good, s.whole(_EU_STOP, LAST - 1), procedure="export"))


def exit_without_entry(s: Story) -> None:
    """Goods leave Kazakhstan for Russia and no paper says how they came, or on what they go."""
    good = s.good(listed=s.chance(0.7))
    seller, buyer = s.dealer(good, "KAZ"), s.company("RUS")
    at = s.whole(_EXIT_RULE + 20, LAST - 2)
    cells: dict[str, object] = {"entry_shipment_id": None, "transport_document": None}
    if s.chance(0.4):
        cells["transport_document"] = f"CMR{s.made.next_id('')}"
    elif s.chance(0.3):
        cells["entry_shipment_id"] = s.ship(s.supplier(), seller, good, at - s.whole(5, 60))
    key = s.ship(
        seller, buyer, good, at, procedure="export", origin_country="CHN", trading_country="KAZ",
        exit_date=day(at + s.whole(1, 5)), **cells,
    )  # fmt: skip
    s.plant("shipment", key)


def cannot_weigh_that(s: Story) -> None:
    """A net weight above the gross, a cubic metre heavier than any metal, or one paper for two consignments."""
    seller, buyer, good = _path(s)
    at, variant = s.whole(60, LAST - 40), s.whole(0, 2)
    if variant == 0:
        kg = s.size(400)
        cells: dict[str, object] = {
            "net_weight_kg": round(kg, 2), "gross_weight_kg": round(kg * s.between(0.2, 0.9), 2),
        }  # fmt: skip
        s.plant("shipment", s.ship(seller, buyer, good, at, **cells))
    elif variant == 1:
        kg = s.size(3000)
        cells = {
            "net_weight_kg": round(kg, 2), "gross_weight_kg": round(kg * 1.05, 2),
            "volume_m3": f"{kg / s.between(30_000, 200_000):.4f}",
        }  # fmt: skip
        s.plant("shipment", s.ship(seller, buyer, good, at, **cells))
    else:
        paper = f"CMR{s.made.next_id('')}"
        first = s.ship(seller, buyer, good, at, transport_document=paper)
        again = s.ship(seller, s.dealer(good, buyer.country), good, at + s.whole(2, 30), transport_document=paper)
        s.plant("shipment", first)
        s.plant("shipment", again)


SHIPMENTS = (
    ("lost_in_transit", "S04", lost_in_transit),
    ("broken_seal", "S05", broken_seal),
    ("to_a_mail_drop", "S06", to_a_mail_drop),
    ("changed_at_the_door", "S07", changed_at_the_door),
    ("odd_value", "S08", odd_value),
    ("next_door_code", "S09", next_door_code),
    ("above_the_industry", "S10", above_the_industry),
    ("under_the_stop", "S11", under_the_stop),
    ("exit_without_entry", "S12", exit_without_entry),
    ("cannot_weigh_that", "S13", cannot_weigh_that),
)
