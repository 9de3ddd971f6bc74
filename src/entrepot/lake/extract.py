"""Extract: a small lake of its own with some snapshots of a version, for a case that is replayed elsewhere."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from entrepot.errors import NotFound
from entrepot.lake.disk import make_folder, storing, write_json
from entrepot.lake.manifest import FileRef, Version, as_json, manifest_path
from entrepot.lake.store import FORMAT, Lake
from entrepot.origin import content_hash


def extract_lake(lake: Lake, folder: Path, *, tables: Mapping[str, frozenset[str]], version: int | None = None) -> Lake:
    """Write a lake of one version that holds the rows of some snapshots, as they stood in a version of another lake.

    The same version and snapshots give the same files. The publishers' bytes are not copied, their hashes are;
    commands are left out, since they name places of this machine.

    Args:
        folder: a new folder.
        tables: name of a table -> ids of the snapshots whose rows are wanted.
        version: of the lake; the one in force by default.

    Raises:
        NotFound: a file of the lake is missing.
        LakeError: the files cannot be written.
    """
    found = lake.version(version)
    # Rows that newer ones have superseded come along: what was known at an earlier month needs them.
    parts = tuple(part for part in found.parts if part.snapshot_id in tables.get(part.table, frozenset()))
    wanted = frozenset(part.snapshot_id for part in parts)
    snapshots = tuple(replace(one, command="") for one in found.snapshots if one.snapshot_id in wanted)
    small = Version(
        version=1,
        parent=0,
        at=found.at,
        command=f"extract of version {found.version}",
        rows_added=sum(part.data.rows for part in parts),
        parts=parts,
        snapshots=snapshots,
    )
    with storing(folder):
        make_folder(folder)
        write_json(folder / "lake.json", {"format": FORMAT, "made_by": "entrepot"})
        for ref in small.files():
            _copy(lake.path, folder, ref)
        target = manifest_path(folder, 1)
        make_folder(target.parent)
        write_json(target, as_json(small))
        write_json(folder / "current.json", {"version": 1, "sha256": content_hash(target)})
    return Lake(folder, memory_limit=lake.memory_limit, threads=lake.threads)


def _copy(source: Path, folder: Path, ref: FileRef) -> None:
    target = folder / ref.file
    make_folder(target.parent)
    try:
        shutil.copyfile(source / ref.file, target)
    except FileNotFoundError as error:
        remedy = "Run `entrepot lake verify`, and restore the file from a copy."
        raise NotFound(f"{ref.file} is missing", where=str(source), remedy=remedy) from error
