"""docs/sources.md names every source and every shipped mapping."""

from __future__ import annotations

from pathlib import Path

from entrepot.sources import mapping_names, source_ids

PAGE = (Path(__file__).parents[2] / "docs" / "sources.md").read_text("utf-8")


def test_every_source_is_described() -> None:
    assert [source_id for source_id in source_ids() if f"`{source_id}`" not in PAGE] == []


def test_every_shipped_mapping_is_described() -> None:
    assert [name for name in mapping_names() if f"`{name}`" not in PAGE] == []
