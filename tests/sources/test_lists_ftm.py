"""FollowTheMoney: entities, nested targets, simple CSV, statements, and changes on top of a full file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from entrepot.errors import LakeError, SourceError, UnexpectedLayout
from tests.sources.lists import LISTS, entities_of, take
from tests.sources.reading import new_lake, written


def test_entities_are_kept_as_they_are(tmp_path: Path) -> None:
    listed = take(tmp_path, "ftm", "entities.ftm.json")
    given = [json.loads(line) for line in (LISTS / "entities.ftm.json").read_text("utf-8").splitlines()]
    assert {one["id"]: one["properties"] for one in given} == {
        entity_id: one["properties"] for entity_id, one in listed.entities.items()}  # fmt: skip
    assert [listed.entities[one["id"]]["is_target"] for one in given] == [True, False, False]


def test_nested_targets_are_the_same_entities(tmp_path: Path) -> None:
    plain = take(tmp_path, "ftm", "entities.ftm.json").entities
    assert take(tmp_path / "nested", "ftm", "targets.nested.json").entities == plain


def test_a_bad_nested_entity_does_not_cost_the_one_it_stands_in(tmp_path: Path) -> None:
    good = {"id": "b", "schema": "Family", "properties": {"person": ["a"], "relative": ["c"]}}
    inside = {"familyPerson": [{"id": "x"}, good], "name": ["A"]}
    lines = [{"id": "a", "schema": "Person", "properties": inside},
             {"id": "b", "schema": "Family", "properties": good["properties"]}]  # fmt: skip
    path = written(tmp_path, "\n".join(map(json.dumps, lines)) + "\n", "nested.json")
    listed = take(tmp_path, "ftm", path)
    assert listed.of("a") == {"name": ["A"]} and listed.of("b")["relative"] == ["c"]
    assert listed.faults == [("nested entity", "a")] and listed.report.skipped == 0


def test_deep_nesting_is_refused(tmp_path: Path) -> None:
    text = '{"id": "a", "schema": "Person", "properties": {"x": [' * 40 + '"end"' + "]}}" * 40
    plain = '{"id": "z", "schema": "Person", "properties": {"name": ["Z"]}}'
    listed = take(tmp_path, "ftm", written(tmp_path, f"{plain}\n{text}\n", "deep.json"))
    assert "nested too deep" in str(listed.report.issues.rows())


def test_statements_of_enrichment_are_left_out(tmp_path: Path) -> None:
    own = "birthDate,date,Person,1971-03-12,made_up,,,,f"
    text = (LISTS / "statements.csv").read_text("utf-8").replace(own, own[:-1] + "t")
    listed = take(tmp_path, "ftm", written(tmp_path, text, "statements.csv"))
    assert listed.of("mu-1") == {"name": ["Ivan Testov"]}
    assert "1 statements of enrichment" in listed.notes


def test_simple_csv(tmp_path: Path) -> None:
    listed = take(tmp_path, "ftm", "targets.simple.csv")
    person = listed.of("mu-1")
    assert (person["name"], person["alias"]) == (["Ivan Testov"], ["Иван Тестов", "Testov; the first"])
    assert (person["idNumber"], person["programId"], person["country"]) == (["770000000012"], ["MU-1"], ["ru"])
    assert listed.beside("mu-1", "Sanction")[0]["program"] == ["Made-up programme"]


def test_statements(tmp_path: Path) -> None:
    listed = take(tmp_path, "ftm", "statements.csv")
    assert listed.of("mu-1") == {"name": ["Ivan Testov"], "birthDate": ["1971-03-12"]}
    assert (listed.entities["mu-2"]["schema"], listed.of("mu-2")["ogrnCode"]) == ("Company", ["1027700000001"])


def test_changes_on_top_of_a_full_file(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    take(lake, "ftm", "entities.ftm.json")
    listed = take(lake, "ftm", "entities.delta.json")
    assert set(listed.entities) == {"mu-1", "mu-2", "mu-4"}
    assert listed.of("mu-1")["alias"] == ["Vanya"]
    assert "1 entities were taken out; 1 more that the lake did not hold" in listed.notes
    assert set(entities_of(lake, 1)) == {"mu-1", "mu-2", "mu-3"}


def test_a_full_file_takes_the_place_of_file_and_changes(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    take(lake, "ftm", "entities.ftm.json")
    take(lake, "ftm", "entities.delta.json")
    path = written(tmp_path, (LISTS / "entities.ftm.json").read_text("utf-8").replace("51", "60"), "new.json")
    listed = take(lake, "ftm", path)
    assert set(listed.entities) == {"mu-1", "mu-2", "mu-3"} and "alias" not in listed.of("mu-1")


def test_changes_follow_each_other(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    take(lake, "ftm", "entities.ftm.json")
    take(lake, "ftm", "entities.delta.json")
    lines = [{"op": "DEL", "entity": {"id": "mu-4"}}, {"op": "DEL", "entity": {"id": "mu-2"}}]
    again = written(tmp_path, "\n".join(map(json.dumps, lines)) + "\n", "second.json")
    assert set(take(lake, "ftm", again).entities) == {"mu-1"}
    back = {"op": "ADD", "entity": {"id": "mu-2", "schema": "Company", "properties": {"name": ["Back"]}}}
    third = written(tmp_path, json.dumps(back) + "\n", "third.json")
    assert take(lake, "ftm", third).of("mu-2")["name"] == ["Back"]


def test_changes_need_a_full_file(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="on top of a full file"):
        take(tmp_path, "ftm", "entities.delta.json")
    with pytest.raises(SourceError, match="only by itself"):
        take(tmp_path, "ftm", "entities.ftm.json", "entities.delta.json")


def test_a_file_of_changes_cannot_be_dropped_by_itself(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    take(lake, "ftm", "entities.ftm.json")
    take(lake, "ftm", "entities.delta.json")
    with lake.engine() as engine:
        delta = engine.rows("SELECT snapshot_id FROM snapshots WHERE name = 'entities.delta.json'")[0][0]
    with pytest.raises(LakeError, match="joined from several files"):
        lake.drop(delta, at="2026-01-01T00:00:00Z")


def test_a_cut_file_and_a_bad_line(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    take(lake, "ftm", "entities.ftm.json")
    text = (LISTS / "entities.ftm.json").read_text("utf-8")
    with pytest.raises(SourceError, match=r"line 3 ends early.*the version of 2024-05-01 stays current"):
        take(lake, "ftm", written(tmp_path, text[:-40], "cut.json"))
    lines = text.splitlines()
    listed = take(lake, "ftm", written(tmp_path, "\n".join([lines[0], "{oops", *lines[1:]]) + "\n", "bad.json"))
    assert (listed.report.skipped, len(listed.entities)) == (1, 3)


@pytest.mark.parametrize("text", ["a name\nanother\n", '{"resources": []}\n', "[1, 2]\n"])
def test_other_files_of_the_publisher_are_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(UnexpectedLayout, match="none of the FollowTheMoney formats"):
        take(tmp_path, "ftm", written(tmp_path, text, "other.txt"))
