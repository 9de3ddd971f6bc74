"""Nothing stops a record but a rule that is in force: every flag that reads a measure, under every standing of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from entrepot.alerts import Check, CheckOptions, records_of
from entrepot.codes import parse_dated
from entrepot.errors import ConfigError
from entrepot.ledger import Ledger, open_ledger
from entrepot.redflags import Flag, Flags, Policy, shipped_flags
from entrepot.redflags.flag import Measure
from entrepot.redflags.policy import PERSONAL

LONG_AGO = {"effective": parse_dated("2000-01-01")}
# What is told and not begun is among the made records of the flags' own files.
LESS: dict[str, dict[str, Any]] = {
    "in_force": {},
    "unverified": {"dates": LONG_AGO | {"removed": parse_dated("2001-01-01")}, "is_end_sure": False},
}


def measures_of(flag: Flag) -> set[str]:
    return {step.measure for step in flag.let.values() if isinstance(step, Measure)}


READ = [flag for flag in shipped_flags().flags if measures_of(flag) and flag.basis == "law"]
# The made record that rests on the measure, where the first that fires rests on a listing.
RESTS = {"C04": "the BIS rule while it is in force", "Y10": "a forbidden token"}


@pytest.fixture(scope="module")
def shipped() -> Ledger:
    return open_ledger()


def changed(shipped: Ledger, flag: Flag, changes: dict[str, Any]) -> Ledger:
    """The ledger of the measures that a flag rests on, each in force for long, but for the changes."""
    plain: dict[str, Any] = {"suspensions": (), "dates": LONG_AGO, "is_end_sure": True, "part_of": ""} | changes
    names = sorted(measures_of(flag) | ({flag.act} if flag.act else set()))
    return Ledger(replace(shipped.get(name), **plain) for name in names)


def decision(flag: Flag, ledger: Ledger) -> str:
    case = next(case for case in flag.tests if case.expect == "fired" and RESTS.get(flag.id, case.name) == case.name)
    everybody = ["UN", "OFAC", "EU", "UK", "BIS", "KAZ", "KGZ", "EAEU"]
    policy = Policy(id="all", title="All that is law", bound_by=everybody, stop=[flag.id])
    options = CheckOptions(case.as_of or "2026-06-30", policy=policy, memory_limit="200MB")
    with Check(flag.kind, Flags((flag,)), ledger, options) as check:
        for kind, rows in records_of(flag, case).items():
            check.tables.add(kind, rows)
        check.outcomes()
        told = check.tables.connection.execute(check.answer()).fetchall()
        names = [str(one[0]) for one in check.tables.connection.description or ()]
    return str(dict(zip(names, told[0], strict=True))["decision"])


def test_every_flag_that_reads_a_measure_is_looked_at() -> None:
    assert len(READ) >= 13 and not shipped_flags().refused


@pytest.mark.parametrize("flag", READ, ids=[flag.id for flag in READ])
def test_a_rule_stops_while_it_is_in_force_and_asks_where_nobody_knows(flag: Flag, shipped: Ledger) -> None:
    found = {name: decision(flag, changed(shipped, flag, changes)) for name, changes in LESS.items()}
    # One sign about a person asks nothing of anybody, so that two flags pass.
    unsure = "pass" if flag.kind in PERSONAL and flag.family != "own_control" else "ask"
    assert found == {"in_force": "stop", "unverified": unsure}


@pytest.mark.parametrize("flag", READ, ids=[flag.id for flag in READ])
def test_what_is_only_alleged_stops_nothing(flag: Flag, shipped: Ledger) -> None:
    alleged = changed(shipped, flag, {"status": "alleged"})
    if flag.act:
        with pytest.raises(ConfigError, match="alleged"):
            decision(flag, alleged)
    else:
        assert decision(flag, alleged) == "pass"
