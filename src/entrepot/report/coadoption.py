"""Co-adoption as one page: every pair, who followed whom, what else both may have answered to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from entrepot.report.writing import template

if TYPE_CHECKING:
    from entrepot.ledger import CoAdoption


def coadoption_page(found: CoAdoption) -> str:
    """Return the answer as one HTML page that needs no network; it never says who coordinated whom."""
    told = found.as_json()
    pairs = told["pairs"]
    close = sum(pair["is_simultaneous"] is True for pair in pairs)
    unsure = sum(pair["is_simultaneous"] is None for pair in pairs)
    has_p = any(pair["p_value"] is not None for pair in pairs)
    has_topics = any(pair["p_topics"] is not None for pair in pairs)
    return template("coadoption.html.j2").render(
        told=told, close=close, unsure=unsure, has_p=has_p, has_topics=has_topics
    )
