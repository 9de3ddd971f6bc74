"""Stores with people in them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from entrepot.cases import Store, open_store
from tests.cases.made import people


@pytest.fixture
def store(where: str) -> Iterator[Store]:
    """A store with ann (admin), bob (reviewer), cat (analyst) and aud (auditor), on both databases."""
    with open_store(where) as found:
        people(found)
        yield found


@pytest.fixture
def file_store(tmp_path: Path) -> Iterator[Store]:
    """The same in a file alone, for what does not depend on the database."""
    with open_store(tmp_path / "desk.sqlite") as found:
        people(found)
        yield found
