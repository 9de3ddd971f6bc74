"""Streaming: answers sent line by line while the request is still being read."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator

from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

# Clients that send all before they read anything are answered once they read; so many bytes wait for them.
_MOST_WAITING = 32_000_000


class LineResponse(Response):
    """Lines as they are made.

    Starlette's own streaming response looks out for the client's going away by reading from the request, and would
    read the lines away from under us.
    """

    def __init__(self, lines: AsyncIterator[bytes], media_type: str) -> None:
        super().__init__(media_type=media_type)
        del self.headers["content-length"]
        self._lines = lines
        self._waiting: deque[bytes] = deque()
        self._size = 0
        self._changed = asyncio.Condition()
        self._is_done = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the lines; the request is read on while the client is slow to take them."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        maker = asyncio.create_task(self._make())
        try:
            while (body := await self._next()) is not None:
                await send({"type": "http.response.body", "body": body, "more_body": True})
            await maker
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        except ClientDisconnect:
            return  # Nobody is there to be answered.
        finally:
            maker.cancel()

    async def _make(self) -> None:
        try:
            async for line in self._lines:
                async with self._changed:
                    await self._changed.wait_for(lambda: self._size < _MOST_WAITING)
                    self._waiting.append(line)
                    self._size += len(line)
                    self._changed.notify_all()
        finally:
            self._is_done = True
            async with self._changed:
                self._changed.notify_all()

    async def _next(self) -> bytes | None:
        async with self._changed:
            await self._changed.wait_for(lambda: self._waiting or self._is_done)
            body = b"".join(self._waiting)
            self._waiting.clear()
            self._size = 0
            self._changed.notify_all()
        return body or None
