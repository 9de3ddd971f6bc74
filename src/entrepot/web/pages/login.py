"""Login: who comes in, and who leaves; the list of users for the admin."""

from __future__ import annotations

import logging
import threading
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from entrepot.web.errors import Refused
from entrepot.web.pages.rendering import page
from entrepot.web.security import Guard, Sessions, Users, refuse_forged
from entrepot.web.security.rates import Rates

router = APIRouter(include_in_schema=False)

_LOG = logging.getLogger("entrepot.web")
_LOCK = threading.Lock()


@router.get("/login")
def form(request: Request) -> Response:
    """Show the form; without users there is nobody to be."""
    if request.app.state.users is None:
        return RedirectResponse("/", 303)
    return page(request, "login.html.j2", error="")


@router.post("/login")
def log_in(
    request: Request,
    name: Annotated[str, Form(max_length=100)],
    password: Annotated[str, Form(max_length=400)],
    csrf: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Begin a session; its token is a new one, whatever the browser brought."""
    users: Users | None = request.app.state.users
    if users is None:
        raise Refused(404, "this server has no users", "It serves this machine alone.")
    refuse_forged(request, csrf)
    _refuse_often(request, name)
    user = users.log_in(name, password)
    if user is None:
        # The name may be a password typed into the wrong field: it is not logged.
        _LOG.warning("a login was refused")
        return page(request, "login.html.j2", status=401, error="name or password")
    sessions: Sessions = request.app.state.sessions
    sessions.end(request.state.token)
    guard: Guard = request.state.guard
    answer = RedirectResponse("/", 303)
    answer.headers.append("set-cookie", guard.cookie_header(sessions.begin(user)))
    _LOG.info("%s logged in", user.name)
    return answer


@router.post("/logout")
def log_out(request: Request, csrf: Annotated[str, Form(max_length=200)] = "") -> Response:
    """End the session."""
    refuse_forged(request, csrf)
    request.app.state.sessions.end(request.state.token)
    answer = RedirectResponse("/login", 303)
    answer.headers.append("set-cookie", request.state.guard.cookie_header("", seconds=0))
    return answer


@router.get("/users")
def users(request: Request) -> Response:
    """Show who is a user, and in which role."""
    found: Users | None = request.app.state.users
    return page(request, "users.html.j2", users=list(found or ()))


def _refuse_often(request: Request, name: str) -> None:
    rates: Rates = request.app.state.logins
    client = request.client.host if request.client else "?"
    with _LOCK:
        waits = [rates.take(f"client {client}"), rates.take(f"name {name}")]
    if wait := max(waits):
        raise Refused(429, "too many logins", "Wait a minute.", headers={"Retry-After": str(int(wait) + 1)})
