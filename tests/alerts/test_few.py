"""Few records at once: the answer of a check over tables, the first time and the next, and nothing left behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from entrepot.alerts import Check, CheckOptions, answer_table, check_few, few, records_of
from entrepot.errors import ConfigError, SourceError
from entrepot.lake import get_kind
from entrepot.ledger import Ledger, open_ledger
from entrepot.redflags import Case, Flag, Flags, Licence, default_policy, read_flag, shipped_flags
from tests.redflags.test_loading import text

FLAGS = shipped_flags()
Records = Mapping[str, Sequence[Mapping[str, Any]]]


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return open_ledger()


def fullest(kind: str) -> tuple[Flag, Case]:
    """The made record of a kind, among those that fire, that has most tables beside it."""
    cases = [(flag, case) for flag in FLAGS.flags if flag.kind == kind for case in flag.tests if case.expect == "fired"]
    return max(cases, key=lambda one: len(one[1].records))


def over_tables(kind: str, records: Records, flags: Flags, ledger: Ledger, options: CheckOptions) -> list[Any]:
    with Check(kind, flags, ledger, options) as check:
        check.tables.connection.execute("SET threads = 1")
        for name, rows in records.items():
            check.tables.add(name, rows, columns=get_kind(name).columns if not rows else ())
        check.outcomes()
        table = answer_table(check)
        return [table.types, list(table.rows()), [str(fault) for one in check.readings for fault in one.faults]]


def at_once(kind: str, records: Records, flags: Flags, ledger: Ledger, options: CheckOptions) -> list[Any]:
    found = check_few(kind, records, flags, ledger, options)
    return [found.table.types, list(found.table.rows()), [str(fault) for one in found.readings for fault in one.faults]]


@pytest.mark.parametrize("kind", sorted({flag.kind for flag in FLAGS.flags}))
def test_warm_and_cold_give_the_answer_of_tables(kind: str, ledger: Ledger) -> None:
    flag, case = fullest(kind)
    records, options = records_of(flag, case), CheckOptions(case.as_of or "2026-06-30")
    cold = at_once(kind, records, FLAGS, ledger, options)
    assert cold == over_tables(kind, records, FLAGS, ledger, options)
    assert at_once(kind, records, FLAGS, ledger, options) == cold
    assert cold[1]


OPTIONS = CheckOptions("2026-06-30")
CARD = {"card_id": "c", "holder_id": "h", "scheme": "mir", "issue_date": "2025-01-19"}


def test_faults_and_skipped_records_are_told_alike(ledger: Ledger) -> None:
    cards = [
        CARD,
        {**CARD, "holder_id": "of the same id"},
        {**CARD, "card_id": None},
        {**CARD, "card_id": "d", "issue_date": "2025-02-30", "scheme": "a 'quoted' \\ \"word\" ; привет"},
        {**CARD, "card_id": "later", "issue_date": "2027-01-01"},
    ]
    told = at_once("card", {"card": cards}, FLAGS, ledger, OPTIONS)
    assert told == over_tables("card", {"card": cards}, FLAGS, ledger, OPTIONS)
    assert [row["record_id"] for row in told[1]] == sorted(row["record_id"] for row in told[1])
    assert len(told[2]) == 3


def test_licences_and_withheld_questions_are_told_alike(ledger: Ledger) -> None:
    flag = next(flag for flag in FLAGS.flags if flag.id == "A02")
    case = next(case for case in flag.tests if case.expect == "fired")
    records = records_of(flag, case)
    first = records["card"][0]
    record = str(first["card_id"])
    licence = Licence(id="L1", flags=[flag.id], records=[record], valid_from="2020-01-01", source="a source")
    of_party = licence.model_copy(update={"id": "L2", "records": [], "parties": [first["holder_id"]]})
    policy = default_policy().model_copy(update={"licences": [of_party, licence]})
    withheld = (record, "other", record)
    options = CheckOptions(case.as_of or "2026-06-30", policy=policy, language="ru", withheld=withheld)
    told = at_once("card", records, FLAGS, ledger, options)
    assert told == over_tables("card", records, FLAGS, ledger, options)
    own = [row for row in told[1] if row["record_id"] == record]
    assert {row["ask"] for row in own} <= {None, "withheld"}
    assert [row["outcome"] for row in own if "licence L2, a source" in (row["evidence"] or "")] == ["clear"]


def test_nothing_of_one_check_is_there_for_the_next(ledger: Ledger) -> None:
    flag, case = fullest("card")
    alone = {"card": [CARD]}
    before = at_once("card", alone, FLAGS, ledger, OPTIONS)
    full = records_of(flag, case)
    at_once("card", full, FLAGS, ledger, OPTIONS)
    assert at_once("card", alone, FLAGS, ledger, OPTIONS) == before
    with pytest.raises(SourceError, match="card_id"):
        check_few("card", {**full, "card": [{"scheme": "mir"}]}, FLAGS, ledger, OPTIONS)
    assert at_once("card", alone, FLAGS, ledger, OPTIONS) == before


def test_a_flag_that_fails_on_a_record_is_named_and_leaves_nothing(ledger: Ledger) -> None:
    sound, failing = (
        read_flag(text(condition), where="t.yml") for condition in ("scheme = 'mir'", "scheme::date > as_of")
    )
    flags = Flags((sound.model_copy(update={"id": "X01"}), failing.model_copy(update={"id": "X02"})))
    good, bad = {"card": [{**CARD, "scheme": "2025-01-01"}]}, {"card": [{**CARD, "scheme": "mir"}]}
    before = at_once("card", good, flags, ledger, OPTIONS)
    for check in (at_once, over_tables):
        with pytest.raises(ConfigError, match="flag X02"):
            check("card", bad, flags, ledger, OPTIONS)
    assert at_once("card", good, flags, ledger, OPTIONS) == before


def test_a_statement_that_had_to_go_is_written_again(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    one, more = {"sim": [{"msisdn": "1"}]}, {"sim": [{"msisdn": "1", "holder_id": "h"}]}
    before = at_once("sim", one, FLAGS, ledger, OPTIONS)
    monkeypatch.setattr(few, "_KEPT", 1)
    at_once("sim", more, FLAGS, ledger, OPTIONS)
    assert at_once("sim", one, FLAGS, ledger, OPTIONS) == before


def test_a_day_before_the_year_one_is_no_day_of_an_act(ledger: Ledger) -> None:
    card = {"card": [{**CARD, "issue_date": "0000-01-01"}]}
    assert at_once("card", card, FLAGS, ledger, OPTIONS) == over_tables("card", card, FLAGS, ledger, OPTIONS)


def test_a_kind_that_nobody_gave_is_asked_for(ledger: Ledger) -> None:
    with pytest.raises(ConfigError, match="no records of kind card"):
        check_few("card", {"account": []}, FLAGS, ledger, OPTIONS)


def test_many_at_once_each_get_their_own(ledger: Ledger) -> None:
    flags = Flags(tuple(flag for flag in FLAGS.flags if flag.kind in ("card", "sim")))

    def told(number: int) -> set[str]:
        kind = ("card", "sim")[number % 2]
        records = {kind: [{str(get_kind(kind).id): f"r{number}"}]}
        return {row["record_id"] for row in check_few(kind, records, flags, ledger, OPTIONS).table.rows()}

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(told, range(12))) == [{f"r{number}"} for number in range(12)]
