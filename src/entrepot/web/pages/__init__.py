"""The pages, one module a subject: server-rendered, readable without script."""

from __future__ import annotations

from fastapi import APIRouter

from entrepot.web.pages import (
    alerts,
    api,
    article,
    cases,
    explore,
    first,
    login,
    measures,
    names,
    records,
    sides,
    today,
)

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
    article.router,
    alerts.router,
    cases.router,
)
