"""The API's routes, one module a subject; each is a thin call of what the command of the same name calls."""

from __future__ import annotations

from fastapi import APIRouter

from entrepot.web.api import lists, match, system

__all__ = ["ROUTERS"]

ROUTERS: tuple[APIRouter, ...] = (match.router, system.router, lists.router)
