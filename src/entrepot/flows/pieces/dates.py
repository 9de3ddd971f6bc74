"""Dates: from when a measure touches a product, as far as anything in the lake or the code lists says."""

from __future__ import annotations

import re
from dataclasses import dataclass

from entrepot.codes import month_index
from entrepot.flows.pieces.looked import Looked
from entrepot.flows.products import Product
from entrepot.lake import Engine
from entrepot.ledger import Entry, lake_entries, provisions, uncorrected

_CODE = re.compile(r"(?<![\d.])\d{4}(?:\d{2}){0,2}(?![\d-])")


@dataclass(frozen=True)
class Dated:
    """A month from which a measure touches a product.

    Attributes:
        month: month index.
        title: what took effect.
        is_event: whether nothing better than the question's event is known.
    """

    month: int
    title: str
    is_event: bool


def dates_of(engine: Engine, looked: Looked) -> dict[int, Dated]:
    """Return, per product looked at, the first month in the window from which a measure touches it.

    Taken, in this order of trust: acts that the code lists know and that bind the origins, entries of the product
    list with a date, measures of the lake whose text names one of the product's codes, and else the event asked about.
    A measure that names no code says nothing of a single product.
    """
    measures = [_measure(entry) for entry in uncorrected(lake_entries(engine)) if _is_dated(entry)]
    products = sorted({looked.product(row) for row in looked.rows.tolist()})
    exporters = {pair[2] for pair in looked.data.scope.pairs if pair[0] == "in"}
    return {index: _first(looked, looked.data.products[index], exporters, measures) for index in products}


def _is_dated(entry: Entry) -> bool:
    """Whether an entry binds somebody from a known month on: what is alleged, reported or a draft does not."""
    return entry.status is None and re.fullmatch(r"\d{4}-\d{2}(-\d{2})?", str(entry.start or "")) is not None


def _measure(entry: Entry) -> tuple[str, str, set[str]]:
    codes = {item.hs_code for item in entry.goods} | set(_CODE.findall(f"{entry.title} {entry.scope}"))
    return str(entry.start), f"{entry.jurisdiction}: {entry.title}", codes


def _first(looked: Looked, product: Product, exporters: set[str], measures: list[tuple[str, str, set[str]]]) -> Dated:
    options, scope = looked.options, looked.data.scope
    day = options.group_day()
    acts = {act for code in product.codes for act in provisions(code, destination=options.destination)}
    groups = (
        [(a.valid_from, f"{a.jurisdiction} act on {a.hs_code}") for a in acts if exporters & a.binds(on=day)],
        [(item.valid_from, f"listing of {item.hs_code}") for item in product.items if item.valid_from],
        [(date, title) for date, title, codes in measures if _names(codes, product.codes)],
    )
    for group in groups:
        inside = [(month_index(date[:7]), title) for date, title in sorted(group)]
        inside = [found for found in inside if scope.first_month < found[0] <= scope.last_month]
        if inside:
            return Dated(*inside[0], is_event=False)
    return Dated(scope.event_month, "the event asked about", is_event=True)


def _names(codes: set[str], of_product: tuple[str, ...]) -> bool:
    return any(code.startswith(named) for code in of_product for named in codes)
