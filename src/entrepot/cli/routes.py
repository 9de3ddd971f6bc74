"""``entrepot routes``: rank routes to a market by unexplained trade."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from entrepot.cli.options import chosen_lake, command_line, emit, json_option, lake_option, out_option

if TYPE_CHECKING:
    from entrepot.flows import Routes
    from entrepot.lake import Table

_ON_SCREEN = (
    "rank",
    "via_iso3",
    "product_id",
    "currency",
    "observed",
    "expected",
    "excess_low",
    "excess_high",
    "q_value",
    "is_alert",
    "top_origins",
    "caveats",
)


def _fraction(ctx: click.Context, param: click.Parameter, value: float) -> float:
    if not 0 < value < 1:
        raise click.BadParameter("must lie above 0 and below 1.", ctx, param)
    return value


@click.command()
@click.option("--destination", required=True, metavar="ISO3", help="The sanctioned market.")
@click.option("--event", required=True, metavar="YYYY-MM", help="First treated month.")
@click.option("--until", metavar="YYYY-MM", help="Last month (default: the last one the reports share).")
@click.option("--origins", default="COALITION", show_default=True, metavar="GROUP|ISO3,..")
@click.option("--via", metavar="ISO3,..", help="Intermediaries (default: every partner).")
@click.option(
    "--products", default="all", show_default=True, metavar="LIST|FILE|HS,..", help="all, chpl, a file, or codes."
)
@click.option("--level", type=click.Choice(["4", "6", "8"]), default="6", show_default=True, help="Digits.")
@click.option("--as-of", metavar="YYYY-MM", help="Look at nothing later.")
@click.option(
    "--alpha", type=float, default=0.1, show_default=True, callback=_fraction, help="Share of alerts that may be false."
)
@click.option(
    "--controls",
    type=click.Choice(["pooled", "own", "destination", "sister", "via"]),
    default="pooled",
    show_default=True,
    help="Control set of the headline estimates; the range over all of them is always given.",
)
@out_option()
@json_option
@lake_option
def routes(lake_path: Path | None, as_json: bool, out: Path | None, level: str, **question: Any) -> None:
    """Rank routes origins -> via -> destination by trade that nobody can explain.

    A row says how much at least is unexplained, and how sure that is. It is consistent with diversion; it never
    proves it.
    """
    from entrepot.flows import routes as estimate

    found = estimate(chosen_lake(lake_path), level=int(level), **question)
    if out is not None and out.suffix == ".html":
        from entrepot.report import write_report

        write_report(found, out, command=command_line())
    else:
        emit(found if as_json or out else _narrow(found), as_json=as_json, out=out, limit=20)
    if not len(found):
        click.echo(_why_empty(found.parameters), err=True)
    ranked = sum(rank is not None for rank in found["rank"])
    click.echo(
        f"{len(found)} rows, {ranked} tested, {sum(found['is_alert'])} alerts"
        f" ({found.parameters['window'][0]} to {found.parameters['window'][1]}, event {question['event']})",
        err=True,
    )


def _narrow(found: Routes) -> Table:
    """The columns that fit a terminal; --json and --out give all."""
    from entrepot.lake import Table

    return Table({name: found[name] for name in _ON_SCREEN}, {name: found.types[name] for name in _ON_SCREEN})


def _why_empty(parameters: dict[str, Any]) -> str:
    via = parameters["via"] or "any partner"
    return (
        f"no leg through {via} is in the data: neither {parameters['origins']} -> {via} nor"
        f" {via} -> {parameters['destination']} for the products asked for. docs/sources.md says where to get them."
    )
