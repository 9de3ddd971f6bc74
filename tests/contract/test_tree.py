"""What may not stand in the tree: data frames, clocks, stray exceptions, over-long files, traces of a machine."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.tree import PACKAGE, ROOT, exported, files, imports, modules, parsed, room_of, rooms, shown
from tests.contract.tree import door as door_of

MOST_LINES, MOST_LINES_OF_FUNCTION = 400, 50

# A table turns into these on request, and Spark takes and gives columns as Arrow, which its extra brings; nothing
# else in the package knows them.
FRAMES = {"pandas", "pyarrow", "polars"}
# Heavier than all the rest of the core; what it was used for stands in numerics (docs/decisions/0007).
TOO_HEAVY = {"scipy"}
MAY_TURN = {"lake/table.py", "lake/spark.py"}

CLOCKS = {"datetime.now", "datetime.utcnow", "date.today", "time.time", "time.monotonic", "time.perf_counter"}
# fetch is polite by the clock; a notebook that gives ingest no instant gets the present one.
MAY_LOOK = {"cli", "web", "sources/fetching", "sources/ingesting.py"}

ENVIRONMENT = {"os.environ", "os.getenv", "os.putenv"}

# Misuse by a programmer, in Python's own words, or what Python's protocols ask for.
MAY_RAISE = {"AttributeError", "ValueError", "NotImplementedError", "KeyboardInterrupt", "StopIteration"}


def place(path: Path, node: ast.AST) -> str:
    return f"{shown(path)}:{getattr(node, 'lineno', 0)}"


def is_within(path: Path, allowed: set[str]) -> bool:
    inside = path.relative_to(PACKAGE).as_posix()
    return any(inside == entry or inside.startswith(f"{entry}/") for entry in allowed)


def nodes(*kinds: type[ast.AST]) -> Iterator[tuple[Path, ast.AST]]:
    for path in modules():
        yield from ((path, node) for node in ast.walk(parsed(path)) if isinstance(node, kinds))


def test_no_data_frame_library_is_imported() -> None:
    found = [
        f"{shown(path)}:{item.line}"
        for path in modules()
        if not is_within(path, MAY_TURN)
        for item in imports(parsed(path))
        if item.module.split(".")[0] in FRAMES
    ]
    assert found == []


def test_nothing_imports_what_the_core_does_not_install() -> None:
    found = [
        f"{shown(p)}:{i.line}" for p in modules() for i in imports(parsed(p)) if i.module.split(".")[0] in TOO_HEAVY
    ]
    assert found == []


def test_only_the_edge_reads_the_clock() -> None:
    found = [place(path, node) for path, node in nodes(ast.Attribute) if ast.unparse(node) in CLOCKS]
    assert [text for text in found if not is_within(ROOT / text.partition(":")[0], MAY_LOOK)] == []


def test_only_the_edge_reads_the_environment() -> None:
    found = [place(path, node) for path, node in nodes(ast.Attribute) if ast.unparse(node) in ENVIRONMENT]
    assert [text for text in found if not is_within(ROOT / text.partition(":")[0], {"cli"})] == []


def test_files_and_functions_stay_short() -> None:
    long = [shown(path) for path in modules() if len(path.read_text("utf-8").splitlines()) > MOST_LINES]
    for path, node in nodes(ast.FunctionDef, ast.AsyncFunctionDef):
        assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None
        body = node.body[1:] if ast.get_docstring(node) else node.body
        if body and node.end_lineno - body[0].lineno >= MOST_LINES_OF_FUNCTION:
            long.append(f"{place(path, node)} {node.name}")
    assert long == []


def _is_exception(node: ast.ClassDef) -> bool:
    bases = {ast.unparse(base).rpartition(".")[2] for base in node.bases}
    own = {
        name for name, value in vars(builtins).items() if isinstance(value, type) and issubclass(value, BaseException)
    }
    return bool(bases & (own | errors()))


def errors() -> set[str]:
    return {node.name for node in parsed(PACKAGE / "errors.py").body if isinstance(node, ast.ClassDef)}


def test_every_public_exception_stands_in_one_tree() -> None:
    """A room may have signals of its own; what leaves it is an exception of errors.py."""
    public = {name for room in rooms() if room != "errors" for name in exported(door_of(room))}
    stray = [
        f"{place(path, node)} {node.name}"
        for path, node in nodes(ast.ClassDef)
        if isinstance(node, ast.ClassDef) and room_of(path) != "errors" and _is_exception(node) and node.name in public
    ]
    assert stray == []


def test_nothing_of_pythons_own_is_raised_for_bad_data() -> None:
    found = [
        f"{place(path, node)} {node.exc.func.id}"
        for path, node in nodes(ast.Raise)
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and isinstance(node.exc.func, ast.Name)
        if node.exc.func.id in vars(builtins) and node.exc.func.id not in MAY_RAISE
    ]
    assert found == []


def test_the_tree_of_errors_is_drawn_in_its_docstring() -> None:
    drawn = ast.get_docstring(parsed(PACKAGE / "errors.py")) or ""
    assert [name for name in sorted(errors()) if not re.search(rf"^\s*{name}\b", drawn, re.MULTILINE)] == []


# Written in pieces, so that this file does not hold what it looks for.
TRACES = {
    "a path of somebody's machine": r"(?<![\w.])/(?:work|home/\w+|Users/\w+|root|opt/(?:pypi|wheels))"
    + r"(?:/|(?=[\s'\"`]))",
    "an address of a package index": r"(?:pypi\.|pypi-|files\.pythonhosted)"
    + r"[\w.]*(?:org|simple)|extra-index-"
    + r"url|find-"
    + r"links",
    "work left undone": r"\b(?:TO" + r"DO|FIX" + r"ME|X" + r"XX:)\b",
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE " + r"KEY",
}


@pytest.mark.parametrize("what", TRACES)
def test_no_file_holds(what: str) -> None:
    pattern = re.compile(TRACES[what])
    found = []
    for path in files():
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{shown(path)}: {match.group()!r}" for match in pattern.finditer(text)]
    assert found == []


def test_no_file_is_large() -> None:
    large = [f"{shown(path)} {path.stat().st_size:,}" for path in files() if path.stat().st_size > 700_000]
    assert large == []
