"""Which code and data this room is: what was stored or begun under another is not taken up again."""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from importlib.resources import files
from importlib.resources.abc import Traversable

_ENDINGS = (".py", ".csv", ".yml", ".json")


@cache
def revision() -> str:
    """Return a digest of every file of the room: another matcher or another table of names is another revision."""
    digest = blake2b(digest_size=8)
    for name, content in sorted(_contents(files("entrepot.parties"))):
        digest.update(name.encode() + b"\0" + content)
    return digest.hexdigest()


def _contents(folder: Traversable, path: str = "") -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for one in folder.iterdir():
        if one.is_dir() and one.name != "__pycache__":
            found += _contents(one, f"{path}{one.name}/")
        elif one.name.endswith(_ENDINGS):
            found.append((path + one.name, one.read_bytes()))
    return found
