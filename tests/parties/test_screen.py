"""Screening: files in, candidates with reasons out; stops, workers, days, bad rows."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest

from entrepot.errors import EntrepotError, NotFound, SourceError
from entrepot.lake import Lake, open_lake
from entrepot.parties import RESULTS, Counts, Party, ScreenOptions, blocks, open_index, party_of, screen, screen_file
from entrepot.parties.features import date_of
from entrepot.parties.queries import read_layout, read_rows
from tests.parties.screening import PEOPLE, customers, entities, lake_with, read, take

FIRST = ("7", "Drozdov Pavel", "Person", "")
ROWS = [
    ("1", "АСАНКУЛОВ БАКЫТ НУРЛАНОВИЧ", "Person", "1979-03-12"),
    ("2", "Kovalenko Viktor", "Person", ""),
    ("3", "ООО Торговый дом Заречный мост", "Company", ""),
    ("4", "Maria Lindqvist", "Person", "1990-01-05"),
]


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return lake_with(tmp_path)


def screened(lake: Lake, path: Path, out: Path, **options: object) -> tuple[list[dict[str, str]], Counts]:
    chosen = ScreenOptions(**options)  # type: ignore[arg-type]
    counts = screen_file(lake, path, out, against=["ftm"], options=chosen)
    return read(out), counts


def best(rows: list[dict[str, str]]) -> dict[str, tuple[str, str]]:
    return {row["query_id"]: (row["entity_id"], row["match"]) for row in rows if row["rank"] == "1"}


def test_listed_parties_are_found_in_other_scripts_and_others_are_no_match(lake: Lake, tmp_path: Path) -> None:
    rows, counts = screened(lake, customers(tmp_path / "c.csv", ROWS), tmp_path / "out.csv")
    assert list(rows[0]) == list(RESULTS)
    found = best(rows)
    assert found["1"] == ("p-1", "true")
    assert found["2"] == ("p-2", "true")
    assert found["3"] == ("c-1", "true")
    assert not [row for row in rows if row["query_id"] == "4" and row["match"] == "true"]
    assert (counts.queries, counts.with_match) == (4, 3)


def test_rows_are_ranked_within_a_query_and_no_more_than_the_limit(lake: Lake, tmp_path: Path) -> None:
    rows, _ = screened(lake, customers(tmp_path / "c.csv", ROWS), tmp_path / "out.csv", limit=2)
    for query_id in "1234":
        own = [row for row in rows if row["query_id"] == query_id and row["rank"]]
        assert [row["rank"] for row in own] == ["1", "2"][: len(own)]
        assert [float(row["score"]) for row in own] == sorted((float(row["score"]) for row in own), reverse=True)


def test_every_reason_has_its_values_sentence_and_weight(lake: Lake, tmp_path: Path) -> None:
    rows, _ = screened(lake, customers(tmp_path / "c.csv", ROWS), tmp_path / "out.csv")
    reasons = json.loads(next(row["reasons"] for row in rows if row["query_id"] == "1"))
    assert [reason["feature"] for reason in reasons] == ["name", "birth_date"]
    assert {key for reason in reasons for key in reason} == {"feature", "query", "candidate", "detail", "weight"}
    assert reasons[1]["candidate"] == "1979-03-12"
    assert reasons[1]["weight"] > 0


def test_the_threshold_sets_match_and_nothing_else(lake: Lake, tmp_path: Path) -> None:
    path = customers(tmp_path / "c.csv", ROWS)
    low, _ = screened(lake, path, tmp_path / "low.csv", threshold=0.01)
    high, _ = screened(lake, path, tmp_path / "high.csv", threshold=0.999)
    drop = [{k: v for k, v in row.items() if k != "match"} for row in low]
    assert drop == [{k: v for k, v in row.items() if k != "match"} for row in high]
    assert {row["match"] for row in high} <= {"false", ""}


def test_a_stopped_run_goes_on_and_ends_in_the_same_bytes(
    lake: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "BLOCK", 3)
    path = customers(tmp_path / "c.csv", [(f"{row[0]}-{i}", *row[1:]) for i in range(4) for row in ROWS])
    screened(lake, path, tmp_path / "whole.csv")

    def stop(done: int) -> None:
        seen.append(done)
        if len(seen) == 3:
            raise KeyboardInterrupt

    seen: list[int] = []
    out = tmp_path / "out.csv"
    with pytest.raises(KeyboardInterrupt):
        screen_file(lake, path, out, against=["ftm"], options=ScreenOptions(), on_block=stop)
    assert not out.exists()
    screened_again: list[int] = []
    monkeypatch.setattr(blocks, "_screened", _counting(screened_again))
    counts = screen_file(lake, path, out, against=["ftm"], options=ScreenOptions())
    assert out.read_bytes() == (tmp_path / "whole.csv").read_bytes()
    assert counts.queries == len(path.read_text("utf-8").splitlines()) - 1
    assert sum(screened_again) == counts.queries - 9
    assert not list(tmp_path.glob(".out.csv*"))


def _counting(seen: list[int]) -> object:
    real = blocks._screened

    def work(index: object, task: object, block: list[object], repeated: int) -> object:
        seen.append(len(block))
        return real(index, task, block, repeated)  # type: ignore[arg-type]

    return work


def test_what_another_question_left_is_not_taken_up(
    lake: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "BLOCK", 2)
    path, out = customers(tmp_path / "c.csv", [FIRST, *ROWS]), tmp_path / "out.csv"

    def stop(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        screen_file(lake, path, out, against=["ftm"], options=ScreenOptions(limit=1), on_block=stop)
    rows, _ = screened(lake, path, out, limit=3)
    assert "2" in {row["rank"] for row in rows}


def test_two_workers_write_the_same_bytes(lake: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = customers(tmp_path / "c.csv", ROWS * 5)
    for workers in (1, 2):
        out = tmp_path / f"{workers}.csv"
        screen_file(lake, path, out, against=["ftm"], options=ScreenOptions(), workers=workers)
    assert (tmp_path / "1.csv").read_bytes() == (tmp_path / "2.csv").read_bytes()


def test_only_what_came_or_changed_since_a_version(lake: Lake, tmp_path: Path) -> None:
    path = customers(tmp_path / "c.csv", [*ROWS, ("5", "Сергей Вымыслов", "Person", "1980-02-02")])
    new = ("p-9", "Person", "Sergei Vymyslov", {"birthDate": ["1980-02-02"]})
    take(lake, tmp_path, entities((*PEOPLE, new)), at="2026-03-08T10:00:00Z")
    rows, _ = screened(lake, path, tmp_path / "out.csv", since="2026-03-05")
    assert {row["entity_id"] for row in rows} == {"p-9"}
    assert best(rows)["5"] == ("p-9", "true")
    assert screened(lake, path, tmp_path / "out.csv", since=1)[0] == rows


def test_as_of_a_day_is_the_list_of_that_day(lake: Lake, tmp_path: Path) -> None:
    path = customers(tmp_path / "c.csv", ROWS[:1])
    take(lake, tmp_path, entities(PEOPLE[1:]), at="2026-03-08T10:00:00Z")
    assert best(screened(lake, path, tmp_path / "old.csv", as_of="2026-03-02")[0])["1"] == ("p-1", "true")
    now, _ = screened(lake, path, tmp_path / "new.csv")
    assert "p-1" not in {row["entity_id"] for row in now}


@pytest.mark.parametrize(
    ("name", "is_usable"),
    [
        ("", False), ("X", False), ("12345", False), ("   ", False), ("\u200b\u200e", False), ("...", False),
        ("A" * 10_000, True), ("Аsаnкulоv Bаkyt Nurlаnоviсh", True), ("Bakyt\u200b Asan\u200ekulov", True),
        ("<b>Bakyt Asankulov</b>", True), ("'; DROP TABLE parties; --", True), ("=HYPERLINK(\"x\")", True),
        (";".join(f"Bakyt Alias{'a' * i}" for i in range(40)), True), ("Jo\x00hn Smith", True), ("\ud83d", False),
    ],
)  # fmt: skip
def test_any_name_is_answered(lake: Lake, name: str, is_usable: bool) -> None:
    table = screen(lake, [party_of("q", "Person", {"name": name.split(";")})], against=["ftm"])
    assert len(table) >= 1
    reason = json.loads(table["reasons"][0])[0]["detail"]
    assert (reason != "no usable name") == is_usable
    assert (table["rank"][0] is None) == (reason in ("no usable name", "no candidate"))


def test_hidden_signs_and_look_alikes_do_not_hide_a_name(lake: Lake) -> None:
    index = open_index(lake, ["ftm"])
    for name in ("Bаkуt Nurlаnоvich Аsаnkulоv", "Bakyt\u200b Nurlano\u200evich Asan\u00adkulov"):
        found = index.search(party_of("q", "Person", {"name": [name], "birthDate": ["1979-03-12"]}))
        assert (found[0].entity_id, found[0].is_match) == ("p-1", True)


def test_rows_without_name_bad_dates_and_ids_that_come_again_are_counted(lake: Lake, tmp_path: Path) -> None:
    path = customers(
        tmp_path / "c.csv",
        [("1", "X", "Person", ""), ("1", "Bakyt Asankulov", "Person", "1979-13-45"), ("1", "Bakyt Asankulov", "", "")],
    )
    rows, counts = screened(lake, path, tmp_path / "out.csv", limit=1)
    assert (counts.no_name, counts.bad_dates, counts.repeated_ids) == (1, 1, 2)
    assert [row["rank"] for row in rows] == ["", "1", "1"]
    assert "no usable name" in rows[0]["reasons"]


def test_formulas_are_written_as_text(lake: Lake, tmp_path: Path) -> None:
    made = [*PEOPLE, ("f-1", "Person", "=Formulov Ivan", {}), ("f-2", "Person", "+Plusov Ivan", {})]
    take(lake, tmp_path, entities(made), at="2026-03-08T10:00:00Z")
    path = customers(
        tmp_path / "c.csv", [("=1+1", "Formulov Ivan", "Person", ""), ("-12", "Plusov Ivan", "Person", "")]
    )
    rows, _ = screened(lake, path, tmp_path / "out.csv", limit=1)
    assert [row["name"] for row in rows] == ["'=Formulov Ivan", "'+Plusov Ivan"]
    assert [row["query_id"] for row in rows] == ["'=1+1", "-12"]


@pytest.mark.parametrize("ending", ["csv", "tsv", "parquet", "jsonl", "json"])
def test_every_form_of_a_file_gives_the_same_answer(lake: Lake, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"c.{ending}"
    _write_as(path, ending)
    rows, _ = screened(lake, path, tmp_path / "out.csv", limit=1)
    assert [row["entity_id"] for row in rows[:3]] == ["p-1", "p-2", "c-1"]


def _write_as(path: Path, ending: str) -> None:
    if ending in ("json", "jsonl"):
        made = [
            {"id": i, "schema": s, "properties": {"name": [n], **({"birthDate": [b]} if b else {})}}
            for i, n, s, b in ROWS
        ]
        lines = [json.dumps(entity, ensure_ascii=False) for entity in made]
        path.write_text("[" + ",\n".join(lines) + "]" if ending == "json" else "\n".join(lines), "utf-8")
        return
    text = "\n".join("\t".join(row) for row in [("id", "name", "schema", "birth_date"), *ROWS])
    if ending == "parquet":
        import duckdb

        made_csv = path.with_suffix(".txt")
        made_csv.write_text(text, "utf-8")
        duckdb.connect().execute(
            f"COPY (FROM read_csv('{made_csv}', delim = '\t', all_varchar = true)) TO '{path}' (FORMAT parquet)"
        )
        return
    path.write_text(text if ending == "tsv" else text.replace("\t", ","), "utf-8")


def test_records_of_kind_company(lake: Lake, tmp_path: Path) -> None:
    header = "company_id,name,other_names,country,tax_number"
    row = ("k-1", "Riverside Bridge LLC", "Zarechnyi Most Trading House;Заречный мост", "RUS", "3900 123 456")
    rows, _ = screened(lake, customers(tmp_path / "c.csv", [row], header=header), tmp_path / "out.csv", limit=1)
    reasons = {reason["feature"]: reason for reason in json.loads(rows[0]["reasons"])}
    assert rows[0]["entity_id"] == "c-1"
    assert rows[0]["match"] == "true"
    assert reasons["document_number"]["candidate"] == "tax 3900123456"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (b"", "empty"),
        (b"id,name\n", "header"),
        (b"name\nBakyt\n", "person_id"),
        (b"id,birth_date\n1,1979\n", "no column name"),
        (b"id,name\n1,\xc1\xe0\xea\xfb\xf2\n", "line 2"),
        (b"id,name\n1,Asankulov, Bakyt\n", "3 cells"),
    ],
)
def test_files_that_cannot_be_screened_say_why(lake: Lake, tmp_path: Path, text: bytes, found: str) -> None:
    path = tmp_path / "c.csv"
    path.write_bytes(text)
    with pytest.raises(SourceError, match=found):
        screened(lake, path, tmp_path / "out.csv")
    assert not (tmp_path / "out.csv").exists()


def test_a_list_that_is_not_there_is_named_with_those_that_are(lake: Lake, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"no list 'ofac'.*ftm"):
        screen(lake, [], against=["ftm", "ofac"])
    assert issubclass(NotFound, EntrepotError)


def test_a_gz_cut_in_half_is_told(lake: Lake, tmp_path: Path) -> None:
    whole = gzip.compress(b"id,name\n" + b"".join(b"%d,Oleg Zarechny %d\n" % (i, i * 7919) for i in range(500)))
    path = tmp_path / "c.csv.gz"
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(SourceError, match="cut short"):
        screen_file(lake, path, tmp_path / "out.csv", against=["ftm"], options=ScreenOptions())
    assert not (tmp_path / "out.csv").exists()


def test_json_nested_without_end_is_told(lake: Lake, tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    path.write_text('{"id":"1","properties":{"a":' + "[" * 100_000 + "]" * 100_000 + "}}\n")
    with pytest.raises(SourceError, match="line 1 is no JSON"):
        screen_file(lake, path, tmp_path / "out.csv", against=["ftm"], options=ScreenOptions())


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("c.csv", "id,name,schema\n1,Ivan Petrov,Persn\n", "row 1, column schema: no schema 'Persn'"),
        ("c.csv", "id,name,name\n1,Ivan Petrov,Petr Ivanov\n", "column name stands 2 times"),
        ("c.jsonl", '{"id": "1", "schema": "Persn", "properties": {"name": ["Ivan"]}}\n', "line 1: no schema 'Persn'"),
        ("c.jsonl", '{"id": "1", "schema": "Person", "properties": {"name": "Ivan"}}\n', "property name is no list"),
    ],
)
def test_what_would_be_misread_is_refused(lake: Lake, tmp_path: Path, file: str, text: str, said: str) -> None:
    path = tmp_path / file
    path.write_text(text, "utf-8")
    with pytest.raises(EntrepotError, match=re.escape(said)) as refused:
        screen_file(lake, path, tmp_path / "out.csv", against=["ftm"], options=ScreenOptions())
    assert path.name in str(refused.value)


def test_a_schema_may_be_written_in_small_letters(lake: Lake, tmp_path: Path) -> None:
    rows, _ = screened(
        lake, customers(tmp_path / "c.csv", [("1", "Pavel Drozdov", "person", "")]), tmp_path / "out.csv"
    )
    assert rows[0]["entity_id"] == "p-3"


def test_a_common_name_alone_is_shown_and_no_match(tmp_path: Path) -> None:
    lake = open_lake(tmp_path / "lake", create=True)
    take(lake, tmp_path, entities([("p-9", "Person", "Sergei Ivanov", {"birthDate": ["1970-02-03"]})]))
    rows = [("1", "Сергей Иванов", "Person", ""), ("2", "Сергей Иванов", "Person", "1970-02-03")]
    found, _ = screened(lake, customers(tmp_path / "c.csv", rows), tmp_path / "out.csv")
    assert [row["match"] for row in found] == ["false", "true"]
    assert "very many people" in found[0]["reasons"]


def test_two_runs_do_not_write_one_file(lake: Lake, tmp_path: Path) -> None:
    path, out = customers(tmp_path / "c.csv", ROWS), tmp_path / "out.csv"

    def again(_: int) -> None:
        with pytest.raises(SourceError, match="another run is writing"):
            screen_file(lake, path, out, against=["ftm"], options=ScreenOptions())

    counts = screen_file(lake, path, out, against=["ftm"], options=ScreenOptions(), on_block=again)
    assert counts.queries == len(ROWS) and read(out)


def party_in(folder: Path, header: str, *cells: str) -> Party:
    path = customers(folder / "one.csv", [cells], header=header)
    layout = read_layout(path)
    return next(map(layout.party, read_rows(path, layout)))


@pytest.mark.parametrize("text", ["1979-03-12", "12.03.1979", "12.3.1979", "1979-03-12 00:00:00", "1979-03-12T00:00"])
def test_a_day_is_read_as_forms_and_spreadsheets_write_it(tmp_path: Path, text: str) -> None:
    assert party_in(tmp_path, "id,name,birth_date", "1", "A B", text).values("birthDate") == ("1979-03-12",)


def test_a_day_that_may_be_two_stays_as_it_is_and_is_none(tmp_path: Path) -> None:
    for text in ("03/12/1979", "31.02.1979", "12.03.79"):
        (found,) = party_in(tmp_path, "id,name,birth_date", "1", "A B", text).values("birthDate")
        assert date_of(found) is None


def test_a_personal_number_says_what_no_column_does(tmp_path: Path) -> None:
    party = party_in(tmp_path, "person_id,name,iin", "1", "A B", "850815300017")
    assert (party.values("birthDate"), party.values("gender")) == (("1985-08-15",), ("male",))
    stated = party_in(tmp_path, "person_id,name,birth_date,iin", "1", "A B", "1990-01-01", "850815300017")
    assert stated.values("birthDate") == ("1990-01-01",)


def test_a_number_whose_check_digit_is_wrong_says_nothing_and_is_still_compared(tmp_path: Path) -> None:
    party = party_in(tmp_path, "person_id,name,iin", "1", "A B", "850815300018")
    assert (party.values("birthDate"), party.values("taxNumber")) == ((), ("850815300018",))
