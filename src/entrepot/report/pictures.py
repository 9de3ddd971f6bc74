"""Pictures: what the report draws, for other pages that show the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any

from entrepot.report.river import River
from entrepot.report.writing import template

# Over the three columns.
HEADS = ("From", "Through", "To")


def river_picture(river: River, text: str, *, say: Callable[[str], str] = str) -> str:
    """Return a river as the text of an SVG element; its looks come from the stylesheet.

    Args:
        text: what it shows, for readers who do not see it.
        say: puts names and titles into another language.
    """
    bands = tuple(replace(band, title=say(band.title)) for band in river.bands)
    nodes = tuple(replace(node, text=say(node.text)) for node in river.nodes)
    heads = [say(word) for word in HEADS]
    return str(_parts().river(replace(river, bands=bands, nodes=nodes), text, heads))


@cache
def _parts() -> Any:
    """The drawings' macros, compiled once."""
    return template("parts.html.j2").module


@cache
def stylesheet() -> str:
    """Return the report's CSS."""
    return (files("entrepot.report") / "templates" / "style.css").read_text("utf-8")
