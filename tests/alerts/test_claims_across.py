"""Claims across texts: folded to their origin, against one another, on a line of time, into proposed entries."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from entrepot.alerts import contradictions, fold_claims, interest_of, propose_entries, timeline, write_proposals
from entrepot.alerts import test_claims as put_to_data
from entrepot.errors import LedgerError
from entrepot.ledger import Ledger, check_pack, open_ledger

AS_OF, AT = "2026-11-01", "2026-11-01T10:00:00Z"
QUOTE = "Mongolia banned bank cards for Russian citizens in May 2025"


def line(quote: str = QUOTE, **other: Any) -> dict[str, Any]:
    given = {"id": "A-01", "topic": "bank_cards", "speaker": "author", "document": "text-a", "published": "2025-06-01"}
    return {**given, "quote": quote, **other}


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return open_ledger()


def test_reposts_of_one_voice_count_once() -> None:
    agency = {"via": ["org:agency-x"]}
    later = line("In May 2025 Mongolia banned bank cards for Russian citizens", id="B-01", document="b",
                 published="2025-06-03", **agency)  # fmt: skip
    first = line(**agency)
    folds = fold_claims([later, first, line(id="C-01", document="c", published="2025-06-04", **agency)])
    assert len(folds) == 1 and folds[0].origin is first
    assert (folds[0].voices, folds[0].reposts, len(folds[0].documents)) == (("org:agency-x",), 2, 3)


def test_two_voices_stay_two() -> None:
    folds = fold_claims([line(speaker="per:a"), line(id="B-01", document="b", speaker="per:b")])
    assert len(folds) == 1 and len(folds[0].voices) == 2


@pytest.mark.parametrize(
    "other",
    [
        {"quote": "Mongolia banned bank cards for Russian citizens in May 2024"},
        {"quote": QUOTE, "is_negated": True},
        {"quote": QUOTE, "topic": "visa"},
        {"quote": "Mongolia closed two border points for lorries in May 2025"},
    ],
)
def test_another_number_denial_topic_or_matter_is_another_claim(other: dict[str, Any]) -> None:
    assert len(fold_claims([line(), line(id="B-01", document="b", **other)])) == 2


def test_folding_is_the_same_in_russian() -> None:
    one = line("Монголия запретила карты для россиян в мае 2025 года")
    other = line("В мае 2025 года Монголия запретила карты для россиян", id="B-01", document="b")
    assert len(fold_claims([one, other])) == 1


def test_denials_directions_and_days_contradict() -> None:
    trade = {"topic": "export_monitoring"}
    rose, fell = "German exports to Kazakhstan rose in 2023", "German exports to Kazakhstan fell in 2023"
    found = contradictions([line(rose, **trade), line(fell, id="B-01", document="b", speaker="per:b", **trade)])
    assert [(one.kind, one.is_one_speaker) for one in found] == [("direction", False)]
    denied = contradictions([line(is_negated=False), line(id="B-01", document="b", is_negated=True)])
    assert [one.kind for one in denied] == ["denial"]
    moved = contradictions([line(), line(QUOTE.replace("May", "July"), id="B-01", document="b")])
    assert [one.kind for one in moved] == ["date"]


def test_one_speaker_over_time_is_marked() -> None:
    who = {"speaker": "per:dana-omarova", "topic": "export_monitoring"}
    first = line("Exports from Kazakhstan to Russia doubled in 2023", **who)
    later = line("Exports from Kazakhstan to Russia tripled in 2023", id="B-01", published="2025-09-01", **who)
    (found,) = contradictions([later, first])
    assert found.is_one_speaker and found.kind == "size" and found.one is first


def test_claims_of_other_places_or_times_do_not_contradict() -> None:
    trade = {"topic": "export_monitoring"}
    said = ("German exports to Kazakhstan rose in 2023", "German exports to Armenia fell in 2023",
            "German exports to Kazakhstan fell in 2020")  # fmt: skip
    lines = [line(quote, id=f"D-{n}", document=str(n), **trade) for n, quote in enumerate(said)]
    assert contradictions(lines) == []


def test_a_timeline_has_each_claim_once_by_topic_and_date() -> None:
    moments = timeline(
        [line(), line(id="B-01", document="b"), line("Mongolia opened its visa office", id="C-01", topic="visa")]
    )
    assert [(one.topic, one.date, one.is_stated) for one in moments] == [
        ("bank_cards", "2025-05", True),
        ("visa", "2025-06-01", False),
    ]
    assert moments[0].documents == 2


def test_interest_is_read_from_the_role() -> None:
    assert interest_of({"speaker_role": "immigration consultant"}) == ("sells_the_service",)
    assert interest_of({"speaker_role": "заместитель министра"}) == ("holds_office",)
    assert interest_of({"speaker_role": "lorry driver"}) == interest_of({}) == ()


def test_an_unknown_measure_becomes_an_alleged_entry_that_the_ledger_reads(ledger: Ledger, tmp_path: Path) -> None:
    made = put_to_data(
        [line(speaker_name="Dana Omarova", speaker="per:dana-omarova", hedge="alleged")], ledger=ledger, as_of=AS_OF
    )
    (entry,) = propose_entries(made, ledger=ledger, as_of=AS_OF, recorded_at=AT)
    assert (entry.status, entry.jurisdiction, str(entry.dates["date"])) == ("alleged", "MNG", "2025-05")
    assert write_proposals([entry], tmp_path / "pack", recorded_at=AT) == 1
    assert check_pack(tmp_path / "pack", beside=ledger).problems == ()
    again = open_ledger([tmp_path / "pack"])
    standing = again.standing(entry.entry_id, on=AS_OF)
    assert standing is not None and standing.status == "alleged" and not standing.may_block


def test_an_accepted_proposal_is_told_and_does_not_support(ledger: Ledger, tmp_path: Path) -> None:
    made = put_to_data([line()], ledger=ledger, as_of=AS_OF)
    write_proposals(propose_entries(made, ledger=ledger, as_of=AS_OF, recorded_at=AT), tmp_path / "p", recorded_at=AT)
    (check,) = put_to_data([line()], ledger=open_ledger([tmp_path / "p"]), as_of=AS_OF)[0]["checks"]
    assert check["verdict"] == "no_data" and "(alleged:" in check["evidence"]


def test_what_the_ledger_has_or_a_denial_is_not_proposed(ledger: Ledger) -> None:
    known = line("Kyrgyzstan stopped accepting Mir cards on 3 April 2024", topic="payment_system")
    made = put_to_data([known, line(is_negated=True), line("Why?")], ledger=ledger, as_of=AS_OF)
    assert propose_entries(made, ledger=ledger, as_of=AS_OF, recorded_at=AT) == []


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(LedgerError, match="not empty"):
        write_proposals([], tmp_path, recorded_at=AT)
