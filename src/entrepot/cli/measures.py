"""``entrepot measures``: the ledger on screen; what was in force, and what was known, on any day."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from entrepot.cli.options import chosen_lake, emit, json_option, lake_option, now, out_option, settings

if TYPE_CHECKING:
    from entrepot.lake import Table
    from entrepot.ledger import Ledger, Standings

F = TypeVar("F", bound=Callable[..., Any])

_ON_SCREEN = ("first_date", "id", "jurisdiction", "instrument", "status", "confidence", "title")


def _listed(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[str, ...]:
    return tuple(item.strip() for item in (value or "").split(",") if item.strip())


def _filters(command: F) -> F:
    """Add the filters of a question, each a list joined by commas, and its days."""
    names = {"kind": "kinds", "jurisdiction": "jurisdictions", "instrument": "instruments", "topic": "topics"}
    names |= {"target": "targets", "product": "products", "status": "statuses"}
    for name, attribute in reversed(names.items()):
        command = click.option(f"--{name}", attribute, metavar="A,B", callback=_listed, help=f"Only these: {name}.")(
            command
        )
    for name, text in (("since", "Dated on this day or later."), ("until", "Dated on this day or earlier.")):
        command = click.option(f"--{name}", metavar="DAY", help=text)(command)
    return _days(command)


def _days(command: F) -> F:
    """Add the day asked about, the day whose knowledge counts, and the user's packs."""
    options = (
        click.option("--on", metavar="DAY", help="Status on this day (default: today)."),
        click.option("--known", metavar="DAY", help="As known on this day (default: that of --on)."),
        lake_option,
        click.option(
            "--packs",
            multiple=True,
            type=click.Path(path_type=Path),
            metavar="DIR",
            help="A folder of your own entries, beside the shipped ones; may be repeated.",
        ),
    )
    for option in options:
        command = option(command)
    return command


@click.group()
def measures() -> None:
    """Ask the ledger of measures: what was in force, what was known, who says so.

    What is alleged, reported, disputed or proposed is shown as such and never as law.
    """


@measures.command("list")
@_filters
@out_option()
@json_option
def list_(
    as_json: bool,
    out: Path | None,
    on: str | None,
    known: str | None,
    packs: tuple[Path, ...],
    lake_path: Path | None,
    **given: Any,
) -> None:
    """List measures, memberships and claims with their status on a day."""
    found = _selected(_ledger(packs, lake_path), on, known, given)
    table = _table(found)
    emit(table if as_json or out else _narrow(table), as_json=as_json, out=out, title="Measures")
    click.echo(f"{len(table)} entries", err=True)


@measures.command()
@click.argument("entry_id", metavar="ID")
@_days
@json_option
def show(
    entry_id: str, as_json: bool, on: str | None, known: str | None, packs: tuple[Path, ...], lake_path: Path | None
) -> None:
    """Show an entry: its dates, its status and why, its doubts, its corrections, and who says so."""
    from entrepot.cli.shown import as_lines, as_object

    ledger, day = _ledger(packs, lake_path), on or now()[:10]
    told = as_object(ledger, entry_id, on=day, known=known or day)
    click.echo(json.dumps(told, ensure_ascii=False, indent=1) if as_json else "\n".join(as_lines(told)))


@measures.command()
@_filters
@click.option("--title", default="Measures", show_default=True, help="Heading of the picture.")
@out_option((".svg", ".html", ".csv", ".parquet", ".json", ".jsonl"), is_required=True)
def timeline(
    out: Path,
    title: str,
    on: str | None,
    known: str | None,
    packs: tuple[Path, ...],
    lake_path: Path | None,
    **given: Any,
) -> None:
    """Draw when measures were announced, took effect and ended."""
    found = _selected(_ledger(packs, lake_path), on, known, given)
    if out.suffix not in (".svg", ".html"):
        _table(found).write(out)
    else:
        from entrepot.report import write_timeline

        write_timeline(found, out, on=on or now()[:10], title=title)
    click.echo(f"{len(found)} entries written to {out}", err=True)


@measures.command()
@click.option("--topic", required=True, metavar="T", help="What the acts are on; `measures list --json` shows topics.")
@click.option("--jurisdictions", required=True, metavar="A,B", callback=_listed, help="Whose acts are compared.")
@click.option("--window", type=click.IntRange(0), default=30, show_default=True, help="Days called simultaneous.")
@click.option("--since", metavar="DAY", help="First day of the period (default: of the first act).")
@click.option("--until", metavar="DAY", help="Last day of the period (default: of the last act).")
@click.option("--complete", "is_complete", is_flag=True, help="Declare the ledger complete for this question.")
@click.option("--known", metavar="DAY", help="As known on this day (default: today).")
@click.option("--packs", multiple=True, type=click.Path(path_type=Path), metavar="DIR", help="Your own entries.")
@lake_option
@out_option((".json", ".csv", ".html"))
@json_option
def coadoption(
    as_json: bool, out: Path | None, known: str | None, packs: tuple[Path, ...], lake_path: Path | None, **question: Any
) -> None:
    """Show how close in time similar acts are, and how surprising that is; never who coordinated whom."""
    from entrepot.ledger import coadoption as compare

    found = compare(_ledger(packs, lake_path), known=known or now()[:10], **question)
    told = found.as_json()
    text = json.dumps(told, ensure_ascii=False, indent=1)
    if out is not None and out.suffix in (".json", ".html"):
        from entrepot.report import coadoption_page, write_whole

        write_whole(coadoption_page(found) if out.suffix == ".html" else text + "\n", out)
    elif out is not None or not as_json:
        emit(_pairs(told["pairs"]), as_json=False, out=out, limit=None if out else 20, title="Co-adoption")
    if as_json:
        click.echo(text)
    for key, caveat in told["caveats"].items():
        click.echo(f"{key}: {caveat}", err=True)


@measures.command("conflicts")
@click.option("--packs", multiple=True, type=click.Path(path_type=Path), metavar="DIR", help="Your own entries.")
@lake_option
@out_option()
@json_option
def conflicts_(as_json: bool, out: Path | None, packs: tuple[Path, ...], lake_path: Path | None) -> None:
    """List entries that contradict each other: by their own word, twice corrected, or one act dated twice."""
    from entrepot.lake import Table
    from entrepot.ledger import conflicts

    found = conflicts(_ledger(packs, lake_path))
    rows = [{name: getattr(one, name) for name in ("kind", "a", "b", "sentence")} for one in found]
    table = Table.from_rows(rows, dict.fromkeys(("kind", "a", "b", "sentence"), "VARCHAR"))
    emit(table, as_json=as_json, out=out, title="Contradictions")
    click.echo(f"{len(table)} contradictions", err=True)


@measures.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
def check(folder: Path) -> None:
    """Check a pack of entries: sources, dates, codes, corrections. Exit code 1 where something is wrong."""
    from entrepot.ledger import check_pack, conflicts, open_ledger, read_pack

    # The shipped pack stands for itself; any other is read beside it.
    is_shipped = _is_shipped(folder)
    found = check_pack(folder, beside=() if is_shipped else open_ledger())
    for problem in found.problems:
        click.echo(str(problem), err=True)
    if found.problems:
        raise click.exceptions.Exit(1)
    for entry_id in found.unread:
        click.echo(f"not opened: no source of {entry_id} was read; look before anything rests on it")
    own = {entry.entry_id for entry in read_pack(folder).entries}
    for conflict in conflicts(open_ledger() if is_shipped else open_ledger([folder])):
        if own & {conflict.a, conflict.b}:
            click.echo(f"{conflict.kind}: {conflict.a}, {conflict.b}: {conflict.sentence}")
    click.echo(
        f"{found.entries} entries are sound; {found.unopened} of {found.citations} sources were cited and not opened;"
        f" {found.unsure} entries are alleged, reported, disputed or proposed",
        err=True,
    )


@measures.command()
@_filters
@click.option("--format", "form", type=click.Choice(["csv", "ftm"]), default="csv", show_default=True)
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", required=True, help="Write to FILE.")
def export(
    out: Path,
    form: str,
    on: str | None,
    known: str | None,
    packs: tuple[Path, ...],
    lake_path: Path | None,
    **given: Any,
) -> None:
    """Write entries as CSV, which a pack reads back, or as FollowTheMoney Sanction entities, one a line."""
    from entrepot.ledger import ftm_entities, ledger_csv
    from entrepot.report import write_whole

    found = _selected(_ledger(packs, lake_path), on, known, given)
    if form == "csv":
        text = ledger_csv(found.entries)
    else:
        text = "".join(json.dumps(entity, ensure_ascii=False) + "\n" for entity in ftm_entities(found))
    write_whole(text, out)
    click.echo(f"{len(found)} entries written to {out}", err=True)


def _ledger(packs: Sequence[Path], lake_path: Path | None) -> Ledger:
    """The shipped ledger with the user's packs, and with the lake's entries where there is a lake."""
    from entrepot.ledger import open_ledger

    chosen = settings()
    has_lake = lake_path is not None or chosen.lake.is_dir()
    return open_ledger([*chosen.packs, *packs], lake=chosen_lake(lake_path) if has_lake else None)


def _is_shipped(folder: Path) -> bool:
    return folder.resolve() == Path(str(files("entrepot.ledger"))).resolve() / "pack"


def _selected(ledger: Ledger, on: str | None, known: str | None, given: dict[str, Any]) -> Standings:
    from entrepot.ledger import Filters

    filters = Filters(**given)
    ledger.refuse_unknown(filters)
    return ledger.select(filters, on=on or now()[:10], known=known)


def _table(found: Standings) -> Table:
    """One row an entry: what it is, its status and why, and all columns of the CSV form."""
    from entrepot.lake import Table
    from entrepot.ledger import COLUMNS, row_of, topic_of

    rows = [
        {
            **row_of(one.entry),
            "first_date": str(min(one.entry.dates.values(), key=lambda when: when.first)),
            "recorded_status": one.entry.status or "",
            "status": one.status,
            "why": one.why,
            "topic": topic_of(one.entry),
            "pack": one.entry.pack,
        }
        for one in found
    ]
    names = ("first_date", *COLUMNS, "recorded_status", "why", "topic", "pack")
    return Table({name: [row[name] or None for row in rows] for name in names}, dict.fromkeys(names, "VARCHAR"))


def _narrow(table: Table) -> Table:
    from entrepot.lake import Table

    return Table({name: table[name] for name in _ON_SCREEN}, dict.fromkeys(_ON_SCREEN, "VARCHAR"))


def _pairs(pairs: Sequence[dict[str, Any]]) -> Table:
    from entrepot.lake import Table

    types = dict.fromkeys(
        ("a", "b", "jurisdiction_a", "jurisdiction_b", "topic", "stage", "date_a", "date_b"), "VARCHAR"
    )
    types |= {"days": "BIGINT", "days_low": "BIGINT", "days_high": "BIGINT", "is_simultaneous": "BOOLEAN"}
    types |= {"p_value": "DOUBLE", "p_family": "DOUBLE", "p_topics": "DOUBLE", "rival_triggers": "VARCHAR"}
    triggers = [";".join(f"{t['entry_id']} ({t['days_before']} days)" for t in p["rival_triggers"]) for p in pairs]
    columns = {name: [pair[name] for pair in pairs] for name in types if name != "rival_triggers"}
    return Table({**columns, "rival_triggers": triggers}, types)
