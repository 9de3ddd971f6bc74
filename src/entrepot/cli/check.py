"""``entrepot check``: red flags over a file of records."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from entrepot.cli.options import chosen_lake, emit, now, settings, table_options

if TYPE_CHECKING:
    from entrepot.alerts import Check


def _tables(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> tuple[tuple[str, Path], ...]:
    found = []
    for value in values:
        kind, equals, path = value.partition("=")
        if not equals or not kind or not path:
            raise click.BadParameter(f"{value!r} is not KIND=FILE.", ctx, param)
        found.append((kind.strip(), Path(path.strip())))
    return tuple(found)


@click.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--kind", required=True, metavar="KIND", help="What FILE holds: person, card, payment, shipment ...")
@click.option("--with", "beside", multiple=True, metavar="KIND=FILE", callback=_tables, help="A further table.")
@click.option("--as-of", metavar="DATE", help="The day whose knowledge counts (default: today).")
@click.option("--policy", "policy_path", type=click.Path(path_type=Path), metavar="FILE", help="From flags to decisions.")
@click.option("--flags", "folder", type=click.Path(path_type=Path), metavar="DIR", help="A folder of flags of your own.")
@click.option("--language", type=click.Choice(["en", "ru", "kk", "ky", "tr"]), default="en", show_default=True)
@click.option(
    "--suspicion", type=click.Path(path_type=Path), metavar="FILE", help="Ids, one a line, of which nothing is asked."
)
@table_options
def check(
    file: Path | None,
    kind: str,
    beside: tuple[tuple[str, Path], ...],
    as_of: str | None,
    policy_path: Path | None,
    folder: Path | None,
    language: str,
    suspicion: Path | None,
    lake_path: Path | None,
    as_json: bool,
    out: Path | None,
) -> None:
    """Put the red flags to the records of FILE: one row a record and flag, and a decision a record.

    A flag that fired is a reason to look, not a finding. Columns of every kind: docs/records.md.
    """
    from entrepot.alerts import Check, CheckOptions
    from entrepot.codes import parse_day
    from entrepot.errors import ConfigError
    from entrepot.ledger import open_ledger
    from entrepot.redflags import Flags, read_flags, read_policy, shipped_flags

    day = as_of or now()[:10]
    parse_day(day)
    own = read_flags(folder) if folder else Flags(())
    shipped = shipped_flags()
    flags = Flags((*shipped.flags, *own.flags), (*shipped.refused, *own.refused))
    options = CheckOptions(
        day,
        policy=read_policy(policy_path) if policy_path else None,
        language=language,  # type: ignore[arg-type]
        withheld=_ids(suspicion),
    )
    ledger = open_ledger(settings().packs)
    with Check(kind, flags, ledger, options) as made:
        for error in flags.refused:
            click.echo(f"note: flag left out: {error}", err=True)
        if file is None:
            raise ConfigError(f"no file of kind {kind}", where="FILE", remedy="Name the file of records.")
        made.read(kind, file)
        for name, path in beside:
            made.read(name, path)
        _told(made)
        made.outcomes()
        _hand_over(made, as_json=as_json, out=out)


def _ids(path: Path | None) -> tuple[str, ...]:
    from entrepot.errors import SourceError

    if path is None:
        return ()
    if not path.is_file():
        raise SourceError("no such file", where=str(path), remedy="Name a file with one record id a line.")
    return tuple(line.strip() for line in path.read_text("utf-8").splitlines() if line.strip())


def _told(made: Check) -> None:
    for reading in made.readings:
        for fault in reading.faults:
            click.echo(f"note: {fault}", err=True)
        if reading.skipped:
            click.echo(f"note: {reading.file}: {reading.skipped:,} records skipped", err=True)
        if reading.unusable:
            click.echo(f"note: {reading.file}: {reading.unusable:,} records with a cell that is not used", err=True)
        if reading.ignored:
            click.echo(f"note: {reading.file}: columns not read: {', '.join(reading.ignored)}", err=True)


def _hand_over(made: Check, *, as_json: bool, out: Path | None) -> None:
    from entrepot.alerts import write_answer

    if out is not None:
        rows = write_answer(made, out)
        click.echo(f"{rows:,} rows written to {out}", err=True)
    if as_json or out is None:
        from entrepot.alerts import answer_table

        emit(answer_table(made), as_json=as_json, out=None, limit=50)
