"""What a case is exported as."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from entrepot.cli.desk import file_bytes, is_named, opened_desk
from entrepot.cli.options import emit
from entrepot.errors import ConfigError


def write_export(content: dict[str, Any], out: Path, *, is_simulated: bool) -> None:
    """Write a case as a report, FollowTheMoney entities or a table, by the ending."""
    from entrepot.cases import case_table, write_entities

    if out.suffix == ".html":
        from entrepot.report import write_case

        write_case(content, out, simulated=is_simulated)
        click.echo(f"written to {out}", err=True)
    elif out.suffix == ".jsonl":
        click.echo(f"{write_entities(content, out):,} entities written to {out}", err=True)
    else:
        emit(case_table(content), as_json=False, out=out)


def write_draft(
    what: str, out: Path, filer: Path | None, payments: Path | None, *, is_public: bool, given: dict[str, Any]
) -> None:
    """Write a draft of a report to a financial intelligence unit, and record that it was."""
    import tomllib

    from entrepot.cases import Filer, goaml_draft, record_draft, write_bytes
    from entrepot.parties import read_rows

    if is_public or is_named(what):
        raise click.UsageError("A draft for a financial intelligence unit is made from the store, and never public.")
    if filer is None:
        raise click.UsageError("Missing option '--filer'. A report names who would file it.")
    try:
        said = tomllib.loads(file_bytes(filer).decode())
        named = Filer(**said)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, TypeError) as error:
        remedy = "It has rentity_id, first_name, last_name, reason; see docs/how-to/case.md."
        raise ConfigError(str(error), where=str(filer), remedy=remedy) from error
    desk = opened_desk(given)
    rows = list(read_rows(payments)) if payments else []
    content = goaml_draft(desk.store, what, named, at=desk.at, payments=rows)
    record_draft(desk.store, what, write_bytes(content, out), **desk.deciding)
    click.echo(f"draft written to {out}: complete it, check it, and file it yourself", err=True)
