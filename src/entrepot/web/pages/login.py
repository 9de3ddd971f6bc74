"""Login: who comes in, and who leaves; the list of users for the admin."""

from __future__ import annotations

import logging
import threading
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from entrepot.web.desk import People
from entrepot.web.errors import Refused
from entrepot.web.pages.rendering import page
from entrepot.web.security import Guard, Sessions, refuse_forged
from entrepot.web.security.rates import Rates

router = APIRouter(include_in_schema=False)

_LOG = logging.getLogger("entrepot.web")
_LOCK = threading.Lock()


@router.get("/login")
def form(request: Request) -> Response:
    """Show the form; where no password is asked for, the users to choose from."""
    return _form(request)


@router.post("/login")
def log_in(
    request: Request,
    name: Annotated[str, Form(max_length=100)],
    password: Annotated[str, Form(max_length=400)] = "",
    csrf: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Begin a session; its token is a new one, whatever the browser brought."""
    people: People = request.app.state.people
    refuse_forged(request, csrf)
    _refuse_often(request, name)
    is_proven = people.must_log_in
    user = people.log_in(name, password)
    if user is None:
        # The name may be a password typed into the wrong field: it is not logged.
        _LOG.warning("a login was refused")
        return _form(request, status=401, error="name or password")
    sessions: Sessions = request.app.state.sessions
    sessions.end(request.state.token)
    guard: Guard = request.state.guard
    answer = RedirectResponse("/", 303)
    answer.headers.append("set-cookie", guard.cookie_header(sessions.begin(name, is_proven=is_proven)))
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
    people: People = request.app.state.people
    return page(request, "users.html.j2", users=people.all())


def _form(request: Request, *, status: int = 200, error: str = "") -> Response:
    people: People = request.app.state.people
    must = people.must_log_in
    # Who there is, is nobody's business before logging in.
    return page(request, "login.html.j2", status=status, error=error, users=None if must else people.all())


def _refuse_often(request: Request, name: str) -> None:
    rates: Rates = request.app.state.logins
    client = request.client.host if request.client else "?"
    with _LOCK:
        waits = [rates.take(f"client {client}"), rates.take(f"name {name}")]
    if wait := max(waits):
        raise Refused(429, "too many logins", "Wait a minute.", headers={"Retry-After": str(int(wait) + 1)})
