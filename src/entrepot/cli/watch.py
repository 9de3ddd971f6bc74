"""``entrepot watch``: replay routes month by month, with only what was known by then."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from entrepot.cli.options import (
    asked_of_ledger,
    chosen_lake,
    emit,
    file_option,
    json_option,
    lake_option,
    out_option,
    question_options,
    step_bar,
)

if TYPE_CHECKING:
    from entrepot.flows import Watch
    from entrepot.lake import Table

_TABLES = (".csv", ".parquet", ".json", ".jsonl")
_ON_SCREEN = (
    "first_month",
    "via_iso3",
    "product_id",
    "window_end",
    "currency",
    "excess_low",
    "excess_high",
    "p_value",
    "q_value",
    "is_alert",
    "caveats",
)


@click.command()
@question_options
@click.option("--from", "start", metavar="YYYY-MM", help="First month to look at (default: the first possible one).")
@click.option("--to", "end", metavar="YYYY-MM", help="Last month to look at (default: the last one the reports share).")
@click.option("--until", metavar="YYYY-MM", help="No look goes past it, as --to.")
@click.option("--as-of", metavar="YYYY-MM", help="Look at nothing later, not even to find the last month.")
@file_option("--growth", _TABLES, help="Write each alert's numbers, look by look, to FILE")
@out_option()
@json_option
@lake_option
def watch(
    lake_path: Path | None, as_json: bool, out: Path | None, growth: Path | None, level: str, **question: Any
) -> None:
    """Find the month in which each route would first have been an alert, had somebody looked every month.

    Each month sees only what was known by then; the event stays. p_value and q_value allow for looking often.
    """
    from entrepot.flows import watch as replay

    question = asked_of_ledger(question, lake_path)
    with step_bar() as show:
        found = replay(chosen_lake(lake_path), level=int(level), on_look=show, **question)
    if growth is not None:
        found.growth.write(growth)
    title = f"Watch on {found.parameters['destination']}, event {question['event']}"
    emit(found if as_json or out else _narrow(found), as_json=as_json, out=out, limit=20, title=title)
    for look in found.looks:
        click.echo(_told(look), err=True)
    alerted = sum(month is not None for month in found["first_month"])
    click.echo(f"{len(found)} rows, {alerted} with an alert in {found.parameters['looks']} looks", err=True)


def _narrow(found: Watch) -> Table:
    """The columns that fit a terminal; --json and --out give all."""
    from entrepot.lake import Table

    return Table({name: found[name] for name in _ON_SCREEN}, {name: found.types[name] for name in _ON_SCREEN})


def _told(look: dict[str, Any]) -> str:
    if look["skipped"]:
        return f"{look['month']}: not answered: {look['skipped']}"
    return (
        f"{look['month']}: {look['rows']} rows to {look['window_end']}, {look['alerts']} alerts,"
        f" {look['first_alerts']} of them for the first time"
    )
