"""Both sides: an answer of ``mirror`` as one chart a product."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from entrepot.codes import goods_name
from entrepot.report.answer import Row, number
from entrepot.report.chart import Chart, mirror_chart
from entrepot.report.words import chance, money, share, share_range, spoken

_MOST_PRODUCTS = 12


@dataclass(frozen=True)
class Side:
    """One product of a mirror comparison.

    Attributes:
        name: of the product, empty where it is not known.
        chart: what the exporter and the importer report; None where the periods are no months.
        text: how many gaps lie outside the product's own quiet time.
        rows: period, exports, imports, gap share and its quiet range, as text.
        change: p-value of a change at the event, as text.
    """

    product: str
    name: str
    currency: str
    chart: Chart | None
    text: str
    rows: tuple[tuple[str, str, str, str, str], ...]
    change: str
    caveats: tuple[str, ...]


def both_sides(rows: Iterable[Row]) -> list[Side]:
    """Return one panel a product, those with the largest trade first.

    Args:
        rows: grain product, period, as ``mirror`` returns them.
    """
    products: dict[str, list[Row]] = {}
    for row in rows:
        products.setdefault(str(row["product_id"]), []).append(row)
    ordered = sorted(products, key=lambda product: (-_size(products[product]), product))
    return [_side(product, products[product]) for product in ordered[:_MOST_PRODUCTS]]


def _size(rows: Iterable[Row]) -> float:
    return sum(number(row[name]) or 0.0 for row in rows for name in ("export_value", "import_value"))


def _side(product: str, found: list[Row]) -> Side:
    rows = sorted(found, key=lambda row: str(row["period"]))
    gaps = [[number(row[name]) for name in ("gap_share", "gap_quiet_low", "gap_quiet_high")] for row in rows]
    known = [(gap, low, high) for gap, low, high in gaps if gap is not None and low is not None and high is not None]
    outside = sum(gap < low or gap > high for gap, low, high in known)
    text = f"In {outside} of {len(known)} periods the gap lies outside what is ordinary for this product."
    if not known:
        text = "In no period do both sides report, or no quiet time is known."
    is_monthly = all("-" in str(row["period"]) for row in rows)
    return Side(
        product=product,
        name=goods_name(product.rstrip("+")) or "",
        currency=str(rows[0]["currency"] or ""),
        chart=mirror_chart(rows, window=None, summary=text) if is_monthly else None,
        text=text,
        rows=tuple(_told(row) for row in rows),
        change=chance(rows[0]["change_p_value"]),
        caveats=tuple(dict.fromkeys(spoken(part.strip()) for row in rows for part in _caveats(row))),
    )


def _caveats(row: Row) -> list[str]:
    return [part for part in str(row["caveats"] or "").split(";") if part.strip()]


def _told(row: Row) -> tuple[str, str, str, str, str]:
    return (
        str(row["period"]),
        money(row["export_value"]),
        money(row["import_value"]),
        share(row["gap_share"]),
        share_range(row["gap_quiet_low"], row["gap_quiet_high"]),
    )
