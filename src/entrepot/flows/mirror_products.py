"""Mirror products: groups of codes that mean the same goods in both reports, over all periods."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from entrepot.errors import EstimateError
from entrepot.flows.legs import SQL
from entrepot.flows.mirror_options import MirrorOptions
from entrepot.flows.mirror_reports import Choice
from entrepot.flows.options import RoutesOptions
from entrepot.flows.products import Product, products_of, wanted_items
from entrepot.flows.scope import Scope
from entrepot.lake import Engine

_TYPES = {"hs_revision": "VARCHAR", "hs_code": "VARCHAR", "year": "INTEGER", "product_id": "INTEGER"}


def mirror_products(engine: Engine, choice: Choice, options: MirrorOptions) -> list[Product]:
    """Return the products, with ``mirror_products`` filled: their codes, by revision and year."""
    first, last = choice.periods()[0], choice.periods()[-1]
    question = RoutesOptions(
        destination=options.importer,
        event=f"{first[:4]}-01",
        products=options.products if options.finest else "all",
        level=max(choice.level, 4),
    )
    wanted = wanted_items(question)
    if wanted is not None:
        _check_told_apart(choice, max(len(item.hs_code) for item in wanted), options)
    engine.step(SQL, "mirror_code_use", level=max(choice.level, 2))
    if choice.level < 4:
        products = _wide_products(engine, choice)
        pick_products(engine, range(len(products)))
        return products
    start, end = int(first[:4]) * 12, int(last[:4]) * 12 + 11
    window = Scope(start, end + 1, end, reports=(), pairs=(), currency={}, caveats=(), left_out={})
    products = products_of(engine, question, window, uses="mirror_code_use")
    codes = _withheld_codes(engine, choice) if wanted is None else []
    names = sorted({code for _, code, _ in codes})
    withheld = [(revision, code, year, len(products) + names.index(code)) for revision, code, year in codes]
    products += [Product(name, (name,), True, (), None, "", ("confidential_code",)) for name in names]
    pick_products(engine, range(len(products)), withheld)
    return products


def pick_products(engine: Engine, products: Iterable[int], withheld: Sequence[tuple[str, str, int, int]] = ()) -> None:
    """Fill ``mirror_products``: the codes of some products, and of the headings that are withheld."""
    engine.table("mirror_picked", {"product_id": sorted(products)}, {"product_id": "INTEGER"})
    columns = {name: [row[i] for row in withheld] for i, name in enumerate(_TYPES)}
    engine.table("mirror_withheld", columns, _TYPES)
    engine.step(SQL, "mirror_products")


def _withheld_codes(engine: Engine, choice: Choice) -> list[tuple[str, str, int]]:
    """Revision, code and year of the headings under which a report puts goods whose own code it withholds."""
    engine.step(SQL, "mirror_withheld_codes", level=choice.level)
    rows = engine.rows("SELECT hs_revision, hs_code, year FROM mirror_withheld_codes")
    return [(revision, code, year) for revision, code, year in rows]


def _check_told_apart(choice: Choice, finest: int, options: MirrorOptions) -> None:
    """A list of finer codes than a report holds would be compared with whole headings."""
    held = min(
        max(length for digits in report.named.values() or report.digits.values() for length in digits)
        for report in choice.reports
    )
    if choice.level < finest and held < finest:
        raise EstimateError(
            f"products has codes of {finest} digits and the reports of {options.exporter} and {options.importer}"
            f" have {held or 'only the total'} in common",
            remedy="Name coarser products, or ingest finer reports.",
        )


def _wide_products(engine: Engine, choice: Choice) -> list[Product]:
    """Chapters and the total mean the same under every revision."""
    uses = engine.rows("SELECT hs_revision, hs_code FROM mirror_code_use ORDER BY ALL")
    if choice.level == 0:
        uses = [("", "TOTAL")]
        for (revision,) in engine.rows("SELECT DISTINCT coalesce(hs_revision, '') FROM flows WHERE hs_code = 'TOTAL'"):
            uses.append((revision, "TOTAL"))
    names = sorted({code[:2] if choice.level else code for _, code in uses})
    years = range(int(choice.periods()[0][:4]), int(choice.periods()[-1][:4]) + 1)
    table = [
        (revision, code, year, names.index(code[:2] if choice.level else code))
        for revision, code in sorted(set(uses))
        for year in years
    ]
    engine.table("product_codes", {name: [row[i] for row in table] for i, name in enumerate(_TYPES)}, _TYPES)
    return [Product(name, (name,), True, (), None, "", ("precious_metals",) if name == "71" else ()) for name in names]
