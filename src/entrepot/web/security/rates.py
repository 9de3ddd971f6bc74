"""Rates: how often one client may ask; a bucket a client that fills with time."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

_MOST_CLIENTS = 10_000


class Rates:
    """Buckets by client. Used from one thread, the event loop's, or under the caller's lock."""

    def __init__(self, rate: float, burst: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._burst, self._clock = rate, float(burst), clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, client: str) -> float:
        """Take one request; return 0, or the seconds until there is one to take."""
        now = self._clock()
        level, then = self._buckets.get(client, (self._burst, now))
        level = min(self._burst, level + (now - then) * self._rate)
        is_free = level >= 1
        self._buckets[client] = (level - 1 if is_free else level, now)
        self._buckets.move_to_end(client)
        while len(self._buckets) > _MOST_CLIENTS:
            self._buckets.popitem(last=False)
        return 0.0 if is_free else (1 - level) / self._rate
