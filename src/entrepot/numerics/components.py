"""Connected components of a graph."""

from __future__ import annotations

from collections.abc import Iterable


def components(n: int, links: Iterable[tuple[int, int]]) -> list[int]:
    """Return the number of the component that each of ``n`` nodes belongs to, counted from 0 in order of nodes.

    Source: union-find with halved paths, Tarjan and van Leeuwen 1984.
    """
    above = list(range(n))
    for a, b in links:
        while above[a] != a:
            above[a] = a = above[above[a]]
        while above[b] != b:
            above[b] = b = above[above[b]]
        if a != b:
            # The smaller node is the root, so that numbers do not depend on the order of links.
            above[max(a, b)] = min(a, b)
    numbers: dict[int, int] = {}
    found = []
    for node in range(n):
        root = node
        while above[root] != root:
            root = above[root]
        above[node] = root
        found.append(numbers.setdefault(root, len(numbers)))
    return found
