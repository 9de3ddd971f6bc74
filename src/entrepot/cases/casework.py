"""Cases: opened, filled with alerts, notes, documents and queries, and closed as the policy asks."""

from __future__ import annotations

import base64
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select

from entrepot.cases.audit import canonical
from entrepot.cases.desk import DECIDERS, alert_row, is_repeated
from entrepot.cases.folding import user_ref
from entrepot.cases.keys import ERASED, Keys
from entrepot.cases.people import names_of
from entrepot.cases.queries import Query
from entrepot.cases.rows import Decision, decision_of, opened
from entrepot.cases.tables import CASE_ITEMS, CASES, DECISIONS, row_of
from entrepot.errors import ConfigError, Conflict, DeskError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from entrepot.cases.store import Store
    from entrepot.cases.writer import Writer

CASE_STATES = ("open", "frozen", "closed")
ITEM_KINDS = ("alert", "note", "document", "query", "publish", "freeze", "filing")
LARGEST_DOCUMENT = 20_000_000
# Words that only reports to a financial intelligence unit hold, whatever the encoding.
_FILING = re.compile(rb"rentity_id|<report_code|goaml|submission_code", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Case:
    """One case as it stands.

    Attributes:
        case_id: id.
        title: as its author wrote it; ``(erased)`` after its key was destroyed.
        status: open, frozen (a file was made and nothing added since) or closed.
        owner: name of the user who has it.
        opened_at, updated_at: UTC instants.
        pending: a decision that waits for a second person; pending_by: who proposed it.
        n_items: alerts, notes, documents, queries in it.
        version: grows with every change.
    """

    case_id: str
    title: str
    status: str
    owner: str
    opened_at: str
    updated_at: str
    pending: str | None
    pending_by: str | None
    n_items: int
    version: int


@dataclass(frozen=True, slots=True)
class Item:
    """One thing in a case: its number, kind (of ITEM_KINDS), what it points at, who, when, and its body.

    The body is ``{"erased": True}`` after the case's key was destroyed.
    """

    n: int
    kind: str
    target: str | None
    actor: str
    at: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CaseStory:
    """A case with what is in it and what was decided, oldest first."""

    case: Case
    items: tuple[Item, ...]
    decisions: tuple[Decision, ...]

    def of_kind(self, kind: str) -> list[Item]:
        """Return the items of one kind."""
        return [item for item in self.items if item.kind == kind]


def new_case(
    store: Store, title: str, *, by: str, at: str, owner: str | None = None, request_id: str | None = None
) -> Case:
    """Open a case.

    Raises:
        ConfigError: an empty title.
        NotFound: the owner is no user.
    """
    if not title.strip() or len(title) > 300:
        raise ConfigError("a case without a title", remedy="Give one of at most 300 characters.")
    with store.write(by=by, at=at) as writer:
        writer.require(*DECIDERS)
        if request_id is not None and (found := _of_request(writer.connection, request_id)):
            case_id = found
        else:
            case_id = f"c-{secrets.token_hex(6)}"
            ref = writer.actor if owner is None else user_ref(writer.connection, owner)
            subject = writer.keys.of("case", case_id, at=at)
            fixed = {"case_id": case_id, "subject": subject, "title": writer.keys.seal(subject, title.strip())}
            times = {"opened_at": at, "updated_at": at, "version": 1}
            writer.connection.execute(insert(CASES).values(**fixed, **times, status="open", owner=ref))
            writer.decide(case_id, version=1, kind="opened", status="open", request_id=request_id)
    return get_case(store, case_id).case


def list_cases(store: Store, *, status: str | None = None, owner: str | None = None) -> list[Case]:
    """Return cases, the latest first."""
    with store.read() as connection:
        statement = select(CASES).order_by(CASES.c.updated_at.desc(), CASES.c.case_id)
        if status is not None:
            statement = statement.where(CASES.c.status == status)
        if owner is not None:
            statement = statement.where(CASES.c.owner == user_ref(connection, owner))
        rows = connection.execute(statement).mappings().all()
        return _cases_of(connection, rows)


def get_case(store: Store, case_id: str) -> CaseStory:
    """Return a case with what is in it.

    Raises:
        NotFound: there is none of that id.
    """
    with store.read() as connection:
        row = case_row(connection, case_id)
        keys, names = Keys(connection), names_of(connection)
        found = select(CASE_ITEMS).where(CASE_ITEMS.c.case_id == row["case_id"]).order_by(CASE_ITEMS.c.n)
        decided = select(DECISIONS).where(DECISIONS.c.object_id == row["case_id"]).order_by(DECISIONS.c.version)
        items = tuple(_item_of(one, keys, names) for one in connection.execute(found).mappings())
        decisions = tuple(decision_of(one, keys, names) for one in connection.execute(decided).mappings())
        return CaseStory(_cases_of(connection, [row])[0], items, decisions)


def add_to_case(store: Store, case_id: str, alert_id: str, *, by: str, at: str, **given: Any) -> Item:
    """Put an alert into a case.

    Args:
        **given: ``version`` of the case that the decision was taken on, ``request_id``.

    Raises:
        NotFound: there is no such alert or case.
        DeskError: it is in the case already, or the case is closed.
    """
    with store.write(by=by, at=at) as writer:
        alert = alert_row(writer.connection, alert_id)["alert_id"]
        row, is_done = taken_case(writer, case_id, **given)
        if not is_done:
            if has_item(writer.connection, row["case_id"], "alert", alert):
                raise DeskError(f"{alert} is in the case already", remedy="Add another one.")
            add_item(writer, row, "alert", alert, {}, **given)
    return _last(store, case_id)


def add_note(store: Store, case_id: str, text: str, *, by: str, at: str, **given: Any) -> Item:
    """Add a note to a case; takes and raises what :func:`add_to_case` does."""
    if not text.strip():
        raise ConfigError("an empty note", remedy="Write something.")
    return _add(store, case_id, "note", None, {"text": text}, by=by, at=at, **given)


def add_document(
    store: Store, case_id: str, name: str, content: bytes, *, by: str, at: str, source: str = "", **given: Any
) -> Item:
    """Add a document, kept sealed in the store.

    Args:
        name: as a reader sees it; folders in it are left out.
        source: where it comes from.

    Raises:
        DeskError: it is larger than 20 MB, or a report to a financial intelligence unit: these never enter a case.
    """
    if len(content) > LARGEST_DOCUMENT:
        remedy = f"Documents may have {LARGEST_DOCUMENT:,} bytes; keep a larger one elsewhere and note its hash."
        raise DeskError(f"{len(content):,} bytes", where=name, remedy=remedy)
    if is_filing(content):
        remedy = "Keep it where reports to the unit are kept: to tell of a report may be an offence."
        raise DeskError("a goAML report never enters a case, which can be shared", where=name, remedy=remedy)
    plain = name.replace("\\", "/").rpartition("/")[2] or "document"
    body = {"name": plain[:200], "source": source, "bytes": base64.b64encode(content).decode()}
    return _add(store, case_id, "document", None, body, by=by, at=at, **given)


def is_filing(content: bytes) -> bool:
    """Whether bytes are a report to a financial intelligence unit, as far as their words tell."""
    return _FILING.search(content.replace(b"\0", b"")) is not None


def add_query(store: Store, case_id: str, query: Query, *, by: str, at: str, **given: Any) -> Item:
    """Add a question, which ``freeze`` puts to the lake and ``replay`` puts again."""
    files = {role: [name, base64.b64encode(content).decode()] for role, (name, content) in query.files.items()}
    body = {"command": query.command, "parameters": dict(query.parameters), "files": files}
    return _add(store, case_id, "query", query.command, body, by=by, at=at, **given)


def query_of(item: Item) -> Query:
    """Return the question of an item of kind query."""
    files = {role: (name, base64.b64decode(content)) for role, (name, content) in item.body["files"].items()}
    return Query(item.body["command"], item.body["parameters"], files)


def case_row(connection: Connection, case_id: str) -> Mapping[Any, Any]:
    """Return the row of a case, named by its id or the beginning of it.

    Raises:
        NotFound: there is none, or several begin so.
    """
    return row_of(connection, CASES.c.case_id, case_id, what="case", command="case list")


def add_item(
    writer: Writer,
    row: Mapping[Any, Any],
    kind: str,
    target: str | None,
    body: Mapping[str, Any],
    *,
    status: str = "open",
    version: int | None = None,
    request_id: str | None = None,
    **changes: Any,
) -> int:
    """Add an item to a case, and the decision that it is; return its number."""
    last = select(func.max(CASE_ITEMS.c.n)).where(CASE_ITEMS.c.case_id == row["case_id"])
    n = (writer.connection.execute(last).scalar() or 0) + 1
    sealed = writer.keys.seal(row["subject"], canonical(body))
    fixed = {"case_id": row["case_id"], "n": n, "kind": kind, "target": target, "actor": writer.actor}
    writer.add(CASE_ITEMS, {**fixed, "at": writer.at, "subject": row["subject"], "body": sealed})
    decide_case(writer, row, f"add_{kind}", target, {"item": n}, status=status, request_id=request_id, **changes)
    return n


def decide_case(
    writer: Writer,
    row: Mapping[Any, Any],
    kind: str,
    target: str | None,
    body: Mapping[str, Any],
    *,
    status: str | None = None,
    version: int | None = None,
    request_id: str | None = None,
    **changes: Any,
) -> None:
    """Record a decision on a case, and change it from the version of its row to the next."""
    after = status or row["status"]
    writer.change(CASES, row["case_id"], version=row["version"], status=after, **changes)
    subject = writer.keys.find_ref(row["subject"])
    said = dict(body) if subject is not None else {}
    if target is not None:
        said["target"] = target
    made = row["version"] + 1
    writer.decide(row["case_id"], version=made, kind=kind, status=after, subject=subject, request_id=request_id, **said)


def _add(
    store: Store,
    case_id: str,
    kind: str,
    target: str | None,
    body: Mapping[str, Any],
    *,
    by: str,
    at: str,
    **given: Any,
) -> Item:
    with store.write(by=by, at=at) as writer:
        row, is_done = taken_case(writer, case_id, **given)
        if not is_done:
            add_item(writer, row, kind, target, body, **given)
    return _last(store, case_id)


def taken_case(
    writer: Writer,
    case_id: str,
    *,
    version: int | None = None,
    request_id: str | None = None,
    is_closed_allowed: bool = False,
) -> tuple[Mapping[Any, Any], bool]:
    """Return a case's row to decide upon, and whether this very request was decided before."""
    writer.require(*DECIDERS)
    row = case_row(writer.connection, case_id)
    if is_repeated(writer, row["case_id"], request_id):
        return row, True
    if version is not None and row["version"] != version:
        remedy = "Look again, and decide on what stands now."
        raise Conflict(f"{case_id} is at version {row['version']}, not {version}", remedy=remedy)
    if row["status"] == "closed" and not is_closed_allowed:
        raise DeskError(f"case {row['case_id']} is closed", remedy="Take it up first: `entrepot case assign`.")
    if writer.keys.find_ref(row["subject"]) is None:
        raise DeskError(f"case {row['case_id']} was erased", remedy="Open a new one.")
    return row, False


def has_item(connection: Connection, case_id: str, kind: str, target: str) -> bool:
    """Whether a case has an item of a kind that points at something."""
    test = (CASE_ITEMS.c.case_id == case_id, CASE_ITEMS.c.kind == kind, CASE_ITEMS.c.target == target)
    return connection.execute(select(CASE_ITEMS.c.n).where(*test).limit(1)).first() is not None


def _of_request(connection: Connection, request_id: str) -> str | None:
    found = connection.execute(select(DECISIONS.c.object_id).where(DECISIONS.c.request_id == request_id)).scalar()
    return None if found is None else str(found)


def _last(store: Store, case_id: str) -> Item:
    return get_case(store, case_id).items[-1]


def _item_of(row: Mapping[Any, Any], keys: Keys, names: Mapping[str, str]) -> Item:
    body = opened(keys, row["subject"], row["body"])
    actor = names.get(row["actor"], row["actor"])
    return Item(row["n"], row["kind"], row["target"], actor, row["at"], {"erased": True} if body is None else body)


def _cases_of(connection: Connection, rows: Any) -> list[Case]:
    keys, names = Keys(connection), names_of(connection)
    keys.load({row["subject"] for row in rows})
    counted = select(CASE_ITEMS.c.case_id, func.count()).group_by(CASE_ITEMS.c.case_id)
    counts = {row[0]: row[1] for row in connection.execute(counted)}
    return [
        Case(
            row["case_id"],
            keys.unseal(row["subject"], row["title"]) or ERASED,
            row["status"],
            names.get(row["owner"], row["owner"]),
            row["opened_at"],
            row["updated_at"],
            row["pending"],
            names.get(row["pending_by"]) if row["pending_by"] else None,
            counts.get(row["case_id"], 0),
            row["version"],
        )
        for row in rows
    ]
