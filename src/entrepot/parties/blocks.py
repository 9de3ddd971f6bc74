"""Blocks: a large file screened piece by piece, by several workers, and taken up again where it was left."""

from __future__ import annotations

import csv
import fcntl
import io
import json
import os
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import asdict, dataclass
from hashlib import blake2b
from itertools import islice
from multiprocessing import get_context, parent_process
from pathlib import Path
from typing import Any

from entrepot.errors import SourceError
from entrepot.lake import Lake, copy_lines, harmless, no_collection, open_lake
from entrepot.parties.index import Index
from entrepot.parties.queries import ENTITIES, Cells, Layout, party_of_line, read_layout, read_rows
from entrepot.parties.revision import revision
from entrepot.parties.screening import RESULTS, Counts, ScreenOptions, answer, index_of

BLOCK = 2000
OnBlock = Callable[[int], None]


@dataclass(frozen=True)
class _Task:
    """What a worker has to know."""

    lake: Path
    against: tuple[str, ...]
    options: ScreenOptions
    layout: Layout
    is_csv: bool


def screen_file(
    lake: Lake,
    path: Path,
    out: Path,
    *,
    against: Sequence[str],
    options: ScreenOptions,
    workers: int = 1,
    on_block: OnBlock | None = None,
) -> Counts:
    """Screen a file into another (.csv, .parquet, .json, .jsonl), whole or not at all, and return what was counted.

    What is done is kept beside ``out`` while it runs; the same call goes on from there after a stop. The number of
    workers changes nothing in the result.

    Args:
        on_block: called with the number of queries that each block held, those done before a stop included.

    Raises:
        NotFound: a list that the lake does not hold.
        SourceError: the file cannot be read, or ``out`` not written.
    """
    layout = read_layout(path)
    index = index_of(lake, against, options)
    task = _Task(lake.path, tuple(against), options, layout, out.suffix == ".csv")
    part = _Part(out, _key(path, index, task))
    rows = read_rows(path, layout)
    seen: set[int] = set()
    blocks = _blocks(rows, layout, part, seen, on_block)
    try:
        # Neither reading rows nor screening them makes rings of objects: to look for some is a tenth of the time.
        with part, no_collection():
            for text, counts in _answers(task, index, blocks, workers):
                part.append(text, counts)
                if on_block is not None:
                    on_block(counts.queries)
            if not part.counts.queries:
                raise SourceError("no row but the header", where=str(path), remedy="Give one row a party.")
            part.finish()
    except OSError as error:
        raise SourceError(error.strerror or str(error), where=str(out), remedy="Choose another --out.") from error
    return part.counts


def _blocks(
    rows: Iterator[Cells], layout: Layout, part: _Part, seen: set[int], on_block: OnBlock | None
) -> Iterator[tuple[list[Cells], int]]:
    """Blocks of rows that are still to do, each with how many of its ids had come before."""
    number = 0
    while block := list(islice(rows, BLOCK)):
        repeated = 0
        for cells in block if layout != ENTITIES else ():
            key = hash(cells[layout.id_column])
            repeated += key in seen
            seen.add(key)
        number += 1
        if number > part.blocks:
            yield block, repeated
        elif on_block is not None:
            on_block(len(block))


def _answers(
    task: _Task, index: Index, blocks: Iterator[tuple[list[Cells], int]], workers: int
) -> Iterator[tuple[str, Counts]]:
    if workers < 2:
        for block, repeated in blocks:
            yield _screened(index, task, block, repeated)
        return
    waiting: deque[Future[tuple[str, Counts]]] = deque()
    # Not forked: the engine's threads would not come along.
    with ProcessPoolExecutor(workers, get_context("spawn"), _start, (task,)) as pool:
        for block, repeated in blocks:
            waiting.append(pool.submit(_work, block, repeated))
            if len(waiting) > 2 * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


_at_work: dict[str, Any] = {}


def _start(task: _Task) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _at_work["task"] = task
    _at_work["index"] = index_of(open_lake(task.lake), task.against, task.options)


def _end_with_parent() -> None:
    """A worker whose parent was killed would wait for its next block for ever."""
    if (parent := parent_process()) is not None:
        parent.join()
        os._exit(1)


def _work(block: list[Cells], repeated: int) -> tuple[str, Counts]:
    with no_collection():
        return _screened(_at_work["index"], _at_work["task"], block, repeated)


def _screened(index: Index, task: _Task, block: list[Cells], repeated: int) -> tuple[str, Counts]:
    counts = Counts(repeated_ids=repeated)
    build = party_of_line if task.layout == ENTITIES else task.layout.party
    rows = [row for cells in block for row in answer(index, build(cells), task.options, counts)]
    return (_csv(rows) if task.is_csv else _lines(rows)), counts


def _csv(rows: Sequence[tuple[Any, ...]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for query_id, rank, entity_id, dataset, schema, name, score, is_match, reasons in rows:
        said = "" if is_match is None else "true" if is_match else "false"
        shown = harmless(name) if name else name
        writer.writerow((harmless(query_id), rank, entity_id, dataset, schema, shown, score, said, harmless(reasons)))
    return text.getvalue()


def _lines(rows: Sequence[tuple[Any, ...]]) -> str:
    return "".join(json.dumps(dict(zip(RESULTS, row, strict=True)), ensure_ascii=False) + "\n" for row in rows)


def _key(path: Path, index: Index, task: _Task) -> str:
    state = path.stat()
    said = repr(
        (str(path.resolve()), state.st_size, state.st_mtime_ns, index.key, revision(), task.options, task.is_csv, BLOCK)
    )
    return blake2b(said.encode(), digest_size=8).hexdigest()


class _Part:
    """The unfinished result and how far it has come; a context manager that keeps both where it is left early."""

    def __init__(self, out: Path, key: str) -> None:
        self.out = out
        self.key = key
        self.blocks = 0
        self.counts = Counts()
        self._path = out.with_name(f".{out.name}.part")
        self._state = out.with_name(f".{out.name}.state")
        self._size = 0

    def __enter__(self) -> _Part:
        # Append, so that nothing of another run's is lost before it is known that there is none.
        self._path.open("ab").close()
        self._file = self._path.open("r+b")
        self._hold()
        self._take_up()
        self._file.truncate(self._size)
        self._file.seek(self._size)
        if not self._size and self.out.suffix == ".csv":
            self._file.write((",".join(RESULTS) + "\n").encode())
        return self

    def _hold(self) -> None:
        """Keep a second run from the same file as long as this one has it open."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._file.close()
            remedy = "Wait for it, or choose another --out."
            raise SourceError("another run is writing this file", where=str(self.out), remedy=remedy) from error

    def __exit__(self, *_: object) -> None:
        self._file.close()
        if not self.counts.queries:
            self._path.unlink(missing_ok=True)

    def _take_up(self) -> None:
        try:
            state = json.loads(self._state.read_text("utf-8"))
            if state["key"] == self.key and self._path.stat().st_size >= state["size"]:
                self.blocks, self._size = state["blocks"], state["size"]
                self.counts = Counts(**state["counts"])
        except (OSError, ValueError, KeyError, TypeError):
            return

    def append(self, text: str, counts: Counts) -> None:
        """Add the rows of the next block; what is recorded as done is on the disk before."""
        self._file.write(text.encode("utf-8", "replace"))
        self._file.flush()
        self.blocks += 1
        self.counts.add(counts)
        state = {"key": self.key, "blocks": self.blocks, "size": self._file.tell(), "counts": asdict(self.counts)}
        scratch = self._state.with_name(f"{self._state.name}.{os.getpid()}")
        scratch.write_text(json.dumps(state), "utf-8")
        scratch.replace(self._state)

    def finish(self) -> None:
        """Put the result in its place."""
        self._file.close()
        if self.out.suffix in (".csv", ".jsonl"):
            self._path.replace(self.out)
        else:
            self._convert()
        self._state.unlink(missing_ok=True)

    def _convert(self) -> None:
        copy_lines(self._path, self.out, RESULTS)
        self._path.unlink(missing_ok=True)
