"""An invented article about the simulated world, for trying what becomes of its claims."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from entrepot.world.store import write_text


def write_article(path: Path) -> Path:
    """Write an invented article, whose people and outlets do not exist, to ``path`` and return the path.

    Raises:
        SourceError: the file cannot be written.
    """
    write_text(path, files("entrepot.world").joinpath("data/article.txt").read_text("utf-8"))
    return path
