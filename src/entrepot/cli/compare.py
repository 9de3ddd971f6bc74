"""``entrepot compare``: how far two names agree, for each pair in a file."""

from __future__ import annotations

from pathlib import Path

import click

from entrepot.cli.options import emit, json_option, out_option


@click.command()
@click.argument("pairs", type=click.Path(path_type=Path), metavar="PAIRS.csv")
@click.option("--left", required=True, metavar="COL", help="Column of the one name.")
@click.option("--right", required=True, metavar="COL", help="Column of the other name.")
@click.option(
    "--schema",
    type=click.Choice(["Person", "Company"]),
    help="What the names are of (default: a legal form makes a company).",
)
@json_option
@out_option()
def compare(pairs: Path, left: str, right: str, schema: str | None, as_json: bool, out: Path | None) -> None:
    """Add a score from 0 to 1 and its reasons to each pair of names in a file.

    From 0.7 on two names are consistent with one bearer. A score is about names alone: it is no finding about anybody.
    """
    from entrepot.parties import compare as compared
    from entrepot.parties import compare_file

    if out is not None and out.suffix != ".html" and not as_json:
        click.echo(
            f"{compare_file(pairs, out, left=left, right=right, schema=schema):,} rows written to {out}", err=True
        )
        return
    table = compared(pairs, left=left, right=right, schema=schema)
    emit(table, as_json=as_json, out=out, limit=40, title=f"Pairs of {pairs.name}")
