"""Exports of a case: one row a finding as a table, and entities in FollowTheMoney's words."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from entrepot.cases.bundle import manifest_of, unpack_bundle
from entrepot.cases.casework import get_case
from entrepot.cases.sharing import shared
from entrepot.errors import BundleRefused, SourceError
from entrepot.lake import Table

if TYPE_CHECKING:
    from entrepot.cases.store import Store

CASE_ROWS = {
    "case_id": "VARCHAR",
    "alert_id": "VARCHAR",
    "kind": "VARCHAR",
    "label": "VARCHAR",
    "status": "VARCHAR",
    "severity": "VARCHAR",
    "source": "VARCHAR",
    "rule": "VARCHAR",
    "as_of": "VARCHAR",
    "recorded_at": "VARCHAR",
    "certainty": "VARCHAR",
    "amount": "DOUBLE",
    "currency": "VARCHAR",
    "summary": "VARCHAR",
    "inputs": "VARCHAR",
}
_SCHEMAS = {"person": "Person", "company": "Company"}


def case_content(store: Store, case_id: str, *, day: str, is_public: bool = False) -> dict[str, Any]:
    """Return a case as its file has it in case.json: alerts with findings, notes, documents, what is left out.

    Args:
        day: decides which suppressions still hold.
        is_public: without whoever may not be named; see docs/privacy.md.

    Raises:
        NotFound: there is no such case.
    """
    made = shared(store, get_case(store, case_id), is_public=is_public, day=day)
    return {**made.case, "is_public": is_public, "left_out": made.left_out}


def read_case_file(path: Path, folder: Path) -> dict[str, Any]:
    """Return the content of a case file, with its manifest and answers, unpacked into an empty folder and checked.

    Raises:
        NotFound: no such file.
        BundleRefused: it is damaged, altered, hostile, or no case file.
    """
    manifest = unpack_bundle(path, folder)
    try:
        found: dict[str, Any] = json.loads((folder / "case.json").read_text("utf-8"))
        found["answers"] = [
            {**json.loads((folder / "queries" / file.name).read_text("utf-8")), **json.loads(file.read_text("utf-8"))}
            for file in sorted((folder / "answers").glob("*.json"))
        ]
        found["is_public"], found["left_out"] = manifest["is_public"], manifest["left_out"]
        found["manifest"], found["manifest_sha256"] = manifest, manifest_of(path)[1]
    except (OSError, ValueError, KeyError, TypeError) as error:
        remedy = "Take a file that `entrepot case freeze` wrote."
        raise BundleRefused(f"case.json cannot be read ({error})", where=str(path), remedy=remedy) from error
    return found


def case_table(content: Mapping[str, Any]) -> Table:
    """Return a case as a table: grain alert, finding; an alert without findings that may be shown has one row."""
    rows = []
    for alert in content["alerts"]:
        fixed = {"case_id": content["case_id"], **{name: alert.get(name) for name in CASE_ROWS if name in alert}}
        for finding in alert["findings"] or [{}]:
            one = {name: finding.get(name) for name in CASE_ROWS if name in finding}
            rows.append({**fixed, **one, "inputs": ";".join(finding.get("inputs", ()))})
    return Table.from_rows(rows, CASE_ROWS)


def case_entities(content: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a case as FollowTheMoney entities: persons and firms, likenesses to listed parties, and notes.

    A finding is a note about its party and nothing more: no party gets a topic, and a likeness is a Similar to be
    judged, never the same.
    """
    for alert in content["alerts"]:
        schema = _SCHEMAS.get(alert.get("kind", ""))
        party = f"entrepot-{alert['alert_id']}"
        if schema is not None:
            yield _entity(party, schema, name=[alert["label"]])
        for finding in alert["findings"]:
            about = {"entity": [party]} if schema is not None else {}
            said = [f"{alert['label']}: {finding['summary']}"]
            note_id = f"{party}-{finding['n']}"
            title = f"{finding['source']} {finding['rule']}, certainty {finding['certainty']}"
            yield _entity(note_id, "Note", name=[title], description=said, **about)
            if schema is not None and finding["source"] == "screen":
                _, _, listed = finding["rule"].partition(":")
                score = finding["detail"].get("score")
                shown = {} if score is None else {"confidenceScore": [str(score)]}
                yield _entity(f"{note_id}-similar", "Similar", candidate=[party], match=[listed], **shown)


def write_entities(content: Mapping[str, Any], path: Path) -> int:
    """Write the entities of a case, one JSON a line, whole or not at all; return how many.

    Raises:
        SourceError: the file cannot be written.
    """
    lines = [json.dumps(entity, ensure_ascii=False, sort_keys=True) for entity in case_entities(content)]
    write_bytes("".join(f"{line}\n" for line in lines).encode(), path)
    return len(lines)


def write_bytes(content: bytes, path: Path) -> str:
    """Write a file whole or not at all, readable by its owner alone; return its SHA-256.

    Raises:
        SourceError: it cannot be written.
    """
    scratch = path.with_name(f".{path.name}.new")
    try:
        scratch.touch(mode=0o600)
        scratch.write_bytes(content)
        scratch.replace(path)
    except OSError as error:
        raise SourceError(str(error.strerror), where=str(path), remedy="Choose another --out.") from error
    finally:
        scratch.unlink(missing_ok=True)
    return hashlib.sha256(content).hexdigest()


def _entity(entity_id: str, schema: str, **properties: list[str]) -> dict[str, Any]:
    return {"id": entity_id, "schema": schema, "properties": properties}
