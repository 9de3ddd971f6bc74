"""Cases: filled, frozen into the same bytes, verified and replayed elsewhere; what differs is told cell by cell."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest

from entrepot.cases import (
    Query,
    Store,
    add_document,
    add_note,
    add_query,
    add_to_case,
    case_content,
    case_table,
    close_case,
    freeze,
    get_case,
    hand_over,
    list_cases,
    manifest_of,
    new_case,
    query_of,
    read_case_file,
    replay,
    verify_case_file,
    verify_store,
)
from entrepot.cases.bundle import write_bundle
from entrepot.errors import BundleRefused, ConfigError, Conflict, DeskError, NotFound, SecondPersonNeeded
from entrepot.lake import Lake
from tests.cases.made import AT, alert_of, later, route
from tests.factory import ORIGINS, lake_of, present, series

QUESTION = {"destination": "RUS", "event": "2020-07", "origins": ORIGINS, "via": "KAZ"}


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """A small market with one series that rises, and others that do not."""
    rising = series([100.0 + n % 3 for n in range(18)] + [900.0 + n % 5 for n in range(12)])
    quiet = [series([80.0 + n % 4 for n in range(30)], hs_code=code) for code in ("854232", "854233", "853400")]
    return lake_of(tmp_path_factory.mktemp("made"), present(), present(partner_iso3="RUS"), rising, *quiet)


def filled(store: Store, *queries: Query) -> str:
    case = new_case(store, "A firm's case", by="cat", at=AT).case_id
    add_to_case(store, case, alert_of(store), by="cat", at=AT)
    add_note(store, case, "a note", by="cat", at=AT)
    for query in queries:
        add_query(store, case, query, by="cat", at=AT)
    return case


def frozen(store: Store, lake: Lake, folder: Path, **other: Any) -> Path:
    case = filled(store, Query("routes", QUESTION))
    return freeze(store, case, folder / "case.zip", by="cat", at=AT, lake=lake, **other).path


def test_a_case_holds_what_was_put_in_and_who_decided(store: Store) -> None:
    case = filled(store)
    story = get_case(store, case)
    assert [(item.kind, item.actor) for item in story.items] == [("alert", "cat"), ("note", "cat")]
    assert (story.case.title, story.case.owner, story.case.status, story.case.version) == (
        "A firm's case",
        "cat",
        "open",
        3,
    )
    assert verify_store(store).rows() == [] and [one.case_id for one in list_cases(store)] == [case]


def test_an_alert_is_in_a_case_once(file_store: Store) -> None:
    case = filled(file_store)
    with pytest.raises(DeskError, match="in the case already"):
        add_to_case(file_store, case, alert_of(file_store), by="cat", at=AT)


def test_a_case_is_closed_by_two_and_then_takes_nothing(store: Store) -> None:
    case = filled(store)
    assert close_case(store, case, by="cat", at=later(1), reason="done").pending == "close"
    with pytest.raises(SecondPersonNeeded):
        close_case(store, case, by="cat", at=later(1), reason="done")
    assert close_case(store, case, by="bob", at=later(1), reason="seen").status == "closed"
    with pytest.raises(DeskError, match="is closed"):
        add_note(store, case, "more", by="cat", at=later(2))
    assert hand_over(store, case, "bob", by="bob", at=later(2), reason="new papers").status == "open"


def test_a_decision_on_an_earlier_state_of_a_case_is_refused(file_store: Store) -> None:
    case = filled(file_store)
    with pytest.raises(Conflict, match="at version 3, not 1"):
        add_note(file_store, case, "late", by="cat", at=later(1), version=1)


def test_a_request_that_is_sent_twice_adds_one_note(file_store: Store) -> None:
    case = new_case(file_store, "t", by="cat", at=AT, request_id="n").case_id
    assert new_case(file_store, "t", by="cat", at=AT, request_id="n").case_id == case
    for _ in range(2):
        add_note(file_store, case, "once", by="cat", at=AT, request_id="r")
    assert len(get_case(file_store, case).items) == 1


def test_a_document_is_kept_whole_and_without_its_folders(file_store: Store) -> None:
    case = filled(file_store)
    item = add_document(file_store, case, "../../etc\\a b.pdf", b"\x00\xff", by="cat", at=AT)
    assert item.body["name"] == "a b.pdf"
    with pytest.raises(DeskError, match="bytes"):
        add_document(file_store, case, "large", bytes(20_000_001), by="cat", at=AT)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_report_to_a_financial_unit_never_enters_a_case(file_store: Store, encoding: str) -> None:
    case = filled(file_store)
    with pytest.raises(DeskError, match="never enters a case"):
        add_document(file_store, case, "r.xml", "<report><rentity_id>1".encode(encoding), by="cat", at=AT)


@pytest.mark.parametrize(
    ("command", "parameters", "says"),
    [
        ("effect", {}, "cannot replay 'effect'"),
        ("routes", {"destination": "RUS"}, "no event"),
        ("routes", {**QUESTION, "lake": "x"}, "'lake' cannot be replayed"),
        ("screen", {}, "no against"),
        ("routes", {**QUESTION, "products": "/etc/passwd"}, "products '/etc/passwd'"),
        ("routes", {**QUESTION, "products": "../list.csv"}, "products"),
    ],
)
def test_a_query_that_could_not_be_replayed_is_refused(command: str, parameters: dict[str, Any], says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        Query(command, parameters)


def test_a_frozen_case_verifies_and_gives_the_same_numbers_elsewhere(store: Store, lake: Lake, tmp_path: Path) -> None:
    path = frozen(store, lake, tmp_path)
    done = replay(path)
    assert (done.is_same, done.n_queries, done.versions) == (True, 1, {}) and done.n_cells > 20
    assert verify_case_file(path).rows() == [] and verify_store(store).rows() == []


def test_the_same_case_gives_the_same_bytes(file_store: Store, lake: Lake, tmp_path: Path) -> None:
    case = filled(file_store, Query("routes", QUESTION))
    made = [freeze(file_store, case, tmp_path / f"{n}.zip", by="cat", at=AT, lake=lake).path for n in (1, 2)]
    assert made[0].read_bytes() == made[1].read_bytes()


def test_a_case_file_names_no_place_of_the_machine(file_store: Store, lake: Lake, tmp_path: Path) -> None:
    assert str(lake.path).encode() not in frozen(file_store, lake, tmp_path).read_bytes()


def test_the_store_still_holds_the_entries_of_the_file(store: Store, lake: Lake, tmp_path: Path) -> None:
    head = manifest_of(frozen(store, lake, tmp_path))[0]["audit_head"]
    assert verify_store(store, known=(head["n"], head["hash"])).rows() == []


def test_inputs_whose_licence_forbids_it_go_along_as_a_hash(file_store: Store, lake: Lake, tmp_path: Path) -> None:
    file_store.policy = file_store.policy.model_copy(update={"not_passed_on": ("as the owner states",)})
    case = filled(file_store, Query("routes", QUESTION))
    made = freeze(file_store, case, tmp_path / "c.zip", by="cat", at=AT, lake=lake)
    assert [one["sha256"] for one in made.withheld] == [one.origin.sha256 for one in lake.version().snapshots]
    assert not any("flows" in name for name in zipfile.ZipFile(made.path).namelist())
    assert "name a lake" in replay(made.path).not_replayed[0] and replay(made.path, lake=lake).is_same


def test_a_replay_on_another_lake_says_which_input_is_missing(file_store: Store, lake: Lake, tmp_path: Path) -> None:
    file_store.policy = file_store.policy.model_copy(update={"not_passed_on": ("as the owner states",)})
    case = filled(file_store, Query("routes", QUESTION))
    made = freeze(file_store, case, tmp_path / "c.zip", by="cat", at=AT, lake=lake)
    (tmp_path / "other").mkdir()
    other = lake_of(tmp_path / "other", present())
    done = replay(made.path, lake=other)
    assert not done.is_same and made.withheld[0]["sha256"][:16] in done.not_replayed[0]


def repacked(path: Path, target: Path, change: Any) -> Path:
    """A case file with one file changed and a manifest that fits, as somebody would make who wants to deceive."""
    with zipfile.ZipFile(path) as made:
        files = {name: made.read(name) for name in made.namelist() if name != "manifest.json"}
        manifest = json.loads(made.read("manifest.json"))
    change(files)
    write_bundle(target, {key: value for key, value in manifest.items() if key not in ("format", "files")}, files)
    return target


def test_a_replay_says_exactly_what_differs(file_store: Store, lake: Lake, tmp_path: Path) -> None:
    def change(files: dict[str, bytes]) -> None:
        answer = json.loads(files["answers/01.json"])
        columns = list(answer["types"])
        answer["rows"][0][columns.index("observed")] *= 2
        answer["rows"][1][columns.index("caveats")] = "other"
        answer["rows"].pop()
        files["answers/01.json"] = json.dumps(answer).encode()

    path = repacked(frozen(file_store, lake, tmp_path), tmp_path / "other.zip", change)
    found = replay(path).differences.rows()
    assert [one["column"] for one in found] == ["observed", "caveats", "(row)"]
    assert found[0]["relative"] == pytest.approx(0.5) and found[0]["row"].startswith("KAZ, ")
    assert (found[2]["frozen"], found[2]["replayed"]) == ("absent", "there")


def test_a_number_within_the_ninth_digit_is_the_same_and_counted(file_store: Store, lake: Lake, tmp_path: Path) -> None:
    def change(files: dict[str, bytes]) -> None:
        answer = json.loads(files["answers/01.json"])
        answer["rows"][0][list(answer["types"]).index("expected")] *= 1 + 1e-12
        files["answers/01.json"] = json.dumps(answer).encode()

    done = replay(repacked(frozen(file_store, lake, tmp_path), tmp_path / "other.zip", change))
    assert (done.is_same, done.n_close) == (True, 1)


@pytest.mark.parametrize("name", ["../../../other.parquet", "/other.parquet", "data/*.parquet"])
def test_a_lake_that_names_what_lies_outside_is_refused(
    name: str, file_store: Store, lake: Lake, tmp_path: Path
) -> None:
    from hashlib import sha256

    def change(files: dict[str, bytes]) -> None:
        manifest = json.loads(files["inputs/lake/versions/000001.json"])
        manifest["tables"]["flows"][0]["data"]["file"] = name
        files["inputs/lake/versions/000001.json"] = content = json.dumps(manifest).encode()
        files["inputs/lake/current.json"] = json.dumps({"version": 1, "sha256": sha256(content).hexdigest()}).encode()

    with pytest.raises(BundleRefused, match="its lake names"):
        replay(repacked(frozen(file_store, lake, tmp_path), tmp_path / "other.zip", change))


def test_an_altered_file_is_named(file_store: Store, lake: Lake, tmp_path: Path) -> None:
    path = frozen(file_store, lake, tmp_path)
    altered = tmp_path / "altered.zip"
    with zipfile.ZipFile(path) as made, zipfile.ZipFile(altered, "w") as other:
        for name in made.namelist():
            content = made.read(name)
            if name == "case.json":
                content = content.replace(b"a note", b"b note")
            if name != "answers/01.json":
                other.writestr(name, content)
        other.writestr("extra.txt", b"x")
    problems = {one["file"]: one["problem"] for one in verify_case_file(altered)}
    assert set(problems) == {"case.json", "answers/01.json", "extra.txt"}
    with pytest.raises(BundleRefused):
        replay(altered)


def test_a_flipped_byte_is_named(file_store: Store, lake: Lake, tmp_path: Path) -> None:
    path = frozen(file_store, lake, tmp_path)
    content = bytearray(path.read_bytes())
    place = content.index(b"a note")
    content[place] ^= 1
    path.write_bytes(content)
    assert [one["file"] for one in verify_case_file(path)] == ["case.json"]


def test_a_changed_entry_of_the_log_is_found_in_the_file_alone(file_store: Store, lake: Lake, tmp_path: Path) -> None:
    def change(files: dict[str, bytes]) -> None:
        files["audit.jsonl"] = files["audit.jsonl"].replace(b'"action":"raised"', b'"action":"closed"')

    path = repacked(frozen(file_store, lake, tmp_path), tmp_path / "other.zip", change)
    assert "line 2" in verify_case_file(path).rows()[0]["problem"]


def test_screening_and_checks_are_frozen_with_their_files(file_store: Store, tmp_path: Path) -> None:
    columns = b"card_id,holder_residency,issue_country,issue_date,expiry_date,exemption"
    cards = columns + b"\nx,non_resident,KGZ,2025-01-01,2027-01-01,none\n"
    query = Query("check", {"kind": "card", "as_of": "2025-06-01"}, {"file": ("cards.csv", cards)})
    case = filled(file_store, query)
    assert query_of(get_case(file_store, case).of_kind("query")[0]) == query
    made = freeze(file_store, case, tmp_path / "c.zip", by="cat", at=AT)
    done = replay(made.path)
    assert done.is_same and done.n_cells > 10 and made.is_replayed


def test_a_query_of_a_lake_needs_one(file_store: Store, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="without a lake"):
        freeze(file_store, filled(file_store, Query("routes", QUESTION)), tmp_path / "c.zip", by="cat", at=AT)
    assert not (tmp_path / "c.zip").exists()


def test_an_empty_or_absent_case_is_not_frozen(file_store: Store, tmp_path: Path) -> None:
    case = new_case(file_store, "t", by="cat", at=AT).case_id
    with pytest.raises(DeskError, match="is empty"):
        freeze(file_store, case, tmp_path / "c.zip", by="cat", at=AT)
    with pytest.raises(NotFound):
        freeze(file_store, "c-none", tmp_path / "c.zip", by="cat", at=AT)


def test_a_case_is_a_table_and_a_file_of_its_own(file_store: Store, lake: Lake, tmp_path: Path) -> None:
    path = frozen(file_store, lake, tmp_path)
    (tmp_path / "x").mkdir()
    content = read_case_file(path, tmp_path / "x")
    assert [row["source"] for row in case_table(content)] == ["routes"] and content["answers"][0]["command"] == "routes"
    live = case_content(file_store, content["case_id"], day=AT[:10])
    assert case_table(live).rows() == case_table(content).rows()
    shutil.rmtree(tmp_path / "x")


def test_a_rise_that_is_there_comes_as_an_alert_of_its_route(file_store: Store, lake: Lake) -> None:
    from entrepot.alerts import findings_of
    from entrepot.cases import add_findings
    from entrepot.flows import routes

    found = findings_of(routes(lake, **QUESTION), source="routes", as_of="2021-06")
    assert add_findings(file_store, found, by="cat", at=AT).new and route()
