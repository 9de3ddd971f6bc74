"""Products: groups of codes that mean the same goods over the whole window.

With a concordance in the lake a product is a connected component of codes; where the lake holds none for a revision
inside the window, a code stands for itself and codes born or ended at that revision are found in the data.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise

from entrepot.codes import (
    ProductItem,
    find_hs_code,
    hs_revision_in_force,
    month_index,
    product_list_ids,
    read_product_list,
    stable_products,
)
from entrepot.errors import UnknownCode
from entrepot.flows.lists import named_list
from entrepot.flows.options import RoutesOptions
from entrepot.flows.scope import Scope
from entrepot.lake import Engine


@dataclass(frozen=True)
class Product:
    """A stable group of codes.

    Attributes:
        product_id: its smallest newest code, with ``+`` where it holds several.
        codes: its codes, all revisions.
        is_tested: whether the question asks about it.
        items: entries of the product list that name one of its codes.
        born: month index at which its codes began to exist, None where they always did.
        reason: why it cannot be tested, empty where it can.
        caveats: ids that hold for each of its rows.
    """

    product_id: str
    codes: tuple[str, ...]
    is_tested: bool
    items: tuple[ProductItem, ...]
    born: int | None
    reason: str
    caveats: tuple[str, ...]


@dataclass(frozen=True)
class Use:
    """A code under a revision: the months of its first and last row."""

    revision: str
    code: str
    first: int
    last: int


def products_of(engine: Engine, options: RoutesOptions, scope: Scope, *, uses: str = "code_use") -> list[Product]:
    """Return the products of the window and fill the engine table ``product_codes``.

    ``uses`` names the engine table that says which codes are in use. ``product_codes`` has hs_revision (as in flows,
    '' where unknown), hs_code, year and product_id: the index of the product in the list that is returned.

    Raises:
        UnknownCode: the products option names no list, file or HS code.
    """
    seen = [
        Use(revision, code, month_index(first), month_index(last))
        for revision, code, first, last in engine.rows(
            f"SELECT hs_revision, hs_code, first_period, last_period FROM {uses} ORDER BY hs_revision, hs_code"
        )
    ]
    wanted = wanted_items(options)
    years = range(scope.first_month // 12, scope.last_month // 12 + 1)
    nodes = {
        (use.revision, use.code, year): (
            _revision(use.revision, year, options.level),
            use.code[: options.level],
        )
        for use in seen
        for year in years
        if use.first // 12 <= year <= use.last // 12
    }
    known: dict[str, set[str]] = defaultdict(set)
    for revision, code in nodes.values():
        known[revision].add(code)
    edges, covered = _edges(engine, options.level)
    stable = stable_products(edges, known, level=options.level, largest=options.method.largest_product)
    spans = _spans(seen, options.level)
    keys: dict[tuple[str, bool], int] = {}
    members: dict[int, set[str]] = defaultdict(set)
    table: list[tuple[str, str, int, int]] = []
    for (raw, code, year), node in nodes.items():
        # A list of finer codes than the level splits a product into its listed part and the rest.
        is_listed = bool(_matching(code, wanted)) if options.level < _finest(wanted) else False
        key = (stable.product_of[node], is_listed)
        index = keys.setdefault(key, len(keys))
        members[index].add(node[1])
        table.append((raw, code, year, index))
    engine.table(
        "product_codes",
        {name: [row[i] for row in table] for i, name in enumerate(("hs_revision", "hs_code", "year", "product_id"))},
        {"hs_revision": "VARCHAR", "hs_code": "VARCHAR", "year": "INTEGER", "product_id": "INTEGER"},
    )
    gaps = _uncovered(known, covered)
    return [
        _product(name, is_listed, tuple(sorted(members[index])), wanted, options, scope, spans, gaps, stable.cut)
        for (name, is_listed), index in keys.items()
    ]


def wanted_items(options: RoutesOptions) -> tuple[ProductItem, ...] | None:
    """Return the entries that the products option names, or None for all products."""
    text = options.products
    if text == "all":
        return None
    if (named := named_list(options)) is not None:
        return named.items
    if (file := options.product_file()) is not None:
        return read_product_list(file).items
    items = []
    for part in text.split(","):
        code = find_hs_code(part.strip())
        if code is None or code == "TOTAL":
            raise UnknownCode(
                f"products names {part.strip()!r}",
                remedy=f"Give 'all', a list ({', '.join(product_list_ids())}), a file, or HS codes.",
            )
        items.append(ProductItem(hs_code=code, tier=None, valid_from=None, valid_to=None, coverage=None, note=""))
    return tuple(items)


def list_title(options: RoutesOptions) -> str:
    """Return how the products are to be named in a sentence."""
    if options.products == "all":
        return "goods"
    named = named_list(options)
    return f"goods on the list {named.title}" if named is not None else "the goods asked for"


def _finest(wanted: tuple[ProductItem, ...] | None) -> int:
    return max((len(item.hs_code) for item in wanted), default=0) if wanted else 0


def _matching(code: str, wanted: tuple[ProductItem, ...] | None) -> tuple[ProductItem, ...]:
    if wanted is None:
        return ()
    return tuple(i for i in wanted if code.startswith(i.hs_code))


def _revision(raw: str, year: int, level: int) -> str:
    """The revision whose meaning a code has: CN by year at eight digits, else the HS in force."""
    if level > 6:
        return raw if raw.startswith("CN") else f"CN{year}"
    if raw.startswith("HS"):
        return raw
    return hs_revision_in_force(int(raw[2:]) if raw.startswith("CN") else year)


def _edges(engine: Engine, level: int) -> tuple[list[tuple[str, str, str, str]], set[tuple[str, str]]]:
    """Changes of codes at the level, and the pairs of revisions for which the lake holds a table."""
    system = "CN" if level > 6 else "HS"
    rows = engine.rows(
        "SELECT DISTINCT revision_before, revision_after, substr(code_before, 1, $level),"
        " substr(code_after, 1, $level) FROM concordance WHERE system = $system"
        " AND length(code_before) >= $level AND length(code_after) >= $level ORDER BY ALL",
        level=level,
        system=system,
    )
    return [(a, b, c, d) for a, b, c, d in rows], {(row[0], row[1]) for row in rows}


def _uncovered(known: dict[str, set[str]], covered: set[tuple[str, str]]) -> tuple[int, ...]:
    """First months of the revisions inside the window that no concordance explains."""
    revisions = sorted(known, key=lambda revision: int(revision[2:]))
    return tuple(int(after[2:]) * 12 for before, after in pairwise(revisions) if (before, after) not in covered)


def _spans(uses: list[Use], level: int) -> dict[str, tuple[int, int]]:
    """First and last month in which anybody used a code, whatever the revision."""
    spans: dict[str, tuple[int, int]] = {}
    for use in uses:
        code = use.code[:level]
        first, last = spans.get(code, (use.first, use.last))
        spans[code] = (min(first, use.first), max(last, use.last))
    return spans


def _product(
    name: str,
    is_listed: bool,
    codes: tuple[str, ...],
    wanted: tuple[ProductItem, ...] | None,
    options: RoutesOptions,
    scope: Scope,
    spans: dict[str, tuple[int, int]],
    gaps: tuple[int, ...],
    cut: frozenset[str],
) -> Product:
    by_code = wanted is not None and options.level < _finest(wanted)
    items = tuple(i for i in wanted or () if any(c.startswith(i.hs_code) or i.hs_code.startswith(c) for c in codes))
    is_tested = wanted is None or (is_listed if by_code else bool(items))
    first = min(spans[code][0] for code in codes)
    last = max(spans[code][1] for code in codes)
    born = next((month for month in gaps if month <= first < month + 12 and first > scope.first_month), None)
    reason = ""
    if first >= scope.event_month:
        reason = "code_born" if born is not None else "no_past_anywhere"
    elif any(last < month for month in gaps if month <= scope.last_month):
        reason = "code_ended"
    elif born is not None and scope.event_month - born < options.method.least_before:
        reason = "code_born"
    caveats = []
    if gaps:
        caveats.append("codes_by_data")
    elif len(codes) > 1:
        caveats.append("grouped_codes")
    if name in cut:
        caveats.append("group_cut_at_heading")
    if items and not by_code and not all(any(c.startswith(i.hs_code) for i in items) for c in codes):
        caveats.append("list_covers_part_of_group")
    if codes[0].startswith("71"):
        caveats.append("precious_metals")
    shown = name if wanted is None or is_tested or not by_code else f"{name}~rest"
    return Product(shown, codes, is_tested, items, born, reason, tuple(caveats))
