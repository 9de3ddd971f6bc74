"""Credentials: what is kept of passwords and of keys for programs. Neither can be read back."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
import threading
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from entrepot.cases.tables import USER_KEYS, USERS
from entrepot.errors import ConfigError, NotFound

if TYPE_CHECKING:
    from entrepot.cases.store import Store

LEAST_PASSWORD, MOST_PASSWORD = 12, 200
# As hard as OWASP's first recommendation for scrypt, in a quarter of its memory: 32 MB a password.
COST = 2**15
_R, _P, _BYTES = 8, 3, 32
_MEMORY = 256 * 1024 * 1024
# Those of the first layout name no r and p: they were 8 and 1.
_HASH = re.compile(r"scrypt\$\d{1,7}(\$\d{1,2}\$\d{1,2})?\$[\w+/=]{24}\$[\w+/=]{44}")
# Two at once: a flood of logins must not take the memory.
_TURNS = threading.BoundedSemaphore(2)


def hashed(password: str, *, n: int = COST) -> str:
    """Return the salted scrypt hash of a password, with its parameters.

    Raises:
        ConfigError: it has fewer than twelve characters, or more than two hundred.
    """
    if not LEAST_PASSWORD <= len(password) <= MOST_PASSWORD:
        word = "short" if len(password) < LEAST_PASSWORD else "long"
        remedy = f"Choose {LEAST_PASSWORD} to {MOST_PASSWORD} characters."
        raise ConfigError(f"the password is too {word}", remedy=remedy)
    salt = secrets.token_bytes(16)
    return f"scrypt${n}${_R}${_P}${_text(salt)}${_text(_scrypt(password, salt, n, _R, _P))}"


def is_hash(text: str) -> bool:
    """Whether a text is what is kept of a password."""
    return _HASH.fullmatch(text) is not None


def is_password(store: Store, name: str, password: str) -> bool:
    """Whether a password is that of an active user; takes as long for a name that does not exist."""
    with store.read() as connection:
        row = connection.execute(select(USERS).where(USERS.c.name == name)).mappings().first()
    stored = row["password_hash"] if row is not None and row["is_active"] else None
    is_right = _is_password(stored or _NOBODY, password)
    return is_right and stored is not None


def new_key(store: Store, name: str, *, by: str, at: str) -> str:
    """Return a new key for a user's programs; only its hash is kept.

    Raises:
        NotFound: there is no such active user.
        DeskError: ``by`` is no admin.
    """
    key = secrets.token_urlsafe(32)
    with store.write(by=by, at=at) as writer:
        writer.require("admin")
        wanted = select(USERS.c.user_ref).where(USERS.c.name == name, USERS.c.is_active.is_(True))
        ref = writer.connection.execute(wanted).scalar()
        if ref is None:
            raise NotFound(f"there is no user {name!r}", remedy="An admin adds users: `entrepot case user NAME`.")
        writer.connection.execute(insert(USER_KEYS).values(key_hash=key_hash(key), user_ref=ref, created_at=at))
        writer.record("new_key", str(ref))
    return key


def key_hash(key: str) -> str:
    """Return what is kept of a key. It is random and long, so one round is enough."""
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


def _is_password(stored: str, password: str) -> bool:
    parts = stored.split("$")
    r, p = (int(parts[2]), int(parts[3])) if len(parts) == 6 else (8, 1)
    made = _scrypt(password[:MOST_PASSWORD], base64.b64decode(parts[-2]), int(parts[1]), r, p)
    return hmac.compare_digest(made, base64.b64decode(parts[-1]))


def _scrypt(password: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    with _TURNS:
        data = password.encode("utf-8", "replace")
        return hashlib.scrypt(data, salt=salt, n=n, r=r, p=p, maxmem=_MEMORY, dklen=_BYTES)


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


_NOBODY = f"scrypt${COST}${_R}${_P}${_text(bytes(16))}${_text(bytes(_BYTES))}"
