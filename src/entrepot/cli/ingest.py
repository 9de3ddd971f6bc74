"""``entrepot ingest``: read files of a source into the lake."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from entrepot.cli.options import chosen_lake, command_line, json_option, lake_option, now, read_key, step_bar

if TYPE_CHECKING:
    from entrepot.lake import Lake
    from entrepot.sources import IngestReport

_FILE = click.Path(path_type=Path)
_SHOWN_ISSUES = 5


@click.command()
@click.argument("source")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--mapping", metavar="FILE", help="TOML file that names the columns, or the name of one shipped.")
@click.option("--kind", metavar="KIND", help="Of records: what all the files hold, where their columns do not tell.")
@click.option(
    "--names",
    type=click.Choice(["keep", "hash", "drop"]),
    default="keep",
    show_default=True,
    help="Of records: names of persons and firms, in the rows and in the bytes that are kept.",
)
@click.option("--key", "key_path", type=_FILE, metavar="FILE", help="Secret key of the hash: 16 random bytes or more.")
@lake_option
@json_option
def ingest(
    source: str,
    paths: tuple[Path, ...],
    mapping: str | None,
    kind: str | None,
    names: str,
    key_path: Path | None,
    lake_path: Path | None,
    as_json: bool,
) -> None:
    """Read files of SOURCE into the lake: all of them, or nothing.

    The bytes are kept with their hash. The same file twice changes nothing; a newer extraction supersedes
    an older one cell by cell, and both stay in the history. Records that cannot be used are skipped and
    recorded.
    """
    from entrepot.sources import RecordOptions, get_source
    from entrepot.sources import ingest as read_into

    get_source(source)  # Before a folder is made for a source that does not exist.
    own = None
    if kind or key_path or names != "keep":
        own = RecordOptions(kind, names, read_key(key_path))  # type: ignore[arg-type]
    opened = chosen_lake(lake_path, create=True)
    with step_bar() as opened.on_step:
        report = read_into(opened, source, paths, mapping=mapping, at=now(), command=command_line(), records=own)
    click.echo(_as_json(report) if as_json else _summary(report, source, opened))
    for note in report.notes:
        click.echo(f"note: {note}", err=True)
    _print_issues(report)


def _summary(report: IngestReport, source: str, opened: Lake) -> str:
    if report.is_unchanged:
        return f"nothing new: {opened.path} already holds these files of {source} (version {report.version})"
    return (
        f"{report.rows:,} rows of {source} in {opened.path}, version {report.version}; "
        f"{report.superseded:,} older rows superseded, {report.skipped:,} records skipped"
    )


def _as_json(report: IngestReport) -> str:
    names = ("rows", "superseded", "skipped", "version", "is_unchanged")
    value = {name: getattr(report, name) for name in names}
    value |= {"notes": report.notes, "issues": report.issues.rows()}
    return json.dumps(value, ensure_ascii=False)


def _print_issues(report: IngestReport) -> None:
    rows = report.issues.rows()
    for row in rows[:_SHOWN_ISSUES]:
        place = f"{row['file']} record {row['source_row']}"
        click.echo(f"issue: {place}: {row['field']} {row['value']!r}: {row['reason']}", err=True)
    if (more := max(report.skipped, len(rows)) - _SHOWN_ISSUES) > 0:
        click.echo(f"and {more:,} more; all are in the lake's table of issues", err=True)
