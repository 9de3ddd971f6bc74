"""The pages, one module a subject: server-rendered, readable without script."""

from __future__ import annotations

from fastapi import APIRouter

from entrepot.web.pages import api, article, explore, first, login, measures, names, records, sides, today
from entrepot.web.reading import can_read

__all__ = ["ROUTERS"]

ROUTERS: tuple[APIRouter, ...] = (
    first.router,
    today.router,
    explore.router,
    sides.router,
    measures.router,
    names.router,
    records.router,
    login.router,
    api.router,
    *([article.router] if can_read() else []),
)
