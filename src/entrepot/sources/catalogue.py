"""Which sources there are, found by their files, and the layouts a run reads with."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Callable
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from entrepot.errors import ConfigError, NotFound
from entrepot.sources.model import Layout, Source

FOLDER = Path(__file__).parent
MAPPINGS = FOLDER / "mappings"
# Raised when the same bytes and layouts would make other rows than before.
READER = 1


@cache
def source_ids() -> tuple[str, ...]:
    """Return the ids of all sources, sorted."""
    return tuple(sorted(_id_of(path) for path in FOLDER.glob("*/source.yml")))


@cache
def get_source(source_id: str) -> Source:
    """Return one source's description.

    Raises:
        NotFound: no such source; close ids are named.
        ConfigError: its ``source.yml`` is wrong.
    """
    path = FOLDER / _folder_of(source_id) / "source.yml"
    if not path.is_file():
        close = get_close_matches(source_id, source_ids(), n=3) or source_ids()
        raise NotFound(f"no source {source_id!r}", remedy=f"Sources: {', '.join(close)}.")
    return read_source(path)


def read_source(path: Path) -> Source:
    """Return the source that a ``source.yml`` describes.

    Raises:
        ConfigError: it is not valid.
    """
    try:
        return Source.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except (ValidationError, yaml.YAMLError) as error:
        raise ConfigError(_first(error), where=str(path), remedy="Correct the file.") from error


def find_reader(source_id: str) -> Callable[..., Any] | None:
    """Return the ``read`` function of a source whose quirks data cannot say, or None."""
    folder = _folder_of(source_id)
    if not (FOLDER / folder / "read.py").is_file():
        return None
    reader: Callable[..., Any] = import_module(f"entrepot.sources.{folder}.read").read
    return reader


def mapping_names() -> tuple[str, ...]:
    """Return the names of the mapping files that come with the package."""
    return tuple(sorted(path.stem for path in MAPPINGS.glob("*.toml")))


def read_mapping(mapping: Path | str) -> Layout:
    """Return the layout in a mapping file, given by path or by the name of a shipped one.

    Raises:
        NotFound: neither a file nor a shipped name.
        ConfigError: no TOML, or a word that a mapping does not know.
    """
    path = Path(mapping)
    if (
        not path.is_file()
        and (MAPPINGS / f"{path.name.removesuffix('.toml')}.toml").is_file()
        and path.name == str(mapping)
    ):
        path = MAPPINGS / f"{path.name.removesuffix('.toml')}.toml"
    try:
        return Layout.model_validate({"name": path.stem, **tomllib.loads(path.read_text("utf-8"))})
    except OSError as error:
        remedy = f"Give a file, or one of {', '.join(mapping_names())}."
        raise NotFound(f"no mapping {str(mapping)!r}", remedy=remedy) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, ValidationError) as error:
        raise ConfigError(_first(error), where=str(path), remedy="Correct the mapping file.") from error


def layouts_for(source: Source, mapping: Path | str | Layout | None) -> list[Layout]:
    """Return the layouts to try: the source's own, or the mapping laid over the source's first."""
    if mapping is None or not source.layouts:
        return list(source.layouts)
    return [_laid_over(source.layouts[0], mapping if isinstance(mapping, Layout) else read_mapping(mapping))]


def reading_hash(source: Source, layouts: list[Layout]) -> str:
    """Return a hash of all that decides how bytes become rows."""
    told = [source.id, READER, [layout.model_dump(mode="json") for layout in layouts]]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _laid_over(base: Layout, mapping: Layout) -> Layout:
    said = mapping.model_fields_set
    fixed = set(mapping.constants)
    columns = {field: names for field, names in base.columns.items() if field not in fixed}
    merged: dict[str, Any] = {
        "columns": {**columns, **mapping.columns},
        "values": {**base.values, **mapping.values},
        "constants": {
            **{k: v for k, v in base.constants.items() if k not in mapping.columns},
            **mapping.constants,
        },
        "schemes": {**base.schemes, **mapping.schemes},
        # What a mapping names must be there: a name that is gone means a renamed column.
        "needs": [*mapping.columns],
        "ignored": [*base.ignored, *mapping.ignored],
    }
    kept = {name: getattr(mapping, name) for name in said if name not in merged}
    return base.model_copy(update={**merged, **kept})


@cache
def _id_of(path: Path) -> str:
    return read_source(path).id


def _folder_of(source_id: str) -> str:
    return source_id.replace("-", "_")


def _first(error: Exception) -> str:
    if isinstance(error, ValidationError):
        one = error.errors()[0]
        place = ".".join(str(part) for part in one["loc"])
        said = str(one["msg"]).removeprefix("Value error, ")
        return f"{place}: {said}" if place else said
    return " ".join(str(error).split())
