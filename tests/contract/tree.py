"""The package as its files: modules, rooms, doors, imports. Nothing is executed."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "entrepot"
NAME = "entrepot"

# A room imports only rooms of a smaller number. Rooms of one number never import each other.
LADDER = {
    "errors": 0,
    "settings": 1,
    "origin": 2,
    "numerics": 3,
    "codes": 4,
    "lake": 5,
    "ledger": 6,
    "sources": 7,
    "flows": 7,
    "redflags": 7,
    "parties": 7,
    "articles": 7,
    "world": 7,
    "alerts": 8,
    "cases": 9,
    "report": 10,
    "web": 11,
    "cli": 12,
}


class Import(NamedTuple):
    """One imported name: ``from module import name``, or ``import module`` with an empty name."""

    module: str
    name: str
    line: int


@cache
def modules() -> tuple[Path, ...]:
    return tuple(sorted(PACKAGE.rglob("*.py")))


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def room_of(path: Path) -> str:
    """The room that a file belongs to; an empty text for the package's own top."""
    parts = path.relative_to(PACKAGE).parts
    return "" if parts[0] in ("__init__.py", "__main__.py") else parts[0].removesuffix(".py")


def rooms() -> list[str]:
    return sorted({room_of(path) for path in modules()} - {""})


def door(room: str) -> Path:
    """The file that other rooms may import from."""
    folder = PACKAGE / room
    return folder / "__init__.py" if folder.is_dir() else folder.with_suffix(".py")


def imports(tree: ast.AST) -> Iterator[Import]:
    """Every import of the package's own modules, also inside functions and under TYPE_CHECKING."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, "", node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = f"{'.' * node.level}{node.module or ''}"
            yield from (Import(module, alias.name, node.lineno) for alias in node.names)


def exported(path: Path) -> list[str]:
    """The names in a module's ``__all__``; empty where it has none."""
    for node in parsed(path).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return list(ast.literal_eval(node.value))
    return []


@cache
def files() -> tuple[Path, ...]:
    """The project's own files: those that git knows, else those that are not made by tools."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout.split("\0")
        found = [ROOT / name for name in listed if name]
    except (OSError, subprocess.CalledProcessError):
        made = {".venv", ".git", "__pycache__", "build", "dist", "demo", "lake"}
        found = [path for path in ROOT.rglob("*") if not made & set(path.relative_to(ROOT).parts)]
    return tuple(path for path in found if path.is_file())
