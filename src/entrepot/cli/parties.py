"""``entrepot parties``: identities, judgements, ownership by each regime's line, successors, changes of lists."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from entrepot.cli.options import (
    chosen_lake,
    command_line,
    emit,
    json_option,
    now,
    out_option,
    settings,
    table_options,
    version_or_time,
)

if TYPE_CHECKING:
    from entrepot.lake import Lake
    from entrepot.ledger import Ledger

_FILE = click.Path(path_type=Path)


def _listed(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[str, ...]:
    return tuple(item.strip() for item in (value or "").split(",") if item.strip())


@click.group()
def parties() -> None:
    """See one person behind two documents, whose firm is whose, and firms that follow listed ones.

    Answers are evidence for a person to judge. A second citizenship is never a risk by itself.
    """


@parties.command("link")
@click.argument("file", type=_FILE)
@click.option("--documents", type=_FILE, metavar="FILE", help="Table of documents (RECORDS document).")
@click.option("--against", callback=_listed, metavar="DATASET,..", help="Lists in the lake to link with, too.")
@click.option("--as-of", metavar="DAY", help="As known on this day (default: today).")
@table_options
def link_(
    file: Path,
    documents: Path | None,
    against: tuple[str, ...],
    as_of: str | None,
    lake_path: Path | None,
    as_json: bool,
    out: Path | None,
) -> None:
    """Link the identities of a customer file (RECORDS person) that may be one person, with the evidence."""
    from entrepot.parties import (
        PAPERS,
        PERSONS,
        judgements,
        link,
        listed_parties,
        profiles,
        profiles_of,
        read_rows,
    )

    day = as_of or now()[:10]
    own = profiles(read_rows(file), read_rows(documents) if documents else (), as_of=day)
    lake = _lake(lake_path, is_needed=bool(against))
    listed = listed_parties(lake, against, schemas=(*PERSONS, *PAPERS)) if lake and against else []
    judged = judgements(_ledger(lake), as_of=day) if lake else {}
    table = link(own, profiles_of(listed), judgements=judged)
    emit(table, as_json=as_json, out=out, limit=40, title=f"Identities in {file.name}")
    click.echo(f"{len(own):,} identities, {len(table):,} pairs", err=True)


@parties.command("documents")
@click.argument("file", type=_FILE)
@click.option("--persons", type=_FILE, metavar="FILE", help="RECORDS person: the holders' birth dates.")
@click.option("--as-of", metavar="DAY", help="Settles the century of two-digit years (default: today).")
@json_option
@out_option()
def documents_(file: Path, persons: Path | None, as_of: str | None, as_json: bool, out: Path | None) -> None:
    """Tell what each document (RECORDS document) says twice and differently: print, zone, number, dates.

    These are facts for a reader. Most of them are slips of a pen or of a scanner.
    """
    from entrepot.parties import inconsistencies, read_rows

    papers = read_rows(file)
    table = inconsistencies(papers, read_rows(persons) if persons else (), as_of=as_of or now()[:10])
    emit(table, as_json=as_json, out=out, limit=40, title=f"Documents in {file.name}")
    click.echo(f"{len(papers):,} documents, {len(set(table['document_id'])):,} with something to look at", err=True)


@parties.command("judge")
@click.argument("one", metavar="A")
@click.argument("other", metavar="B")
@click.argument("says", type=click.Choice(["same", "different", "unsure", "controls", "does_not_control", "withdrawn"]))
@click.option("--by", required=True, metavar="WHO", help="Who judges.")
@click.option("--reason", required=True, metavar="TEXT", help="Why.")
@click.option("--lake", "lake_path", type=_FILE, metavar="DIR", help="Folder of the lake (default ./lake).")
def judge_(one: str, other: str, says: str, by: str, reason: str, lake_path: Path | None) -> None:
    """Record a person's judgement of a pair in the lake's ledger; ``withdrawn`` takes back the one that stands.

    Where the lake has a desk (``entrepot case``), WHO is one of its users, and a second person gives the same command
    before the judgement stands.
    """
    from entrepot.cli.desk import find_store
    from entrepot.parties import judge

    lake = chosen_lake(lake_path, create=True)
    store = find_store(lake)
    if store is None:
        entry = judge(lake, one, other, says, by=by, reason=reason, at=now(), command=command_line())
    else:
        from entrepot.cases import judge_pair

        done = judge_pair(store, lake, one, other, says, by=by, reason=reason, at=now(), command=command_line())
        if done.entry is None:
            click.echo("proposed; a second person gives the same command")
            return
        entry = done.entry
    click.echo(f"{entry.entry_id}: {entry.title}" + (f" (corrects {entry.replaces})" if entry.replaces else ""))


@parties.command("owned")
@click.option("--listed", required=True, metavar="DATASET,..|FILE", help="Who is listed: lists, or RECORDS listing.")
@click.option("--ownership", type=_FILE, metavar="FILE", help="RECORDS ownership (default: holdings on the lists).")
@click.option("--regime", callback=_listed, metavar="A,B", help="Only these regimes' lines (default: all).")
@click.option("--as-of", metavar="DAY", help="The day asked about (default: today).")
@click.option("--lines", type=_FILE, metavar="FILE", help="Your own copy of the lines of ownership.")
@table_options
def owned_(
    listed: str,
    ownership: Path | None,
    regime: tuple[str, ...],
    as_of: str | None,
    lines: Path | None,
    lake_path: Path | None,
    as_json: bool,
    out: Path | None,
) -> None:
    """Tell which firms each regime's line counts as its listed parties' on a day, by which paths."""
    from entrepot.parties import (
        OwnershipOptions,
        control_judgements,
        holding_of,
        holdings_of_parties,
        listed_by_regime,
        listed_on_lists,
        listed_parties,
        owned,
        read_lines,
        read_rows,
    )

    day = as_of or now()[:10]
    is_file = Path(listed).suffix.lower() in (".csv", ".tsv", ".parquet")
    lake = _lake(lake_path, is_needed=not is_file or ownership is None)
    names = () if is_file else tuple(item.strip() for item in listed.split(",") if item.strip())
    held = listed_parties(lake, names) if lake and (names or ownership is None) else []
    ledger = _ledger(lake)
    by_regime = listed_by_regime(read_rows(Path(listed)), as_of=day) if is_file else listed_on_lists(held)
    known_lines = read_lines(lines) if lines else read_lines()
    table = owned(
        [holding_of(row, where=f"{ownership} row {n}") for n, row in enumerate(read_rows(ownership), 1)]
        if ownership
        else holdings_of_parties(held),
        by_regime,
        as_of=day,
        ledger=ledger,
        options=OwnershipOptions(regime, lines=known_lines, control=control_judgements(ledger, as_of=day)),
    )
    for name in sorted(by_regime.keys() - {"", *(line.regime for line in known_lines)}):
        click.echo(f"{len(by_regime[name]):,} parties are listed by {name}, which has no line of ownership", err=True)
    emit(table, as_json=as_json, out=out, limit=40, title=f"Owned by listed parties, {day}")


@parties.command("successors")
@click.argument("companies", type=_FILE)
@click.option("--listings", required=True, type=_FILE, metavar="FILE", help="RECORDS listing.")
@click.option("--directorships", type=_FILE, metavar="FILE", help="RECORDS directorship.")
@click.option("--ownership", type=_FILE, metavar="FILE", help="RECORDS ownership.")
@click.option("--days", type=click.IntRange(0), default=180, show_default=True, help="Before and after the event.")
@click.option("--as-of", metavar="DAY", help="Seen on this day (default: today).")
@table_options
def successors_(
    companies: Path,
    listings: Path,
    directorships: Path | None,
    ownership: Path | None,
    days: int,
    as_of: str | None,
    lake_path: Path | None,
    as_json: bool,
    out: Path | None,
) -> None:
    """Pair listed or dissolved firms with firms founded about then that share something with them."""
    from entrepot.parties import read_rows, successors

    table = successors(
        read_rows(companies),
        read_rows(listings),
        as_of=as_of or now()[:10],
        days=days,
        directorships=read_rows(directorships) if directorships else (),
        ownership=read_rows(ownership) if ownership else (),
    )
    emit(table, as_json=as_json, out=out, limit=40, title=f"Firms that follow others, {companies.name}")


@parties.command("changes")
@click.option("--against", callback=_listed, metavar="DATASET,..", help="Lists (default: all in the lake).")
@click.option(
    "--since", required=True, callback=version_or_time, metavar="SINCE", help="A version of the lake, a day or instant."
)
@table_options
def changes_(
    against: tuple[str, ...], since: int | str, lake_path: Path | None, as_json: bool, out: Path | None
) -> None:
    """Tell what lists added, removed or changed since a day or a version, entity by entity."""
    from collections import Counter

    from entrepot.parties import changes

    table = changes(chosen_lake(lake_path), against, since=since)
    emit(table, as_json=as_json, out=out, limit=40, title=f"Changes of lists since {since}")
    counted = Counter(table["change"])
    click.echo(", ".join(f"{counted[word]:,} {word}" for word in ("added", "removed", "modified")), err=True)


def _lake(lake_path: Path | None, *, is_needed: bool) -> Lake | None:
    """The lake: the one that is named, or the settings' where there is one; judgements are read from it."""
    if not is_needed and lake_path is None and not settings().lake.is_dir():
        return None
    return chosen_lake(lake_path)


def _ledger(lake: Lake | None) -> Ledger:
    from entrepot.ledger import open_ledger

    return open_ledger(settings().packs, lake=lake)
