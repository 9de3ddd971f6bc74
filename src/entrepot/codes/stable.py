"""Products that survive revisions: connected components of codes over a window of years.

A concordance joins the codes of one revision to those of the next. Codes that split, merge or move belong to
one product over the window, because only their sum means the same goods throughout. Where components grow
absurdly large (the electronics of HS 2022), links between HS headings are dropped and the parts are marked.

The components come from the whole concordance, not only from codes that the data hold, so a product is the
same group whichever extract is read.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from entrepot.codes.hs import hs_revision_in_force

Node = tuple[str, str]
Link = tuple[Node, Node]


@dataclass(frozen=True)
class StableProducts:
    """Codes of several revisions grouped into products.

    Attributes:
        product_of: (revision, code) seen in the data -> product id.
        codes_of: product id -> codes seen in the data, all revisions, sorted.
        cut: ids of products that are part of a larger component, cut at HS headings.
        unseen_of: product id -> codes of its newest and older revisions that the data never hold, sorted. A
            product with unseen codes may be incomplete in an extract.
    """

    product_of: dict[Node, str]
    codes_of: dict[str, tuple[str, ...]]
    cut: frozenset[str]
    unseen_of: dict[str, tuple[str, ...]]


def stable_products(
    edges: Iterable[tuple[str, str, str, str]],
    codes: Mapping[str, Collection[str]],
    *,
    level: int,
    largest: int = 40,
) -> StableProducts:
    """Return the products that codes of several revisions form.

    Args:
        edges: revision_before, revision_after, code_before, code_after: the concordances. Those outside the
            revisions of ``codes`` are not used.
        codes: revision (HS2017, CN2021) -> codes that the data hold under it.
        level: digits to which codes are cut first.
        largest: most codes that a component may hold before links across HS headings are dropped.

    Returns:
        Products named by the smallest code of their newest revision in the data, with ``+`` where the
        component holds several codes of one revision. Two products with one such name get ``@`` and the
        revision.

    A code that a table of changes does not mention maps to itself. HS and CN chains are joined where a code
    is the same in a year's CN and in the HS revision in force.
    """
    seen = {(revision, code[:level]) for revision, held in codes.items() for code in held}
    steps = _steps(edges, {revision for revision, _ in seen}, level)
    nodes, links = _linked(seen, steps)
    groups, is_cut = _components(nodes, links, largest)
    product_of, codes_of, unseen_of, cut = _named(groups, is_cut, seen)
    for revision, held in codes.items():
        for code in held:
            product_of[revision, code] = product_of[revision, code[:level]]
    return StableProducts(product_of, codes_of, frozenset(cut), unseen_of)


@cache
def _year(revision: str) -> tuple[str, int]:
    match = re.fullmatch(r"(HS|CN)(\d{4})", revision)
    return (match[1], int(match[2])) if match else (revision, 0)


def _steps(
    edges: Iterable[tuple[str, str, str, str]], seen: set[str], level: int
) -> dict[tuple[str, str], set[tuple[str, str]]]:
    """Return each pair of neighbouring revisions in the window with the changes of codes between them."""
    spans: dict[str, list[int]] = defaultdict(list)
    for revision in seen:
        system, year = _year(revision)
        spans[system].append(year)
    changes: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    window = set(seen)
    for before, after, code_before, code_after in edges:
        (system, first), (other, last) = _year(before), _year(after)
        if system == other and system in spans and min(spans[system]) <= first < last <= max(spans[system]):
            changes[before, after].add((code_before[:level], code_after[:level]))
            window |= {before, after}
    chain = sorted(window, key=_year)
    steps = {
        (before, after): changes.pop((before, after), set())
        for before, after in pairwise(chain)
        if _year(before)[0] == _year(after)[0]
    }
    return steps | changes


def _linked(seen: set[Node], steps: Mapping[tuple[str, str], set[tuple[str, str]]]) -> tuple[set[Node], set[Link]]:
    """Return every node of the window and the links between nodes, codes that stay themselves included."""
    held: dict[str, set[str]] = defaultdict(set)
    for revision, code in seen:
        held[revision].add(code)
    for (before, after), pairs in steps.items():
        held[before].update(old for old, _ in pairs)
        held[after].update(new for _, new in pairs)
    links = {((before, old), (after, new)) for (before, after), pairs in steps.items() for old, new in pairs}
    chain = _neighbours(steps)
    for before, after in chain:
        step = _Step(steps[before, after])
        kept = {code for code in held[before] if step.keeps(code, forward=True)}
        held[after] |= kept
        links |= {((before, code), (after, code)) for code in kept}
    for before, after in reversed(chain):
        step = _Step(steps[before, after])
        kept = {code for code in held[after] if step.keeps(code, forward=False)}
        held[before] |= kept
        links |= {((before, code), (after, code)) for code in kept}
    nodes = {(revision, code) for revision, known in held.items() for code in known}
    return nodes, links | _across_systems(held)


def _neighbours(steps: Mapping[tuple[str, str], set[tuple[str, str]]]) -> list[tuple[str, str]]:
    """Return the pairs with no revision of the window between them, in time order."""
    revisions = sorted({revision for pair in steps for revision in pair}, key=_year)
    return [pair for pair in pairwise(revisions) if pair in steps]


class _Step:
    """Whether a code keeps its meaning over one step, as far as the table of changes says."""

    def __init__(self, pairs: set[tuple[str, str]]) -> None:
        self.pairs = pairs
        self.old = {old for old, _ in pairs}
        self.new = {new for _, new in pairs}
        self.lengths = sorted({len(code) for code in self.old})

    def keeps(self, code: str, *, forward: bool) -> bool:
        for length in self.lengths:
            head = code[:length]
            if head in self.old or (not forward and head in self.new):
                # A national code finer than the table stays where its heading stays.
                return len(code) > length and (head, head) in self.pairs
        return True


def _across_systems(held: Mapping[str, set[str]]) -> set[Link]:
    """Return links between the CN of a year and the HS revision then in force, code by code."""
    links: set[Link] = set()
    for revision, known in held.items():
        system, year = _year(revision)
        if system == "CN" and year >= 1992 and (hs := hs_revision_in_force(year)) in held:
            links |= {((hs, code), (revision, code)) for code in known & held[hs]}
    return links


def _components(nodes: set[Node], links: set[Link], largest: int) -> tuple[list[list[Node]], set[int]]:
    """Return the components, and the positions of those that come from a larger one that was cut.

    First only those links across headings go that lead to a code gathered from several older ones (waste,
    parts, modules): a code renumbered into another heading keeps its past. What is still too large loses all
    links across headings.
    """
    ordered = sorted(nodes)
    labels = _labels(ordered, links)
    sources = Counter(new for _, new in links)
    parts, cut = labels, set[Node]()
    for least_sources in (2, 0):
        too_large = _too_large(parts, largest)
        if not too_large:
            break
        cut |= {node for node in ordered if parts[node] in too_large}
        links = {
            (old, new)
            for old, new in links
            if parts[old] not in too_large or old[1][:4] == new[1][:4] or sources[new] < least_sources
        }
        parts = _labels(ordered, links)
    groups: dict[int, list[Node]] = defaultdict(list)
    for node in ordered:
        groups[parts[node]].append(node)
    members = list(groups.values())
    return members, {i for i, group in enumerate(members) if group[0] in cut}


def _too_large(labels: Mapping[Node, int], largest: int) -> set[int]:
    codes = {(label, code) for (_, code), label in labels.items()}
    return {label for label, size in Counter(label for label, _ in codes).items() if size > largest}


def _labels(ordered: list[Node], links: set[Link]) -> dict[Node, int]:
    from entrepot.numerics import components  # Brings NumPy, which a bare import of the codes does without.

    place = {node: i for i, node in enumerate(ordered)}
    labels = components(len(ordered), ((place[old], place[new]) for old, new in links))
    return dict(zip(ordered, labels, strict=True))


def _named(
    groups: list[list[Node]], is_cut: set[int], seen: set[Node]
) -> tuple[dict[Node, str], dict[str, tuple[str, ...]], dict[str, tuple[str, ...]], set[str]]:
    """Return the components that the data touch, by name."""
    touched = [(i, group, [node for node in group if node in seen]) for i, group in enumerate(groups)]
    touched = [entry for entry in touched if entry[2]]
    names = {i: _name(group, inside) for i, group, inside in touched}
    taken = Counter(name for name, _ in names.values())
    product_of: dict[Node, str] = {}
    codes_of: dict[str, tuple[str, ...]] = {}
    unseen_of: dict[str, tuple[str, ...]] = {}
    cut: set[str] = set()
    for i, group, inside in touched:
        name, newest = names[i]
        product = name if taken[name] == 1 else f"{name}@{newest}"
        product_of |= dict.fromkeys(inside, product)
        held = {code for _, code in inside}
        codes_of[product] = tuple(sorted(held))
        unseen_of[product] = tuple(sorted({code for _, code in group} - held))
        if i in is_cut:
            cut.add(product)
    return product_of, codes_of, unseen_of, cut


def _name(group: list[Node], inside: list[Node]) -> tuple[str, str]:
    newest = max((revision for revision, _ in inside), key=lambda revision: _year(revision)[::-1])
    code = min(code for revision, code in inside if revision == newest)
    several = max(Counter(revision for revision, _ in group).values()) > 1
    return f"{code}+" if several else code, newest
