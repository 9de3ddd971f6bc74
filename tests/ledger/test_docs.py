"""docs/ledger-schema.md names every field, column and plain column that the code reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepot.ledger import COLUMNS, KINDS, PLAIN, RECORDED

PAGE = (Path(__file__).parents[2] / "docs" / "ledger-schema.md").read_text("utf-8")


@pytest.mark.parametrize("name", sorted({*COLUMNS, *PLAIN}))
def test_every_field_is_described(name: str) -> None:
    assert f"`{name}`" in PAGE


@pytest.mark.parametrize("word", [*KINDS, *RECORDED])
def test_every_legal_word_is_named(word: str) -> None:
    assert word in PAGE
