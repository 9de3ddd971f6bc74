"""Mirror products: groups of codes that mean the same goods in both reports, over all periods."""

from __future__ import annotations

from entrepot.errors import EstimateError
from entrepot.flows.legs import SQL
from entrepot.flows.mirror_options import MirrorOptions
from entrepot.flows.mirror_reports import Choice
from entrepot.flows.options import RoutesOptions
from entrepot.flows.products import Product, products_of, wanted_items
from entrepot.flows.scope import Scope
from entrepot.lake import Engine


def mirror_products(engine: Engine, choice: Choice, options: MirrorOptions) -> list[Product]:
    """Return the products, with ``product_codes`` filled."""
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
        return _wide_products(engine, choice)
    engine.connection.execute("CREATE OR REPLACE TEMP TABLE code_use AS SELECT * FROM mirror_code_use")
    start, end = int(first[:4]) * 12, int(last[:4]) * 12 + 11
    window = Scope(start, end + 1, end, reports=(), pairs=(), currency={}, caveats=(), left_out={})
    products = products_of(engine, question, window)
    return products + (_withheld_codes(engine, choice, len(products)) if wanted is None else [])


def _withheld_codes(engine: Engine, choice: Choice, first: int) -> list[Product]:
    """Return the headings under which a report puts goods whose code it withholds, added to ``product_codes``."""
    engine.step(SQL, "mirror_withheld_codes", level=choice.level)
    codes = [code for (code,) in engine.rows("SELECT DISTINCT hs_code FROM mirror_withheld_codes ORDER BY hs_code")]
    for index, code in enumerate(codes, first):
        engine.connection.execute(
            "INSERT INTO product_codes SELECT hs_revision, hs_code, year, $index FROM mirror_withheld_codes"
            " WHERE hs_code = $code",
            {"index": index, "code": code},
        )
    return [Product(code, (code,), True, (), None, "", ("confidential_code",)) for code in codes]


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
    types = {"hs_revision": "VARCHAR", "hs_code": "VARCHAR", "year": "INTEGER", "product_id": "INTEGER"}
    engine.table("product_codes", {name: [row[i] for row in table] for i, name in enumerate(types)}, types)
    return [Product(name, (name,), True, (), None, "", ("precious_metals",) if name == "71" else ()) for name in names]
