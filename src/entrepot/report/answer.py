"""What the report needs of a routes answer: its tables by name, whatever class carries them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from entrepot.lake import Table

ALL = "ALL"

Row = Mapping[str, Any]


class Routes(Protocol):
    """An answer of ``routes``: the ranked table and the tables that explain it.

    Its own rows are the columns of the ``routes`` command; every money column is in ``currency``.
    """

    @property
    def paths(self) -> Table: ...
    @property
    def sets(self) -> Table: ...
    @property
    def totals(self) -> Table: ...
    @property
    def river(self) -> Table: ...
    @property
    def mirror(self) -> Table: ...
    @property
    def pieces(self) -> Table: ...
    @property
    def hops(self) -> Table: ...
    @property
    def measures(self) -> Table: ...
    @property
    def sources(self) -> Table: ...
    @property
    def parameters(self) -> Mapping[str, Any]: ...
    @property
    def caveat_texts(self) -> Mapping[str, str]: ...
    @property
    def control_sets(self) -> Mapping[str, str]: ...
    @property
    def product_names(self) -> Mapping[str, str]: ...
    def rows(self) -> list[dict[str, Any]]: ...


@dataclass(frozen=True)
class Scope:
    """What the whole page is about, found once.

    Attributes:
        destination: ISO3 of the market that is watched.
        currency: of every amount; empty where the answer holds no row.
        window: first and last month compared, ``2022-03``; None where nothing was testable.
        sets: control sets with a total, the default one first.
        vias: ISO3 of the intermediaries that have a total.
        legs: evidence values among the tested rows.
        goods: noun phrase for the products asked about.
    """

    destination: str
    currency: str
    window: tuple[str, str] | None
    sets: tuple[str, ...]
    vias: tuple[str, ...]
    legs: frozenset[str]
    goods: str


def find_scope(routes: Routes) -> Scope:
    """Return what the page is about, from the rows first and from the parameters where rows are silent."""
    rows = routes.rows()
    tested = [row for row in rows if is_tested(row)]
    spans = [(row["window_start"], row["window_end"]) for row in tested if row["window_start"]]
    currencies = sorted({row["currency"] for row in rows if row["currency"]})
    return Scope(
        destination=_destination(routes, rows),
        currency=currencies[0] if len(currencies) == 1 else "",
        window=(min(s for s, _ in spans), max(e for _, e in spans)) if spans else None,
        sets=_sets(routes),
        vias=tuple(sorted({row["via_iso3"] for row in routes.totals if row["via_iso3"] != ALL})),
        legs=frozenset(row["evidence"] for row in tested if row["evidence"]),
        goods=goods_phrase(routes.parameters.get("products")),
    )


def is_tested(row: Row) -> bool:
    """Return whether a routes row carries an estimate."""
    return number(row["excess"]) is not None


def number(value: object) -> float | None:
    """Return a finite float, or None for what is unknown (None, NaN, infinite, no number)."""
    if value is None or isinstance(value, str | bool):
        return None
    try:
        found = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    return found if abs(found) < float("inf") else None


def listed(cell: object) -> list[str]:
    """Return the parts of a ``;``-joined cell."""
    return [part.strip() for part in str(cell or "").split(";") if part.strip()]


def goods_phrase(products: object) -> str:
    """Return the noun phrase for a ``products`` parameter, ``listed goods`` for the CHPL."""
    words = str(products or "all").strip().lower() if not isinstance(products, list | tuple) else ""
    if words == "all":
        return "goods"
    return "listed goods" if words == "chpl" else "the chosen goods"


def _destination(routes: Routes, rows: list[dict[str, Any]]) -> str:
    return str(rows[0]["destination_iso3"] if rows else routes.parameters.get("destination") or "")


def _sets(routes: Routes) -> tuple[str, ...]:
    """Sets with a total, in the order in which they are described; the one that the rows use leads."""
    seen = list(dict.fromkeys(str(row["control_set"]) for row in routes.totals))
    ordered = [name for name in routes.control_sets if name in seen]
    ordered += [name for name in seen if name not in ordered]
    used = [str(row["control_set"]) for row in routes.rows() if row["control_set"]]
    chosen = routes.parameters.get("controls") or max(sorted(set(used)), key=used.count, default="")
    return tuple(sorted(ordered, key=lambda name: name != chosen))
