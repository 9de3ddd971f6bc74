"""Desk: the store of alerts, cases and people that a server works on, and who asks it for what at which instant."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request

from entrepot.errors import EntrepotError, NotFound
from entrepot.settings import Settings
from entrepot.web.options import WebOptions

if TYPE_CHECKING:
    from entrepot.cases import Store, User

_LOG = logging.getLogger("entrepot.web")
# How often the server looks who may still come in, in seconds.
_LOOK = 2.0


class Desk:
    """The store, opened when it is first needed; a file that is not there is made by the first decision."""

    def __init__(self, settings: Settings, options: WebOptions) -> None:
        self.where: str | Path = options.store or settings.store or settings.lake / "desk" / "desk.sqlite"
        self._options = options
        self._lock = threading.Lock()
        self._store: Store | None = None

    def find(self) -> Store | None:
        """Return the store, or None where nobody has made one."""
        is_there = "://" in str(self.where) or Path(self.where).is_file()
        return self._opened() if self._store is not None or is_there else None

    def get(self, *, by: str, at: str) -> Store:
        """Return the store, made where there is none; whoever makes it is its admin, as with the commands."""
        from entrepot.cases import add_user, users

        store = self._opened()
        if not users(store):
            add_user(store, by, "admin", by=by, at=at)
        return store

    def close(self) -> None:
        """Give the connections back; the store is opened again when it is needed."""
        with self._lock:
            if self._store is not None:
                self._store.close()
            self._store = None

    def _opened(self) -> Store:
        from entrepot.cases import open_store, read_policy

        with self._lock:
            if self._store is None:
                policy = read_policy(self._options.policy) if self._options.policy else None
                self._store = open_store(self.where, policy=policy)
        return self._store


class People:
    """Who may come in: the users of the store, looked up again every few seconds.

    Whoever loses a role, a key or the right to come in loses it here within that time.
    """

    def __init__(self, desk: Desk, *, is_local: bool) -> None:
        self._desk, self._is_local = desk, is_local
        self._lock = threading.Lock()
        self._by_name: dict[str, User] = {}
        self._by_key: dict[str, User] = {}
        self.look()

    def look(self) -> None:
        """Look them up now."""
        from entrepot.cases import users

        store = self._desk.find()
        found = [user for user in users(store) if user.is_active and user.name] if store is not None else []
        self._by_name = {str(user.name): user for user in found}
        self._by_key = {key: user for user in found for key in user.key_hashes}
        self._has_login = any(user.has_password or user.key_hashes for user in found)
        self._looked = time.monotonic()

    @property
    def can_log_in(self) -> bool:
        """Whether anybody has a password or a key."""
        return self._has_login

    @property
    def must_log_in(self) -> bool:
        """Whether a request needs a user: always beyond this machine, and wherever somebody has a password or key."""
        self._look_again()
        return self._has_login or not self._is_local

    def all(self) -> list[User]:
        """Return the active users, by name."""
        return sorted(self._by_name.values(), key=lambda user: str(user.name))

    def find(self, name: str) -> User | None:
        """Return an active user."""
        self._look_again()
        return self._by_name.get(name)

    def find_by_key(self, key: str) -> User | None:
        """Return the active user whose key this is."""
        from entrepot.cases import key_hash

        self._look_again()
        return self._by_key.get(key_hash(key))

    def log_in(self, name: str, password: str) -> User | None:
        """Return the user whose name and password these are, else None, after the same time.

        On a server that asks for no password, a name is enough: whoever sits at the machine says who decides, as with
        ``--as`` of the commands.
        """
        from entrepot.cases import is_password

        store = self._desk.find()
        if store is None:
            return None
        if self.must_log_in and not is_password(store, name, password):
            return None
        self.look()
        return self._by_name.get(name)

    def _look_again(self) -> None:
        if time.monotonic() - self._looked > _LOOK and self._lock.acquire(blocking=False):
            self._looked = time.monotonic()
            threading.Thread(target=self._look_beside, name="people", daemon=True).start()

    def _look_beside(self) -> None:
        try:
            self.look()
        except EntrepotError as error:
            # Who came in before stays in until the store answers again; nobody new comes in.
            _LOG.error("the store cannot be read: %s", type(error).__name__)
        finally:
            self._lock.release()


@dataclass(frozen=True)
class Turn:
    """One request at the desk: by whom and when."""

    desk: Desk
    by: str
    at: str

    @property
    def day(self) -> str:
        """The day, which decides which suppressions hold."""
        return self.at[:10]

    @property
    def store(self) -> Store:
        """The store to decide in, made where there is none."""
        return self.desk.get(by=self.by, at=self.at)

    @property
    def found(self) -> Store:
        """The store to read in.

        Raises:
            NotFound: there is none yet.
        """
        store = self.desk.find()
        if store is None:
            raise NotFound("no alerts and no cases are kept here yet", remedy="Add some: `entrepot alerts add`.")
        return store

    @property
    def deciding(self) -> dict[str, str]:
        """Who and when, as the functions of the desk take them."""
        return {"by": self.by, "at": self.at}


async def _turn(request: Request) -> Turn:
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Turn(request.app.state.desk, request.state.session.name, at)


AtDesk = Annotated[Turn, Depends(_turn)]
