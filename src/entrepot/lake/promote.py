"""Promotion: the last steps of a commit, and what undoes them when a writer dies between two of them.

Every step before the last only adds files that no version names; the last is one rename of ``current.json``.
What a dead writer added is recognised by its number (above the current version) or by being named by no
version, and the next writer removes it.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from entrepot.lake.disk import make_folder, sync_folder, write_json
from entrepot.lake.manifest import Version, as_json, manifest_path, read_version
from entrepot.lake.snapshots import Snapshot
from entrepot.origin import content_hash


def promote(
    lake: Path, stage: Path, version: Version, *, snapshots: list[Snapshot], step: Callable[[str], None]
) -> Version:
    """Move a stage's files to their places and make ``version`` current; return it as written."""
    _discard_unnamed(stage / "out", version)
    step("promote snapshots")
    for snapshot in snapshots:
        _promote_snapshot(lake, stage, snapshot)
    step("promote data")
    for folder in sorted((stage / "out" / "data").glob("*/*")):
        sync_folder(folder)
        _move(folder, lake / folder.relative_to(stage / "out"))
    step("write version")
    if version.parent:
        version = replace(version, parent_sha256=content_hash(manifest_path(lake, version.parent)))
    path = manifest_path(lake, version.version)
    make_folder(path.parent)
    write_json(path, as_json(version))
    step("switch current")
    write_json(lake / "current.json", {"version": version.version, "sha256": content_hash(path)})
    step("clean")
    return version


def clean(lake: Path, current: Version) -> None:
    """Remove what writers left that did not reach the end. The caller holds the lock.

    A stage folder is made first and removed last, so where there is none there is nothing to look for.
    """
    stages = _folders(lake / "stage", "*")
    if not stages:
        return
    for path in (lake / "versions").glob("*.json"):
        if path.stem.isdigit() and int(path.stem) > current.version:
            path.unlink()
    for folder in _folders(lake / "data", "*/*"):
        if folder.name.isdigit() and int(folder.name) > current.version:
            shutil.rmtree(folder)
    named = _named_snapshots(lake, current)
    for folder in _folders(lake / "snapshots", "*"):
        if folder.name not in named:
            shutil.rmtree(folder)
    for scratch in (*lake.glob(".*.new"), *lake.glob("versions/.*.new")):
        scratch.unlink()
    for stage in stages:
        shutil.rmtree(stage)


def _folders(parent: Path, pattern: str) -> list[Path]:
    # Other programs leave files (.DS_Store) in any folder that was looked at.
    return [path for path in parent.glob(pattern) if path.is_dir()]


def _named_snapshots(lake: Path, current: Version) -> set[str]:
    versions = [current, *(read_version(lake, number) for number in range(1, current.version))]
    return {entry.origin.sha256 for version in versions for entry in version.snapshots}


def _discard_unnamed(folder: Path, version: Version) -> None:
    # A part that was rewritten twice in one commit leaves a file between that no version names.
    named = {ref.file for ref in version.files()}
    for file in folder.rglob("*.parquet"):
        if str(file.relative_to(folder)) not in named:
            file.unlink()


def _promote_snapshot(lake: Path, stage: Path, snapshot: Snapshot) -> None:
    target = lake / "snapshots" / snapshot.origin.sha256
    if target.exists():
        return
    folder = stage / "kept" / snapshot.origin.sha256
    make_folder(folder)
    snapshot.path.rename(folder / "bytes")
    origin = folder / "origin.json"
    write_json(origin, {**snapshot.origin.as_dict(), "name": snapshot.path.name})
    _move(folder, target)


def _move(folder: Path, target: Path) -> None:
    make_folder(target.parent)
    folder.rename(target)
    sync_folder(target.parent)
