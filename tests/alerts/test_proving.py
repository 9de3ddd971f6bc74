"""Every shipped flag over the made records of its own file."""

from __future__ import annotations

import pytest

from entrepot.alerts import Check, CheckOptions, prove, records_of
from entrepot.ledger import Ledger, open_ledger
from entrepot.redflags import Flag, Flags, shipped_flags

FLAGS = shipped_flags().flags


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return open_ledger()


@pytest.mark.parametrize("flag", FLAGS, ids=[flag.id for flag in FLAGS])
def test_a_flag_does_what_its_file_says(flag: Flag, ledger: Ledger) -> None:
    assert [proof for proof in prove(flag, ledger) if not proof.holds] == []


def test_a_flag_in_two_files_has_one_row_the_gravest(ledger: Ledger) -> None:
    flags = {flag.id: flag for flag in FLAGS}
    whole, part = flags["A05"], flags["A05B"]
    case = next(case for case in part.tests if case.expect == "fired")
    with Check("document", Flags((whole, part)), ledger, CheckOptions("2026-06-30")) as check:
        for kind, rows in records_of(part, case).items():
            check.tables.add(kind, rows)
        check.outcomes()
        told = check.tables.connection.execute(check.answer()).fetchall()
    first = [row[:3] for row in told if row[0] == case.record["document_id"]]
    assert first == [(case.record["document_id"], "A05", "fired")]
