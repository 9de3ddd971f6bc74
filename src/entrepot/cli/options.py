"""What commands share: the lake they read, and how they hand over a table."""

from __future__ import annotations

import html
import json
import os
import shlex
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from entrepot.errors import SourceError
from entrepot.settings import Settings, read_settings

if TYPE_CHECKING:
    from entrepot.lake import Lake, Table

F = TypeVar("F", bound=Callable[..., Any])

TABLE_ENDINGS = (".csv", ".parquet", ".json", ".jsonl", ".html")
# Wider cells would push the rest of a row off the screen; --json and --out give them whole.
_WIDEST = 100


def lake_option(command: F) -> F:
    """Add ``--lake DIR`` as argument ``lake_path``; None means the setting."""
    return click.option(
        "--lake",
        "lake_path",
        type=click.Path(path_type=Path),
        metavar="DIR",
        help="Folder of the lake (default ./lake, or ENTREPOT_LAKE).",
    )(command)


def json_option(command: F) -> F:
    """Add ``--json`` as argument ``as_json``."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")(command)


def out_option(endings: Sequence[str] = TABLE_ENDINGS, *, is_required: bool = False) -> Callable[[F], F]:
    """Add ``--out FILE`` as argument ``out``; the ending and the folder are checked before any work."""
    return file_option("--out", endings, is_required=is_required, help="Write to FILE")


def file_option(
    name: str, endings: Sequence[str] = TABLE_ENDINGS, *, help: str, is_required: bool = False
) -> Callable[[F], F]:
    """Add an option that names a file to write; the ending and the folder are checked before any work."""

    def check(ctx: click.Context, param: click.Parameter, value: Path | None) -> Path | None:
        if value is None:
            return None
        if value.suffix not in endings:
            raise click.BadParameter(f"{str(value)!r} must end in one of {', '.join(endings)}.", ctx, param)
        if value.is_dir() or not value.parent.is_dir():
            raise SourceError(
                "this is a folder" if value.is_dir() else "there is no such folder to write in",
                where=str(value),
                remedy=f"Choose another {name}.",
            )
        return value

    return click.option(
        name,
        type=click.Path(path_type=Path),
        metavar="FILE",
        required=is_required,
        callback=check,
        help=f"{help} ({', '.join(endings)}).",
    )


def table_options(command: F) -> F:
    """Add ``--lake``, ``--json`` and ``--out`` to a command that prints one table."""
    return lake_option(json_option(out_option()(command)))


def question_options(command: F) -> F:
    """Add the options of a question about routes but its last month: ``--destination`` to ``--controls``."""
    options = (
        click.option("--destination", required=True, metavar="ISO3", help="The sanctioned market."),
        click.option("--event", metavar="YYYY-MM", help="First treated month; needed unless --measure gives it."),
        click.option("--measure", metavar="ID", help="An entry of the ledger, whose month and goods are taken."),
        click.option("--origins", default="COALITION", show_default=True, metavar="GROUP|ISO3,.."),
        click.option("--via", metavar="ISO3,..", help="Intermediaries (default: every partner)."),
        click.option(
            "--products",
            default="all",
            show_default=True,
            metavar="LIST|FILE|HS,..",
            callback=named_products,
            help="all, chpl, a file, or codes; those of the --measure unless named.",
        ),
        click.option("--level", type=click.Choice(["4", "6", "8"]), default="6", show_default=True, help="Digits."),
        click.option(
            "--alpha",
            type=float,
            default=0.1,
            show_default=True,
            callback=fraction,
            help="Share of alerts that may be false.",
        ),
        click.option(
            "--controls",
            type=click.Choice(["pooled", "own", "destination", "sister", "via", "all"]),
            default="pooled",
            show_default=True,
            help="Control set of the headline estimates; all shows every set's own beside the usual headline.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def named_products(ctx: click.Context, param: click.Parameter, value: str) -> str | None:
    """Return the products that were named; None where none were, for then a measure's own are meant."""
    is_named = ctx.get_parameter_source(str(param.name)) is not click.core.ParameterSource.DEFAULT
    return value if is_named else None


def asked_of_ledger(question: dict[str, Any], lake_path: Path | None) -> dict[str, Any]:
    """Return a question with the month and goods of its measure, where it names one; a line on stderr says which.

    The measure is looked for in the shipped ledger, the user's packs and the lake.
    """
    measure, event = question["measure"], question["event"]
    rest = {name: value for name, value in question.items() if name != "measure"}
    if measure is None:
        if event is None:
            raise click.UsageError("Missing option '--event'. Name the first treated month, or a --measure.")
        return {**rest, "products": rest["products"] or "all"}
    from entrepot.codes import day_text, parse_dated
    from entrepot.ledger import event_of, open_ledger

    ledger = open_ledger(settings().packs, lake=chosen_lake(lake_path))
    as_of = question.get("as_of")
    known = day_text(parse_dated(as_of).last) if as_of else None
    month, products, caveats = event_of(ledger, measure, question["products"], known=known)
    if event not in (None, month):
        raise click.UsageError(f"--event {event} is not the month of {measure}, {month}; name one of the two.")
    click.echo(f"{measure}: event {month}, products {products}", err=True)
    if "measure_not_in_force" in caveats:
        click.echo(f"the ledger has {measure} as {ledger.get(measure).status}: it may never have applied", err=True)
    if "no_goods_in_measure" in caveats and question["products"] is None:
        click.echo("the ledger does not know its goods; all are looked at", err=True)
    return {**rest, "event": month, "products": products}


def fraction(ctx: click.Context, param: click.Parameter, value: float) -> float:
    """Return a number between 0 and 1, both excluded; anything else is wrong usage."""
    if not 0 < value < 1:
        raise click.BadParameter("must lie above 0 and below 1.", ctx, param)
    return value


def settings() -> Settings:
    """Return the settings of this run, from ``entrepot.toml`` and the environment."""
    return read_settings(os.environ)


def chosen_lake(lake_path: Path | None, *, create: bool = False) -> Lake:
    """Return the lake named by ``--lake``, else by the settings."""
    from entrepot.lake import SparkOptions, open_lake

    chosen = settings()
    return open_lake(
        lake_path or chosen.lake,
        create=create,
        memory_limit=chosen.memory_limit,
        threads=chosen.threads,
        engine=chosen.engine,
        spark=SparkOptions(master=chosen.spark_master, folder=chosen.spark_folder),
    )


def existing_lake() -> Lake | None:
    """Return the lake that the settings name, None where there is none yet."""
    return chosen_lake(None) if (Path(settings().lake) / "lake.json").is_file() else None


def read_key(path: Path | None) -> bytes:
    """Return a secret key, nothing where none is named.

    Raises:
        SourceError: no such file.
    """
    from entrepot.errors import SourceError

    if path is None:
        return b""
    if not path.is_file():
        raise SourceError("no such file", where=str(path), remedy="Make one: head -c 32 /dev/urandom > key.")
    return path.read_bytes()


def now() -> str:
    """Return the present UTC instant, ISO 8601."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def command_line() -> str:
    """Return the command line of this run, to be recorded."""
    return f"entrepot {shlex.join(sys.argv[1:])}"


@contextmanager
def step_bar() -> Iterator[Callable[[str], None] | None]:
    """Yield what shows the step that a long write is at; None where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from tqdm import tqdm

    with tqdm(bar_format="{desc} {elapsed}", leave=False) as bar:

        def show(step: str) -> None:
            bar.set_description_str(step)

        yield show


def emit(table: Table, *, as_json: bool, out: Path | None, limit: int | None = None, title: str = "") -> None:
    """Hand over a table: to a file if one is named, as JSON if asked, else printed readably.

    Args:
        limit: rows to print at most; a file and JSON get all.
        title: heading of an HTML file.
    """
    if out is not None:
        write_html(table, out, title=title) if out.suffix == ".html" else table.write(out)
        click.echo(f"{len(table):,} rows written to {out}", err=True)
    if as_json:
        click.echo(as_json_text(table))
    elif out is None:
        click.echo(as_text(table, limit=limit))


def as_json_text(table: Table) -> str:
    """Return a table as a JSON array, one object a line; unknown is null."""
    lines = (json.dumps({k: _known(v) for k, v in row.items()}, ensure_ascii=False) for row in table)
    return "[" + ",\n ".join(lines) + "]"


def as_text(table: Table, *, limit: int | None = None) -> str:
    """Return a table as aligned text, numbers to the right."""
    from entrepot.lake import shown

    names = list(table.columns)
    cells = [[_cut(_cell(value, shown)) for value in row.values()] for row, _ in _first(table, limit)]
    widths = [max(len(line[i]) for line in [names, *cells]) for i in range(len(names))]
    is_number = [table.types[name] in ("DOUBLE", "BIGINT", "INTEGER") for name in names]
    lines = [_line(names, widths, is_number), *(_line(line, widths, is_number) for line in cells)]
    if len(cells) < len(table):
        lines.append(f"{len(cells)} of {len(table):,} rows; --out FILE writes all")
    return "\n".join(lines)


def write_html(table: Table, path: Path, *, title: str) -> None:
    """Write a table as one plain HTML page, whole or not at all."""
    from entrepot.lake import shown

    head = "".join(f"<th>{html.escape(name)}</th>" for name in table.columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{html.escape(_cell(v, shown))}</td>" for v in row.values()) + "</tr>\n" for row in table
    )
    page = (
        f'<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>{html.escape(title)}</title>\n'
        "<style>body{font-family:sans-serif}td,th{padding:.2em .6em;text-align:left}</style>\n"
        f"<h1>{html.escape(title)}</h1>\n<table><tr>{head}</tr>\n{body}</table></html>\n"
    )
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        scratch.write_text(page, "utf-8")
        scratch.replace(path)
    finally:
        scratch.unlink(missing_ok=True)


def _first(table: Table, limit: int | None) -> Iterable[tuple[dict[str, Any], int]]:
    return zip(table, range(len(table) if limit is None else limit), strict=False)


def _cell(value: object, shown: Callable[[object], str]) -> str:
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else shown(value)


def _cut(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _WIDEST else flat[: _WIDEST - 1] + "…"


def _line(cells: list[str], widths: list[int], is_number: list[bool]) -> str:
    aligned = (
        cell.rjust(width) if number else cell.ljust(width)
        for cell, width, number in zip(cells, widths, is_number, strict=True)
    )
    return "  ".join(aligned).rstrip()


def _known(value: Any) -> Any:
    return None if isinstance(value, float) and (value != value or value in (float("inf"), -float("inf"))) else value


def version_or_time(ctx: click.Context, param: click.Parameter, value: str | None) -> int | str | None:
    """Return the number of a version of the lake, or a day or instant as it was given."""
    return int(value) if value and len(value) < 8 and value.isdigit() else value
