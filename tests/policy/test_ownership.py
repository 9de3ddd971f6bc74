"""Each regime's line of ownership, by cases that an analyst can read (ownership.yml)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from entrepot.ledger import Ledger, open_ledger
from entrepot.parties.ownership import Holding, OwnershipOptions, owned

CASES = yaml.load((Path(__file__).parent / "ownership.yml").read_text("utf-8"), Loader=yaml.BaseLoader)
LISTED = {"": ("A", "B", "C")}


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return open_ledger()


def holding(text: str) -> Holding:
    owner, asset, share, *rest = text.split()
    more: dict[str, Any] = {}
    for word in rest:
        if word.startswith("joint="):
            more["joint_id"] = word.removeprefix("joint=")
        elif ".." in word:
            more["start_date"], more["end_date"] = word.split("..")
        else:
            more["kind"] = word
    return Holding(owner, asset, None if share == "?" else float(share), **more)


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_the_line_says(case: dict[str, Any], ledger: Ledger) -> None:
    control = {tuple(pair.split()): says == "true" for pair, says in case.get("control", {}).items()}
    options = OwnershipOptions(tuple(case["expect"]), control=control)
    found = owned(
        [holding(text) for text in case["holdings"]],
        LISTED,
        as_of=case.get("as_of", "2026-01-15"),
        ledger=ledger,
        options=options,
    )
    status = {(row["regime"], row["party_id"]): row["status"] for row in found}
    expected = {(regime, party): said for regime, firms in case["expect"].items() for party, said in firms.items()}
    assert {key: status.get(key) for key in expected} == expected
    assert expected or not status
    for regime, firms in case.get("shares", {}).items():
        bounds = {row["party_id"]: [row["share_low"], row["share_high"]] for row in found if row["regime"] == regime}
        assert {party: bounds[party] for party in firms} == {p: [float(x) for x in pair] for p, pair in firms.items()}
