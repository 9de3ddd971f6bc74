"""Arrays: an index as NumPy arrays on disk, read where they lie and never unpacked."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from entrepot.lake import Lake

_COMPLETE = "complete"


@dataclass(frozen=True)
class Texts:
    """Many texts in one block of bytes."""

    data: NDArray[np.uint8]
    ends: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.ends)

    def all(self) -> list[str]:
        """Return every text; none of them may hold a line end."""
        return self.data.tobytes().decode().split("\n")

    def __getitem__(self, i: int) -> str:
        start = int(self.ends[i - 1]) if i else 0
        return self.data[start : int(self.ends[i])].tobytes().decode()


def texts_of(texts: Sequence[str]) -> Texts:
    """Return texts as one block."""
    raw = [text.encode("utf-8", "replace") for text in texts]
    ends = np.cumsum(np.fromiter(map(len, raw), np.int64, len(raw)))
    return Texts(np.frombuffer(b"".join(raw), np.uint8), ends)


@dataclass(frozen=True)
class Arrays:
    """The index. Names are sorted by the group of their entity, so that one group is one slice.

    Attributes:
        group_ends: the number of the first name after each group.
        gram_ends: the end of each gram's postings.
        posting_names, posting_weights: the names that have the gram, and what it adds to their likeness.
        gram_weights: how rare each gram is.
        name_entities: the entity of each name.
        name_bearers: how many listed persons bear the family's name that is in it; 0 where it has none.
        names: each name as the list gives it.
        sorted_names: its sounds, the words in the order of the alphabet.
        parties: each entity as JSON: id, schema, dataset, facts.
        number_hashes, number_entities: hashes of identifiers, rising, and their entities.
    """

    group_ends: NDArray[np.int64]
    gram_ends: NDArray[np.int64]
    posting_names: NDArray[np.int64]
    posting_weights: NDArray[np.float64]
    gram_weights: NDArray[np.float64]
    name_entities: NDArray[np.int64]
    name_bearers: NDArray[np.int64]
    names: Texts
    sorted_names: Texts
    parties: Texts
    number_hashes: NDArray[np.uint64]
    number_entities: NDArray[np.int64]


def stored_arrays(lake: Lake, key: str) -> Arrays | None:
    """Return the index kept under a key; None where there is none."""
    folder = lake.path / "index" / key
    if not (folder / _COMPLETE).is_file():
        return None
    found: dict[str, Any] = {}
    for field in fields(Arrays):
        if field.type == "Texts":
            found[field.name] = Texts(_read(folder, f"{field.name}_data"), _read(folder, f"{field.name}_ends"))
        else:
            found[field.name] = _read(folder, field.name)
    return Arrays(**found)


def store_arrays(lake: Lake, key: str, arrays: Arrays, *, kept: int = 4) -> Arrays:
    """Keep an index under a key, whole or not at all, and return it as read from there.

    A folder that may not be written is no error: the index then stays in memory. The oldest beyond ``kept`` go.
    """
    folder = lake.path / "index"
    scratch = folder / f".{key}.{os.getpid()}-{uuid.uuid4().hex[:6]}"
    try:
        scratch.mkdir(parents=True)
        for field in fields(Arrays):
            value = getattr(arrays, field.name)
            if isinstance(value, Texts):
                np.save(scratch / f"{field.name}_data.npy", value.data)
                np.save(scratch / f"{field.name}_ends.npy", value.ends)
            else:
                np.save(scratch / f"{field.name}.npy", value)
        (scratch / _COMPLETE).touch()
        if not (folder / key).exists():
            scratch.rename(folder / key)
        _tidy(folder, key, kept)
    except OSError:
        return arrays
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return stored_arrays(lake, key) or arrays


def _tidy(folder: Path, key: str, kept: int) -> None:
    others = [path for path in folder.iterdir() if path.name != key and not path.name.startswith(".")]
    for path in sorted(others, key=lambda path: path.stat().st_mtime, reverse=True)[kept - 1 :]:
        shutil.rmtree(path, ignore_errors=True)


def _read(folder: Path, name: str) -> NDArray[Any]:
    # A plain array over the mapped bytes: slices of np.memmap are many times slower.
    path = folder / f"{name}.npy"
    try:
        found: NDArray[Any] = np.load(path, mmap_mode="r").view(np.ndarray)
    except ValueError:  # Nothing can be mapped of an empty one.
        found = np.load(path)
    return found
