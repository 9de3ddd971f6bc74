"""Pictures: what the report draws, for other pages that show the same."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from entrepot.report.river import River
from entrepot.report.writing import template


def river_picture(river: River, text: str) -> str:
    """Return a river as the text of an SVG element, described by ``text``; its looks come from the stylesheet."""
    return str(_parts().river(river, text))


@cache
def _parts() -> Any:
    """The drawings' macros, compiled once."""
    return template("parts.html.j2").module


@cache
def stylesheet() -> str:
    """Return the report's CSS."""
    return (files("entrepot.report") / "templates" / "style.css").read_text("utf-8")
