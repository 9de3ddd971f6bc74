"""Dated events: an id is made of jurisdiction, date and title; 'same' cites the source of the row above."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from entrepot.lake import Engine, identifier
from entrepot.sources.opening import Raw, materialise

_NAMES = ("id", "date", "jurisdiction", "instrument", "title", "scope", "status", "confidence", "source")
# How sure compilers were of the date, in their words.
_SURE = "CASE confidence WHEN 'checked' THEN 'high' WHEN 'partly' THEN 'medium' ELSE nullif(confidence, '') END"


def read(raw: Raw, *, engine: Engine, folder: Path, columns: Mapping[str, str]) -> Raw:
    """Return the events as a plain table of the ledger; one without a status is ``reported``.

    A span of years, 2018-2019, is written as one: 2018/2019. An event that does not say what kind of act it is has the
    instrument ``event``.
    """
    cells = ", ".join(f"{_cell(columns.get(name))} AS {identifier(name)}" for name in _NAMES)
    same = "regexp_matches(source, '^same\\b')"
    slug = "regexp_replace(lower(strip_accents(jurisdiction || '-' || date || '-' || title)), '[^a-z0-9]+', '-', 'g')"
    made = f"""
        WITH told AS (SELECT {cells}, source_row, source_file FROM {raw.view})
        SELECT coalesce(nullif(id, ''), trim({slug}[1:80], '-')) AS id,
            regexp_replace(date, '^(\\d{{4}})-(\\d{{4}})$', '\\1/\\2') AS date, jurisdiction,
            coalesce(nullif(instrument, ''), 'event') AS instrument, title, scope,
            coalesce(nullif(status, ''), 'reported') AS status, {_SURE} AS confidence,
            CASE WHEN {same} THEN coalesce(last_value(CASE WHEN NOT {same} THEN nullif(source, '') END IGNORE NULLS)
                    OVER (ORDER BY source_row), '') || source[5:] ELSE source END AS source,
            source_row, source_file FROM told"""
    return materialise(engine, raw, made, path=folder / "events.parquet", columns=dict.fromkeys(_NAMES, "VARCHAR"))


def _cell(column: str | None) -> str:
    return f"coalesce(trim(CAST({identifier(column)} AS VARCHAR)), '')" if column else "''"
