"""``entrepot screen``: a file of customers against lists of the lake."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from entrepot.cli.options import chosen_lake, emit, fraction, table_options, version_or_time

if TYPE_CHECKING:
    from entrepot.parties import Counts, ScreenOptions

# Below this many bytes a second process costs more than it saves.
_WORTH_WORKERS = 2_000_000
_STREAMED = (".csv", ".parquet", ".json", ".jsonl")


def _datasets(ctx: click.Context, param: click.Parameter, value: str) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(part.strip() for part in value.split(",") if part.strip()))
    if not found:
        raise click.BadParameter("names no list.", ctx, param)
    return found


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--against", required=True, metavar="DATASET,..", callback=_datasets, help="Lists: ofac,un,eu ...")
@click.option("--limit", type=click.IntRange(1, 100), default=5, show_default=True, help="Candidates of each query.")
@click.option(
    "--threshold", type=float, default=0.7, show_default=True, callback=fraction, help="Score that makes a match."
)
@click.option("--as-of", metavar="DATE", help="The lists as the lake held them at the end of this day.")
@click.option(
    "--diff",
    "since",
    metavar="SINCE",
    callback=version_or_time,
    help="Only what lists added or changed since a day or a version.",
)
@click.option("--workers", type=click.IntRange(1, 64), help="Processes (default: one, two for a large file).")
@table_options
def screen(
    file: Path,
    against: tuple[str, ...],
    limit: int,
    threshold: float,
    as_of: str | None,
    since: int | str | None,
    workers: int | None,
    lake_path: Path | None,
    as_json: bool,
    out: Path | None,
) -> None:
    """Screen the parties of FILE against lists in the lake, with the reasons of every score.

    FILE holds records of kind person or company, FollowTheMoney entities one a line, or columns id and name.
    Candidates are written whatever their score; a score is a reason to look, not a finding.
    Stopped work on --out goes on where it was when the same command is given again.
    """
    from entrepot.parties import ScreenOptions

    options = ScreenOptions(limit, threshold, as_of, since)
    if out is not None and out.suffix in _STREAMED:
        counts = _screened(file, out, against, options, workers, lake_path)
        click.echo(
            f"{counts.queries:,} queries screened, {counts.with_match:,} with a match, written to {out}", err=True
        )
        if as_json:
            from entrepot.parties import read_results

            emit(read_results(out), as_json=True, out=None)
        return
    with tempfile.TemporaryDirectory() as folder:
        from entrepot.parties import read_results

        scratch = Path(folder) / "results.jsonl"
        _screened(file, scratch, against, options, workers, lake_path)
        emit(read_results(scratch), as_json=as_json, out=out, limit=50, title="Screening")


def _screened(
    file: Path,
    out: Path,
    against: tuple[str, ...],
    options: ScreenOptions,
    workers: int | None,
    lake_path: Path | None,
) -> Counts:
    from entrepot.parties import screen_file

    lake = chosen_lake(lake_path)
    if workers is None:
        is_large = file.is_file() and file.stat().st_size > _WORTH_WORKERS
        workers = min(2, os.cpu_count() or 1) if is_large else 1
    with _bar() as on_block:
        counts = screen_file(lake, file, out, against=against, options=options, workers=workers, on_block=on_block)
    if options.since is not None:
        click.echo(
            f"note: compared only with what the lists added or changed since {options.since};"
            " queries that nothing of it resembles have no row",
            err=True,
        )
    for number, text in (
        (counts.no_name, "queries have no usable name"),
        (counts.bad_dates, "dates are no dates; those rows are screened without them"),
        (counts.repeated_ids, "ids had come before; each row is answered"),
    ):
        if number:
            click.echo(f"note: {number:,} {text}", err=True)
    return counts


@contextmanager
def _bar() -> Iterator[Callable[[int], None] | None]:
    """Yield what counts the queries done; None where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from tqdm import tqdm

    with tqdm(unit=" queries", unit_scale=True, leave=False) as bar:

        def count(queries: int) -> None:
            bar.update(queries)

        yield count
