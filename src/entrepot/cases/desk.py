"""The desk: alerts listed and told, decisions on them, and what is new since a day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, func, select

from entrepot.alerts import SEVERITIES, Thing
from entrepot.cases.folding import user_ref
from entrepot.cases.keys import Keys
from entrepot.cases.people import names_of
from entrepot.cases.rows import PUBLIC, STATES, Alert, Decision, Recorded, alerts_of, decision_of, recorded_of
from entrepot.cases.tables import ALERTS, DECISIONS, FINDINGS, USERS, row_of
from entrepot.codes import parse_day
from entrepot.errors import ConfigError, Conflict, DeskError, SecondPersonNeeded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection, Select

    from entrepot.cases.store import Store
    from entrepot.cases.writer import Writer

DECIDERS = ("analyst", "reviewer", "admin")


@dataclass(frozen=True, slots=True)
class AlertFilter:
    """Which alerts; empty means all.

    Attributes:
        statuses: of STATES.
        severities: low, medium, high, critical.
        kinds: route, company, person ...
        owner: name of a user.
        source: one of routes, check, screen, read.
        is_pending: only those that wait for a second person.
        limit: most alerts; None for all.
        offset: alerts to leave out, for pages.
    """

    statuses: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    owner: str | None = None
    source: str | None = None
    is_pending: bool = False
    limit: int | None = None
    offset: int = 0

    def __post_init__(self) -> None:
        for given, known in ((self.statuses, STATES), (self.severities, SEVERITIES)):
            if unknown := [word for word in given if word not in known]:
                raise ConfigError(f"{unknown[0]!r} is none of them", remedy=f"Use {', '.join(known)}.")


@dataclass(frozen=True, slots=True)
class AlertStory:
    """An alert with its findings and decisions, oldest first."""

    alert: Alert
    findings: tuple[Recorded, ...]
    decisions: tuple[Decision, ...]


def list_alerts(store: Store, which: AlertFilter | None = None, *, day: str) -> list[Alert]:
    """Return alerts, the gravest first, then by money, then the latest.

    Args:
        day: decides which suppressions still hold, ISO 8601.
    """
    chosen = which or AlertFilter()
    with store.read() as connection:
        money = func.coalesce(ALERTS.c.amount, -1.0).desc()
        order = (ALERTS.c.severity_rank, money, ALERTS.c.updated_at.desc(), ALERTS.c.alert_id)
        statement = _where(select(ALERTS), chosen, day, connection).order_by(*order)
        if chosen.limit is not None:
            statement = statement.limit(chosen.limit)
        rows = connection.execute(statement.offset(chosen.offset)).mappings().all()
        return alerts_of(connection, rows, day)


def count_alerts(store: Store, which: AlertFilter | None = None, *, day: str) -> int:
    """Return how many alerts a filter finds, whatever its limit."""
    with store.read() as connection:
        statement = _where(select(func.count()).select_from(ALERTS), which or AlertFilter(), day, connection)
        return int(connection.execute(statement).scalar_one())


def get_alert(store: Store, alert_id: str, *, day: str) -> AlertStory:
    """Return an alert with its history.

    Raises:
        NotFound: there is none of that id.
    """
    with store.read() as connection:
        row = alert_row(connection, alert_id)
        alert = alerts_of(connection, [row], day)[0]
        keys, names = Keys(connection), names_of(connection)
        thing = Thing(alert.kind, alert.key, alert.label)
        found = select(FINDINGS).where(FINDINGS.c.alert_id == row["alert_id"]).order_by(FINDINGS.c.n)
        decided = select(DECISIONS).where(DECISIONS.c.object_id == row["alert_id"]).order_by(DECISIONS.c.version)
        findings = tuple(recorded_of(one, keys, thing) for one in connection.execute(found).mappings())
        decisions = tuple(decision_of(one, keys, names) for one in connection.execute(decided).mappings())
    return AlertStory(alert, findings, decisions)


def assign(store: Store, alert_id: str, owner: str, *, by: str, at: str, reason: str = "", **given: Any) -> Alert:
    """Give an alert to a user; a closed one is taken up again, which needs a reason.

    Args:
        owner: name of the user who has it from now on.
        **given: ``version`` that the decision was taken on (the one that stands by default), ``request_id`` of a
            request that may be sent twice.

    Raises:
        Conflict: somebody else decided in the meantime.
        DeskError: a closed alert without a reason.
    """
    with store.write(by=by, at=at) as writer:
        row, is_done = taken(writer, alert_id, **given)
        if not is_done:
            if row["status"] == "closed":
                _needs(reason, "taking up a closed alert")
            ref = user_ref(writer.connection, owner)
            changes = {"owner": ref, "pending": None, "pending_by": None, "suppressed_until": None}
            _decide(writer, row, "assign", "assigned", changes, reason, **given)
    return _alert(store, alert_id, at)


def escalate(store: Store, alert_id: str, owner: str, *, by: str, at: str, reason: str, **given: Any) -> Alert:
    """Give an alert to a reviewer or admin, with a reason; takes and raises what :func:`assign` does."""
    with store.write(by=by, at=at) as writer:
        row, is_done = taken(writer, alert_id, **given)
        if not is_done:
            _needs(reason, "escalating")
            ref = user_ref(writer.connection, owner)
            role = writer.connection.execute(select(USERS.c.role).where(USERS.c.user_ref == ref)).scalar_one()
            if role not in store.policy.reviewers:
                remedy = f"Name one who is {' or '.join(store.policy.reviewers)}."
                raise DeskError(f"{owner!r} is {role}: an alert is escalated to a reviewer", remedy=remedy)
            changes = {"owner": ref, "pending": None, "pending_by": None, "suppressed_until": None}
            _decide(writer, row, "escalate", "escalated", changes, reason, **given)
    return _alert(store, alert_id, at)


def suppress(store: Store, alert_id: str, *, until: str, by: str, at: str, reason: str, **given: Any) -> Alert:
    """Set an alert aside until a day, with a reason; findings that come in the meantime are recorded all the same.

    Raises:
        ConfigError: ``until`` is no day after the present one, or later than the policy allows.
        DeskError: no reason, or it is closed.
    """
    days = parse_day(until) - parse_day(at[:10])
    if not 0 < days <= store.policy.suppress_days:
        remedy = f"Choose a day within {store.policy.suppress_days} days from now."
        raise ConfigError(f"a suppression until {until}", remedy=remedy)
    with store.write(by=by, at=at) as writer:
        row, is_done = taken(writer, alert_id, **given)
        if not is_done:
            _needs(reason, "suppressing")
            _is_open(row)
            _decide(writer, row, "suppress", "suppressed", {"suppressed_until": until}, reason, **given)
    return _alert(store, alert_id, at)


def comment(store: Store, alert_id: str, text: str, *, by: str, at: str, **given: Any) -> Alert:
    """Add a comment to an alert, which stays as it is; a closed one can be commented on, too.

    Raises:
        DeskError: the comment is empty.
    """
    with store.write(by=by, at=at) as writer:
        row, is_done = taken(writer, alert_id, **given)
        if not is_done:
            if not text.strip():
                raise DeskError("an empty comment", remedy="Write something.")
            _decide(writer, row, "comment", row["status"], {}, text, **given)
    return _alert(store, alert_id, at)


def close_alert(store: Store, alert_id: str, *, by: str, at: str, reason: str, **given: Any) -> Alert:
    """Close an alert; where the policy asks for a second person, the first call proposes and the second closes.

    Returns:
        The alert: closed, or with ``pending`` close.

    Raises:
        SecondPersonNeeded: the second call is by the person who proposed, or by one who may not review.
        DeskError: no reason, or it is closed already.
    """
    with store.write(by=by, at=at) as writer:
        row, is_done = taken(writer, alert_id, **given)
        if not is_done:
            _needs(reason, "closing")
            _is_open(row)
            if is_settled(store, writer, row, "close", store.policy.needs_second("close_alert", row["severity"])):
                over = {"pending": None, "pending_by": None, "suppressed_until": None}
                _decide(writer, row, "close", "closed", over, reason, **given)
            else:
                waits = {"pending": "close", "pending_by": writer.actor}
                _decide(writer, row, "propose_close", row["status"], waits, reason, **given)
    return _alert(store, alert_id, at)


def refuse_closing(store: Store, alert_id: str, *, by: str, at: str, reason: str, **given: Any) -> Alert:
    """Refuse a closing that was proposed; the alert stays with its owner.

    Raises:
        DeskError: no reason, or nothing was proposed.
    """
    with store.write(by=by, at=at) as writer:
        row, is_done = taken(writer, alert_id, **given)
        if not is_done:
            _needs(reason, "refusing")
            if row["pending"] is None:
                raise DeskError(f"nothing waits on {alert_id}", remedy="See `entrepot alerts show`.")
            _decide(writer, row, "refuse", row["status"], {"pending": None, "pending_by": None}, reason, **given)
    return _alert(store, alert_id, at)


def is_settled(store: Store, writer: Writer, row: Mapping[Any, Any], what: str, needs_second: bool) -> bool:
    """Whether a decision may be carried out now; False where it is proposed first.

    Raises:
        SecondPersonNeeded: it was proposed, and the same person, or one who may not review, repeats it.
    """
    if not needs_second:
        return True
    if row["pending"] != what:
        return False
    if row["pending_by"] == writer.actor:
        remedy = "Ask a reviewer: four eyes see more than two."
        raise SecondPersonNeeded(f"{writer.name!r} proposed it; another person decides", remedy=remedy)
    if writer.role not in store.policy.reviewers:
        remedy = f"It takes one who is {' or '.join(store.policy.reviewers)}."
        raise SecondPersonNeeded(f"{writer.name!r} is {writer.role}", remedy=remedy)
    return True


def alert_row(connection: Connection, alert_id: str) -> Mapping[Any, Any]:
    """Return the row of an alert, named by its id or the beginning of it.

    Raises:
        NotFound: there is none, or several begin so.
    """
    return row_of(connection, ALERTS.c.alert_id, alert_id, what="alert", command="alerts list")


def taken(
    writer: Writer, alert_id: str, *, version: int | None = None, request_id: str | None = None
) -> tuple[Mapping[Any, Any], bool]:
    """Return an alert's row to decide upon, and whether this very request was decided before.

    Raises:
        Conflict: it is not at ``version`` any more, or the request id belongs to another alert.
    """
    writer.require(*DECIDERS)
    row = alert_row(writer.connection, alert_id)
    if is_repeated(writer, row["alert_id"], request_id):
        return row, True
    if version is not None and row["version"] != version:
        remedy = "Look again, and decide on what stands now."
        raise Conflict(f"{alert_id} is at version {row['version']}, not {version}", remedy=remedy)
    return row, False


def is_repeated(writer: Writer, object_id: str, request_id: str | None) -> bool:
    """Whether a request was decided before, on the same object.

    Raises:
        Conflict: it was decided on another one.
    """
    if request_id is None:
        return False
    statement = select(DECISIONS.c.object_id).where(DECISIONS.c.request_id == request_id)
    found = writer.connection.execute(statement).scalar()
    if found not in (None, object_id):
        raise Conflict(f"request {request_id!r} was for another object", remedy="Give every request an id of its own.")
    return found is not None


def _decide(
    writer: Writer,
    row: Mapping[Any, Any],
    kind: str,
    status: str,
    changes: Mapping[str, Any],
    reason: str,
    *,
    version: int | None = None,
    request_id: str | None = None,
) -> None:
    # A reason is free text and may name anybody: it is sealed with the subject's key, or the alert's own.
    subject = None if row["kind"] in PUBLIC else writer.keys.find_ref(row["ref"])
    subject = subject or writer.keys.of("alert", row["alert_id"], at=writer.at)
    writer.change(ALERTS, row["alert_id"], version=row["version"], status=status, **changes)
    named = {name: value for name, value in changes.items() if name in ("owner", "suppressed_until") and value}
    writer.decide(
        row["alert_id"],
        version=row["version"] + 1,
        kind=kind,
        status=status,
        subject=subject,
        request_id=request_id,
        reason=reason,
        **named,
    )


def _needs(reason: str, what: str) -> None:
    if not reason.strip():
        raise DeskError(f"{what} without a reason", remedy="Say why.")


def _is_open(row: Mapping[Any, Any]) -> None:
    if row["status"] == "closed":
        raise DeskError(f"{row['alert_id']} is closed", remedy="Take it up first: `entrepot alerts assign`.")


def _alert(store: Store, alert_id: str, at: str) -> Alert:
    with store.read() as connection:
        return alerts_of(connection, [alert_row(connection, alert_id)], at[:10])[0]


def _where(statement: Select[Any], which: AlertFilter, day: str, connection: Connection) -> Select[Any]:
    is_over = and_(ALERTS.c.status == "suppressed", ALERTS.c.suppressed_until <= day)
    status = case((is_over, "open"), else_=ALERTS.c.status)
    tests = [
        status.in_(which.statuses) if which.statuses else None,
        ALERTS.c.severity.in_(which.severities) if which.severities else None,
        ALERTS.c.kind.in_(which.kinds) if which.kinds else None,
        ALERTS.c.owner == user_ref(connection, which.owner) if which.owner else None,
        ALERTS.c.pending.is_not(None) if which.is_pending else None,
        ALERTS.c.sources.contains(which.source, autoescape=True) if which.source else None,
    ]
    return statement.where(*(test for test in tests if test is not None))
