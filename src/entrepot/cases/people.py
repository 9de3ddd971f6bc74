"""People of the desk: names and roles, in the one place where the pages and the commands look them up.

The audit log knows them by reference alone.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select, update

from entrepot.cases.credentials import COST, hashed, is_hash
from entrepot.cases.policy import ROLES
from entrepot.cases.tables import ALERTS, CASES, USER_KEYS, USERS
from entrepot.errors import ConfigError, DeskError, NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from sqlalchemy import Connection

    from entrepot.cases.store import Store


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who decides.

    Attributes:
        ref: what the audit log calls this user.
        name: login name; None after it was erased.
        role: analyst, reviewer, auditor or admin.
        is_active: whether the user may decide.
        has_password: whether the user may log in.
        key_hashes: of the keys with which the user's programs come in.
    """

    ref: str
    name: str | None
    role: str
    is_active: bool
    has_password: bool
    key_hashes: tuple[str, ...] = field(default=(), repr=False)


def add_user(
    store: Store, name: str, role: str, *, by: str, at: str, password: str | None = None, scrypt_n: int = COST
) -> User:
    """Add a user, or change role and password of one; only an admin may. The first user of a store is an admin.

    Raises:
        ConfigError: an empty name, another role, or a password that is too short.
        DeskError: ``by`` is no admin.
    """
    if not name.strip() or len(name) > 100 or name != name.strip():
        raise ConfigError(f"user name {name!r}", remedy="Give a name of at most 100 characters.")
    if role not in ROLES:
        raise ConfigError(f"role {role!r}", remedy=f"Use one of {', '.join(ROLES)}.")
    with store.write(by=by, at=at) as writer:
        writer.require("admin")
        found = writer.connection.execute(select(USERS).where(USERS.c.name == name)).mappings().first()
        is_first = writer.connection.execute(select(func.count()).select_from(USERS)).scalar_one() == 0
        given = {} if password is None else {"password_hash": hashed(password, n=scrypt_n)}
        chosen = "admin" if is_first else role
        if found is None:
            ref = f"u-{secrets.token_hex(8)}"
            row = {"user_ref": ref, "name": name, "role": chosen, "is_active": True, "created_at": at, "version": 1}
            writer.connection.execute(insert(USERS).values(**row, **given))
        else:
            ref = str(found["user_ref"])
            changed = {"role": chosen, "is_active": True, "version": found["version"] + 1, **given}
            writer.connection.execute(update(USERS).where(USERS.c.user_ref == ref).values(**changed))
        writer.record("user", ref, role=chosen, has_new_password=password is not None)
    return get_user(store, name)


def adopt_user(
    store: Store, name: str, role: str, *, password_hash: str, key_hashes: tuple[str, ...] = (), by: str, at: str
) -> bool:
    """Take a user over from elsewhere with what is kept of password and keys; one who is there already stays as is.

    Returns:
        Whether the user is new.

    Raises:
        ConfigError: the role is none, or the hash is none of scrypt.
        DeskError: ``by`` is no admin.
    """
    if role not in ROLES or not is_hash(password_hash):
        raise ConfigError(f"user {name!r} has no role or no hash of scrypt", remedy=f"Roles: {', '.join(ROLES)}.")
    with store.write(by=by, at=at) as writer:
        writer.require("admin")
        if writer.connection.execute(select(USERS.c.user_ref).where(USERS.c.name == name)).first() is not None:
            return False
        ref = f"u-{secrets.token_hex(8)}"
        row = {"user_ref": ref, "name": name, "role": role, "is_active": True, "created_at": at, "version": 1}
        writer.connection.execute(insert(USERS).values(**row, password_hash=password_hash))
        for key in key_hashes:
            writer.connection.execute(insert(USER_KEYS).values(key_hash=key, user_ref=ref, created_at=at))
        writer.record("user", ref, role=role, has_new_password=True)
    return True


def get_user(store: Store, name: str) -> User:
    """Return a user by name.

    Raises:
        NotFound: there is none.
    """
    with store.read() as connection:
        row = connection.execute(select(USERS).where(USERS.c.name == name)).mappings().first()
        keys = _keys_of(connection)
    if row is None:
        raise NotFound(f"there is no user {name!r}", remedy="An admin adds users: `entrepot case user NAME`.")
    return _user(row, keys)


def users(store: Store) -> list[User]:
    """Return every user, by name."""
    with store.read() as connection:
        rows = connection.execute(select(USERS).order_by(USERS.c.name)).mappings().all()
        keys = _keys_of(connection)
    return [_user(row, keys) for row in rows]


def deactivate_user(store: Store, name: str, *, by: str, at: str, is_erased: bool = False) -> None:
    """Take a user's right to decide; with ``is_erased`` the name goes, too, and the reference names nobody any more.

    Raises:
        DeskError: open alerts or cases are the user's, or it is the last admin, or ``by`` is no admin.
    """
    user = get_user(store, name)
    with store.write(by=by, at=at) as writer:
        writer.require("admin")
        held = sum(
            writer.connection.execute(
                select(func.count()).select_from(table).where(table.c.owner == user.ref, table.c.status != "closed")
            ).scalar_one()
            for table in (ALERTS, CASES)
        )
        if held:
            raise DeskError(f"{name!r} owns {held} open alerts and cases", remedy="Assign them to somebody else.")
        admins = select(func.count()).select_from(USERS).where(USERS.c.role == "admin", USERS.c.is_active.is_(True))
        if user.role == "admin" and writer.connection.execute(admins).scalar_one() == 1:
            raise DeskError(f"{name!r} is the last admin", remedy="Make somebody else admin first.")
        writer.connection.execute(delete(USER_KEYS).where(USER_KEYS.c.user_ref == user.ref))
        changed = {"is_active": False, "password_hash": None, **({"name": None} if is_erased else {})}
        writer.connection.execute(update(USERS).where(USERS.c.user_ref == user.ref).values(**changed))
        writer.record("erase_user" if is_erased else "deactivate_user", user.ref)


def names_of(connection: Connection) -> dict[str, str]:
    """Return reference -> name of every user."""
    rows = connection.execute(select(USERS.c.user_ref, USERS.c.name)).all()
    return {str(ref): str(name) if name is not None else "(erased)" for ref, name in rows}


def _keys_of(connection: Connection) -> dict[str, tuple[str, ...]]:
    held: dict[str, tuple[str, ...]] = {}
    for ref, key in connection.execute(select(USER_KEYS.c.user_ref, USER_KEYS.c.key_hash)).all():
        held[str(ref)] = (*held.get(str(ref), ()), str(key))
    return held


def _user(row: Mapping[Any, Any], keys: Mapping[str, tuple[str, ...]]) -> User:
    name = None if row["name"] is None else str(row["name"])
    ref, has_password = str(row["user_ref"]), row["password_hash"] is not None
    return User(ref, name, str(row["role"]), bool(row["is_active"]), has_password, keys.get(ref, ()))
