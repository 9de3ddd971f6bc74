"""Settings: built once at the edge, passed in, never read from the environment further in."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

from entrepot.errors import ConfigError


@dataclass(frozen=True)
class Settings:
    """What a run may be told from outside.

    Attributes:
        lake: folder of the lake.
        memory_limit: the most memory that the table engine may use, as DuckDB spells it.
        threads: worker threads of the table engine; None means one a core.
        engine: what runs the estimates, duckdb or spark.
        spark_master: where Spark runs, as Spark spells it.
        spark_folder: the lake's folder as Spark's workers see it, such as s3a://bucket/lake; None where they see the
            same path.
        packs: folders of the user's own entries of the ledger; in the environment joined by the system's separator.
        store: where alerts, cases and decisions are kept: a file, or the URL of a PostgreSQL database; None for a file
            inside the lake.
        comtrade_key: subscription key of UN Comtrade, or None for the public preview.
    """

    lake: Path = Path("lake")
    memory_limit: str = "2GB"
    threads: int | None = None
    engine: str = "duckdb"
    spark_master: str = "local[*]"
    spark_folder: str | None = None
    packs: tuple[Path, ...] = ()
    store: str | None = field(default=None, repr=False)
    comtrade_key: str | None = field(default=None, repr=False)


def read_settings(environ: Mapping[str, str], *, folder: Path = Path()) -> Settings:
    """Return settings from ``entrepot.toml`` in ``folder``, overridden by ``ENTREPOT_*``.

    Raises:
        ConfigError: a name that is no setting, or a value of the wrong kind.
    """
    file = folder / "entrepot.toml"
    values: dict[str, object] = {}
    if file.is_file():
        try:
            values.update(tomllib.loads(file.read_text("utf-8")))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ConfigError(str(error), where=str(file), remedy="Correct the TOML.") from error
    known = {entry.name for entry in fields(Settings)}
    if unknown := set(values) - known:
        raise ConfigError(
            f"unknown setting {sorted(unknown)[0]!r}",
            where=str(file),
            remedy=f"Known settings: {', '.join(sorted(known))}.",
        )
    values.update({name: environ[key] for name in known if (key := f"ENTREPOT_{name.upper()}") in environ})
    return replace(Settings(), **{name: _typed(name, value) for name, value in values.items()})  # type: ignore[arg-type]


def _typed(name: str, value: object) -> object:
    if name == "lake":
        return Path(str(value))
    if name == "packs":
        folders = value.split(os.pathsep) if isinstance(value, str) else value
        if not isinstance(folders, list):
            raise ConfigError(f"packs is {value!r}", remedy="Give a list of folders.")
        return tuple(Path(str(folder)) for folder in folders if folder)
    if name == "threads":
        if not str(value).isdigit() or int(str(value)) < 1:
            raise ConfigError(f"threads is {value!r}", remedy="Give a whole number above zero.")
        return int(str(value))
    return str(value)
