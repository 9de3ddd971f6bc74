"""Alerts of the desk: one a thing, always in a state with an owner, closed by two where it counts."""

from __future__ import annotations

import pytest

from entrepot.cases import (
    AlertFilter,
    Store,
    add_findings,
    alerts_diff,
    assign,
    close_alert,
    count_alerts,
    deactivate_user,
    escalate,
    get_alert,
    list_alerts,
    refuse_closing,
    suppress,
    verify_store,
)
from entrepot.errors import ConfigError, Conflict, DeskError, NotFound, SecondPersonNeeded
from tests.cases.made import AT, DAY, alert_of, checked, found, later, route, screened


def test_findings_of_one_thing_fold_into_one_alert(store: Store) -> None:
    first = alert_of(store, screened(), source="screen")
    assert alert_of(store, checked(), source="check", kind="person", at=later(1)) == first
    story = get_alert(store, first, day=DAY)
    assert (story.alert.n_findings, story.alert.sources, story.alert.certainty) == (2, ("screen", "check"), "strong")


def test_the_same_answer_twice_changes_nothing(store: Store) -> None:
    alert_of(store)
    again = add_findings(store, found(route(), inputs=("data:two",)), by="cat", at=later(1))
    assert (again.new, again.changed, again.n_known) == ((), (), 1)
    assert verify_store(store).rows() == []


def test_what_is_no_alert_makes_none_and_takes_back_an_earlier_one(store: Store) -> None:
    assert add_findings(store, found(route("ARM", is_alert=False)), by="cat", at=AT).new == ()
    alert = alert_of(store)
    add_findings(store, found(route(is_alert=False)), by="cat", at=later(1))
    now = get_alert(store, alert, day=DAY).alert
    assert (now.certainty, now.severity, now.amount, now.status, now.owner) == ("none", "low", None, "open", "cat")


def test_every_alert_has_a_state_and_an_owner(store: Store) -> None:
    add_findings(store, found(route(), route("ARM"), route("KAZ", low=5.0)), by="cat", at=AT, owner="bob")
    assert {(one.status, one.owner) for one in list_alerts(store, day=DAY)} == {("open", "bob")}
    with pytest.raises(DeskError, match="owns 3 open"):
        deactivate_user(store, "bob", by="ann", at=later(1))


def test_an_alert_of_money_is_closed_by_two(store: Store) -> None:
    alert = alert_of(store)
    waits = close_alert(store, alert, by="cat", at=later(1), reason="relocation")
    assert (waits.status, waits.pending, waits.pending_by) == ("open", "close", "cat")
    with pytest.raises(SecondPersonNeeded, match="'cat' proposed it"):
        close_alert(store, alert, by="cat", at=later(1), reason="relocation")
    done = close_alert(store, alert, by="bob", at=later(2), reason="seen the contract")
    assert (done.status, done.pending) == ("closed", None)


def test_a_second_analyst_is_no_reviewer(store: Store) -> None:
    from entrepot.cases import add_user

    add_user(store, "dan", "analyst", by="ann", at=AT)
    alert = alert_of(store)
    close_alert(store, alert, by="cat", at=later(1), reason="relocation")
    with pytest.raises(SecondPersonNeeded, match="'dan' is analyst"):
        close_alert(store, alert, by="dan", at=later(1), reason="relocation")


def test_a_small_alert_needs_one_person(file_store: Store) -> None:
    alert = alert_of(file_store, route(low=1000.0))
    assert close_alert(file_store, alert, by="cat", at=later(1), reason="small").status == "closed"


def test_a_proposed_closing_can_be_refused(file_store: Store) -> None:
    alert = alert_of(file_store)
    close_alert(file_store, alert, by="cat", at=later(1), reason="relocation")
    assert refuse_closing(file_store, alert, by="bob", at=later(1), reason="not enough").pending is None
    with pytest.raises(DeskError, match="nothing waits"):
        refuse_closing(file_store, alert, by="bob", at=later(1), reason="not enough")


def test_a_closed_alert_with_a_new_finding_is_open_again(store: Store) -> None:
    alert = alert_of(store, route(low=1000.0))
    close_alert(store, alert, by="cat", at=later(1), reason="small")
    added = add_findings(store, found(route(low=3e7)), by="cat", at=later(2))
    assert added.reopened == (alert,) and get_alert(store, alert, day=DAY).alert.status == "open"


def test_a_suppression_has_a_reason_and_an_end(store: Store) -> None:
    alert = alert_of(store)
    with pytest.raises(DeskError, match="without a reason"):
        suppress(store, alert, until="2026-06-01", by="cat", at=AT, reason=" ")
    for until in ("2026-05-04", "2027-06-01"):
        with pytest.raises(ConfigError, match="suppression until"):
            suppress(store, alert, until=until, by="cat", at=AT, reason="known")
    assert suppress(store, alert, until="2026-06-01", by="cat", at=AT, reason="known").status == "suppressed"
    states = [
        [one.status for one in list_alerts(store, AlertFilter(("open",)), day=day)]
        for day in ("2026-05-31", "2026-06-01")
    ]
    assert states == [[], ["open"]]


def test_an_alert_is_escalated_to_a_reviewer_only(file_store: Store) -> None:
    alert = alert_of(file_store)
    with pytest.raises(DeskError, match="'cat' is analyst"):
        escalate(file_store, alert, "cat", by="cat", at=AT, reason="look")
    assert escalate(file_store, alert, "bob", by="cat", at=AT, reason="look").status == "escalated"


def test_an_auditor_decides_nothing(file_store: Store) -> None:
    with pytest.raises(DeskError, match="'aud' is auditor"):
        close_alert(file_store, alert_of(file_store), by="aud", at=AT, reason="r")


def test_a_decision_on_what_does_not_stand_any_more_is_refused(store: Store) -> None:
    alert = alert_of(store)
    assign(store, alert, "bob", by="cat", at=later(1), version=1)
    with pytest.raises(Conflict, match="at version 2, not 1"):
        assign(store, alert, "cat", by="bob", at=later(1), version=1)


def test_a_request_that_is_sent_twice_is_decided_once(store: Store) -> None:
    alert = alert_of(store)
    once = assign(store, alert, "bob", by="cat", at=later(1), request_id="r-1")
    assert assign(store, alert, "bob", by="cat", at=later(1), request_id="r-1").version == once.version == 2
    with pytest.raises(Conflict, match="another object"):
        assign(store, alert_of(store, route("ARM")), "bob", by="cat", at=later(1), request_id="r-1")


def test_alerts_are_filtered_and_in_the_order_of_gravity(store: Store) -> None:
    add_findings(store, found(route("ARM", low=2e6), route("KAZ", low=9e7), route("KGZ", low=2e7)), by="cat", at=AT)
    add_findings(store, found(screened(), source="screen"), by="cat", at=AT, owner="bob")
    assert [one.key[:3] for one in list_alerts(store, AlertFilter(kinds=("route",)), day=DAY)] == ["KAZ", "KGZ", "ARM"]
    assert count_alerts(store, AlertFilter(owner="bob"), day=DAY) == 1
    assert [one.kind for one in list_alerts(store, AlertFilter(source="screen", limit=1), day=DAY)] == ["person"]


def test_an_unknown_word_or_alert_is_named(file_store: Store) -> None:
    with pytest.raises(ConfigError, match="'new' is none"):
        AlertFilter(("new",))
    with pytest.raises(NotFound, match="no alert 'a-0'"):
        get_alert(file_store, "a-0", day=DAY)


def test_diff_says_what_is_new_and_because_of_what(store: Store) -> None:
    add_findings(store, found(route(), route("ARM")), by="cat", at=AT)
    add_findings(store, found(route(low=5e7), inputs=("data:two",)), by="cat", at=later(2))
    add_findings(store, found(route("ARM", is_alert=False), inputs=("data:one", "measure:m-1")), by="cat", at=later(2))
    add_findings(store, found(screened(), source="screen", inputs=()), by="cat", at=later(3))
    news = {(one["kind"], one["what"], one["because"]) for one in alerts_diff(store, later(1)[:10], day=DAY)}
    assert news == {
        ("route", "changed", "data:two"),
        ("route", "taken_back", "measure:m-1"),
        ("person", "new", "list:ofac"),
    }


def test_diff_since_a_day_counts_that_day(file_store: Store) -> None:
    alert_of(file_store)
    assert [len(alerts_diff(file_store, day, day=DAY)) for day in ("2026-05-04", "2026-05-05")] == [1, 0]
