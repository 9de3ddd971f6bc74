"""Lawful patterns that look like a route: said beside every route, before anybody draws a conclusion.

The list is written from docs/methods/routes.md; a chapter's own sentences come first, as they fit closest.
"""

from __future__ import annotations

GENERAL = (
    "Buyers in {via} who used to be served by distributors in {destination} now order directly.",
    "Firms and people that moved to {via} brought their demand and their equipment along.",
    "Prices, incomes or investment in {via} rose; the figures are values, not volumes.",
)
ONWARD = "Goods made, assembled or long stored in {via} were sold on with every paper in order."
CHAPTERS = {
    "27": "Fuel follows prices and pipeline repairs; one contract can move a year's value.",
    "30": "Health programmes buy medicines in large single lots.",
    "71": "Gold and stones follow prices and refiners, and cross borders for a stamp or a sale.",
    "84": "A single factory, mine or data centre under construction can explain a surge of machinery.",
    "85": "A network operator's roll-out or a new assembly plant can explain a surge of electronics.",
    "87": "Private buyers bring in used cars, and cars once registered in a neighbouring market are now "
    "cleared at home; only part of these cars may be covered by an act.",
    "88": "One aircraft, engine or lease can be worth more than all other months together.",
    "90": "Hospitals and laboratories buy instruments in large single lots.",
}


def lawful_explanations(product: str, *, evidence: str, via: str, destination: str) -> list[str]:
    """Return two to five sentences for one route, names filled in."""
    own = [CHAPTERS[product[:2]]] if product[:2] in CHAPTERS else []
    onward = [ONWARD] if evidence in ("out", "both") else []
    return [text.format(via=via, destination=destination) for text in (*own, *GENERAL, *onward)]
