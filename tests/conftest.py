"""Fixtures that every room's tests share."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

# Fixtures of the desk and of the server alike.
from tests.stores import postgresql as postgresql
from tests.stores import where as where

# How long an example takes says more of the machine than of the code.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real files of publishers, kept outside the project; tests skip where they are absent."""
    root = Path(os.environ.get("ENTREPOT_TEST_DATA", Path(__file__).parents[2] / "shared" / "data"))
    if not (root / "trade").is_dir():
        pytest.skip("real trade data is not here; set ENTREPOT_TEST_DATA to its folder")
    return root


@pytest.fixture(scope="session", autouse=True)
def _no_power_cut() -> Iterator[None]:
    """No test pulls the plug, so none waits for the disk: what is killed leaves its files to the system."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: None)
        yield


# What takes longest starts first, so that no process waits for another at the end.
_LONGEST = ("engines", "tour")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """With several processes, a file's tests run in one, for they share what it makes; the tour's share one demo."""
    for item in items:
        room = item.path.parent.name
        item.add_marker(pytest.mark.xdist_group(room if room == "tour" else item.nodeid.partition("::")[0]))
    items.sort(key=lambda item: item.path.parent.name not in _LONGEST)


def pytest_collection_finish() -> None:
    """What was imported stays to the end: the collector need not look through it again during every test."""
    gc.freeze()
