"""The example notebook runs from a fresh kernel, and git holds it without outputs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tour.reading import ROOT

nbformat = pytest.importorskip("nbformat")
STORY = ROOT / "examples" / "story.ipynb"


@pytest.mark.slow
def test_the_notebook_runs(demo: Path) -> None:
    nbclient = pytest.importorskip("nbclient")
    book = nbformat.read(STORY, as_version=4)
    folder = demo / "examples"
    folder.mkdir(exist_ok=True)
    nbclient.NotebookClient(book, timeout=120, resources={"metadata": {"path": str(folder)}}).execute()
    shown = [output for cell in book.cells for output in cell.get("outputs", [])]
    assert any("text/html" in output.get("data", {}) for output in shown)
    assert any("planted in all" in output.get("text", "") for output in shown)


def test_the_notebook_is_kept_without_outputs() -> None:
    cells = nbformat.read(STORY, as_version=4).cells
    assert [cell for cell in cells if cell.get("outputs") or cell.get("execution_count")] == []
