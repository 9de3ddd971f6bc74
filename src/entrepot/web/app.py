"""The application: handlers, middleware and routers in one readable list."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from fastapi import FastAPI

from entrepot import __version__
from entrepot.errors import ConfigError
from entrepot.settings import Settings
from entrepot.web.api import ROUTERS
from entrepot.web.desk import Desk, People
from entrepot.web.errors import add_handlers
from entrepot.web.openapi import documented
from entrepot.web.options import WebOptions
from entrepot.web.pages import ROUTERS as PAGES
from entrepot.web.pages.rendering import compile_templates, error_page
from entrepot.web.security import Guard, Sessions
from entrepot.web.security.rates import Rates
from entrepot.web.static import router as static
from entrepot.web.workbench import Workbench

_ABOUT = """Entrepot over HTTP: lists and matching in yente's shapes, reconciliation for OpenRefine, and this project's
own questions about trade, measures and records. A score is a reason to look; an alert is consistent with diversion and
proves nothing about anybody."""


def create_app(settings: Settings, options: WebOptions | None = None) -> FastAPI:
    """Return the server as an ASGI application.

    Args:
        settings: where the lake is, and what the engine may use.
        options: how the server is run; for this machine alone by default.

    Raises:
        ConfigError: it would listen beyond this machine while nobody has a password or a key.
        NotFound: there is no lake.
    """
    chosen = options or WebOptions()
    workbench = Workbench(settings, chosen)
    desk = Desk(settings, chosen)
    people = _people(desk, chosen)
    app = FastAPI(
        title="Entrepot",
        version=__version__,
        description=_ABOUT,
        # The usual pages of documentation load scripts from elsewhere.
        docs_url=None,
        redoc_url=None,
        lifespan=_life,
    )
    app.state.workbench, app.state.sessions = workbench, Sessions()
    app.state.desk, app.state.people = desk, people
    app.state.logins = Rates(chosen.limits.logins / 60, chosen.limits.logins)
    app.add_middleware(Guard, options=chosen, people=people, sessions=app.state.sessions)
    add_handlers(app)
    app.state.error_page = error_page
    for router in (*ROUTERS, *PAGES):
        app.include_router(router)
    app.include_router(static)
    # The body of /match is read by hand; its shape has to stand in the document all the same.
    app.openapi = partial(documented, app)  # type: ignore[method-assign]
    return app


def _people(desk: Desk, options: WebOptions) -> People:
    people = People(desk, is_local=options.is_local)
    if not options.is_local and not people.can_log_in:
        raise ConfigError(
            f"{options.host} can be reached from other machines, and nobody has a password to log in with",
            where="--host",
            remedy="Listen at 127.0.0.1, or add users: `entrepot case user NAME --password`.",
        )
    return people


@asynccontextmanager
async def _life(app: FastAPI) -> AsyncIterator[None]:
    """Load the lists while the server answers already; end what runs beside it."""
    bench: Workbench = app.state.workbench

    def warm() -> None:
        bench.warm()
        compile_templates()

    threading.Thread(target=warm, name="warm", daemon=True).start()
    yield
    bench.close()
    app.state.desk.close()
