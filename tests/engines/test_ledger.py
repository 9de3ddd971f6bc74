"""The ledger of a lake reads the same on both engines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from entrepot.lake import open_lake
from entrepot.ledger import Filters, lake_entries, open_ledger, record
from tests.ledger.packs_made import AT, entry, new_lake


def test_entries_of_a_lake_are_the_same_on_both(tmp_path: Path, spark: Any) -> None:
    goods = [{"hs_code": "8703", "hs_revision": "HS2022", "price_above": "5.5", "currency": "EUR"}]
    made = [entry("a", goods=goods, summary='He\'s "sure";\n=1'), entry("б", replaces="a", status="alleged")]
    lake = new_lake(tmp_path)
    record(lake, made, at=AT)
    found = []
    for engine in ("duckdb", "spark"):
        with open_lake(lake.path, engine=engine).engine() as session:
            found.append(lake_entries(session))
    assert found[0] == found[1] and [one.entry_id for one in found[0]] == ["a", "б"]


def test_a_ledger_beside_the_shipped_one_answers_the_same_on_both(tmp_path: Path, spark: Any) -> None:
    made = [entry("a", targets=["One Bank"]), entry("б", replaces="a", dates={"effective": "2025-02"}), entry("c")]
    lake = new_lake(tmp_path)
    record(lake, made, at=AT)
    asked = Filters(jurisdictions=("KAZ",), since="2025-01-01")
    found = []
    for engine in ("duckdb", "spark"):
        ledger = open_ledger(lake=open_lake(lake.path, engine=engine))
        answer = ledger.select(asked, on="2026-03-01")
        found.append((list(answer), ledger.history("б"), ledger.get("c")))
    assert found[0] == found[1] and len(found[0][0]) > 2
