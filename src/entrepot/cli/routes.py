"""``entrepot routes``: rank routes to a market by unexplained trade."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from entrepot.cli.asked import is_demo, ledger_beside
from entrepot.cli.options import (
    asked_of_ledger,
    chosen_lake,
    command_line,
    emit,
    file_option,
    json_option,
    lake_option,
    out_option,
    question_options,
    step_bar,
)
from entrepot.errors import SourceError

if TYPE_CHECKING:
    from entrepot.flows import Routes
    from entrepot.lake import Lake, Table

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


def _placebo_kind(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[str, int] | None:
    """``products``, ``destination`` or ``date``, with ``=N`` for how many."""
    if value is None:
        return None
    kind, sign, count = value.partition("=")
    is_count = count.isascii() and count.isdigit() and 0 < int(count) <= 10_000
    if kind not in ("products", "destination", "date") or (sign and not is_count):
        raise click.BadParameter(f"{value!r} is none of products, destination, date, with =N for how many.", ctx, param)
    return kind, int(count or 20)


def _tidy_folder(ctx: click.Context, param: click.Parameter, value: Path | None) -> Path | None:
    if value is not None and (value.is_file() or not value.absolute().parent.is_dir()):
        raise SourceError("there is no such folder to write in", where=str(value), remedy="Choose another --tidy.")
    return value


@click.command()
@question_options
@click.option("--until", metavar="YYYY-MM", help="Last month (default: the last one the reports share).")
@click.option(
    "--sellers",
    "has_sellers",
    is_flag=True,
    help="Count as ordinary what sellers outside the origins did in the same good and intermediary, too.",
)
@click.option("--as-of", metavar="YYYY-MM", help="Look at nothing later.")
@file_option("--weights", help="Write which controls stand behind the alerts' growth to FILE")
@click.option(
    "--tidy",
    type=click.Path(path_type=Path),
    metavar="DIR",
    callback=_tidy_folder,
    help="Write the first row's months to DIR, with scripts that reproduce its estimate in R and Stata.",
)
@click.option(
    "--placebo",
    metavar="KIND[=N]",
    callback=_placebo_kind,
    help="Answer the question with N random lists (products), other destinations (destination) or earlier events (date)"
    " instead, beside the real one.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Of the random lists of --placebo products.")
@out_option()
@json_option
@lake_option
def routes(lake_path: Path | None, level: str, **given: Any) -> None:
    """Rank routes origins -> via -> destination by trade that nobody can explain.

    A row says how much at least is unexplained, and how sure that is. It is consistent with diversion; it never
    proves it.
    """
    own = {name: given.pop(name) for name in ("as_json", "out", "weights", "tidy", "placebo", "seed")}
    measure = given["measure"]
    question = {"level": int(level), **asked_of_ledger(given, lake_path)}
    lake = chosen_lake(lake_path)
    if own["placebo"] is None:
        _answer(lake, question, measure, **{name: own[name] for name in ("as_json", "out", "weights", "tidy")})
    elif own["weights"] or own["tidy"]:
        raise click.UsageError("--placebo gives counts; --weights and --tidy look behind one answer. Ask apart.")
    else:
        _placebos(lake, question, **{name: own[name] for name in ("as_json", "out", "placebo", "seed")})


def _answer(
    lake: Lake,
    question: dict[str, Any],
    measure: str | None,
    *,
    as_json: bool,
    out: Path | None,
    weights: Path | None,
    tidy: Path | None,
) -> None:
    from entrepot.flows import control_weights, worked, write_tidy

    work = worked(lake, **question)
    found = work.answer
    if measure is not None:
        found.parameters["measure"] = measure
    if out is not None and out.suffix == ".html":
        from entrepot.report import write_report

        is_simulated = is_demo(lake.path)
        ledger = None if is_simulated else ledger_beside(lake)
        write_report(found, out, simulated=is_simulated, command=command_line(), ledger=ledger)
    else:
        emit(found if as_json or out else _narrow(found), as_json=as_json, out=out, limit=20)
    if weights is not None:
        emit(control_weights(work), as_json=False, out=weights, title="Weights of controls")
    if tidy is not None:
        click.echo(f"{len(write_tidy(work, tidy))} files written to {tidy}", err=True)
    if not len(found):
        click.echo(_why_empty(found.parameters), err=True)
    ranked = sum(rank is not None for rank in found["rank"])
    click.echo(
        f"{len(found)} rows, {ranked} tested, {sum(found['is_alert'])} alerts"
        f" ({found.parameters['window'][0]} to {found.parameters['window'][1]}, event {question['event']})",
        err=True,
    )


def _placebos(
    lake: Lake, question: dict[str, Any], *, as_json: bool, out: Path | None, placebo: tuple[str, int], seed: int
) -> None:
    from entrepot.flows import placebo as answered

    with step_bar() as show:
        found = answered(lake, kind=placebo[0], n=placebo[1], seed=seed, on_run=show, **question)
    emit(found, as_json=as_json, out=out, title=f"Placebo {placebo[0]}")
    for label, why in found.skipped.items():
        click.echo(f"{label}: not answered: {why}", err=True)
    real = found.rows()[0]
    click.echo(
        f"{len(found) - 1} placebos; the real answer has {real['alerts']} alerts, rank {real['rank_by_alerts']}"
        f" (p {found.p_by_alerts:.3f}), by money rank {real['rank_by_excess']} (p {found.p_by_excess:.3f})",
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
