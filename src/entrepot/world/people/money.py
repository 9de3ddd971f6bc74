"""Ordinary payments and trade, in arrays: wages, shopping, bills, family, services; and deals in the world's goods."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from entrepot.world.people.options import FIRST_DAY
from entrepot.world.people.ordinary import Crowd, days, numbered, texts
from entrepot.world.people.story import LAST, STOP_DAY, Made
from entrepot.world.people.trade import PRICE_SPREAD, Trade

BLOCK = 500_000
DEALS_SHARE = 0.4
_DEAL_IDS = 50_000_000
# Transfers between persons that cross a border; firms that a buyer buys from.
ABROAD_SHARE, MOST_SUPPLIERS = 0.06, 3
# Share of payments, median amount in USD, spread, rail, words; and from whom to whom: persons p, firms f, abroad a.
_KINDS = (
    (0.24, 600.0, 0.45, "other", ("salary for the month", "wages", "заработная плата", "advance of wages"), "fp"),
    (0.52, 22.0, 0.9, "card", ("shop purchase", "groceries", "fuel and shop", "", "покупка товаров"), "pf"),
    (0.10, 60.0, 0.6, "other", ("electricity bill", "rent of a flat", "telephone", "utilities of the house"), "pf"),
    (0.09, 120.0, 0.8, "other", ("to family", "gift", "debt given back", "transfer", ""), "pp"),
    (
        0.04,
        2500.0,
        0.9,
        "other",
        ("services by act of the month", "haulage by invoice", "office rent by contract"),
        "ff",
    ),
    (0.01, 4000.0, 0.8, "swift", ("software licence by invoice", "consulting fee by contract", "exhibition fee"), "fa"),
)
_INSERT = """INSERT INTO payment (payment_id, value_date, booked_at, amount, currency, payer_id, payer_name,
    payer_country, payer_account, payer_bic, beneficiary_id, beneficiary_name, beneficiary_country, beneficiary_account,
    beneficiary_bic, rail, purpose, is_advance)
SELECT 'PA' || n, CAST(DATE '{zero}' + CAST(floor(moved_at) AS INTEGER) AS VARCHAR),
    strftime(TIMESTAMP '{zero}' + to_seconds(CAST(floor(moved_at * 86400) AS BIGINT)), '%Y-%m-%dT%H:%M:%SZ'),
    CAST(CAST(amount AS DECIMAL(18, 2)) AS VARCHAR), 'USD', a.id, CASE WHEN leak > $missing THEN a.name END, a.country,
    a.account, a.bic, b.id, b.name, b.country, b.account, b.bic, r.word,
    CASE WHEN leak < 1 - $missing THEN nullif(w.word, '') END, 'false'
FROM incoming JOIN holder a ON a.place = payer JOIN holder b ON b.place = payee
JOIN rail r ON r.place = kind JOIN word w ON w.place = words"""


def payments(made: Made, luck: np.random.Generator, of: Crowd) -> None:
    """Add the ordinary payments, block by block."""
    ask = made.sheets.connection
    holders = {
        "place": np.arange(len(of)), "id": of.ids, "name": of.names, "country": of.country, "account": of.account,
        "bic": of.bic,
    }  # fmt: skip
    vocabulary = [word for _, _, _, _, said, _ in _KINDS for word in said]
    ask.register("holders", holders)
    ask.execute("CREATE TEMP TABLE holder AS SELECT * FROM holders")
    ask.unregister("holders")
    for name, words in (("rail", [kind[3] for kind in _KINDS]), ("word", vocabulary)):
        ask.execute(f"CREATE TEMP TABLE {name} (place BIGINT, word VARCHAR)")
        ask.executemany(f"INSERT INTO {name} VALUES (?, ?)", [[i, one] for i, one in enumerate(words)])
    for start in range(0, made.options.payments, BLOCK):
        ask.register("incoming", _block(luck, of, start, min(BLOCK, made.options.payments - start)))
        ask.execute(_INSERT.format(zero=FIRST_DAY), {"missing": made.options.missing})
        ask.unregister("incoming")


def _block(luck: np.random.Generator, of: Crowd, start: int, count: int) -> dict[str, NDArray[Any]]:
    shares = np.array([kind[0] for kind in _KINDS])
    kind = luck.choice(len(_KINDS), size=count, p=shares / shares.sum())
    normal, at = luck.standard_normal(count), luck.random(count) * (LAST - 0.5)
    payer, payee, words = np.zeros(count, np.int64), np.zeros(count, np.int64), np.zeros(count, np.int64)
    amount, first = np.zeros(count), 0
    for number, (_, median, spread, _, said, ends) in enumerate(_KINDS):
        here = np.flatnonzero(kind == number)
        payer[here] = _who(luck, of, ends[0], len(here))
        payee[here] = _partner(luck, of, payer[here], ends[1])
        amount[here] = np.round(median * np.exp(spread * normal[here]), 2)
        words[here] = first + luck.integers(len(said), size=len(here))
        first += len(said)
    same = payer == payee
    payee[same] = of.n_persons + luck.integers(of.n_firms, size=int(same.sum()))
    # Nobody moves money through an account that is not open yet.
    ready = np.maximum(of.opened[payer], of.opened[payee]) + 1.0
    at = np.where(at < ready, ready + luck.random(count) * np.maximum(LAST - 0.5 - ready, 0.1), at)
    return {
        "n": np.arange(start + 1, start + count + 1), "kind": kind, "payer": payer, "payee": payee, "words": words,
        "amount": amount, "moved_at": np.minimum(at, LAST + 0.9), "leak": luck.random(count),
    }  # fmt: skip


def _range(of: Crowd, end: str) -> tuple[int, int]:
    firms = of.n_persons + of.n_firms
    return {"p": (0, of.n_persons), "f": (of.n_persons, firms), "a": (firms, len(of))}[end]


def _who(luck: np.random.Generator, of: Crowd, end: str, count: int) -> NDArray[np.int64]:
    return luck.integers(*_range(of, end), size=count)


def _partner(luck: np.random.Generator, of: Crowd, payer: NDArray[np.int64], end: str) -> NDArray[np.int64]:
    """Whom they pay: somebody of the same country, save suppliers abroad and a few relatives elsewhere."""
    low, high = _range(of, end)
    out = luck.integers(low, high, size=len(payer))
    if end == "a":
        return out
    at_home = luck.random(len(payer)) >= (ABROAD_SHARE if end == "p" else 0.0)
    for country in sorted(set(of.country[low:high])):
        here = np.flatnonzero(at_home & (of.country[payer] == country))
        there = low + np.flatnonzero(of.country[low:high] == country)
        out[here] = there[luck.integers(len(there), size=len(here))]
    return out


def _partners(luck: np.random.Generator, of: Crowd, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Buyers, each with its few regular suppliers."""
    firms = of.n_persons + np.flatnonzero(of.good[of.n_persons : of.n_persons + of.n_firms] >= 0)
    buyer = firms[luck.integers(len(firms), size=count)]
    suppliers = (
        of.n_persons + of.n_firms + luck.integers(len(of) - of.n_persons - of.n_firms, size=(len(of), MOST_SUPPLIERS))
    )
    seller = suppliers[buyer, np.minimum(luck.integers(MOST_SUPPLIERS, size=count), buyer % MOST_SUPPLIERS)]
    return buyer, seller


def _before_stop(
    trade: Trade, of: Crowd, good: np.ndarray, seller: np.ndarray, buyer: np.ndarray, on: np.ndarray
) -> np.ndarray:
    """Days of contracts; those that sanctions would have stopped lie before."""
    cells = zip(good, of.country[seller], of.country[buyer], strict=True)
    stopped = np.array([trade.is_stopped(int(g), str(s), str(b)) for g, s, b in cells])
    return np.where(stopped, np.minimum(on, STOP_DAY - 80), on)


def _pay_deals(
    made: Made, luck: np.random.Generator, of: Crowd, buyer: np.ndarray, seller: np.ndarray, paid: np.ndarray,
    value: np.ndarray, codes: np.ndarray, contract: np.ndarray,
) -> None:  # fmt: skip
    """Add the payment of each contract."""
    made.sheets.block(
        "payment",
        {
            "payment_id": numbered("PA", len(buyer), _DEAL_IDS), "value_date": paid,
            "booked_at": paid + "T10:15:00Z",
            "amount": texts(value), "currency": "USD", "payer_id": of.ids[buyer], "payer_name": of.names[buyer],
            "payer_country": of.country[buyer], "payer_account": of.account[buyer], "payer_bic": of.bic[buyer],
            "beneficiary_id": of.ids[seller], "beneficiary_name": of.names[seller],
            "beneficiary_country": of.country[seller], "beneficiary_account": of.account[seller],
            "beneficiary_bic": of.bic[seller], "ultimate_debtor": of.names[buyer],
            "ultimate_creditor": of.names[seller], "rail": "swift",
            "purpose": "for goods " + codes + " under contract " + contract, "hs_codes": codes,
            "contract_id": contract,
            "is_advance": np.where(luck.random(len(buyer)) < 0.3, "true", "false").astype(object),
        },
    )  # fmt: skip


def deals(made: Made, luck: np.random.Generator, of: Crowd) -> int:
    """Add ordinary deals: contract, payment that names it and shipment some weeks later; return how many."""
    trade, count = made.trade, max(made.options.least_deals, round(made.options.customers * DEALS_SHARE))
    buyer, seller = _partners(luck, of, count)
    good = of.good[buyer]
    on = luck.integers(270, LAST - 80, count)
    value = np.round((trade.made.shipment[good] + 4000) * np.exp(0.6 * luck.standard_normal(count)), 2)
    kg = np.maximum(
        np.round(value / (trade.made.price[good] * np.exp(PRICE_SPREAD * luck.standard_normal(count))), 2), 0.1
    )
    on = _before_stop(trade, of, good, seller, buyer, on)
    paid, came = on + luck.integers(2, 25, count), on + luck.integers(28, 75, count)
    codes = np.array(trade.made.after, dtype=object)[good]
    said = np.array([trade.name(i) for i in range(len(trade.weight))], dtype=object)[good]
    contract, sent = numbered("CN", count, _DEAL_IDS), numbered("SH", count, _DEAL_IDS)
    use = np.array(["its own workshop", "resale to shops", "a hospital", "repair of machines"], dtype=object)
    made.sheets.block(
        "contract",
        {
            "contract_id": contract, "contract_date": days(on), "seller_id": of.ids[seller], "buyer_id": of.ids[buyer],
            "end_user_id": of.ids[buyer], "end_user_country": of.country[buyer],
            "destination_country": of.country[buyer], "hs_codes": codes, "has_no_reexport_clause": "true",
            "end_user_statement_text": of.names[buyer] + " for " + use[luck.integers(len(use), size=count)],
            "end_user_statement_date": days(on - 3),
        },
    )  # fmt: skip
    _pay_deals(made, luck, of, buyer, seller, days(paid), value, codes, contract)
    pieces = np.maximum(1, np.round(kg / trade.piece_kg[good])).astype(np.int64)
    bulk = np.round(kg / (trade.density[good] * np.exp(0.15 * luck.standard_normal(count))), 4)
    made.sheets.block(
        "shipment",
        {
            "shipment_id": sent, "declaration_date": days(came), "procedure": "import", "exporter_id": of.ids[seller],
            "exporter_name": of.names[seller], "consignee_id": of.ids[buyer], "consignee_name": of.names[buyer],
            "consignee_kind": "trader", "declarant_name": "Broker " + texts(luck.integers(1, 60, count)),
            "origin_country": of.country[seller], "dispatch_country": of.country[seller],
            "trading_country": of.country[seller], "destination_country": of.country[buyer], "hs_code": codes,
            "hs_revision": "HS2022", "description": said, "net_weight_kg": texts(kg),
            "gross_weight_kg": texts(np.round(kg * 1.07, 2)), "packages": texts(1 + (kg / 40).astype(np.int64)),
            "volume_m3": texts(bulk), "quantity": texts(pieces), "quantity_unit": "pcs", "amount": texts(value),
            "currency": "USD", "valuation": "cif", "departure_date": days(came - luck.integers(3, 22, count)),
            "arrival_date": days(came), "transport_document": "CMR" + sent, "contract_id": contract,
        },
    )  # fmt: skip
    return count
