"""``entrepot lake``: what is in the lake, how it came about, whether it is sound, and taking a file out."""

from __future__ import annotations

from pathlib import Path

import click

from entrepot.cli.options import chosen_lake, command_line, emit, lake_option, now, table_options


@click.group()
def lake() -> None:
    """Show, check and undo what is in the lake."""


@lake.command()
@table_options
def status(lake_path: Path | None, as_json: bool, out: Path | None) -> None:
    """What each file gave.

    Rows in force, periods, reporters and skipped records of each snapshot and table.
    """
    emit(chosen_lake(lake_path).status(), as_json=as_json, out=out, title="Lake: status")


@lake.command()
@table_options
def history(lake_path: Path | None, as_json: bool, out: Path | None) -> None:
    """Every version, newest first.

    When, by which command, rows in force, added, superseded and dropped.
    """
    emit(chosen_lake(lake_path).history(), as_json=as_json, out=out, title="Lake: history")


@lake.command()
@table_options
def verify(lake_path: Path | None, as_json: bool, out: Path | None) -> None:
    """Read every file and compare its hash.

    Exit code 1 where a file of any version is missing or altered.
    """
    from entrepot.errors import LakeDamaged

    opened = chosen_lake(lake_path)
    damaged = opened.verify()
    if as_json or out or len(damaged):
        emit(damaged, as_json=as_json, out=out, title="Lake: damaged files")
    else:
        click.echo(f"sound: every file of {opened.version().version} versions has its recorded hash")
    if len(damaged):
        raise LakeDamaged(
            f"{len(damaged)} damaged files, the first {damaged['file'][0]} ({damaged['problem'][0]})",
            where=str(opened.path),
            remedy="Restore them from a copy of the lake, or ingest the publisher's files into a new one.",
        )


@lake.command()
@click.argument("what")
@lake_option
def drop(what: str, lake_path: Path | None) -> None:
    """Take a snapshot or source out.

    Makes a version without the rows of WHAT: a snapshot id, its beginning, or a source id.

    Cells that those rows had superseded come back. Older versions stay in the history.
    """
    opened = chosen_lake(lake_path)
    rows = opened.drop(what, at=now(), command=command_line())
    click.echo(f"{rows:,} rows dropped; version {opened.version().version} of {opened.path} is current")
