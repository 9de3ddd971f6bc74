"""Listed: parties that the lake's lists hold, and their papers and holdings."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from entrepot.errors import NotFound
from entrepot.lake import Lake
from entrepot.parties.party import Party, party_of_row

PAPERS = ("Passport", "Identification")


def listed_parties(
    lake: Lake, source_ids: Sequence[str] = (), *, schemas: Collection[str] = (), version: int | None = None
) -> list[Party]:
    """Return the entities of lists in the lake, targets or not.

    Args:
        source_ids: the lists; all by default.
        schemas: FollowTheMoney schemas; all by default.
        version: of the lake; the one in force by default.

    Raises:
        NotFound: the lake does not hold a list.
    """
    with lake.engine(version=version) as engine:
        held = {str(row[0]) for row in engine.rows("SELECT DISTINCT source_id FROM parties")}
        if unknown := [one for one in source_ids if one not in held]:
            remedy = f"Ingest it first. Lists: {', '.join(sorted(held)) or 'none'}."
            raise NotFound(f"no list {unknown[0]!r} in the lake", where=str(lake.path), remedy=remedy)
        engine.table("asked_sources", {"id": list(source_ids or held)}, {"id": "VARCHAR"})
        engine.table("asked_schemas", {"name": list(schemas)}, {"name": "VARCHAR"})
        rows = engine.rows(
            """SELECT entity_id, schema, caption, properties, source_id FROM parties
               WHERE source_id IN (SELECT id FROM asked_sources)
               AND ($every OR schema IN (SELECT name FROM asked_schemas)) ORDER BY source_id, entity_id""",
            every=not schemas,
        )
    return [party_of_row(*row) for row in rows]
