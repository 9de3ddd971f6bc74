"""Packs: one form of data files; a wrong one is refused with file, entry and remedy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from entrepot.errors import EntryRecorded, LedgerError, NoCitation, NotFound
from entrepot.ledger import ledger_csv, open_ledger, read_pack
from tests.ledger.packs_made import AT, HEAD, entry, fields, pack


def test_a_pack_is_read_with_defaults_of_file_and_pack(tmp_path: Path) -> None:
    item = {name: value for name, value in fields().items() if name != "jurisdiction"}
    folder = pack(tmp_path, text=f"jurisdiction: KAZ\nkind: claim\nentries: [{item}]\n")
    (found,) = read_pack(folder).entries
    assert (found.jurisdiction, found.kind, found.pack, found.recorded_at) == ("KAZ", "claim", "mine", AT)
    assert found.where.endswith("measures.yml entry 1")


def test_dates_of_month_precision_stay_months(tmp_path: Path) -> None:
    (found,) = read_pack(pack(tmp_path, fields(dates={"effective": "2025-01"}))).entries
    assert str(found.dates["effective"]) == "2025-01" and not found.dates["effective"].is_day


def test_a_pack_may_hold_csv_beside_yml_and_in_folders(tmp_path: Path) -> None:
    folder = pack(tmp_path, fields("a"))
    (folder / "more").mkdir()
    (folder / "more" / "b.csv").write_text(ledger_csv([entry("b")]), "utf-8")
    assert [found.entry_id for found in read_pack(folder).entries] == ["a", "b"]


def test_a_folder_without_pack_yml_is_no_pack(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"no pack\.yml.*Write a pack\.yml"):
        read_pack(tmp_path)


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ({"id": "mine", "title": "t"}, "recorded_at is missing"),
        ({**HEAD, "colour": "red"}, "unknown field 'colour'"),
        ({**HEAD, "complete": [{"jurisdictions": "KAZ"}]}, "under complete"),
        ({**HEAD, "complete": [{"jurisdictions": ["KAZ"], "topics": ["tea"], "from": "2020-01-01", "to": "2021-01-01",
                                "source": "s"}]}, "no topic 'tea'"),
        ({**HEAD, "complete": [{"jurisdictions": ["KAZ"], "topics": ["bank_cards"], "from": "2022-01-01",
                                "to": "2021-01-01", "source": "s"}]}, "before it begins"),
    ],
)  # fmt: skip
def test_a_wrong_head_is_refused(tmp_path: Path, head: dict[str, Any], said: str) -> None:
    with pytest.raises(LedgerError, match=rf"pack\.yml: .*{said}"):
        read_pack(pack(tmp_path, fields(), head=head))


def test_a_declaration_of_completeness_is_read(tmp_path: Path) -> None:
    declared = {"jurisdictions": ["KAZ", "KGZ"], "topics": ["bank_cards"], "from": "2020-01-01", "to": "2024-12-31"}
    ledger = open_ledger([pack(tmp_path, fields(), head={**HEAD, "complete": [{**declared, "source": "gazettes"}]})])
    asked = {"jurisdictions": ["KAZ"], "topic": "bank_cards", "first": "2021-01-01"}
    assert ledger.is_complete(**asked, last="2022-01-01") and not ledger.is_complete(**asked, last="2025-01-01")


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"dates": {"effective": "2025-02-30"}}, "there is no such day"),
        ({"dates": {"effective": "19.01.2025"}}, "is no date"),
        ({"dates": {"removed": "2025-01-19"}}, "no date says when it came about"),
        ({"dates": {"enacted": "2025-01-19"}}, "unknown stage 'enacted'"),
        ({"dates": {"effective": "2025-01-19", "removed": "2024"}}, "removed 2024 lies before effective"),
        ({"dates": {"effective": "2025-01-19", "signed": "2025-02"}}, "effective 2025-01-19 lies before signed"),
        ({"dates": {"adopted": "2025-01-19", "announced": "2025-03-01"}}, "adopted .* lies before announced"),
        ({"suspended": [{"from": "2024-01-01"}]}, "outside the life of the act"),
        ({"suspended": [{"from": "2025-06-01", "to": "2025-05-01"}]}, "ends before it begins"),
        ({"suspended": [{"from": "2026-06-01"}, {"from": "2025-06-01"}]}, "out of order"),
        ({"end": "set"}, "no date says when"),
        ({"status": "in_force"}, "status 'in_force' is none that can be recorded"),
        ({"confidence": "sure"}, "confidence 'sure'"),
        ({"kind": "law"}, "kind 'law'"),
        ({"jurisdiction": "Kazakhstan"}, "unknown jurisdiction"),
        ({"instrument": "card_rules"}, "no instrument 'card_rules'.*card_rule"),
        ({"colour": "red"}, "unknown field 'colour'"),
        ({"targets": "RUS"}, "targets is one text, not a list"),
        ({"title": ["a"]}, "title is .* not a text"),
        ({"id": "two words"}, "is no id"),
        ({"title": None}, "title is missing"),
        ({"goods": [{"hs_code": "87032", "hs_revision": "HS2022"}]}, "unknown code '87032'"),
        ({"goods": [{"hs_code": "TOTAL", "hs_revision": "HS2022"}]}, "unknown code"),
        ({"goods": [{"hs_code": "870323", "hs_revision": "HS2019"}]}, "unknown code"),
        ({"goods": [{"hs_code": "8703", "hs_revision": "HS2022", "price_above": "5"}]}, "price '5' in None"),
        ({"goods": [{"hs_code": "8703", "hs_revision": "HS2022", "price_above": "5", "currency": "EUX"}]}, "'EUX'"),
        ({"goods": [{"hs_code": "8703", "hs_revision": "HS2022", "price": "5"}]}, "unknown field 'price' in goods"),
        ({"sources": [{"title": "x", "read": "yesterday"}]}, "'yesterday' is no date"),
        ({"sources": [{"title": "x", "sha256": "abc"}]}, "is no hash"),
        ({"sources": [{"titel": "x"}]}, "unknown field 'titel' in sources"),
        ({"sources": ["Resolution 96"]}, "sources has the wrong form"),
        ({"recorded_at": "yesterday"}, "recorded_at 'yesterday' is no UTC instant"),
        ({"recorded_at": "2026-01-01T00:00:00+06:00"}, "no UTC instant"),
    ],
)  # fmt: skip
def test_a_wrong_entry_is_refused_with_its_place(tmp_path: Path, other: dict[str, Any], said: str) -> None:
    with pytest.raises(LedgerError, match=rf"(?s)measures\.yml entry 1.*{said}"):
        read_pack(pack(tmp_path, fields(**other)))


@pytest.mark.parametrize("sources", [None, [], [{"url": ""}]])
def test_an_entry_without_a_source_is_refused(tmp_path: Path, sources: Any) -> None:
    with pytest.raises(NoCitation, match=r"measures\.yml entry 1 \(kaz-1\)"):
        read_pack(pack(tmp_path, fields(sources=sources)))


def test_a_doubt_explains_dates_in_an_unusual_order(tmp_path: Path) -> None:
    dates = {"signed": "2025-02-01", "effective": "2025-01-19"}
    (found,) = read_pack(pack(tmp_path, fields(dates=dates, doubts=["It reaches back."]))).entries
    assert found.start == found.dates["effective"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("entries: [", "cannot be read"),
        ("- a\n- b\n", "the file is no mapping"),
        ("jurisdiction: KAZ\n", "no list 'entries'"),
        ("entries: [just text]\n", "entry 1 is no mapping"),
        ("entries:\n- {id: a, id: b}\n", "'id' stands twice"),
        ("entries: " + "[" * 3000, "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(LedgerError, match=rf"measures\.yml.*{said}"):
        read_pack(pack(tmp_path, text=text))


def test_a_file_of_other_bytes_is_named(tmp_path: Path) -> None:
    folder = pack(tmp_path, fields())
    (folder / "b.csv").write_bytes(b"id,title\n\xff\xfe,\n")
    with pytest.raises(LedgerError, match=r"b\.csv.*UTF-8"):
        read_pack(folder)


def test_an_id_that_is_taken_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EntryRecorded, match=r"'kaz-1' is taken.*correction"):
        open_ledger([pack(tmp_path, fields(), fields(title="another"))])


def test_a_pack_may_not_call_itself_the_shipped_one(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="shipped pack's id"):
        open_ledger([pack(tmp_path, fields(), head={**HEAD, "id": "entrepot"})])
