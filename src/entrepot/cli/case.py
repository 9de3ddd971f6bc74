"""``entrepot case``: cases opened, filled, frozen into one file, replayed elsewhere, exported and closed."""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from entrepot.cli.case_export import write_draft, write_export
from entrepot.cli.desk import Desk, desk_options, file_bytes, is_named, opened_desk
from entrepot.cli.options import emit, file_option, json_option, out_option
from entrepot.errors import ConfigError

_FILE = click.Path(path_type=Path)
_CASES = {
    "case_id": "VARCHAR",
    "status": "VARCHAR",
    "owner": "VARCHAR",
    "title": "VARCHAR",
    "n_items": "BIGINT",
    "opened_at": "VARCHAR",
    "updated_at": "VARCHAR",
    "pending": "VARCHAR",
}
_REASON = click.option("--reason", default="", metavar="TEXT", help="Why; sealed in the store.")


@click.group()
def case() -> None:
    """Keep what belongs together, freeze it into one file that anybody can replay, and close it with two people.

    docs/how-to/case.md goes through one.
    """


@case.command()
@click.argument("title")
@click.option("--owner", metavar="NAME", help="Who is to have it (default: who opens it).")
@desk_options
def new(title: str, owner: str | None, **given: Any) -> None:
    """Open a case and print its id."""
    from entrepot.cases import new_case

    desk = opened_desk(given, is_new_allowed=True)
    click.echo(new_case(desk.store, title, owner=owner, **desk.deciding).case_id)


@case.command("list")
@click.option("--status", type=click.Choice(["open", "frozen", "closed"]), help="Only those.")
@click.option("--owner", metavar="NAME", help="Whose.")
@json_option
@out_option()
@desk_options
def list_(status: str | None, owner: str | None, as_json: bool, out: Path | None, **given: Any) -> None:
    """List cases, the latest first."""
    from entrepot.cases import list_cases
    from entrepot.lake import Table

    desk = opened_desk(given)
    found = [asdict(one) for one in list_cases(desk.store, status=status, owner=owner)]
    emit(Table.from_rows(found, _CASES), as_json=as_json, out=out, limit=50, title="Cases")


@case.command()
@click.argument("case_id")
@json_option
@desk_options
def show(case_id: str, as_json: bool, **given: Any) -> None:
    """Show what is in a case and what was decided, oldest first."""
    from entrepot.cases import case_content, get_case

    desk = opened_desk(given)
    if as_json:
        content = case_content(desk.store, case_id, day=desk.day)
        click.echo(json.dumps(content, ensure_ascii=False, indent=1, default=str))
        return
    story = get_case(desk.store, case_id)
    click.echo(f"{story.case.case_id}  {story.case.title}\n{story.case.status}, {story.case.owner} has it\n")
    for item in story.items:
        said = item.target or item.body.get("text") or item.body.get("name") or item.body.get("manifest_sha256") or ""
        click.echo(f"{item.n:>4}  {item.at}  {item.kind} by {item.actor}: {said}")
    for one in story.decisions:
        if not one.kind.startswith("add_"):
            reason = f": {one.body['reason']}" if one.body.get("reason") else ""
            click.echo(f"      {one.at}  {one.kind} by {one.actor}, {one.status}{reason}")


@case.command()
@click.argument("case_id")
@click.option("--alert", "alert_ids", multiple=True, metavar="ID", help="An alert; may be given several times.")
@click.option("--document", "documents", multiple=True, type=_FILE, metavar="FILE", help="A document, kept sealed.")
@click.option("--from-where", "source", default="", metavar="TEXT", help="Where the documents come from.")
@click.option(
    "--query", "queries", multiple=True, metavar="COMMAND", help="'routes --destination RUS ...'; asked again."
)
@desk_options
def add(
    case_id: str,
    alert_ids: tuple[str, ...],
    documents: tuple[Path, ...],
    source: str,
    queries: tuple[str, ...],
    **given: Any,
) -> None:
    """Add alerts, documents and queries to a case.

    A query is a command line of routes, check or screen. Its answer and what it reads are frozen with the case.
    """
    from entrepot.cases import add_document, add_query, add_to_case
    from entrepot.cli.case_query import query_of_line

    asked = [query_of_line(line) for line in queries]
    contents = [(path.name, file_bytes(path)) for path in documents]
    desk = opened_desk(given)
    for alert_id in alert_ids:
        add_to_case(desk.store, case_id, alert_id, **desk.deciding)
    for name, content in contents:
        add_document(desk.store, case_id, name, content, source=source, **desk.deciding)
    for query in asked:
        add_query(desk.store, case_id, query, **desk.deciding)
    _tell(desk, case_id)


@case.command()
@click.argument("case_id")
@click.argument("text")
@desk_options
def note(case_id: str, text: str, **given: Any) -> None:
    """Add a note to a case; ``-`` reads it from standard input."""
    from entrepot.cases import add_note

    desk = opened_desk(given)
    add_note(desk.store, case_id, sys.stdin.read() if text == "-" else text, **desk.deciding)
    _tell(desk, case_id)


@case.command()
@click.argument("case_id")
@click.argument("owner")
@_REASON
@desk_options
def assign(case_id: str, owner: str, reason: str, **given: Any) -> None:
    """Give a case to OWNER; a closed one is taken up again, which needs a --reason."""
    from entrepot.cases import hand_over

    desk = opened_desk(given)
    hand_over(desk.store, case_id, owner, reason=reason, **desk.deciding)
    _tell(desk, case_id)


@case.command()
@click.argument("case_id")
@click.argument("alert_id")
@click.option("--evidence", required=True, metavar="TEXT", help="What else is known, and from where.")
@click.option("--reply", required=True, metavar="TEXT", help="What the named said, or how they were asked.")
@desk_options
def publish(case_id: str, alert_id: str, evidence: str, reply: str, **given: Any) -> None:
    """Allow public exports of a case to name an alert's person or firm; a second person gives the same command."""
    from entrepot.cases import publish as allow

    desk = opened_desk(given)
    allow(desk.store, case_id, alert_id, evidence=evidence, reply=reply, **desk.deciding)
    _tell(desk, case_id)


@case.command()
@click.argument("case_id")
@file_option("--out", (".zip",), help="The file to write", is_required=True)
@click.option("--public", "is_public", is_flag=True, help="Leave out whoever may not be named.")
@desk_options
def freeze(case_id: str, out: Path, is_public: bool, **given: Any) -> None:
    """Write a case to one file: inputs, queries, answers, findings, and a manifest with every hash."""
    from entrepot.cases import freeze as write

    desk = opened_desk(given)
    made = write(desk.store, case_id, out, lake=desk.find_lake(), is_public=is_public, **desk.deciding)
    for one in made.withheld:
        click.echo(f"note: only the hash of {one['name']} ({one['publisher']}) is in it: {one['why']}", err=True)
    for what in made.left_out:
        click.echo(f"note: left out: {what}", err=True)
    if made.is_replayed is False:
        click.echo("note: replayed from its own inputs it does not give the same; see `entrepot case replay`", err=True)
    click.echo(f"{made.manifest_sha256}  {out}")


@case.command()
@click.argument("file", type=_FILE)
@click.option("--lake", "lake_path", type=_FILE, metavar="DIR", help="Ask this lake instead of the inputs in FILE.")
@json_option
@out_option()
def replay(file: Path, lake_path: Path | None, as_json: bool, out: Path | None) -> None:
    """Put the queries of a case file again, and show every cell that comes out otherwise.

    Exit code 0 where all is the same, 1 where anything differs or could not be put again.
    """
    from entrepot.cases import replay as run
    from entrepot.cli.options import chosen_lake
    from entrepot.errors import ReplayMismatch

    done = run(file, lake=chosen_lake(lake_path) if lake_path else None)
    click.echo(f"manifest {done.manifest_sha256}", err=True)
    for name, (then, here) in done.versions.items():
        click.echo(f"note: {name} was {then} at the freeze and is {here} here", err=True)
    for why in done.not_replayed:
        click.echo(f"note: not replayed: {why}", err=True)
    if len(done.differences) or as_json or out is not None:
        emit(done.differences, as_json=as_json, out=out, limit=50, title=f"Replay of {file.name}")
    close = f", {done.n_close:,} of them to the ninth digit" if done.n_close else ""
    click.echo(f"{done.n_queries} queries, {done.n_cells:,} cells compared{close}", err=True)
    if not done.is_same:
        found = f"{len(done.differences):,} differences, {len(done.not_replayed)} queries not replayed"
        raise ReplayMismatch(found, where=str(file), remedy="Each is listed above.")
    click.echo("the same")


@case.command()
@click.argument("file", type=_FILE, required=False)
@json_option
@out_option()
@desk_options
def verify(file: Path | None, as_json: bool, out: Path | None, **given: Any) -> None:
    """Verify a case file (FILE), or without one the store: its audit log and every row that it recorded.

    With FILE and --store, the store's log must hold the very entries that the file has. Exit code 1 where anything
    does not hold; what and where is shown.
    """
    from entrepot.cases import manifest_of, verify_case_file, verify_store
    from entrepot.errors import AuditBroken

    found = []
    known = None
    where = str(file)
    if file is not None:
        found.append(verify_case_file(file))
        head = manifest_of(file)[0]["audit_head"]
        known = (int(head["n"]), str(head["hash"]))
    if file is None or given["where"] is not None:
        desk = opened_desk(given)
        where = desk.store.where
        found.append(verify_store(desk.store, known=known))
    problems = [table for table in found if len(table)]
    for table in problems or found[:1] * as_json:
        emit(table, as_json=as_json, out=out, limit=50, title="Problems")
    if problems:
        count = sum(len(table) for table in problems)
        raise AuditBroken(f"{count} things do not hold", where=where, remedy="Each is listed above.")
    click.echo("everything holds", err=as_json)


@case.command()
@click.argument("what")
@file_option("--out", (".html", ".csv", ".parquet", ".json", ".jsonl", ".xml"), help="By ending", is_required=True)
@click.option("--public", "is_public", is_flag=True, help="Leave out whoever may not be named.")
@click.option("--simulated", "is_simulated", is_flag=True, help="Say SIMULATED on every page.")
@click.option("--filer", type=_FILE, metavar="FILE", help="Of .xml: who would file, as TOML (docs/how-to/case.md).")
@click.option("--payments", type=_FILE, metavar="FILE", help="Of .xml: records of kind payment to report.")
@desk_options
def export(
    what: str,
    out: Path,
    is_public: bool,
    is_simulated: bool,
    filer: Path | None,
    payments: Path | None,
    **given: Any,
) -> None:
    """Export a case (its id, or a case file) as a report, a table, FollowTheMoney, or a draft of a goAML report.

    .html is a report, .csv, .parquet and .json one row a finding, .jsonl FollowTheMoney entities, .xml a draft in
    goAML's words, marked so; a person files it, and it never enters a case.
    """
    if out.suffix == ".xml":
        write_draft(what, out, filer, payments, is_public=is_public, given=given)
        return
    with tempfile.TemporaryDirectory() as folder:
        if is_named(what):
            from entrepot.cases import read_case_file

            content = read_case_file(Path(what), Path(folder))
            if is_public and not content["is_public"]:
                remedy = "Export from the store, or freeze it with --public."
                raise ConfigError("the file was frozen for the house, not for the public", where=what, remedy=remedy)
        else:
            from entrepot.cases import case_content

            desk = opened_desk(given)
            content = case_content(desk.store, what, day=desk.day, is_public=is_public)
    write_export(content, out, is_simulated=is_simulated)
    for left in content["left_out"]:
        click.echo(f"note: left out: {left}", err=True)


@case.command("file")
@click.argument("case_id")
@click.option("--reference", required=True, metavar="TEXT", help="The receipt of whoever received the report.")
@desk_options
def file_(case_id: str, reference: str, **given: Any) -> None:
    """Record that a person filed a report about a case; a second person gives the same command."""
    from entrepot.cases import file_report

    desk = opened_desk(given)
    done = file_report(desk.store, case_id, reference=reference, **desk.deciding)
    click.echo("recorded" if done.is_done else "waits for a second person")


@case.command()
@click.argument("case_id")
@_REASON
@desk_options
def close(case_id: str, reason: str, **given: Any) -> None:
    """Close a case; where the policy asks for it, a second person gives the same command."""
    from entrepot.cases import close_case

    desk = opened_desk(given)
    close_case(desk.store, case_id, reason=reason, **desk.deciding)
    _tell(desk, case_id)


@case.command()
@click.argument("name")
@click.option(
    "--role",
    type=click.Choice(["analyst", "reviewer", "auditor", "admin"]),
    default="analyst",
    show_default=True,
    help="What the user may do.",
)
@click.option("--password", "has_password", is_flag=True, help="Ask for a password, to log in to the pages.")
@click.option("--api-key", "has_key", is_flag=True, help="Print a key for the user's programs, shown this once.")
@click.option("--deactivate", "is_over", is_flag=True, help="Take the right to decide.")
@desk_options
def user(name: str, role: str, has_password: bool, has_key: bool, is_over: bool, **given: Any) -> None:
    """Add a user or change one, of the commands and of the pages alike; only an admin may."""
    from entrepot.cases import deactivate_user

    desk = opened_desk(given, is_new_allowed=True)
    if is_over:
        deactivate_user(desk.store, name, by=desk.by, at=desk.at)
        click.echo(f"{name} is not active any more")
        return
    change_user(desk, name, role, has_password=has_password, has_key=has_key)


def change_user(desk: Desk, name: str, role: str, *, has_password: bool, has_key: bool) -> None:
    """Add a user or change one; ask for the password, and print the key."""
    from entrepot.cases import add_user, new_key

    word = click.prompt("Password", hide_input=True, confirmation_prompt=True) if has_password else None
    made = add_user(desk.store, name, role, password=word, by=desk.by, at=desk.at)
    click.echo(f"{made.name} is {made.role}", err=has_key)
    if has_key:
        click.echo(new_key(desk.store, name, **desk.deciding))


@case.command()
@click.argument("kind", required=False)
@click.argument("key", required=False)
@desk_options
def erase(kind: str | None, key: str | None, **given: Any) -> None:
    """Erase a person, firm or record (KIND and your own id, KEY); without them, all whose time is over.

    Its key is destroyed: name, findings and reasons cannot be read any more, by anybody.
    """
    from entrepot.cases import erase_due, erase_subject

    desk = opened_desk(given)
    if kind is not None and key is None:
        raise click.UsageError("Missing argument 'KEY'.")
    if kind is not None and key is not None:
        done = erase_subject(desk.store, kind, key, **desk.deciding)
    else:
        done = erase_due(desk.store, **desk.deciding)
    click.echo(f"erased: {len(done.alerts)} alerts, {len(done.cases)} cases")


def _tell(desk: Desk, case_id: str) -> None:
    from entrepot.cases import get_case

    found = get_case(desk.store, case_id).case
    waits = f"; {found.pending.partition(':')[0]} waits for a second person" if found.pending else ""
    click.echo(f"{found.case_id} is {found.status}, {found.owner} has it, {found.n_items} items{waits}")
