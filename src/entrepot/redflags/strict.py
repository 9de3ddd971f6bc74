"""Files of YAML read strictly: a field that is not known is refused, and the first fault is told with its place."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from entrepot.errors import ConfigError

Model = TypeVar("Model", bound=BaseModel)


def model_of(kind: type[Model], text: str, *, where: str, loader: Any = yaml.SafeLoader) -> Model:
    """Return what a text of YAML states.

    Args:
        kind: the model that it must fit.
        text: the YAML.
        where: names the text in errors.
        loader: of YAML; must be a safe one.

    Raises:
        ConfigError: it is no YAML, or does not fit; names the first field that does not.
    """
    try:
        return kind.model_validate(yaml.load(text, Loader=loader))
    except yaml.YAMLError as error:
        raise ConfigError(f"no YAML: {' '.join(str(error).split())}", where=where, remedy="Mend the file.") from error
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "the file"
        raise ConfigError(f"{field}: {first['msg'].lower()}", where=where, remedy="Mend the file.") from error


def read_model(kind: type[Model], path: Path, *, loader: Any = yaml.SafeLoader) -> Model:
    """Return what a file of YAML states.

    Raises:
        ConfigError: no such file, or as for :func:`model_of`.
    """
    if not path.is_file():
        raise ConfigError("no such file", where=str(path), remedy="Name a file of YAML.")
    return model_of(kind, path.read_text("utf-8", errors="replace"), where=str(path), loader=loader)
