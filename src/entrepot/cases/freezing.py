"""Freeze: one file with all that a case rests on, and a first replay to see that it is enough."""

from __future__ import annotations

import json
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from entrepot.cases.audit import canonical
from entrepot.cases.bundle import write_bundle
from entrepot.cases.casework import add_item, case_row, get_case, is_filing, query_of
from entrepot.cases.desk import DECIDERS
from entrepot.cases.queries import ROW_KEYS, Query, answer_json, answer_query, versions_here
from entrepot.cases.replaying import replay
from entrepot.cases.sharing import Sharing, shared
from entrepot.cases.tables import AUDIT
from entrepot.errors import DeskError
from entrepot.lake import Lake, extract_lake

if TYPE_CHECKING:
    from entrepot.cases.store import Store
    from entrepot.lake import Version

_TABLES = {"routes": ("flows", "concordance", "ledger"), "screen": ("parties",), "check": ("flows", "concordance")}


@dataclass(frozen=True, slots=True)
class Frozen:
    """A case file that was written.

    Attributes:
        path: the file.
        manifest_sha256: what to hand out beside it; it names every byte of the file.
        n_files: files in it.
        is_replayed: whether it was replayed from its own inputs, with the same answers; None where inputs were
            withheld.
        withheld: inputs of which only the hash is in it, with why: name, publisher, licence, sha256, why.
        left_out: what a public file leaves out, in words.
    """

    path: Path
    manifest_sha256: str
    n_files: int
    is_replayed: bool | None
    withheld: tuple[dict[str, Any], ...]
    left_out: tuple[str, ...]


def freeze(
    store: Store, case_id: str, path: Path, *, by: str, at: str, lake: Lake | None = None, is_public: bool = False
) -> Frozen:
    """Write a case to one file that can be verified and replayed without the store.

    The same case, lake and instant give the same bytes. Rows of the lake whose licence forbids passing them on are
    left out; their hashes are in the manifest. Reports to a financial intelligence unit, and that there are any, are
    never in it.

    Args:
        lake: what the case's queries are asked of; None where it has none.
        is_public: leave out who and what may not be named in public; see docs/privacy.md.

    Raises:
        ConfigError: a query needs a lake.
        DeskError: nothing is in the case.
        SourceError: the file cannot be written.
    """
    story = get_case(store, case_id)
    if not story.items:
        raise DeskError(f"case {case_id} is empty", remedy="Add alerts, notes, documents or queries first.")
    sharing = shared(store, story, is_public=is_public, day=at[:10])
    queries = [query_of(item) for item in sharing.queries]
    with tempfile.TemporaryDirectory() as folder:
        files: dict[str, bytes | Path] = {"case.json": _json(sharing.case), **sharing.documents}
        withheld = _add_queries(files, queries, lake, store, Path(folder))
        entries = _audit_of(store, sharing)
        files["audit.jsonl"] = "".join(canonical(entry) + "\n" for entry in entries).encode()
        manifest = {
            "case_id": story.case.case_id,
            "frozen_at": at,
            "is_public": is_public,
            "versions": versions_here(),
            "audit_head": {name: entries[-1][name] for name in ("n", "hash")},
            "withheld": withheld,
            "left_out": sharing.left_out,
            "policy": json.loads(store.policy.model_dump_json()),
        }
        digest = write_bundle(path, manifest, files)
    is_replayed = None if withheld else replay(path).is_same
    with store.write(by=by, at=at) as writer:
        writer.require(*DECIDERS)
        row = case_row(writer.connection, story.case.case_id)
        status = row["status"] if row["status"] == "closed" else "frozen"
        add_item(writer, row, "freeze", None, {"manifest_sha256": digest, "is_public": is_public}, status=status)
    return Frozen(path, digest, len(files), is_replayed, tuple(withheld), tuple(sharing.left_out))


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def _add_queries(
    files: dict[str, bytes | Path], queries: list[Query], lake: Lake | None, store: Store, folder: Path
) -> list[dict[str, Any]]:
    if not queries:
        return []
    number = lake.version().version if lake is not None else None
    for place, query in enumerate(queries, 1):
        if any(is_filing(content) for _, content in query.files.values()):
            raise DeskError("a goAML report never enters a case", where=f"query {place}", remedy="Leave it out.")
        scratch = folder / f"q{place}"
        scratch.mkdir()
        answer = answer_query(query, lake, scratch)
        name = f"queries/{place:02d}"
        roles = {}
        for role, (file, content) in sorted(query.files.items()):
            roles[role] = f"{name}/{re.sub(r'[^a-z_]', '-', role)}{Path(file).suffix[:12]}"
            files[roles[role]] = content
        asked = {"command": query.command, "parameters": dict(query.parameters), "files": roles}
        files[f"{name}.json"] = _json({**asked, "lake_version": number, "row_key": ROW_KEYS[query.command]})
        files[f"answers/{place:02d}.json"] = answer_json(answer)
    if lake is None:
        return []
    kept, withheld = _inputs(lake.version(), queries, store)
    small = extract_lake(lake, folder / "lake", tables=kept)
    for path in sorted(small.path.rglob("*")):
        if path.is_file():
            files[f"inputs/lake/{path.relative_to(small.path).as_posix()}"] = path
    return withheld


def _inputs(
    found: Version, queries: list[Query], store: Store
) -> tuple[dict[str, frozenset[str]], list[dict[str, Any]]]:
    """Which snapshots of which table may go along, and which only as a hash."""
    tables = {table for query in queries for table in _TABLES[query.command]}
    lists = {name for query in queries if query.command == "screen" for name in _lists(query)}
    kept: dict[str, set[str]] = {table: set() for table in tables}
    withheld: dict[str, dict[str, Any]] = {}
    for part in found.parts:
        if part.table not in tables or (part.table == "parties" and part.source_id not in lists):
            continue
        entry = next(one for one in found.snapshots if one.snapshot_id == part.snapshot_id)
        if store.policy.may_pass_on(entry.origin.licence):
            kept[part.table].add(part.snapshot_id)
        else:
            said = {"name": entry.name, "source_id": entry.source_id, "why": "its licence forbids passing it on"}
            withheld[part.snapshot_id] = {**said, **entry.origin.as_dict()}
    return {table: frozenset(ids) for table, ids in kept.items()}, [withheld[key] for key in sorted(withheld)]


def _lists(query: Query) -> list[str]:
    against = query.parameters["against"]
    return [part.strip() for part in against.split(",")] if isinstance(against, str) else list(against)


def _audit_of(store: Store, sharing: Sharing) -> list[dict[str, Any]]:
    """The entries about the case and its alerts; those of freezing are left out, lest it change what it freezes."""
    mine = AUDIT.c.object_id.in_(sharing.object_ids) & (AUDIT.c.action != "add_freeze")
    with store.read() as connection:
        return [dict(row) for row in connection.execute(select(AUDIT).where(mine).order_by(AUDIT.c.n)).mappings()]
