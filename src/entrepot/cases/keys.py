"""Keys of what is sealed: one a person, firm, record or case. To destroy the key is to erase what it sealed.

A ciphertext is bound to its key's reference, so that it cannot be moved to another one. Keys lie in the same database
as what they seal: they are there for erasure. Against somebody who takes the whole database, encrypt the disk.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select

from entrepot.cases.tables import META, SUBJECT_KEYS
from entrepot.errors import ConfigError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from sqlalchemy import Connection

ERASED = "(erased)"
_NONCE = 12
# Below the most bound parameters of one statement.
_BLOCK = 500


class Keys:
    """The keys of one transaction, each read once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._raw: dict[str, bytes] = {}
        self._pepper = b""
        self._made: dict[str, dict[str, Any]] = {}

    def find(self, kind: str, key: str) -> str | None:
        """Return the reference of a subject, or None where it has no key or its key was destroyed."""
        lookup = self._lookup(kind, key)
        if lookup in self._made:
            return str(self._made[lookup]["ref"])
        row = self._connection.execute(
            select(SUBJECT_KEYS.c.ref, SUBJECT_KEYS.c.key).where(SUBJECT_KEYS.c.lookup == lookup)
        ).first()
        if row is None:
            return None
        self._raw[row.ref] = bytes(row.key)
        return str(row.ref)

    def find_many(self, pairs: list[tuple[str, str]]) -> dict[tuple[str, str], str]:
        """Return the references of many subjects, kind and key each; those that have none are left out."""
        lookups = {self._lookup(kind, key): (kind, key) for kind, key in pairs}
        found: dict[tuple[str, str], str] = {}
        waiting = list(lookups)
        for start in range(0, len(waiting), _BLOCK):
            statement = select(SUBJECT_KEYS).where(SUBJECT_KEYS.c.lookup.in_(waiting[start : start + _BLOCK]))
            for row in self._connection.execute(statement):
                self._raw[row.ref] = bytes(row.key)
                found[lookups[row.lookup]] = str(row.ref)
        return found

    def of(self, kind: str, key: str, *, at: str) -> str:
        """Return the reference of a subject, with a new key where it has none."""
        return self.find(kind, key) or self.make(kind, key, at=at)

    def make(self, kind: str, key: str, *, at: str) -> str:
        """Return the reference of a subject that has no key yet, with a new one; written by :meth:`flush`."""
        ref, raw = f"s-{secrets.token_hex(12)}", secrets.token_bytes(32)
        lookup = self._lookup(kind, key)
        self._made[lookup] = {"ref": ref, "lookup": lookup, "kind": kind, "key": raw, "created_at": at}
        self._raw[ref] = raw
        return ref

    def flush(self) -> None:
        """Write the keys that were made."""
        if self._made:
            self._connection.execute(insert(SUBJECT_KEYS), list(self._made.values()))
            self._made = {}

    def find_ref(self, ref: str) -> str | None:
        """Return a reference where its key is still there, else None."""
        self.load({ref})
        return ref if ref in self._raw else None

    def load(self, refs: set[str]) -> None:
        """Read the keys of many references at once."""
        missing = sorted(ref for ref in refs if ref not in self._raw)
        for start in range(0, len(missing), _BLOCK):
            block = missing[start : start + _BLOCK]
            rows = self._connection.execute(
                select(SUBJECT_KEYS.c.ref, SUBJECT_KEYS.c.key).where(SUBJECT_KEYS.c.ref.in_(block))
            )
            self._raw.update({row.ref: bytes(row.key) for row in rows})

    def seal(self, ref: str, text: str) -> bytes:
        """Return a text sealed for a subject."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + _cipher(self._key(ref)).encrypt(nonce, text.encode(), ref.encode())

    def unseal(self, ref: str, sealed: bytes) -> str | None:
        """Return a sealed text, or None where its key was destroyed."""
        self.load({ref})
        raw = self._raw.get(ref)
        if raw is None:
            return None
        sealed = bytes(sealed)
        return _cipher(raw).decrypt(sealed[:_NONCE], sealed[_NONCE:], ref.encode()).decode()

    def digest(self, ref: str | None, text: str) -> str:
        """Return what two equal texts of one subject have in common, and nothing else tells."""
        if ref is None:
            return hashlib.sha256(text.encode()).hexdigest()
        return hmac.new(self._key(ref), text.encode(), hashlib.sha256).hexdigest()

    def destroy(self, ref: str) -> bool:
        """Destroy a key; return whether there was one."""
        self.flush()
        self._raw.pop(ref, None)
        return bool(self._connection.execute(delete(SUBJECT_KEYS).where(SUBJECT_KEYS.c.ref == ref)).rowcount)

    def _key(self, ref: str) -> bytes:
        self.load({ref})
        return self._raw[ref]

    def _lookup(self, kind: str, key: str) -> str:
        if not self._pepper:
            row = self._connection.execute(select(META.c.value).where(META.c.name == "pepper")).one()
            self._pepper = bytes(row.value)
        return hmac.new(self._pepper, f"{kind}\n{key}".encode(), hashlib.sha256).hexdigest()


def _cipher(raw: bytes) -> AESGCM:
    try:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    except ImportError as error:
        remedy = "Install it with `pip install 'entrepot[desk]'`."
        raise ConfigError("cryptography is not installed", where="alerts and cases", remedy=remedy) from error
    return AESGCM(raw)
