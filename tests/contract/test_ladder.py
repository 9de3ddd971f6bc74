"""The ladder of imports: data goes right, imports go left, and only through a room's door."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.tree import LADDER, NAME, PACKAGE, Import, door, exported, imports, modules, parsed, room_of, rooms
from tests.contract.tree import shown as name_of

# Names found by text in tables that the tests read: of the package's own door, and of the commands.
BY_TABLE = {PACKAGE / "__init__.py", PACKAGE / "cli" / "__init__.py"}


def late_imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and beginning of the name of every module that is imported by text; empty where nobody can read it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in ("import_module", "__import__"):
            given = node.args[0] if node.args else None
            first = given.values[0] if isinstance(given, ast.JoinedStr) else given
            if isinstance(first, ast.FormattedValue) and ast.unparse(first.value) == "__name__":
                continue  # Within the room.
            text = first.value if isinstance(first, ast.Constant) else ""
            yield node.lineno, str(text)


def faults(path: Path, room: str, tree: ast.AST) -> Iterator[str]:
    """What an import of the package does that it may not, one sentence each."""
    for found in imports(tree):
        if found.module.startswith("."):
            yield f"{name_of(path)}:{found.line} imports relatively; name the room"
        elif found.module.split(".")[0] == NAME:
            yield from (f"{name_of(path)}:{found.line} {fault}" for fault in _own(room, found))
    for line, text in late_imports(tree):
        if not text.startswith(f"{NAME}.{room}.") and path not in BY_TABLE:
            yield f"{name_of(path)}:{line} imports {text or 'a module'} by text; write the import, inside a function"


def _own(room: str, found: Import) -> Iterator[str]:
    parts = found.module.split(".")[1:]
    target = parts[0] if parts else found.name
    if not parts and found.name == "__version__":
        return
    if target not in LADDER:
        yield f"imports {found.module}, which is no room"
    elif target != room:
        if room and LADDER[target] >= LADDER[room]:
            yield f"imports {target}, which stands right of {room} or beside it"
        if len(parts) != 1:
            yield f"imports {found.module}; only {NAME}.{target} is open to other rooms"
        elif exported(door(target)) and found.name not in exported(door(target)):
            yield f"imports {found.name!r}, which {target} does not list in __all__"


def test_no_import_goes_right_sideways_or_past_a_door() -> None:
    assert [fault for path in modules() for fault in faults(path, room_of(path), parsed(path))] == []


@pytest.mark.parametrize(
    ("room", "line"),
    [
        ("codes", "from entrepot.lake import open_lake"),
        ("flows", "from entrepot.sources import ingest"),
        ("flows", "from entrepot.codes.blocs import members"),
        ("flows", "from entrepot.codes import blocs"),
        ("flows", "from entrepot import codes"),
        ("lake", "def f():\n    import entrepot.flows"),
        ("lake", "from .store import Lake"),
        ("sources", "if TYPE_CHECKING:\n    from entrepot.report import write_report"),
        ("cli", "from entrepot.helpers import anything"),
        ("web", "from entrepot.cli import main"),
        ("flows", "import_module('entrepot.report')"),
        ("cli", "import importlib\nROOM = 'entrepot.web'\nweb = importlib.import_module(ROOM)"),
    ],
)
def test_a_wrong_import_is_seen(room: str, line: str) -> None:
    assert list(faults(PACKAGE / room / "made.py", room, ast.parse(line)))


def test_every_room_stands_on_the_ladder_and_has_a_door() -> None:
    assert [room for room in rooms() if room not in LADDER] == []
    assert [room for room in rooms() if (PACKAGE / room).is_dir() and not exported(door(room))] == []


def test_names_imported_late_come_from_doors() -> None:
    """``entrepot.open`` and its like are found by text, which no reading of imports sees."""
    homes = next(
        ast.literal_eval(node.value)
        for node in parsed(PACKAGE / "__init__.py").body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "_HOMES"
    )
    for module, name in homes.values():
        path = door(module.split(".")[1])
        assert module.count(".") == 1 and (name in exported(path) or not exported(path)), (module, name)
