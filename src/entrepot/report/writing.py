"""Pages and pictures: the templates they are made from, and files written whole or not at all."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from entrepot.errors import SourceError

if TYPE_CHECKING:
    from jinja2 import Template


def template(name: str) -> Template:
    """Return a template of this room; text is escaped, and a name that is not given is an error."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("entrepot.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)


def write_whole(text: str, path: str | Path) -> Path:
    """Write a page to ``path``, whole or not at all, and return the path.

    Raises:
        SourceError: the folder does not exist, may not be written, or the path is a folder.
    """
    target = Path(path)
    if target.is_dir():
        raise SourceError("is a folder, not a file", where=str(target), remedy="Give a file name, such as report.html.")
    if not target.parent.is_dir():
        raise SourceError("no such folder", where=str(target.parent), remedy="Make it first.")
    scratch = target.with_name(f".{target.name}.{os.getpid()}-{threading.get_ident()}")
    try:
        with scratch.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        scratch.replace(target)
    except OSError as error:
        raise SourceError(str(error.strerror), where=str(target), remedy="Choose another --out.") from error
    finally:
        scratch.unlink(missing_ok=True)
    return target
