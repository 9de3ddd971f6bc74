"""``entrepot mirror``: compare both sides' reports of the same trade."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from entrepot.cli.options import chosen_lake, emit, table_options

if TYPE_CHECKING:
    from entrepot.flows import Mirror


@click.command()
@click.option("--exporter", required=True, metavar="ISO3", help="Who sends the goods.")
@click.option("--importer", required=True, metavar="ISO3", help="Who receives them.")
@click.option("--event", metavar="YYYY-MM", help="First treated month; without one no change is tested.")
@click.option(
    "--products", default="all", show_default=True, metavar="LIST|FILE|HS,..", help="all, chpl, a file, or codes."
)
@click.option("--level", type=click.Choice(["4", "6", "8"]), default="6", show_default=True, help="Digits.")
@click.option(
    "--freq", type=click.Choice(["auto", "M", "A"]), default="auto", show_default=True, help="Months or years."
)
@click.option("--cif", type=float, default=0.07, show_default=True, help="Margin of cif over fob values.")
@table_options
def mirror(lake_path: Path | None, as_json: bool, out: Path | None, level: str, **question: Any) -> None:
    """Show what exporter and importer report of the same goods, and the gap between them.

    A gap is ordinary: codes, partners and dates differ between two offices. The table says what range is ordinary for
    each product, and with --event how odd the change since then is.
    """
    from entrepot.flows import mirror as estimate

    found = estimate(chosen_lake(lake_path), level=int(level), **question)
    title = f"{question['exporter'].upper()} to {question['importer'].upper()}, as both sides report it"
    emit(found, as_json=as_json, out=out, limit=20, title=title)
    click.echo(_summary(found), err=True)
    for caveat, text in found.caveat_texts.items():
        click.echo(f"{caveat}: {text}", err=True)


def _summary(found: Mirror) -> str:
    quiet, (first, last) = found.parameters["quiet"], found.parameters["periods"]
    text = f"{len(found)} rows, {first} to {last}, both sides in {found.parameters['common_periods']} periods"
    if quiet["cells"]:
        text += (
            f"; in quiet time importers' values are {_times(quiet['median_log_ratio'])} the exporters' in the middle,"
            f" and apart by a factor of {_times(quiet['median_absolute_log_ratio'])}"
        )
    return text


def _times(log_ratio: float) -> str:
    import math

    return f"{math.exp(log_ratio):.2f}"
