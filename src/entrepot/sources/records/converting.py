"""Files of records written anew with our columns: mapped, read from messages, names hashed or dropped where asked."""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import duckdb

from entrepot.errors import ConfigError, SourceError
from entrepot.lake import get_kind, unreadable
from entrepot.sources.records.mapping import RecordMapping
from entrepot.sources.records.opening import relation_of

_FORMATS = {".csv": "FORMAT csv, HEADER", ".parquet": "FORMAT parquet", ".jsonl": "FORMAT json"}
# What names a person or a firm; ids, accounts and addresses stay, or nothing could be checked.
_NAMES = (
    "name", "other_names", "previous_names", "name_as_printed", "mrz", "payer_name", "beneficiary_name",
    "ultimate_debtor", "ultimate_creditor", "exporter_name", "consignee_name", "declarant_name", "entity_name",
)  # fmt: skip
_LEAST_KEY = 16


def convert(
    kind_name: str,
    paths: Sequence[Path],
    out: Path,
    *,
    mapping: RecordMapping | None = None,
    names: Literal["keep", "hash", "drop"] = "keep",
    key: bytes = b"",
) -> int:
    """Write records with our columns to one file, whole or not at all; return how many.

    Args:
        names: ``hash`` puts an HMAC-SHA256 under ``key`` in place of every name, the same for the same name, so that
            links survive and nobody without the key can try names out; ``drop`` leaves them empty.

    Raises:
        ConfigError: hashing without a key of at least 16 bytes.
        SourceError: a file cannot be read or written.
    """
    kind = get_kind(kind_name)
    if names == "hash" and len(key) < _LEAST_KEY:
        remedy = f"Give --key a file with at least {_LEAST_KEY} random bytes, and keep it apart from the data."
        raise ConfigError("names are to be hashed, and there is no key", where="--key", remedy=remedy)
    connection = duckdb.connect(":memory:")
    scratch = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        gathered: list[str] = []
        for place, path in enumerate(paths):
            with relation_of(connection, kind, path, mapping) as relation:
                header = {str(row[0]) for row in connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()}
                # An event column that one file lacks is left out of all: empty would say that none is recorded.
                named = [name for name in kind.columns if name in header and (place == 0 or name in gathered)]
                gathered = named
                columns = ", ".join(f'"{name}"::VARCHAR AS "{name}"' for name in named)
                start = "CREATE TEMP TABLE gathered AS" if place == 0 else "INSERT INTO gathered BY NAME"
                if place:
                    _keep_only(connection, named)
                connection.execute(f"{start} SELECT {columns} FROM {relation}")
        _hide(connection, [name for name in _NAMES if name in gathered], names, key)
        sql = f"COPY gathered TO '{str(scratch).replace(chr(39), chr(39) * 2)}' ({_FORMATS[out.suffix]})"
        done = connection.execute(sql).fetchone()
        scratch.replace(out)
    except duckdb.Error as error:
        raise unreadable(Path(", ".join(path.name for path in paths)), error) from error
    except OSError as error:
        raise SourceError(error.strerror or str(error), where=str(out), remedy="Choose another --out.") from error
    finally:
        scratch.unlink(missing_ok=True)
        connection.close()
    return int(done[0]) if done else 0


def _hide(connection: duckdb.DuckDBPyConnection, columns: Sequence[str], names: str, key: bytes) -> None:
    if names == "drop":
        for name in columns:
            connection.execute(f'UPDATE gathered SET "{name}" = NULL')
    if names != "hash":
        return
    for name in columns:
        said = connection.execute(f'SELECT DISTINCT "{name}" FROM gathered WHERE "{name}" IS NOT NULL').fetchall()
        if not said:
            continue
        connection.execute("CREATE OR REPLACE TEMP TABLE hidden (said VARCHAR, instead VARCHAR)")
        connection.executemany("INSERT INTO hidden VALUES (?, ?)", [[text, _hashed(text, key)] for (text,) in said])
        connection.execute(f'UPDATE gathered SET "{name}" = instead FROM hidden WHERE said = "{name}"')


def _hashed(text: str, key: bytes) -> str:
    """Each of a cell's names by itself, so that the same name is the same wherever it stands."""
    parts = (" ".join(part.split()).casefold() for part in text.split(";"))
    return ";".join(hmac.new(key, part.encode(), hashlib.sha256).hexdigest()[:32] for part in parts if part)


def _keep_only(connection: duckdb.DuckDBPyConnection, columns: Sequence[str]) -> None:
    there = [str(row[0]) for row in connection.execute("DESCRIBE gathered").fetchall()]
    for name in there:
        if name not in columns:
            connection.execute(f'ALTER TABLE gathered DROP COLUMN "{name}"')
