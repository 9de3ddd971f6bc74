"""Fixtures that every room's tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real files of publishers, kept outside the project; tests skip where they are absent."""
    root = Path(os.environ.get("ENTREPOT_TEST_DATA", Path(__file__).parents[2] / "shared" / "data"))
    if not (root / "trade").is_dir():
        pytest.skip("real trade data is not here; set ENTREPOT_TEST_DATA to its folder")
    return root
