"""Guard: the one gate before every request: host, origin, rate, size, who asks, and the headers of the answer."""

from __future__ import annotations

import asyncio
import secrets
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from entrepot.web.desk import People
from entrepot.web.errors import Refused, error_shape, failed
from entrepot.web.options import LOOPBACK, WebOptions
from entrepot.web.security.forgery import form_token
from entrepot.web.security.headers import secured
from entrepot.web.security.rates import Rates
from entrepot.web.security.rules import OPEN, permission_of
from entrepot.web.security.sessions import Session, Sessions
from entrepot.web.sending import json_response

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_MOST_ADDRESS = 65_536
# Seconds that a part of a body may take to come.
_PATIENCE = 30.0


class Guard:
    """ASGI middleware. It decides on a request before anything else reads it."""

    def __init__(self, app: ASGIApp, options: WebOptions, people: People, sessions: Sessions) -> None:
        self._app, self._options, self._people, self._sessions = app, options, people, sessions
        self._local = Session(options.user, "analyst", is_named=False)
        self._hosts = {_plain(name) for name in (*LOOPBACK, options.host, *options.hosts)} - {"0.0.0.0", "::"}
        self._rates = Rates(options.limits.rate, options.limits.burst)
        self._secret = secrets.token_bytes(32)
        # A cookie that only goes by https and to this host alone, where https can be had.
        self.cookie = "entrepot" if options.is_local and not options.has_tls else "__Host-entrepot"

    @property
    def is_secure(self) -> bool:
        """Whether cookies go by https only."""
        return self.cookie.startswith("__Host-")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return  # There are no websockets here.
        headers = Headers(scope=scope)
        state: dict[str, Any] = scope.setdefault("state", {})
        outward = _Outward(send, state, is_https=self.is_secure, neighbour=self._neighbour(scope, headers))
        try:
            self._refuse(scope, headers)
            self._admit(scope, headers, state)
            inward = _Inward(receive, self._most(scope["path"]))
            length = headers.get("content-length", "0")
            if not length.isdecimal() or int(length[:20]) > inward.most:
                raise _too_large(inward.most)
            await self._app(scope, inward, outward)
        except Refused as error:
            await _answer(scope, error)(scope, receive, outward)
        except Exception as error:
            if outward.has_begun:
                raise
            await failed(Request(scope), error)(scope, receive, outward)

    def _refuse(self, scope: Scope, headers: Headers) -> None:
        if len(scope.get("raw_path") or scope["path"].encode()) + len(scope["query_string"]) > _MOST_ADDRESS:
            raise Refused(414, "the address is too long", "Send a body instead.")
        host = _plain(headers.get("host", ""))
        if host not in self._hosts:
            # Another name that leads here is a page of somebody else's trying to read from this server.
            raise Refused(421, "this server is not known by that name", "Use its own, or start it with --name HOST.")
        client = scope["client"][0] if scope.get("client") else "?"
        if wait := self._rates.take(client):
            raise Refused(429, "too many requests", "Ask more slowly.", headers={"Retry-After": str(int(wait) + 1)})
        if scope["method"] not in _SAFE:
            self._refuse_foreign(headers)

    def _refuse_foreign(self, headers: Headers) -> None:
        """A page of another site may not send anything here, whatever the browser would let it."""
        origin = headers.get("origin")
        is_foreign = headers.get("sec-fetch-site") in ("cross-site", "same-site")
        if origin is not None:
            there = urlsplit(origin)
            is_foreign = is_foreign or there.netloc.lower() != headers.get("host", "").lower()
        if is_foreign:
            raise Refused(403, "the request comes from another site", "Use the pages of this server.")

    def _admit(self, scope: Scope, headers: Headers, state: dict[str, Any]) -> None:
        cookie = _cookie(headers, self.cookie)
        session = self._session(headers, cookie)
        permission = permission_of(scope["method"], scope["path"])
        if permission != OPEN:
            if session is None:
                raise Refused(401, "nobody is logged in", "Log in at /login, or send Authorization: ApiKey KEY.")
            if permission and not session.may(permission):
                raise Refused(403, f"the role {session.role} may not do that", "Ask somebody whose role may.")
        if cookie is None:
            cookie = secrets.token_urlsafe(32)
            state["new_cookie"] = self.cookie_header(cookie)
        state.update(session=session, csrf=form_token(self._secret, cookie), token=cookie, guard=self)

    def _neighbour(self, scope: Scope, headers: Headers) -> str | None:
        """The page of another program on this machine that may read an answer: of public lists, on a local server."""
        is_for_it = scope["method"] in _SAFE and scope["path"].startswith("/reconcile")
        if not is_for_it or self._people.must_log_in:
            return None
        origin = headers.get("origin", "")
        return origin if _plain(urlsplit(origin).netloc) in LOOPBACK else ""

    def _session(self, headers: Headers, cookie: str | None) -> Session | None:
        scheme, _, key = headers.get("authorization", "").partition(" ")
        if scheme.lower() in ("apikey", "bearer") and key:
            user = self._people.find_by_key(key.strip())
        else:
            must = self._people.must_log_in
            name = self._sessions.find(cookie, must_be_proven=must) if cookie else None
            user = self._people.find(name) if name is not None else None
            if user is None and not must:
                return self._local
        # Name and role as they are now, not as they were at logging in.
        return Session(str(user.name), user.role) if user is not None else None

    def cookie_header(self, value: str, *, seconds: int | None = None) -> str:
        """Return the header that sets the cookie of this server."""
        age = "" if seconds is None else f"; Max-Age={seconds}"
        return f"{self.cookie}={value}; Path=/; HttpOnly; SameSite=Strict{'; Secure' if self.is_secure else ''}{age}"

    def _most(self, path: str) -> int:
        limits = self._options.limits
        if path.endswith("/documents"):
            return limits.document
        return limits.bulk if path.endswith("/bulk") else limits.body


class _Inward:
    """A request's body, counted as it comes, with a limit and with patience."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive, self.most, self._read, self._is_whole = receive, most, 0, False

    async def __call__(self) -> Message:
        if self._is_whole:
            return await self._receive()  # Only whether the client is still there.
        try:
            message = await asyncio.wait_for(self._receive(), _PATIENCE)
        except TimeoutError as error:
            raise Refused(408, "the body did not come", "Send it without a pause.") from error
        if message["type"] == "http.request":
            self._read += len(message.get("body", b""))
            self._is_whole = not message.get("more_body", False)
            if self._read > self.most:
                raise _too_large(self.most)
        return message


class _Outward:
    """An answer, with the headers that every answer carries."""

    def __init__(self, send: Send, state: dict[str, Any], *, is_https: bool, neighbour: str | None) -> None:
        self._send, self._state, self._is_https, self._neighbour = send, state, is_https, neighbour
        self.has_begun = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.has_begun = True
            found = secured(
                message.get("headers", ()),
                styles=self._state.get("style_hashes", ()),
                is_https=self._is_https,
                neighbour=self._neighbour,
            )
            message = {**message, "headers": found}
            is_page = any(name == b"content-type" and value.startswith(b"text/html") for name, value in found)
            if is_page and (cookie := self._state.get("new_cookie")):
                MutableHeaders(scope=message).append("set-cookie", cookie)
        await self._send(message)


def _too_large(most: int) -> Refused:
    return Refused(413, f"the body is larger than {most:,} bytes", "Send less, or use the bulk route.")


def _answer(scope: Scope, error: Refused) -> Response:
    headers = Headers(scope=scope)
    if error.status == 401 and "text/html" in headers.get("accept", "") and scope["method"] in _SAFE:
        return RedirectResponse("/login", 303)
    shape = error_shape(error.status, error.found, remedy=error.remedy)
    return json_response(shape, status=error.status, headers=error.headers)


def _cookie(headers: Headers, name: str) -> str | None:
    try:
        found = SimpleCookie(headers.get("cookie", "")[:8192]).get(name)
    except CookieError:
        return None
    return found.value if found and 20 <= len(found.value) <= 100 else None


def _plain(host: str) -> str:
    """A host without its port and brackets, in small letters."""
    text = host.strip().lower()
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text if text.count(":") > 1 else text.partition(":")[0]
