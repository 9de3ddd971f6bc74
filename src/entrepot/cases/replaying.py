"""Replay: the questions of a case file put again, and every cell that comes out otherwise."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from entrepot.cases.audit import entry_problem
from entrepot.cases.bundle import manifest_of, unpack_bundle, verify_bundle
from entrepot.cases.queries import ROW_KEYS, Query, answer_json, answer_query, versions_here
from entrepot.errors import BundleRefused, EntrepotError
from entrepot.lake import Lake, Table, open_lake

DIFFERENCES = {
    "query": "VARCHAR",
    "row": "VARCHAR",
    "column": "VARCHAR",
    "frozen": "VARCHAR",
    "replayed": "VARCHAR",
    "relative": "DOUBLE",
}
# Sums on another processor may differ in their last digits.
TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay came to.

    Attributes:
        differences: grain query, row, column; both values as text and, of numbers, the relative difference. A row
            that one side lacks has column ``(row)``. Differences up to the tolerance are not in it.
        n_queries: questions that were put again.
        n_cells: cells that were compared.
        n_close: numbers that are not the same but within the tolerance.
        not_replayed: questions that could not be put again, with the reason.
        versions: name -> version at the freeze and here, where they differ.
        manifest: of the case file.
        manifest_sha256: its hash.
    """

    differences: Table
    n_queries: int
    n_cells: int
    n_close: int
    not_replayed: tuple[str, ...]
    versions: Mapping[str, tuple[str, str]]
    manifest: Mapping[str, Any]
    manifest_sha256: str

    @property
    def is_same(self) -> bool:
        """Whether every question was put again and gave the same."""
        return not len(self.differences) and not self.not_replayed


def replay(path: Path, *, lake: Lake | None = None, tolerance: float = TOLERANCE) -> Replayed:
    """Put the questions of a case file again to the inputs in it, and compare the answers cell by cell.

    Args:
        lake: a lake of one's own to ask instead; needed where inputs were withheld, and then looked through for the
            very bytes that the manifest names.
        tolerance: relative difference of two numbers that counts as none.

    Raises:
        NotFound: no such file.
        BundleRefused: it is damaged, altered, hostile, or no case file.
    """
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "case"
        folder.mkdir()
        manifest = unpack_bundle(path, folder)
        compared = _Compared(tolerance)
        missing = _missing_inputs(manifest, lake)
        inside = folder / "inputs" / "lake"
        asked = lake if lake is not None else _own_lake(inside, path) if inside.is_dir() else None
        n_queries, skipped = 0, []
        for file in sorted((folder / "queries").glob("*.json")):
            name = file.stem
            query = _query(file, folder, path)
            if missing and query.command != "check":
                skipped.append(f"query {name}: {missing}")
                continue
            work = Path(scratch) / f"work-{name}"
            work.mkdir()
            try:
                answer = json.loads(answer_json(answer_query(query, asked, work)))
            except EntrepotError as error:
                skipped.append(f"query {name}: {error}")
                continue
            n_queries += 1
            told = _told(folder / "answers" / f"{name}.json", path)
            compared.answers(f"{name} {query.command}", told, answer, ROW_KEYS[query.command])
    return Replayed(
        Table.from_rows(compared.rows, DIFFERENCES),
        n_queries,
        compared.n_cells,
        compared.n_close,
        tuple(skipped),
        _other_versions(manifest),
        manifest,
        manifest_of(path)[1],
    )


def verify_case_file(path: Path) -> Table:
    """Return what does not hold in a case file: file, problem. Files against the manifest, audit entries by their hash.

    Raises:
        NotFound: no such file.
        BundleRefused: it is no case file, or a hostile one.
    """
    problems = verify_bundle(path)
    if len(problems):
        return problems
    found = []
    with tempfile.TemporaryDirectory() as scratch:
        unpack_bundle(path, Path(scratch))
        log = Path(scratch) / "audit.jsonl"
        lines = log.read_text("utf-8", errors="replace").splitlines() if log.is_file() else [""]
        for number, line in enumerate(lines, 1):
            if problem := _entry_problem(line):
                found.append({"file": "audit.jsonl", "problem": f"line {number}: {problem}"})
    return Table.from_rows(found, problems.types)


def _own_lake(folder: Path, path: Path) -> Lake:
    """The lake in a case file, once all that it names lies inside of it."""
    remedy = "Take a file that `entrepot case freeze` wrote."
    try:
        lake = open_lake(folder)
        named = [ref.file for ref in lake.version().files()]
    except EntrepotError as error:
        raise BundleRefused(f"its lake cannot be read ({error.found})", where=str(path), remedy=remedy) from error
    for name in named:
        if "*" in name or "?" in name or "[" in name or not (folder / name).resolve().is_relative_to(folder.resolve()):
            raise BundleRefused(f"its lake names {name[:80]!r}", where=str(path), remedy=remedy)
    return lake


def _entry_problem(line: str) -> str:
    try:
        return entry_problem(json.loads(line))
    except (ValueError, KeyError, TypeError, RecursionError):
        return "is no entry of an audit log"


def _query(file: Path, folder: Path, path: Path) -> Query:
    try:
        asked = json.loads(file.read_text("utf-8"))
        files = {str(role): (str(name), (folder / str(name)).read_bytes()) for role, name in asked["files"].items()}
        if any(not (folder / name).resolve().is_relative_to(folder.resolve()) for name, _ in files.values()):
            raise ValueError("a file outside of the case")
        return Query(asked["command"], asked["parameters"], files)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        remedy = "Take a file that `entrepot case freeze` wrote."
        raise BundleRefused(f"{file.name} cannot be read ({error})", where=str(path), remedy=remedy) from error


def _told(file: Path, path: Path) -> dict[str, Any]:
    """An answer as the case file has it."""
    try:
        told: dict[str, Any] = json.loads(file.read_text("utf-8"))
        width = len(dict(told["types"]))
        if not all(isinstance(row, list) and len(row) == width for row in told["rows"]):
            raise ValueError("rows and columns do not fit")
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        remedy = "Take a file that `entrepot case freeze` wrote."
        raise BundleRefused(f"{file.name} cannot be read ({error})", where=str(path), remedy=remedy) from error
    return told


def _missing_inputs(manifest: Mapping[str, Any], lake: Lake | None) -> str:
    """Why the withheld inputs are not at hand, or an empty text."""
    wanted = {str(one["sha256"]): str(one["name"]) for one in manifest["withheld"]}
    if not wanted:
        return ""
    if lake is None:
        return f"{len(wanted)} inputs were withheld for their licence; name a lake that holds them with --lake"
    held = {entry.origin.sha256 for entry in lake.version().snapshots}
    absent = [f"{name} ({digest[:16]})" for digest, name in wanted.items() if digest not in held]
    return f"the lake does not hold {', '.join(absent)}" if absent else ""


def _other_versions(manifest: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    then, here = manifest["versions"], versions_here()
    return {name: (then[name], here.get(name, "absent")) for name in sorted(then) if then[name] != here.get(name)}


class _Compared:
    """Differences of answers, gathered."""

    def __init__(self, tolerance: float) -> None:
        self.tolerance = tolerance
        self.rows: list[dict[str, Any]] = []
        self.n_cells = 0
        self.n_close = 0

    def answers(self, name: str, told: Mapping[str, Any], now: Mapping[str, Any], key: Sequence[str]) -> None:
        """Compare two answers, row by row of their key."""
        columns, others = list(told["types"]), list(now["types"])
        for column in [*(one for one in columns if one not in others), *(one for one in others if one not in columns)]:
            side = ("there", "absent") if column in columns else ("absent", "there")
            self._note(name, "", f"(column {column})", *side)
        before, after = dict(_keyed(told, key)), dict(_keyed(now, key))
        for row in [*before, *(one for one in after if one not in before)]:
            if row not in after or row not in before:
                self._note(name, row, "(row)", *(("there", "absent") if row in before else ("absent", "there")))
                continue
            for column in columns:
                if column in others:
                    self._cell(name, row, column, before[row][column], after[row][column])

    def _cell(self, name: str, row: str, column: str, then: Any, now: Any) -> None:
        self.n_cells += 1
        if then == now and type(then) is type(now):
            return
        relative = _relative(then, now)
        if relative is not None and relative <= self.tolerance:
            self.n_close += relative > 0
            return
        self._note(name, row, column, _text(then), _text(now), relative)

    def _note(self, name: str, row: str, column: str, then: str, now: str, relative: float | None = None) -> None:
        values = (name, row, column, then, now, relative)
        self.rows.append(dict(zip(DIFFERENCES, values, strict=True)))


def _keyed(answer: Mapping[str, Any], key: Sequence[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    columns = list(answer["types"])
    seen: dict[str, int] = {}
    for values in answer["rows"]:
        row = dict(zip(columns, values, strict=True))
        name = ", ".join(_text(row.get(column)) for column in key)
        seen[name] = seen.get(name, 0) + 1
        yield (name if seen[name] == 1 else f"{name} #{seen[name]}"), row


def _relative(then: Any, now: Any) -> float | None:
    if isinstance(then, bool) or isinstance(now, bool):
        return None
    if not isinstance(then, int | float) or not isinstance(now, int | float):
        return None
    largest = max(abs(then), abs(now))
    return abs(then - now) / largest if largest else 0.0


def _text(value: Any) -> str:
    return "" if value is None else str(value)
