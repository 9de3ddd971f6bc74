"""The demo, made once for all tests of the tour."""

from __future__ import annotations

import contextlib
import io
import shutil
from pathlib import Path

import pytest

from entrepot.cli import main
from tests.tour.reading import ROOT


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which ``entrepot demo`` has run."""
    folder = tmp_path_factory.mktemp("tour")
    # As in a checkout, where the tour is read.
    shutil.copytree(ROOT / "examples", folder / "examples")
    said = io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        assert main(["demo"]) == 0, said.getvalue()
    return folder


@pytest.fixture
def in_demo(demo: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(demo)
    return demo
