"""Client: requests to an application in this process, with the cookies of a browser."""

from __future__ import annotations

import asyncio
import re
import time
from typing import Any

import httpx

_TOKEN = re.compile(r'name="csrf" value="([0-9a-f]{64})"')
# How long a page that is being worked out is asked for again, in seconds.
_PATIENCE = 120


class Client:
    """What a browser is to a server, without a network. Redirects are not followed."""

    def __init__(self, app: Any, *, base: str = "http://127.0.0.1", client: str = "127.0.0.1") -> None:
        self.app, self.base, self._client = app, base, client
        self.cookies = httpx.Cookies()

    def send(self, method: str, path: str, **given: Any) -> httpx.Response:
        """Send one request, and keep the cookies that come back."""
        return asyncio.run(self._send(method, path, **given))

    def get(self, path: str, **given: Any) -> httpx.Response:
        return self.send("GET", path, **given)

    def post(self, path: str, **given: Any) -> httpx.Response:
        return self.send("POST", path, **given)

    def page(self, path: str, **given: Any) -> httpx.Response:
        """Get a page as a browser does: one that is being worked out is asked for again, as it says."""
        headers = {"accept": "text/html", **given.pop("headers", {})}
        end = time.monotonic() + _PATIENCE
        while "refresh" in (answer := self.get(path, headers=headers, **given)).headers and time.monotonic() < end:
            time.sleep(0.2)
        return answer

    def token(self, path: str) -> str:
        """Return the token that the form of a page carries."""
        found = _TOKEN.search(self.page(path).text)
        assert found is not None
        return found[1]

    async def _send(self, method: str, path: str, **given: Any) -> httpx.Response:
        transport = httpx.ASGITransport(app=self.app, client=(self._client, 50_000), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=self.base, cookies=self.cookies) as session:
            answer = await session.request(method, path, **given)
            self.cookies = session.cookies
            return answer
