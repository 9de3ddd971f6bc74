"""``entrepot fetch``: download from UN Comtrade and Eurostat Comext."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from entrepot.cli.options import json_option, settings

if TYPE_CHECKING:
    from entrepot.sources import FetchReport

_Command = Callable[..., None]


def _shared(command: _Command) -> _Command:
    for option in reversed(
        (
            click.option(
                "--dir",
                "folder",
                type=click.Path(file_okay=False, path_type=Path),
                required=True,
                help="Folder for the files; an earlier run there is gone on with.",
            ),
            click.option("--base-url", help="A mirror that answers like the publisher."),
            click.option("--refresh", is_flag=True, help="Download again what is there already."),
            json_option,
            # Taken by every command; a download goes to --dir and touches no lake.
            click.option("--lake", hidden=True, expose_value=False),
        )
    ):
        command = option(command)
    return command


@click.group()
def fetch() -> None:
    """Download trade statistics from the publisher.

    Prints one line a file: written (now) or kept (there already, hash checked). Beside each file its
    origin is recorded for `entrepot ingest`.
    """


@fetch.command()
@click.option("--reporter", required=True, help="ISO3, name or UN number, joined by commas; or all.")
@click.option("--partner", required=True, help="The same; WORLD for all together, all for each one.")
@click.option("--period", required=True, help="2024-03, lists with commas, ranges 2023-01..2023-12.")
@click.option("--flow", required=True, help="export, import, re-export, re-import, joined by commas.")
@click.option(
    "--products",
    default="TOTAL",
    show_default=True,
    help="TOTAL, AG2, AG4, AG6, HS codes, a list such as chpl, or a file.",
)
@click.option("--freq", type=click.Choice(["M", "A"], case_sensitive=False), default="M", show_default=True)
@click.option(
    "--key",
    envvar="ENTREPOT_COMTRADE_KEY",
    show_envvar=True,
    help="Subscription key. Better set the variable: a command line is seen by others and remembered.",
)
@click.option(
    "--calls-per-day",
    type=click.IntRange(min=1),
    default=500,
    show_default=True,
    help="Calls after which the run stops until tomorrow (UTC).",
)
@_shared
def comtrade(
    folder: Path,
    key: str | None,
    base_url: str | None,
    refresh: bool,
    as_json: bool,
    calls_per_day: int,
    **question: str,
) -> None:
    """Final HS data of UN Comtrade as CSV, by question.

    Without a key the public preview is asked (500 rows a call), with one the data service. A question
    that is too large for one call is cut into smaller ones.
    """
    from entrepot.sources import fetch as fetch_source

    key = key or settings().comtrade_key or None
    with _progress() as progress:
        access: dict[str, object] = {
            "refresh": refresh,
            "calls_per_day": calls_per_day,
            "progress": progress,
        }
        report = fetch_source("comtrade", folder, key=key, base_url=base_url, access=access, **question)
    _print(report, as_json=as_json)


@fetch.command()
@click.option("--period", required=True, help="2024-03, lists with commas, ranges 2023-01..2023-12.")
@_shared
def comext(period: str, folder: Path, base_url: str | None, refresh: bool, as_json: bool) -> None:
    """Monthly bulk files of Eurostat Comext (full_v2_YYYYMM.7z), as published."""
    from entrepot.sources import fetch as fetch_source

    with _progress() as progress:
        access: dict[str, object] = {"refresh": refresh, "progress": progress}
        report = fetch_source("comext", folder, base_url=base_url, access=access, period=period)
    _print(report, as_json=as_json)


def _print(report: FetchReport, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(asdict(report), default=str, ensure_ascii=False))
        return
    for word, paths in (("written", report.written), ("kept", report.kept)):
        for path in paths:
            click.echo(f"{word}\t{path}")
    for question in report.empty:
        click.echo(f"no rows (not reported, or no trade): {question}", err=True)


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int | None], None] | None]:
    """Yield what draws a bar on a terminal, and None in a pipe."""
    if not sys.stderr.isatty():
        yield None
        return
    from tqdm import tqdm

    bar: tqdm[Any] = tqdm(unit="", unit_scale=True, leave=False)

    def show(name: str, done: int, total: int | None) -> None:
        bar.set_description(name, refresh=False)
        bar.total = total
        bar.update(done - bar.n)

    try:
        yield show
    finally:
        bar.close()
