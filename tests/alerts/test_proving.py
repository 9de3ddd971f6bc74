"""Every shipped flag over the made records of its own file."""

from __future__ import annotations

import pytest

from entrepot.alerts import prove
from entrepot.ledger import Ledger, open_ledger
from entrepot.redflags import Flag, shipped_flags

FLAGS = shipped_flags().flags


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return open_ledger()


@pytest.mark.parametrize("flag", FLAGS, ids=[flag.id for flag in FLAGS])
def test_a_flag_does_what_its_file_says(flag: Flag, ledger: Ledger) -> None:
    assert [proof for proof in prove(flag, ledger) if not proof.holds] == []
