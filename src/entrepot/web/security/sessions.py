"""Sessions: who is logged in, kept in memory only; a restart logs everybody out."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from entrepot.web.security.rules import PERMISSIONS

# Seconds until a session ends: without use, and at the latest.
IDLE, LONGEST = 2 * 3600, 12 * 3600
_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Session:
    """Who asks. Where nobody has to log in, everybody on the machine is one local user who may do all that works there.

    Attributes:
        is_named: whether somebody logged in or showed a key.
    """

    name: str
    role: str
    is_named: bool = True

    def may(self, permission: str) -> bool:
        """Return whether the role may do something."""
        if not self.is_named:
            return permission != "users"
        return permission in PERMISSIONS.get(self.role, frozenset())


@dataclass(slots=True)
class _Kept:
    name: str
    is_proven: bool
    began: float
    used: float


class Sessions:
    """Sessions by the hash of their token: who reads the memory of this server cannot log in with it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._lock = threading.Lock()

    def begin(self, name: str, *, is_proven: bool = True) -> str:
        """Return the token of a new session of a user; ``is_proven`` where a password was asked for."""
        token, now = secrets.token_urlsafe(32), self._clock()
        with self._lock:
            self._kept[_hash(token)] = _Kept(name, is_proven, now, now)
            while len(self._kept) > _MOST:
                self._kept.popitem(last=False)
        return token

    def find(self, token: str, *, must_be_proven: bool = True) -> str | None:
        """Return whose session it is, by a token that is still good.

        Args:
            must_be_proven: whether a session counts that was begun without a password.
        """
        key, now = _hash(token), self._clock()
        with self._lock:
            kept = self._kept.get(key)
            if kept is None or (must_be_proven and not kept.is_proven):
                return None
            if now - kept.used > IDLE or now - kept.began > LONGEST:
                del self._kept[key]
                return None
            kept.used = now
            self._kept.move_to_end(key)
            return kept.name

    def end(self, token: str) -> None:
        """End a session."""
        with self._lock:
            self._kept.pop(_hash(token), None)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
