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
    from entrepot.sources.records.converting import convert
    from entrepot.sources.records.gathering import RecordOptions
    from entrepot.sources.records.mapping import RecordMapping, read_record_mapping
    from entrepot.sources.records.opening import header_of, relation_of
    from entrepot.sources.records.proposing import Proposal, propose

_HOMES = {
    "RecordOptions": "records.gathering",
    "relation_of": "records.opening",
    "read_record_mapping": "records.mapping",
    "propose": "records.proposing",
    "header_of": "records.opening",
    "convert": "records.converting",
    "RecordMapping": "records.mapping",
    "Proposal": "records.proposing",
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
    "Proposal",
    "RecordMapping",
    "RecordOptions",
    "Source",
    "convert",
    "elements_of",
    "fetch",
    "get_source",
    "header_of",
    "ingest",
    "mapping_names",
    "propose",
    "read_mapping",
    "read_record_mapping",
    "relation_of",
    "root_of",
    "source_ids",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
