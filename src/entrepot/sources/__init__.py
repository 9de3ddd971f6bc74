"""Sources: one folder per publisher, found by its file; publishers' files become rows of the lake.

Names are imported when first used: reading files needs heavy libraries that a help text does not.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

# These functions have the names of their modules; imported at once, the function is what the package's attribute means.
from entrepot.sources.fetch import FetchReport, fetch
from entrepot.sources.xml_records import elements_of, root_of

if TYPE_CHECKING:
    from entrepot.sources.catalogue import get_source, mapping_names, read_mapping, source_ids
    from entrepot.sources.ingesting import IngestReport, ingest
    from entrepot.sources.model import Layout, Source

_HOMES = {
    "IngestReport": "ingesting",
    "Layout": "model",
    "Source": "model",
    "get_source": "catalogue",
    "ingest": "ingesting",
    "mapping_names": "catalogue",
    "read_mapping": "catalogue",
    "source_ids": "catalogue",
}

__all__ = [
    "FetchReport",
    "IngestReport",
    "Layout",
    "Source",
    "elements_of",
    "fetch",
    "get_source",
    "ingest",
    "mapping_names",
    "read_mapping",
    "root_of",
    "source_ids",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
