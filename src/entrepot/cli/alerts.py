"""``entrepot alerts``: what the answers say of routes, firms, persons and shipments, each with a state and an owner."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from entrepot.cli.desk import desk_options, opened_desk
from entrepot.cli.options import emit, json_option, out_option

if TYPE_CHECKING:
    from entrepot.cases import Alert, AlertStory
    from entrepot.lake import Lake, Table

_LISTED = {
    "alert_id": "VARCHAR",
    "severity": "VARCHAR",
    "status": "VARCHAR",
    "owner": "VARCHAR",
    "kind": "VARCHAR",
    "label": "VARCHAR",
    "certainty": "VARCHAR",
    "amount": "DOUBLE",
    "currency": "VARCHAR",
    "sources": "VARCHAR",
    "n_findings": "BIGINT",
    "first_at": "VARCHAR",
    "updated_at": "VARCHAR",
    "suppressed_until": "VARCHAR",
    "pending": "VARCHAR",
    "because": "VARCHAR",
}
_ON_SCREEN = ("alert_id", "severity", "status", "owner", "kind", "label", "amount", "currency", "sources", "pending")
_REASON = click.option("--reason", default="", metavar="TEXT", help="Why; sealed in the store.")
_SOURCES = click.Choice(["routes", "check", "screen", "read"])


def _words(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (value or "").split(",") if part.strip())


@click.group()
def alerts() -> None:
    """Fold answers into one alert a thing, and see each through to an end: every one has a state and an owner.

    An alert is a reason to look. It is consistent with diversion; it never says that somebody did anything.
    """


@alerts.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--from", "source", type=_SOURCES, required=True, help="The command that wrote FILE.")
@click.option("--kind", metavar="KIND", default="", help="Of check: what its records are; company, person ...")
@click.option("--measure", metavar="ID", help="The measure that the question was about.")
@click.option("--as-of", metavar="DATE", help="Up to when was looked (default: the day of --at).")
@click.option("--owner", metavar="NAME", help="Who is to have new alerts (default: who adds them).")
@desk_options
def add(
    file: Path, source: str, kind: str, measure: str | None, as_of: str | None, owner: str | None, **given: Any
) -> None:
    """Fold an answer of routes, check, screen or read (FILE: .csv, .parquet, .json, .jsonl) into alerts."""
    from entrepot.alerts import findings_of, read_answer
    from entrepot.cases import add_findings

    rows = read_answer(file, source=source)
    desk = opened_desk(given, is_new_allowed=True)
    inputs = [f"measure:{measure}"] if measure else []
    lake = desk.find_lake()
    if lake is not None:
        inputs += _snapshots(lake, source)
    found = findings_of(
        rows,
        source=source,
        as_of=as_of or desk.day,
        kind=kind,
        inputs=inputs,
        where=str(file),
    )
    added = add_findings(desk.store, found, owner=owner, **desk.deciding)
    click.echo(
        f"{len(found):,} findings: {len(added.new):,} new alerts, {len(added.changed):,} changed,"
        f" {len(added.reopened):,} reopened; {added.n_known:,} findings change nothing",
        err=True,
    )


def _snapshots(lake: Lake, source: str) -> list[str]:
    """What of the lake an answer may rest on: trade for routes, lists for screen."""
    version = lake.version()
    table = {"routes": "flows", "screen": "parties"}.get(source, "")
    return sorted({f"data:{part.snapshot_id}" for part in version.parts_of(table)})


@alerts.command("list")
@click.option("--status", callback=_words, metavar="STATE,..", help="open, assigned, escalated, suppressed, closed.")
@click.option("--severity", callback=_words, metavar="WORD,..", help="critical, high, medium, low.")
@click.option("--kind", callback=_words, metavar="KIND,..", help="route, company, person ...")
@click.option("--owner", metavar="NAME", help="Whose.")
@click.option("--from", "source", type=_SOURCES, help="Only those that this command found.")
@click.option("--pending", "is_pending", is_flag=True, help="Only those that wait for a second person.")
@json_option
@out_option()
@desk_options
def list_(
    status: tuple[str, ...],
    severity: tuple[str, ...],
    kind: tuple[str, ...],
    owner: str | None,
    source: str | None,
    is_pending: bool,
    as_json: bool,
    out: Path | None,
    **given: Any,
) -> None:
    """List alerts, the gravest first, then by money."""
    from entrepot.cases import AlertFilter, list_alerts

    desk = opened_desk(given)
    wanted = AlertFilter(status, severity, kind, owner, source, is_pending)
    found = list_alerts(desk.store, wanted, day=desk.day)
    is_whole = as_json or out is not None
    emit(_table(found, tuple(_LISTED) if is_whole else _ON_SCREEN), as_json=as_json, out=out, limit=50, title="Alerts")


def _table(found: Iterable[Alert], names: tuple[str, ...]) -> Table:
    from entrepot.lake import Table

    rows = [{**asdict(one), "sources": ";".join(one.sources)} for one in found]
    return Table.from_rows(rows, {name: _LISTED[name] for name in names})


@alerts.command()
@click.argument("alert_id")
@json_option
@desk_options
def show(alert_id: str, as_json: bool, **given: Any) -> None:
    """Show an alert with its findings and decisions, oldest first."""
    from entrepot.cases import alert_json, get_alert

    desk = opened_desk(given)
    story = get_alert(desk.store, alert_id, day=desk.day)
    if as_json:
        click.echo(json.dumps(alert_json(story, is_public=False), ensure_ascii=False, indent=1, default=str))
    else:
        click.echo("\n".join(_lines(story)))


def _lines(story: AlertStory) -> list[str]:
    alert = story.alert
    lines = [f"{alert.alert_id}  {alert.label}", f"{alert.status}, {alert.owner} has it; {alert.because}"]
    if alert.suppressed_until:
        lines.append(f"suppressed until {alert.suppressed_until}")
    if alert.pending:
        lines.append(f"waits for a second person: {alert.pending}, proposed by {alert.pending_by}")
    lines.append("\nfindings:")
    for one in story.findings:
        said = one.finding.summary if one.finding else "(erased)"
        lines.append(f"  {one.recorded_at}  {one.source} {one.rule}: {said} [{one.certainty}]")
        lines.append(f"    rests on {', '.join(one.inputs) or 'what its file does not name'}")
    lines.append("\ndecisions:")
    for decision in story.decisions:
        reason = f": {decision.body['reason']}" if decision.body.get("reason") else ""
        lines.append(f"  {decision.at}  {decision.kind} by {decision.actor}, {decision.status}{reason}")
    return lines


@alerts.command()
@click.argument("alert_id")
@click.argument("owner")
@click.option("--escalate", "is_escalated", is_flag=True, help="To a reviewer, with a --reason.")
@_REASON
@desk_options
def assign(alert_id: str, owner: str, is_escalated: bool, reason: str, **given: Any) -> None:
    """Give an alert to OWNER; a closed one is taken up again, which needs a --reason."""
    from entrepot.cases import assign as give
    from entrepot.cases import escalate

    desk = opened_desk(given)
    _tell((escalate if is_escalated else give)(desk.store, alert_id, owner, reason=reason, **desk.deciding))


@alerts.command()
@click.argument("alert_id")
@click.argument("text")
@desk_options
def comment(alert_id: str, text: str, **given: Any) -> None:
    """Add TEXT to the history of an alert, which stays as it is."""
    from entrepot.cases import comment as say

    desk = opened_desk(given)
    _tell(say(desk.store, alert_id, text, **desk.deciding))


@alerts.command()
@click.argument("alert_id")
@click.option("--refuse", "is_refused", is_flag=True, help="Refuse the closing that somebody proposed.")
@_REASON
@desk_options
def close(alert_id: str, is_refused: bool, reason: str, **given: Any) -> None:
    """Close an alert; where the policy asks for it, a second person gives the same command."""
    from entrepot.cases import close_alert, refuse_closing

    desk = opened_desk(given)
    _tell((refuse_closing if is_refused else close_alert)(desk.store, alert_id, reason=reason, **desk.deciding))


@alerts.command()
@click.argument("alert_id")
@click.option("--until", required=True, metavar="DATE", help="The day on which it is open again.")
@_REASON
@desk_options
def suppress(alert_id: str, until: str, reason: str, **given: Any) -> None:
    """Set an alert aside until a day, with a --reason."""
    from entrepot.cases import suppress as set_aside

    desk = opened_desk(given)
    _tell(set_aside(desk.store, alert_id, until=until, reason=reason, **desk.deciding))


@alerts.command()
@click.option("--since", required=True, metavar="DATE", help="The first day that counts as new.")
@json_option
@out_option()
@desk_options
def diff(since: str, as_json: bool, out: Path | None, **given: Any) -> None:
    """Show what is new since a day, and the data, measure or list because of which it is."""
    from entrepot.cases import alerts_diff

    desk = opened_desk(given)
    emit(alerts_diff(desk.store, since, day=desk.day), as_json=as_json, out=out, limit=50, title=f"New since {since}")


def _tell(alert: Alert) -> None:
    waits = f"; {alert.pending} waits for a second person" if alert.pending else ""
    click.echo(f"{alert.alert_id} is {alert.status}, {alert.owner} has it{waits}")
