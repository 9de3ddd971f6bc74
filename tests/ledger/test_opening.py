"""Opening: the shipped pack, what the code lists know, the user's packs and a lake, as one ledger."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from entrepot.codes import bloc_ids, memberships, product_list_ids, product_list_versions
from entrepot.errors import EntryRecorded
from entrepot.ledger import open_ledger, read_pack, record
from entrepot.ledger.beside import beside
from entrepot.ledger.opening import shipped_entries
from tests.ledger.packs_made import AT, entry, fields, new_lake, pack


def test_memberships_are_entries_with_their_dates(tmp_path: Path) -> None:
    ledger = open_ledger()
    rows = [row for bloc in bloc_ids() if bloc != "WORLD" for row in memberships(bloc)]
    assert len([found for found in ledger if found.where == "codes memberships"]) == len(rows)
    found = ledger.standing("membership-csto-arm-suspended-2024-02-23", on="2024-06-01")
    assert found and (found.status, found.entry.targets) == ("in_force", ("ARM",))


def test_versions_of_product_lists_are_entries() -> None:
    ledger = open_ledger()
    for list_id in product_list_ids():
        for version in product_list_versions(list_id):
            assert ledger.get(f"list-{list_id}-{version}").instrument == "product_list"


def test_a_lake_and_packs_join_the_shipped_entries(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    record(lake, [entry("in-lake")], at=AT)
    ledger = open_ledger([pack(tmp_path, fields("in-pack"))], lake=lake)
    assert len(ledger) == len(shipped_entries()) + 2
    assert {ledger.get(name).pack for name in ("in-lake", "in-pack")} == {"lake", "mine"}


def test_an_empty_lake_adds_nothing(tmp_path: Path) -> None:
    assert len(open_ledger(lake=new_lake(tmp_path))) == len(open_ledger())


def test_packs_may_not_take_each_others_ids(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    with pytest.raises(EntryRecorded, match="'kaz-1' is taken"):
        open_ledger([pack(tmp_path, fields()), pack(tmp_path / "b", fields(title="other"))])


def test_a_pack_that_comes_later_with_a_lakes_entry_takes_its_place(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    record(lake, [entry("kaz-1")], at=AT)
    ledger = open_ledger([pack(tmp_path, fields("kaz-1"))], lake=lake)
    assert ledger.get("kaz-1").pack == "mine" and len(ledger) == len(shipped_entries()) + 1


def test_a_pack_that_comes_later_with_a_lakes_id_does_not_lock_the_lake_out(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    record(lake, [entry("kaz-1"), entry("kaz-2", replaces="kaz-1")], at=AT)
    ledger = open_ledger([pack(tmp_path, fields("kaz-1", title="another thing"))], lake=lake)
    assert ledger.get("kaz-1").title == "another thing"
    assert [found.entry_id for found in ledger.history("kaz-2")] == ["kaz-1@lake", "kaz-2"]
    assert "another entry under the id kaz-1" in ledger.get("kaz-1@lake").doubts[0]


def test_a_link_to_what_is_nowhere_becomes_a_doubt() -> None:
    (found,) = beside([replace(entry("a"), replaces="gone", contradicts=("gone", "b"))], [entry("b")])
    assert (found.replaces, found.contradicts) == ("", ("b",))
    assert found.doubts == ("It names gone, which is not in the ledger.",) * 2


def test_the_shipped_pack_loads_in_a_blink() -> None:
    from importlib.resources import files

    folder = Path(str(files("entrepot.ledger").joinpath("pack")))
    taken = []
    for _ in range(3):
        start = time.perf_counter()
        read_pack(folder)
        taken.append(time.perf_counter() - start)
    assert min(taken) < 0.15
