"""Users: names, roles, and what their passwords and keys hash to, in one file that only its owner reads.

::

    [users.anna]
    role = "analyst"
    password = "scrypt$32768$8$1$<salt>$<hash>"
    keys = ["<sha256 of an API key>"]
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import secrets
import threading
import tomllib
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from entrepot.errors import ConfigError

# What a role may do: read pages and answers; screen parties and check records; decide on alerts and cases as the first
# or as the second person; read the audit log; see who is a user.
ROLES: Mapping[str, frozenset[str]] = {
    "analyst": frozenset({"read", "screen", "propose"}),
    "reviewer": frozenset({"read", "screen", "propose", "decide"}),
    "auditor": frozenset({"read", "audit"}),
    "admin": frozenset({"read", "users"}),
}
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
_HASH = re.compile(r"scrypt\$\d{1,7}\$\d{1,2}\$\d{1,2}\$[\w+/=]{24}\$[\w+/=]{44}")
LEAST_PASSWORD, MOST_PASSWORD = 12, 200
# Cost of scrypt: 32 MB and some 80 ms a password.
_N, _R, _P, _BYTES = 2**15, 8, 1, 32
_MEMORY = 128 * _N * _R * _P + 1_000_000
# Two at once: a flood of logins must not take the memory.
_TURNS = threading.BoundedSemaphore(2)


@dataclass(frozen=True, slots=True)
class User:
    """A user: name, role, and hashes that are never shown."""

    name: str
    role: str
    password: str = ""
    keys: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"User({self.name!r}, {self.role!r})"


class Users:
    """The users of a server, by name and by key."""

    def __init__(self, users: Mapping[str, User]) -> None:
        self._users = dict(users)
        self._by_key = {key: user for user in users.values() for key in user.keys}
        # A wrong name must take as long as a wrong password.
        self._nobody = hash_password(secrets.token_urlsafe(16))

    def __len__(self) -> int:
        return len(self._users)

    def __iter__(self) -> Any:
        return iter(sorted(self._users.values(), key=lambda user: user.name))

    def log_in(self, name: str, password: str) -> User | None:
        """Return the user whose name and password these are, else None, after the same time."""
        user = self._users.get(name)
        is_right = is_password(password, user.password if user and user.password else self._nobody)
        return user if user and user.password and is_right else None

    def find_by_key(self, key: str) -> User | None:
        """Return the user whose API key this is."""
        return self._by_key.get(hash_key(key))


def read_users(path: Path) -> Users:
    """Return the users of a file.

    Raises:
        ConfigError: it is missing, no TOML, open to others, or a user in it is malformed.
    """
    if not path.is_file():
        raise ConfigError("no such file of users", where=str(path), remedy="Make one: entrepot serve --add-user NAME.")
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise ConfigError("others may read this file", where=str(path), remedy=f"chmod 600 {path.name}")
    return Users(_read(path))


def write_user(path: Path, user: User) -> None:
    """Add a user to a file, or change one; the file is made where there is none, for its owner's eyes only.

    Raises:
        ConfigError: the name or the role is none, or the file cannot be read.
    """
    _refuse_malformed(user, path)
    users = _read(path) if path.is_file() else {}
    users[user.name] = user
    lines = []
    for one in users.values():
        keys = ", ".join(json.dumps(key) for key in one.keys)
        lines += [f"[users.{json.dumps(one.name)}]", f'role = "{one.role}"']
        lines += [f'password = "{one.password}"', f"keys = [{keys}]", ""]
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write("\n".join(lines))
        scratch.replace(path)
    finally:
        scratch.unlink(missing_ok=True)


def with_key(user: User) -> tuple[User, str]:
    """Return a user with a new API key, and the key itself, which is kept nowhere."""
    key = secrets.token_urlsafe(32)
    return replace(user, keys=(*user.keys, hash_key(key))), key


def hash_key(key: str) -> str:
    """Return what is kept of an API key. It is random and long, so one round is enough."""
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


def hash_password(password: str) -> str:
    """Return what is kept of a password: scrypt's parameters, salt and hash.

    Raises:
        ConfigError: it is too short or too long.
    """
    if not LEAST_PASSWORD <= len(password) <= MOST_PASSWORD:
        raise ConfigError(
            "the password is too short or too long", remedy=f"Use {LEAST_PASSWORD} to {MOST_PASSWORD} characters."
        )
    salt = secrets.token_bytes(16)
    return f"scrypt${_N}${_R}${_P}${_text(salt)}${_text(_scrypt(password, salt, _N, _R, _P))}"


def is_password(password: str, kept: str) -> bool:
    """Return whether a password is the one that was hashed."""
    _, n, r, p, salt, found = kept.split("$")
    made = _scrypt(password[:MOST_PASSWORD], b64decode(salt), int(n), int(r), int(p))
    return hmac.compare_digest(made, b64decode(found))


def _scrypt(password: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    with _TURNS:
        data = password.encode("utf-8", "replace")
        return hashlib.scrypt(data, salt=salt, n=n, r=r, p=p, maxmem=_MEMORY, dklen=_BYTES)


def _text(data: bytes) -> str:
    return b64encode(data).decode()


def _read(path: Path) -> dict[str, User]:
    try:
        found = tomllib.loads(path.read_text("utf-8"))
        users = {
            name: User(name, str(one["role"]), str(one.get("password", "")), tuple(map(str, one.get("keys", ()))))
            for name, one in found.get("users", {}).items()
        }
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, TypeError, AttributeError) as error:
        # The message might quote a hash; it is not shown.
        raise ConfigError("no file of users", where=str(path), remedy="See docs/security.md for its form.") from error
    for user in users.values():
        _refuse_malformed(user, path)
    return users


def _refuse_malformed(user: User, path: Path) -> None:
    if not _NAME.fullmatch(user.name):
        raise ConfigError(f"{user.name!r} is no name", where=str(path), remedy="Use letters a-z, digits, dot, dash.")
    if user.role not in ROLES:
        raise ConfigError(f"{user.name}: no role {user.role!r}", where=str(path), remedy=f"Roles: {', '.join(ROLES)}.")
    if user.password and not _HASH.fullmatch(user.password):
        raise ConfigError(f"{user.name}: the password is no hash", where=str(path), remedy="Set it with --add-user.")
