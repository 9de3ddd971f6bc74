"""``entrepot check``: red flags over a file of records."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from entrepot.cli.options import chosen_lake, emit, existing_lake, now, settings, step_bar, table_options

if TYPE_CHECKING:
    from entrepot.alerts import Check, CheckOptions, Listings
    from entrepot.lake import Lake
    from entrepot.ledger import Ledger
    from entrepot.redflags import Flags
    from entrepot.sources import RecordMapping

_FILE = click.Path(path_type=Path)


def _tables(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> tuple[tuple[str, Path], ...]:
    found = []
    for value in values:
        kind, equals, path = value.partition("=")
        if not equals or not kind or not path:
            raise click.BadParameter(f"{value!r} is not KIND=FILE.", ctx, param)
        found.append((kind.strip(), Path(path.strip())))
    return tuple(found)


def _lists(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in (value or "").split(",") if part.strip()))


def _changes(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for value in values:
        name, equals, text = value.partition("=")
        flag, dot, threshold = name.partition(".")
        if not equals or not dot:
            raise click.BadParameter(f"{value!r} is not FLAG.threshold=value.", ctx, param)
        try:
            number: Any = float(text)
        except ValueError:
            number = text
        found.setdefault(flag, {})[threshold] = number
    return found


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the command line asks for beyond a plain check."""

    is_fairness: bool
    is_backtest: bool
    mapping: RecordMapping | None
    first: str | None
    last: str | None
    outcomes: Path | None
    changed: Mapping[str, Mapping[str, Any]]
    against: tuple[str, ...]


@click.command()
@click.argument("file", type=_FILE, required=False)
@click.option("--kind", required=True, metavar="KIND", help="What FILE holds: person, card, payment, shipment ...")
@click.option("--with", "beside", multiple=True, metavar="KIND=FILE", callback=_tables, help="A further table.")
@click.option(
    "--against",
    metavar="DATASET,..",
    callback=_lists,
    help="Screen against lists of the lake for listings: ofac,un",
)
@click.option("--mapping", "mapping_path", type=_FILE, metavar="FILE", help="Which of FILE's columns is which of ours.")
@click.option("--as-of", metavar="DATE", help="The day whose knowledge counts (default: today).")
@click.option("--policy", "policy_path", type=_FILE, metavar="FILE", help="From flags to decisions.")
@click.option("--flags", "folder", type=_FILE, metavar="DIR", help="A folder of flags of your own.")
@click.option(
    "--language",
    type=click.Choice(["en", "ru", "kk", "ky", "tr"]),
    default="en",
    show_default=True,
    help="Of the texts; English where a flag has none in it.",
)
@click.option("--suspicion", type=_FILE, metavar="FILE", help="Ids, one a line, of whose records nothing is asked.")
@click.option(
    "--set", "changed", multiple=True, metavar="FLAG.NAME=VALUE", callback=_changes, help="Another threshold."
)
@click.option("--fairness", "is_fairness", is_flag=True, help="Alert rates by group instead of outcomes.")
@click.option("--backtest", "is_backtest", is_flag=True, help="How the flags would have done, --from to --to.")
@click.option("--from", "first", metavar="DATE", help="First day of a back-test.")
@click.option("--to", "last", metavar="DATE", help="Last day of a back-test.")
@click.option("--outcomes", type=_FILE, metavar="FILE", help="record_id,is_true: what became of records.")
@table_options
def check(
    file: Path | None,
    kind: str,
    beside: tuple[tuple[str, Path], ...],
    mapping_path: Path | None,
    as_of: str | None,
    policy_path: Path | None,
    folder: Path | None,
    language: str,
    suspicion: Path | None,
    lake_path: Path | None,
    as_json: bool,
    out: Path | None,
    **asked: Any,
) -> None:
    """Put the red flags to the records of FILE: one row a record and flag, and a decision a record.

    What no file gives is taken from the lake, the records themselves where FILE is left out. A flag that fired is a
    reason to look, not a finding. Columns of every kind: docs/records.md.
    """
    from entrepot.alerts import CheckOptions
    from entrepot.codes import parse_day
    from entrepot.errors import ConfigError
    from entrepot.ledger import open_ledger
    from entrepot.redflags import read_policy
    from entrepot.sources import read_record_mapping

    wanted = _Asked(mapping=read_record_mapping(mapping_path) if mapping_path else None, **asked)
    day = as_of or wanted.last or now()[:10]
    parse_day(day)
    ledger = open_ledger(settings().packs)
    flags = _flags(folder, [entry.entry_id for entry in ledger] if folder else [])
    options = CheckOptions(
        day,
        policy=read_policy(policy_path) if policy_path else None,
        language=language,  # type: ignore[arg-type]
        withheld=_ids(suspicion),
        thresholds={} if wanted.is_backtest else wanted.changed,
    )
    files = [*([(kind, file)] if file else []), *beside]
    # Beside a file a lake is a help; without one it holds what is asked about.
    lake = chosen_lake(lake_path) if lake_path else existing_lake()
    if file is None and lake is None:
        remedy = "Name the file of records, or the lake that holds them (--lake)."
        raise ConfigError(f"no file of kind {kind}", where="FILE", remedy=remedy)
    if wanted.is_backtest:
        _backtest(kind, files, flags, ledger, options, wanted, lake, as_json=as_json, out=out)
    else:
        _check(kind, files, flags, ledger, options, wanted, lake, as_json=as_json, out=out)


def _flags(folder: Path | None, acts: Collection[str]) -> Flags:
    from entrepot.redflags import Flags, read_flags, shipped_flags

    own = read_flags(folder, acts=acts) if folder else Flags(())
    shipped = shipped_flags()
    for error in (*shipped.refused, *own.refused):
        click.echo(f"note: flag left out: {error}", err=True)
    return Flags((*shipped.flags, *own.flags))


def _check(
    kind: str,
    files: list[tuple[str, Path]],
    flags: Flags,
    ledger: Ledger,
    options: CheckOptions,
    wanted: _Asked,
    lake: Lake | None,
    *,
    as_json: bool,
    out: Path | None,
) -> None:
    from entrepot.alerts import Check, fairness, read_outcomes

    with Check(kind, flags, ledger, options, lake=lake) as made:
        for place, (name, path) in enumerate(files):
            made.read(name, path, wanted.mapping if place == 0 else None)
        held = made.read_held(wanted.against)
        if wanted.against:
            _tell_listings(made.screen(wanted.against), wanted.against)
        _tell(made)
        if held and lake is not None:
            click.echo(f"note: of the lake {lake.path}, version {lake.version().version}: {', '.join(held)}", err=True)
        made.outcomes()
        if wanted.is_fairness:
            known = read_outcomes(wanted.outcomes) if wanted.outcomes else None
            innocent = None if known is None else [one for one, is_true in known.items() if not is_true]
            emit(fairness(made, innocent=innocent), as_json=as_json, out=out, title="Alert rates by group")
        else:
            _hand_over(made, as_json=as_json, out=out)


def _backtest(
    kind: str,
    files: list[tuple[str, Path]],
    flags: Flags,
    ledger: Ledger,
    options: CheckOptions,
    wanted: _Asked,
    lake: Lake | None,
    *,
    as_json: bool,
    out: Path | None,
) -> None:
    from entrepot.alerts import Replay, backtest, read_outcomes
    from entrepot.codes import parse_day

    if wanted.against:
        raise click.UsageError("--backtest takes listings as records (--with listing=FILE), not by screening.")
    if wanted.first is None or wanted.last is None or wanted.outcomes is None:
        raise click.UsageError("--backtest needs --from, --to and --outcomes.")
    parse_day(wanted.first)
    replay = Replay(wanted.first, wanted.last, read_outcomes(wanted.outcomes), wanted.changed, wanted.mapping, lake)
    with step_bar() as on_month:
        table = backtest(kind, files, flags, ledger, options, replay, on_month=on_month)
    emit(table, as_json=as_json, out=out, title="Back-test")


def _ids(path: Path | None) -> tuple[str, ...]:
    from entrepot.errors import SourceError

    if path is None:
        return ()
    if not path.is_file():
        raise SourceError("no such file", where=str(path), remedy="Name a file with one record id a line.")
    return tuple(line.strip() for line in path.read_text("utf-8").splitlines() if line.strip())


def _tell(made: Check) -> None:
    """Say on stderr what of the files could not be used."""
    for reading in made.readings:
        for fault in reading.faults:
            click.echo(f"note: {fault}", err=True)
        if reading.skipped:
            click.echo(f"note: {reading.file}: {reading.skipped:,} records skipped", err=True)
        if reading.unusable:
            click.echo(f"note: {reading.file}: {reading.unusable:,} records with a cell that is not used", err=True)
        if reading.ignored:
            click.echo(f"note: {reading.file}: columns not read: {', '.join(reading.ignored)}", err=True)


def _tell_listings(found: Listings, against: tuple[str, ...]) -> None:
    """Say on stderr what screening came to."""
    told = f"{found.listed:,} parties on {', '.join(against)}; {found.matched:,} of yours are among them"
    click.echo(f"note: {told}", err=True)
    if found.alike:
        more = "resemble one and are not taken for it; `entrepot screen` shows them"
        click.echo(f"note: {found.alike:,} of your parties {more}", err=True)
    if found.undated:
        click.echo(f"note: {found.undated:,} of them without a day: they count from the day of the list", err=True)


def _hand_over(made: Check, *, as_json: bool, out: Path | None) -> None:
    from entrepot.alerts import answer_table, gravest, write_answer

    if out is not None and out.suffix == ".html":
        from entrepot.report import MOST_RECORDS, write_check

        answer, counts = gravest(made, MOST_RECORDS)
        options = made.options
        rows = write_check(
            answer, counts, out, as_of=options.as_of, policy=made.policy.title, language=options.language
        )
        click.echo(f"{rows:,} records written to {out}", err=True)
    elif out is not None:
        click.echo(f"{write_answer(made, out):,} rows written to {out}", err=True)
    if as_json or out is None:
        emit(answer_table(made), as_json=as_json, out=None, limit=50)
