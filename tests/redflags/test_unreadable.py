"""A CSV file that cannot be read: one line says what is wrong, where, and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepot.errors import SourceError
from entrepot.redflags import RecordTables

HEAD = b"payment_id,value_date,rail\n"


@pytest.fixture(scope="module")
def tables() -> RecordTables:
    return RecordTables(as_of="2026-01-01", memory_limit="200MB", threads=1)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (HEAD + b"p1,2025-01-01,\xf2\xee\xe2\n", "line 2 is not UTF-8"),
        ((HEAD + b"p1,2025-01-01,spfs\n").decode().encode("utf-16"), "the file is UTF-16"),
        (HEAD + b"p1,2025-01-01,spfs\np2,2025-01-01\n", "line 3 has 2 cells, the header has 3"),
        (HEAD + b'p1,"2025\n01",spfs\np2,2025-01-01,"spfs\n', "line 4 cannot be read as CSV"),
        (b"\x00\x9c\xff" * 300, "the file is no text"),
    ],
)
def test_a_broken_file_says_where_it_is_broken(tables: RecordTables, tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "payments.csv").write_bytes(content)
    with pytest.raises(SourceError, match=said):
        tables.read("payment", tmp_path / "payments.csv")
