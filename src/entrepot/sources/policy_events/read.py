"""Dated events: an id is made of jurisdiction, date and title; 'same' cites the source of the row above."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from entrepot.lake import Engine, identifier
from entrepot.sources.opening import Raw, materialise

_NAMES = ("measure_id", "date", "jurisdiction", "title", "scope", "status", "confidence", "source")


def read(raw: Raw, *, engine: Engine, folder: Path, columns: Mapping[str, str]) -> Raw:
    """Return the events as measures; one without a status is ``reported``."""
    cells = {name: _cell(columns.get(name)) for name in _NAMES}
    same = "regexp_matches(cited, '^same\\b')"
    slug = "regexp_replace(lower(strip_accents(jurisdiction || '-' || date || '-' || title)), '[^a-z0-9]+', '-', 'g')"
    made = f"""
        WITH told AS (SELECT {cells["date"]} AS date, {cells["jurisdiction"]} AS jurisdiction,
                {cells["title"]} AS title,
                {cells["scope"]} AS scope, {cells["confidence"]} AS confidence, {cells["source"]} AS cited,
                {cells["status"]} AS status, {cells["measure_id"]} AS given, source_row, source_file FROM {raw.view})
        SELECT coalesce(nullif(given, ''), trim({slug}[1:80], '-')) AS measure_id, date, jurisdiction, title,
            nullif(scope, '') AS scope, coalesce(nullif(status, ''), 'reported') AS status,
            nullif(confidence, '') AS confidence,
            CASE WHEN {same} THEN coalesce(last_value(CASE WHEN NOT {same} THEN nullif(cited, '') END IGNORE NULLS)
                    OVER (ORDER BY source_row), '') || cited[5:] ELSE cited END AS source,
            source_row, source_file FROM told"""
    return materialise(engine, raw, made, path=folder / "events.parquet", columns=dict.fromkeys(_NAMES, "VARCHAR"))


def _cell(column: str | None) -> str:
    return f"coalesce(trim(CAST({identifier(column)} AS VARCHAR)), '')" if column else "''"
