"""``entrepot demo``: everything on a simulated world, one HTML report at the end."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import click

from entrepot.cli.options import chosen_lake, now
from entrepot.errors import SourceError

if TYPE_CHECKING:
    from entrepot.flows import Routes
    from entrepot.world import Population, World

_DESTINATION, _PRODUCTS = "RUS", "chpl"
# Neighbours whose own trade is small enough for planted amounts to show; the others serve as controls.
_VIA = "KAZ,KGZ,ARM,GEO,UZB"
_EVENT = "2022-03"
_CUSTOMERS, _PAYMENTS, _DEALS = 200, 2000, 1500
# The day whose law the ledger is asked for.
_LAW_ON = "2026-06-30"


@click.command()
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("demo"),
    show_default=True,
    metavar="DIR",
    help="Folder for the world, the lake, the report and the table.",
)
@click.option(
    "--seed",
    type=click.IntRange(0, 2**63 - 1),
    default=1,
    show_default=True,
    metavar="N",
    help="Another seed is another world.",
)
@click.option("--serve", "is_served", is_flag=True, help="Then open the pages on it, until Ctrl-C.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Of --serve.")
def demo(out: Path, seed: int, is_served: bool, port: int) -> None:
    """Simulate a world of trade and people, watch every mechanism in it and write one HTML report.

    Nothing in it is real trade: the territories have real names, their trade is made up and its diversions
    are planted, so that the answer can be compared with the truth. Every page says SIMULATED. An earlier
    demo in DIR is replaced. With --serve the desk has alerts to work on, an analyst and a reviewer.
    """
    _make_room(out)
    world = _simulated(out / "world", seed)
    answer = _answered(world, out / "lake")
    people = _peopled(out / "people", seed)
    report, table = _written(answer, world, people, out)
    planted = world.planted_usd(_VIA.split(","))
    click.echo("SIMULATED: no number in these files is about real trade.")
    click.echo(f"planted: {planted / 1e6:,.0f} m USD of listed goods, as exported to {_VIA}")
    for what, path in (
        ("report", report),
        ("table", table),
        ("truth", world.truth_series),
        ("lake", out / "lake"),
        ("people", people.folder),
    ):
        click.echo(f"{what + ':':<8} {path}")
    if is_served:
        _serve(answer, people, out, port)


def _serve(answer: Routes, people: Population, out: Path, port: int) -> None:
    from entrepot.cli.demo_desk import PEOPLE, fill_desk
    from entrepot.cli.serve import run_server

    lake = chosen_lake(out / "lake")
    click.echo("putting alerts on the desk ...", err=True)
    count = fill_desk(lake, answer, people, out / "article.txt", as_of=_LAW_ON)
    names = " and ".join(f"{name} ({role})" for name, role in PEOPLE)
    click.echo(f"desk:    {count:,} alerts; {names} decide")
    run_server(lake, host="127.0.0.1", port=port, destination=_DESTINATION, event=_EVENT, products=_PRODUCTS, via=_VIA)


def _make_room(out: Path) -> None:
    """Remove an earlier demo; refuse to touch anything that a demo did not write."""
    try:
        if (out / "lake").exists():
            if not (out / "world" / "README.txt").is_file():
                raise SourceError(
                    "this folder holds a lake that no demo wrote",
                    where=str(out),
                    remedy="Choose another --out.",
                )
            shutil.rmtree(out / "lake")
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SourceError(str(error.strerror), where=str(out), remedy="Choose another --out.") from error


def _simulated(folder: Path, seed: int) -> World:
    from entrepot.world import preset, simulate

    click.echo("simulating a trade world ...", err=True)
    return simulate(folder, preset("demo", seed=seed))


def _answered(world: World, folder: Path) -> Routes:
    from entrepot.flows import routes
    from entrepot.sources import ingest

    lake = chosen_lake(folder, create=True)
    click.echo(f"reading its {world.n_rows:,} reports into a lake ...", err=True)
    ingest(lake, "flows", [world.flows], at=now())
    ingest(lake, "hs-concordance", [world.concordance], at=now())
    click.echo("ranking routes ...", err=True)
    return routes(lake, destination=_DESTINATION, event=world.options.event, products=_PRODUCTS, via=_VIA)


def _peopled(folder: Path, seed: int) -> Population:
    from entrepot.world import PeopleOptions, populate

    click.echo("simulating people, firms and what they do ...", err=True)
    return populate(folder, PeopleOptions(_CUSTOMERS, _PAYMENTS, seed, least_deals=_DEALS))


def _written(answer: Routes, world: World, people: Population, out: Path) -> tuple[Path, Path]:
    from entrepot.alerts import judge, lines, told_claims
    from entrepot.ledger import open_ledger
    from entrepot.report import write_report
    from entrepot.world import write_article

    command = (
        f"entrepot routes --lake {out / 'lake'} --destination {_DESTINATION} --event {world.options.event}"
        f" --via {_VIA} --products {_PRODUCTS} --out routes.csv"
    )
    click.echo("checking their records ...", err=True)
    ledger = open_ledger()
    judged = judge(people, ledger, as_of=people.options.trade.last_month + "-28")
    alerts = sum(bool(row["is_alert"]) for row in answer)
    trade = f"{alerts} of {len(answer):,} routes are alerts; the page above."
    article = write_article(out / "article.txt")
    claims = told_claims(article, ledger, chosen_lake(out / "lake"), as_of=_LAW_ON)
    told = lines(judged, ledger, trade=trade, claims=claims, as_of=_LAW_ON)
    report = write_report(
        answer, out / "report.html", simulated=True, command=command, mechanisms=told, population=judged
    )
    return report, answer.write(out / "routes.csv")
