"""Ingest into the ledger: what is recorded stays; a bad record is an issue, the rest stand."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from entrepot.errors import EntryRecorded, LakeError, LedgerError, SourceError, UnexpectedLayout
from entrepot.ledger import Entry, lake_entries, ledger_csv, open_ledger
from entrepot.sources import ingest
from tests.ledger.packs_made import AT, entry, new_lake, taken_in

PLAIN = "id,date,end_date,jurisdiction,instrument,target,scope,status,confidence,summary,source\n"
LATER = "2026-03-05T10:00:00Z"


def plain(entry_id: str = "x", date: str = "2024-01-10", **other: str) -> str:
    """One record of a plain table."""
    row = {"id": entry_id, "date": date, "end_date": "", "jurisdiction": "KGZ", "instrument": "card_rule"}
    row |= {"target": "A; B", "scope": "cards", "status": "in_force", "confidence": "high", "summary": "s"}
    row |= {"source": "K An act", **other}
    text = io.StringIO()
    csv.DictWriter(text, row, lineterminator="\n").writerow(row)
    return text.getvalue()


def entries(folder: Path) -> dict[str, Entry]:
    """The entries of the lake in a folder, by id."""
    with new_lake(folder).engine() as engine:
        return {found.entry_id: found for found in lake_entries(engine)}


def test_what_is_exported_comes_back_as_it_was_but_for_the_recording(tmp_path: Path) -> None:
    full = entry(
        "full",
        dates={"adopted": "2024-12", "effective": "2025-01-19", "removed": "2026-01-19"},
        end="nominal",
        suspended=[{"from": "2025-03-01", "to": "2025-04", "afterwards": "unknown"}],
        targets=["non-residents; all", "RUS"],
        goods=[{"hs_code": "8703", "hs_revision": "HS2022", "price_above": "50000", "currency": "EUR"}],
        facts={"months": "12"},
        doubts=['He said "no", then; yes', "=1+1"],
        summary="-5 %\nnext line",
    )
    report = taken_in(new_lake(tmp_path), ledger_csv([full, entry("b", contradicts=["full"])]), at=LATER)
    assert (report.rows, report.skipped) == (2, 0)
    found = entries(tmp_path)["full"]
    assert found.recorded_at == LATER and found.pack == "lake"
    assert entry_like(found, full) == full


def entry_like(found: Entry, other: Entry) -> Entry:
    from dataclasses import replace

    return replace(found, recorded_at=other.recorded_at, pack=other.pack, where=other.where)


def test_a_plain_table_becomes_entries_with_stages_and_derived_status(tmp_path: Path) -> None:
    text = PLAIN + plain("a", end_date="2025-02-03") + plain("b", "2024-03", status="announced")
    text += plain("c", status="alleged", end_date="2025-03", source="F https://www.a.example/x?y=1 ; Act 5")
    assert taken_in(new_lake(tmp_path), text).skipped == 0
    found = entries(tmp_path)
    assert {stage: str(date) for stage, date in found["a"].dates.items()} == {
        "removed": "2025-02-04", "date": "2024-01-10"}  # fmt: skip
    assert list(found["b"].dates) == ["announced"] and found["a"].status is None
    assert (found["c"].status, str(found["c"].dates["removed"])) == ("alleged", "2025-03")
    cited = [(c.title, c.url, c.read_date) for c in found["c"].sources]
    assert cited == [("a.example", "https://www.a.example/x?y=1", "../2026-02-01"), ("Act 5", "", "../2026-02-01")]


def test_a_plain_record_without_status_is_only_reported(tmp_path: Path) -> None:
    taken_in(new_lake(tmp_path), PLAIN + plain(status=""))
    assert entries(tmp_path)["x"].status == "reported"


def test_bad_records_are_issues_and_the_rest_stand(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    text = PLAIN + plain("a") + plain("b", "2024-02-30") + plain("c", source="") + plain("d") + plain("e")
    report = taken_in(lake, text)
    assert (report.rows, report.skipped, list(entries(tmp_path))) == (3, 2, ["a", "d", "e"])
    with lake.engine() as engine:
        issues = engine.rows("SELECT source_row, value, reason FROM issues ORDER BY source_row")
    assert [issue[:2] for issue in issues] == [(2, "b"), (3, "c")]
    assert "no such day" in issues[0][2] and "no source" in issues[1][2]


def test_mostly_bad_records_stop_the_run(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"mine\.csv.*2 of 3 records are no entries.*record 1"):
        taken_in(new_lake(tmp_path), PLAIN + plain("a", "x") + plain("b", "y") + plain("c"))
    assert new_lake(tmp_path).version().version == 0


def test_a_record_that_names_an_unknown_entry_is_an_issue_with_all_that_name_it(tmp_path: Path) -> None:
    made = [entry("a"), entry("b", replaces="nowhere"), entry("c", part_of="b"), entry("d", contradicts=["a"])]
    report = taken_in(new_lake(tmp_path), ledger_csv(made))
    assert (report.skipped, list(entries(tmp_path))) == (2, ["a", "d"])
    assert [row for row in report.issues["reason"] if "'nowhere', which is no entry" in row]


def test_the_same_bytes_and_the_same_words_are_known_already(tmp_path: Path) -> None:
    lake, text = new_lake(tmp_path), PLAIN + plain("a")
    taken_in(lake, text)
    assert taken_in(lake, text, at=LATER).is_unchanged
    again = taken_in(lake, text + plain("b"), "more.csv", at=LATER)
    assert (again.rows, again.is_unchanged) == (1, False) and "1 entries are recorded already" in again.notes[0]
    assert taken_in(lake, text.replace("s,K", "s,K "), "spaced.csv").is_unchanged
    assert entries(tmp_path)["a"].recorded_at == AT


def test_an_id_that_says_something_else_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    taken_in(lake, PLAIN + plain("a"))
    with pytest.raises(EntryRecorded, match=r"changed\.csv record 2: 'a' is recorded already.*`replaces`"):
        taken_in(lake, PLAIN + plain("b") + plain("a", scope="SIM cards"), "changed.csv")
    assert (lake.version().version, list(entries(tmp_path))) == (1, ["a"])


def test_an_id_of_the_shipped_pack_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EntryRecorded, match="kaz-20250119-cards"):
        taken_in(new_lake(tmp_path), PLAIN + plain("kaz-20250119-cards"))


def test_a_correction_is_taken_in_and_speaks_from_its_recording_on(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    taken_in(lake, ledger_csv([entry("a")]))
    taken_in(lake, ledger_csv([entry("b", replaces="a", dates={"effective": "2025-06-01"})]), "b.csv", at=LATER)
    ledger = open_ledger(lake=lake)
    before, after = (ledger.standing("a", on="2025-03-01", known=known) for known in ("2026-03-01", "2026-03-06"))
    assert before and after and (before.status, after.status) == ("in_force", "announced")


def test_corrections_in_a_circle_are_refused(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="circle"):
        taken_in(new_lake(tmp_path), ledger_csv([entry("a", replaces="b"), entry("b", replaces="a")]))


def test_nothing_is_taken_out_of_the_ledger(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    taken_in(lake, PLAIN + plain("a"))
    with pytest.raises(LakeError, match=r"what is recorded stays.*Record a correction"):
        lake.drop("measures", at=LATER)
    assert list(entries(tmp_path)) == ["a"]


def test_what_a_file_says_of_its_own_recording_does_not_count(tmp_path: Path) -> None:
    taken_in(new_lake(tmp_path), ledger_csv([entry("a", recorded_at="1999-01-01T00:00:00Z")]))
    assert entries(tmp_path)["a"].recorded_at == AT


def test_names_of_states_are_read_and_unknown_ones_are_issues(tmp_path: Path) -> None:
    text = PLAIN + plain("a", jurisdiction="Kyrgyzstan") + plain("b", jurisdiction="EU") + plain("c", jurisdiction="?")
    report = taken_in(new_lake(tmp_path), text)
    assert [found.jurisdiction for found in entries(tmp_path).values()] == ["KGZ", "EU"]
    assert "unknown jurisdiction '?'" in report.issues["reason"][0]


def test_a_renamed_column_fails_loudly(tmp_path: Path) -> None:
    with pytest.raises(UnexpectedLayout, match="no column for instrument"):
        taken_in(new_lake(tmp_path), PLAIN.replace("instrument", "kind of act") + plain())


@pytest.mark.parametrize("source", ["measures", "policy-events"])
def test_a_mapping_file_names_other_columns_words_and_constants(tmp_path: Path, source: str) -> None:
    mapping = tmp_path / "mine.toml"
    mapping.write_text(
        '[columns]\nsource = "Quelle"\nconfidence = "sicher"\n[values.confidence]\nja = "high"\n'
        '[constants]\njurisdiction = "KGZ"\ninstrument = "card_rule"\n'
    )
    path = tmp_path / "a.csv"
    path.write_text("id,title,date,Quelle,sicher\na,Cards,2024-01,An act,ja\nb,SIM,2024-02,An act,ja\n")
    with pytest.raises(UnexpectedLayout):
        ingest(new_lake(tmp_path), source, path, at=AT)
    ingest(new_lake(tmp_path), source, path, mapping=mapping, at=AT)
    found = entries(tmp_path).values()
    assert [(one.title, one.jurisdiction, one.confidence) for one in found] == [
        ("Cards", "KGZ", "high"), ("SIM", "KGZ", "high")]  # fmt: skip


def test_a_truncated_file_of_entries_is_refused(tmp_path: Path) -> None:
    text = ledger_csv([entry("a", goods=[{"hs_code": "8703", "hs_revision": "HS2022"}])])
    with pytest.raises(SourceError):
        taken_in(new_lake(tmp_path), text[:-40])


def test_two_files_of_one_command_may_name_each_other_in_turn(tmp_path: Path) -> None:
    for name, made in (("a.csv", entry("a")), ("b.csv", entry("b", replaces="a"))):
        (tmp_path / name).write_text(ledger_csv([made]))
    report = ingest(new_lake(tmp_path), "measures", [tmp_path / "a.csv", tmp_path / "b.csv"], at=AT)
    assert (report.rows, report.version) == (2, 1)


def test_events_of_other_compilers_are_reported_unless_they_say_more(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    head = "date,actor,measure,scope,confidence,source,status\n"
    path.write_text(head + "2018-2019,USA,Tariffs,lists,checked,p. 1,in_force\n2023-10,EU,List,,partly,same,\n")
    ingest(new_lake(tmp_path), "policy-events", path, at=AT)
    found = entries(tmp_path)
    tariffs, listed = found["usa-2018-2019-tariffs"], found["eu-2023-10-list"]
    assert (str(tariffs.start), tariffs.status, tariffs.confidence) == ("2018/2019", None, "high")
    assert (listed.status, listed.confidence, listed.sources[0].title) == ("reported", "medium", "p. 1")


def test_the_real_table_of_measures_is_read_whole(tmp_path: Path, shared_data: Path) -> None:
    text = (shared_data / "measures" / "measures.csv").read_text("utf-8")
    head, *lines = text.splitlines()
    report = taken_in(new_lake(tmp_path), "\n".join([head, *(f"own-{line}" for line in lines)]) + "\n")
    assert (report.rows, report.skipped) == (137, 0)
    ledger = open_ledger(lake=new_lake(tmp_path))
    shipped = {found.entry_id: found for found in ledger if found.pack == "entrepot"}
    typed = {row["id"]: row["status"] for row in csv.DictReader(io.StringIO(text))}
    assert {name: shipped[name].status or "" for name in typed} == {
        name: status if status in ("proposed", "reported", "alleged", "disputed") else ""
        for name, status in typed.items()
    }


def test_real_events_are_read_but_for_one_of_four_actors(tmp_path: Path, shared_data: Path) -> None:
    path = shared_data / "trade" / "reference" / "policy_events.csv"
    report = ingest(new_lake(tmp_path), "policy-events", path, at=AT)
    assert (report.rows, report.skipped) == (16, 1)
    assert "US EU UK JP" in report.issues["reason"][0]
