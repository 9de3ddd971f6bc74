"""Entrepot watches how goods, people and money reach a sanctioned market through third countries.

``import entrepot as ep; lake = ep.open("lake"); ep.routes(lake, destination="RUS", event="2022-03")``.
Names are imported when first used, so that ``import entrepot`` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_HOMES = {
    "open": ("entrepot.lake", "open_lake"),
    "fetch": ("entrepot.sources", "fetch"),
    "ingest": ("entrepot.sources", "ingest"),
    "routes": ("entrepot.flows", "routes"),
    "mirror": ("entrepot.flows", "mirror"),
    "effect": ("entrepot.flows", "effect"),
    "open_ledger": ("entrepot.ledger", "open_ledger"),
    "compare": ("entrepot.parties", "compare"),
    "screen": ("entrepot.parties", "screen"),
    "watch": ("entrepot.flows", "watch"),
    "simulate": ("entrepot.world", "simulate"),
    "Table": ("entrepot.lake", "Table"),
    "EntrepotError": ("entrepot.errors", "EntrepotError"),
}

__all__ = [
    "EntrepotError",
    "Table",
    "__version__",
    "compare",
    "effect",
    "fetch",
    "ingest",
    "mirror",
    "open",
    "open_ledger",
    "routes",
    "screen",
    "simulate",
    "watch",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'entrepot' has no attribute {name!r}")
    module, attribute = _HOMES[name]
    return getattr(import_module(module), attribute)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
