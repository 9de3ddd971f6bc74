"""Changes: what a list says now that it did not say before, entity by entity."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from entrepot.errors import NotFound
from entrepot.lake import PARTIES, Engine, Lake, Table, Version, quoted

CHANGES = {
    "source_id": "VARCHAR",
    "entity_id": "VARCHAR",
    "party_id": "VARCHAR",
    "change": "VARCHAR",
    "schema": "VARCHAR",
    "caption": "VARCHAR",
    "is_target": "BOOLEAN",
    "changed": "VARCHAR",
}
# Properties by which a row (a document, a sanction, an edge) says whom it belongs to.
_BELONGS = ("holder", "entity", "subject", "owner", "director", "person", "member", "employee")
_COMPARED = ("schema", "caption", "is_target", "properties")


def changes(lake: Lake, source_ids: Sequence[str] = (), *, since: int | str, until: int | None = None) -> Table:
    """Return what changed in lists between two versions of the lake.

    Args:
        source_ids: the lists; all that either version holds by default.
        since: a version of the lake, or the day or instant whose version is meant (see ``Lake.version_at``).
        until: a version of the lake; the one in force by default.

    Returns:
        grain source_id, entity_id. ``change`` is added, removed or modified; ``changed`` names the properties that
        have other values, joined by ``;`` (their order does not count, nor do first_seen, last_seen and last_change).
        ``party_id`` is the party that a row of a document, sanction or edge belongs to, else the entity itself.
        Sorted by source, party and entity.

    Raises:
        NotFound: there is no such version, neither version holds a source, or the lake held nothing at that time.
    """
    before = lake.version(since if isinstance(since, int) else lake.version_at(since))
    after = lake.version(until)
    held = {part.source_id for version in (before, after) for part in version.parts_of(PARTIES.name)}
    if unknown := [source_id for source_id in source_ids if source_id not in held]:
        remedy = f"Lists: {', '.join(sorted(held)) or 'none'}."
        raise NotFound(f"no list {unknown[0]!r} in version {before.version} or {after.version}", remedy=remedy)
    rows = _compared(lake, before, after, tuple(source_ids) or tuple(sorted(held)))
    return Table.from_rows(sorted(rows, key=lambda row: (row["source_id"], row["party_id"], row["entity_id"])), CHANGES)


def _compared(lake: Lake, before: Version, after: Version, source_ids: tuple[str, ...]) -> list[dict[str, Any]]:
    if not source_ids:
        return []
    with lake.engine(version=after.version) as engine:
        _show(engine, lake, before, after, name="parties_before", source_ids=source_ids)
        _show(engine, lake, after, before, name="parties_after", source_ids=source_ids)
        differ = " OR ".join(f"b.{name} IS DISTINCT FROM a.{name}" for name in _COMPARED)
        sides = ", ".join(f"{side}.{name}" for side in ("b", "a") for name in _COMPARED)
        found = engine.rows(
            f"""SELECT coalesce(a.source_id, b.source_id), coalesce(a.entity_id, b.entity_id), {sides}
                FROM parties_before AS b FULL JOIN parties_after AS a
                ON a.source_id = b.source_id AND a.entity_id = b.entity_id WHERE {differ}"""
        )
    rows = []
    for source_id, entity_id, *values in found:
        old, new = values[: len(_COMPARED)], values[len(_COMPARED) :]
        if row := _row(old, new):
            rows.append(
                {"source_id": source_id, "entity_id": entity_id, **row, "party_id": row["party_id"] or entity_id}
            )
    return rows


def _show(
    engine: Engine, lake: Lake, version: Version, other: Version, *, name: str, source_ids: tuple[str, ...]
) -> None:
    """Rows of one version as a view, without the files that both versions have: they hold no difference."""
    shared = {part.data.file for part in other.parts_of(PARTIES.name)}
    parts = [part for part in version.parts_of(PARTIES.name) if part.data.rows and part.data.file not in shared]
    files = [str(lake.path / part.data.file) for part in parts]
    engine.files(f"{name}_all", files, {column.name: column.type for column in PARTIES.columns})
    wanted = ", ".join(map(quoted, source_ids))
    engine.view(name, f"SELECT * FROM {name}_all WHERE source_id IN ({wanted})")


def _row(old: list[Any], new: list[Any]) -> dict[str, Any] | None:
    """One changed entity; None where only the order of values differs."""
    was, now = (json.loads(side[3]) if side[3] else {} for side in (old, new))
    names = {name for name in {*was, *now} if set(was.get(name, ())) != set(now.get(name, ()))}
    names |= {name for name, a, b in zip(_COMPARED[:3], old, new, strict=False) if a != b}
    if not names:
        return None
    change = "added" if old[0] is None else "removed" if new[0] is None else "modified"
    schema, caption, is_target, _ = old if change == "removed" else new
    belongs = was if change == "removed" else now
    party = next((belongs[name][0] for name in _BELONGS if belongs.get(name)), None)
    return {
        "party_id": party,
        "change": change,
        "schema": schema,
        "caption": caption,
        "is_target": is_target,
        "changed": ";".join(sorted(names)) if change == "modified" else None,
    }
