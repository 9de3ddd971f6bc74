"""The API's routes, one module a subject; each is a thin call of what the command of the same name calls."""

from __future__ import annotations

from fastapi import APIRouter

from entrepot.web.api import alerts, audit, cases, check, ledger, lists, match, read, reconcile, system, trade

__all__ = ["ROUTERS"]

# The one that is asked most stands first: addresses are compared in this order.
ROUTERS: tuple[APIRouter, ...] = (
    match.router,
    check.router,
    system.router,
    lists.router,
    reconcile.router,
    trade.router,
    ledger.router,
    read.router,
    alerts.router,
    cases.router,
    audit.router,
)
