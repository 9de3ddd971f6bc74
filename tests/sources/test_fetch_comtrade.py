"""UN Comtrade: limits noticed and honoured, answers checked against the question, the key never shown."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from entrepot.errors import ConfigError, EntrepotError, SnapshotMismatch, SourceError, UnexpectedLayout
from entrepot.origin import content_hash
from entrepot.sources.fetching.comtrade import KEY_ROWS, PREVIEW_ROWS, Comtrade, Diary
from entrepot.sources.fetching.question import Question
from entrepot.sources.fetching.session import Session
from tests.sources.fetch_publisher import (
    FIELDS,
    KEY,
    FakeTime,
    Publisher,
    comtrade_row,
    hang_up,
    page,
    running_publisher,
    say,
    send,
)

ASKED = Question("M", ("202403",), ("398",), ("643",), ("X",), ("870323",))


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with running_publisher() as server:
        server.rows = [comtrade_row(398, 643, "202403", "X", "870323")]
        yield server


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


def collect(
    publisher: Publisher,
    time: FakeTime,
    folder: Path,
    question: Question = ASKED,
    *,
    key: str | None = None,
    calls_per_day: int = 500,
    refresh: bool = False,
    tries: int = 6,
) -> Comtrade:
    pacing = time.pacing(tries=tries)
    diary = Diary(folder / ".comtrade.json", now=pacing.now, calls_per_day=calls_per_day)
    with Session(publisher.url, pacing=pacing, key=key, before_call=diary.count_call) as session:
        client = Comtrade(
            session=session,
            folder=folder,
            diary=diary,
            limit=KEY_ROWS if key else PREVIEW_ROWS,
            base_url=publisher.url,
            refresh=refresh,
        )
        client.collect(question)
    return client


def rows_of(folder: Path) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            found += csv.DictReader(file)
    return found


def cells(rows: list[dict[str, str]]) -> list[tuple[str, ...]]:
    return [tuple(row[n] for n in ("period", "partnerCode", "flowCode", "cmdCode")) for row in rows]


def answer(rows: object, **frame: object):  # type: ignore[no-untyped-def]
    body = json.dumps({"data": rows, "error": "", **frame}).encode()
    return lambda handler: send(handler, 200, body)


def test_answer_is_saved_with_the_publishers_own_columns(publisher, time, tmp_path) -> None:
    collect(publisher, time, tmp_path)
    row = rows_of(tmp_path)[0]
    assert list(row) == FIELDS
    assert (row["primaryValue"], row["netWgt"], row["isAggregate"]) == ("1234.56", "", "true")
    assert row["reporterDesc"] == "Türkiye, Rep. of"


def test_origin_stands_beside_the_file(publisher, time, tmp_path) -> None:
    path = collect(publisher, time, tmp_path).written[0]
    origin = json.loads(path.with_name(path.name + ".origin.json").read_text("utf-8"))
    assert origin["url"] == publisher.url + publisher.asked[0]
    assert origin["sha256"] == content_hash(path)
    assert (origin["retrieved_at"], origin["extracted_date"]) == ("2024-05-06T12:00:00Z", "2024-05-06")


def test_without_a_key_the_preview_is_asked_and_with_one_the_data_service(publisher, time, tmp_path) -> None:
    collect(publisher, time, tmp_path)
    collect(publisher, time, tmp_path, replace(ASKED, products=("87",)), key=KEY)
    assert publisher.asked[0].startswith("/public/v1/preview/C/M/HS?")
    assert publisher.asked[1].startswith("/data/v1/get/C/M/HS?")
    assert "motCode=0&customsCode=C00" in publisher.asked[0] and "partner2Code=0" in publisher.asked[0]


def test_key_is_sent_but_never_written_or_shown(publisher, time, tmp_path) -> None:
    collect(publisher, time, tmp_path, key=KEY)
    assert publisher.headers[0]["Ocp-Apim-Subscription-Key"] == KEY
    assert all(KEY not in path for path in publisher.asked)
    assert all(KEY not in path.read_text("utf-8") for path in tmp_path.rglob("*") if path.is_file())


def test_wrong_key_is_a_clear_error_that_does_not_show_it(publisher, time, tmp_path) -> None:
    with pytest.raises(SourceError, match=r"401.*invalid subscription key.*ENTREPOT_COMTRADE_KEY") as caught:
        collect(publisher, time, tmp_path, key="wrong-key-123456")
    assert "wrong-key" not in str(caught.value)
    assert len(publisher.asked) == 1


def test_key_that_the_publisher_repeats_is_hidden(publisher, time, tmp_path) -> None:
    publisher.faults = [say(400, f"bad request of {KEY}")]
    with pytest.raises(SourceError, match=r"bad request of \*\*\*") as caught:
        collect(publisher, time, tmp_path, key=KEY)
    assert KEY not in repr(caught.value)


@pytest.mark.parametrize("key", ["two words", "line\nend", "ключ", ""])
def test_key_that_no_header_can_hold_is_refused_unshown(publisher, time, tmp_path, key) -> None:
    with pytest.raises(ConfigError) as caught:
        Session(publisher.url, pacing=time.pacing(), key=key)
    assert not key or key not in str(caught.value)


def test_key_is_not_sent_in_the_clear(time) -> None:
    with pytest.raises(ConfigError, match="without encryption"):
        Session("http://mirror.example", pacing=time.pacing(), key=KEY)


def test_redirect_does_not_carry_the_key_away(publisher, time, tmp_path) -> None:
    publisher.faults = [lambda handler: send(handler, 302, b"", Location=publisher.url + "/elsewhere")]
    with pytest.raises(SourceError, match="302"):
        collect(publisher, time, tmp_path, key=KEY)
    assert len(publisher.asked) == 1


def test_retry_after_is_honoured(publisher, time, tmp_path) -> None:
    publisher.faults = [
        say(429, "Rate limit is exceeded. Try again in 7 seconds.", Retry_After="7"),
        say(503, "busy", Retry_After="Mon, 06 May 2024 12:00:20 GMT"),
    ]
    collect(publisher, time, tmp_path)
    assert time.slept == [7.0, 13.0]
    assert len(rows_of(tmp_path)) == 1


def test_pauses_grow_and_end(publisher, time, tmp_path) -> None:
    publisher.faults = [say(500, "oops")] * 20
    with pytest.raises(SourceError, match="HTTP 500"):
        collect(publisher, time, tmp_path)
    assert time.slept == [1.0, 2.0, 4.0, 8.0, 16.0]
    assert len(publisher.asked) == 6


def test_publisher_that_asks_for_hours_is_not_waited_for(publisher, time, tmp_path) -> None:
    publisher.faults = [say(429, "slow down", Retry_After="7200")]
    with pytest.raises(SourceError, match="wait 7200 seconds"):
        collect(publisher, time, tmp_path)
    assert time.slept == []


def test_dropped_connection_is_tried_again(publisher, time, tmp_path) -> None:
    def half(handler) -> None:  # type: ignore[no-untyped-def]
        send(handler, 200, b'{"data": [', length=5000)
        hang_up(handler)

    publisher.faults = [hang_up, half]
    collect(publisher, time, tmp_path)
    assert len(rows_of(tmp_path)) == 1


def test_calls_keep_their_distance(publisher, time, tmp_path) -> None:
    collect(publisher, time, tmp_path, replace(ASKED, periods=tuple(f"2{n:05d}" for n in range(30))))
    assert len(publisher.asked) == 3
    assert time.slept == [1.0, 1.0]


def test_question_over_the_limit_is_split_until_nothing_is_missing(publisher, time, tmp_path) -> None:
    publisher.rows = [
        comtrade_row(398, partner, period, flow, f"87{code:04d}")
        for partner in (643, 156)
        for period in ("202401", "202402", "202403")
        for flow in ("X", "M")
        for code in range(300)
    ]
    asked = Question("M", ("202401", "202402", "202403"), ("398",), ("156", "643"), ("M", "X"), ("AG6",))
    collect(publisher, time, tmp_path, asked)
    found = cells(rows_of(tmp_path))
    assert len(found) == len(set(found)) == 3_600


def test_all_partners_are_split_by_the_publishers_own_list(publisher, time, tmp_path) -> None:
    partners = (0, 156, 643, 792)
    publisher.rows = [
        comtrade_row(398, partner, "202403", "X", code)
        for partner in partners
        for code in ("TOTAL", *(f"87{n:04d}" for n in range(240)))
    ]
    collect(publisher, time, tmp_path, replace(ASKED, partners=None, products=("AG6",)))
    found = cells(rows_of(tmp_path))
    assert len(found) == len(set(found)) == 960
    assert {cell[3] for cell in found}.isdisjoint({"TOTAL"})


def test_question_that_cannot_be_split_stops_with_what_to_do(publisher, time, tmp_path) -> None:
    publisher.rows = [comtrade_row(398, 643, "202403", "X", f"{n:06d}") for n in range(500)]
    with pytest.raises(SourceError, match=r"500 rows or more.*--products.*ENTREPOT_COMTRADE_KEY"):
        collect(publisher, time, tmp_path, replace(ASKED, products=("AG6",)))
    assert not list(tmp_path.glob("*.csv*"))


def test_account_with_a_lower_ceiling_is_noticed(publisher, time, tmp_path) -> None:
    rows = [comtrade_row(398, p, "202403", "X", "870323") for p in (156, 643)]
    asked = replace(ASKED, partners=("156", "643"))
    publisher.rows = rows
    publisher.faults = [answer([rows[0]], count=2)]
    collect(publisher, time, tmp_path, asked, key=KEY)
    assert {cell[1] for cell in cells(rows_of(tmp_path))} == {"156", "643"}


def test_daily_quota_stops_and_the_next_day_goes_on(publisher, time, tmp_path) -> None:
    asked = replace(ASKED, periods=tuple(f"20{y}{m:02d}" for y in (22, 23, 24) for m in range(1, 13)))
    publisher.rows = [comtrade_row(398, 643, period, "X", "870323") for period in asked.periods]
    with pytest.raises(SourceError, match=r"2 calls were made today.*tomorrow"):
        collect(publisher, time, tmp_path, asked, calls_per_day=2)
    time.seconds += 86_400
    report = collect(publisher, time, tmp_path, asked, calls_per_day=2)
    assert (len(report.kept), len(report.written)) == (2, 1)
    assert len(rows_of(tmp_path)) == 36


def test_quota_of_the_publisher_is_told_apart_from_haste(publisher, time, tmp_path) -> None:
    message = "Out of call volume quota. Quota will be replenished in 05:12:00."
    publisher.faults = [say(403, message, Retry_After="18720")]
    with pytest.raises(SourceError, match=r"quota is used up.*05:12:00"):
        collect(publisher, time, tmp_path, key=KEY)
    assert time.slept == []


def test_question_known_to_be_too_large_is_not_asked_again(publisher, time, tmp_path) -> None:
    publisher.rows = [
        comtrade_row(398, 643, period, "X", f"87{n:04d}") for period in ("202401", "202402") for n in range(400)
    ]
    asked = replace(ASKED, periods=("202401", "202402"), products=("AG6",))
    collect(publisher, time, tmp_path, asked)
    before = len(publisher.asked)
    assert len(collect(publisher, time, tmp_path, asked).kept) == 2
    assert len(publisher.asked) == before == 3


def test_refresh_asks_again(publisher, time, tmp_path) -> None:
    collect(publisher, time, tmp_path)
    publisher.rows[0]["primaryValue"] = 99
    collect(publisher, time, tmp_path, refresh=True)
    assert rows_of(tmp_path)[0]["primaryValue"] == "99"


def test_altered_answer_is_not_taken_for_the_publishers(publisher, time, tmp_path) -> None:
    path = collect(publisher, time, tmp_path).written[0]
    path.write_text(path.read_text("utf-8").replace("1234.56", "9999"), "utf-8")
    with pytest.raises(SnapshotMismatch, match="not the one"):
        collect(publisher, time, tmp_path)


def test_no_rows_are_said_and_leave_no_file(publisher, time, tmp_path) -> None:
    publisher.rows = []
    report = collect(publisher, time, tmp_path)
    assert report.empty == ["X of reporter 398, partner 643, 202403, products 870323"]
    assert not list(tmp_path.glob("*.csv*"))


@pytest.mark.parametrize("name", ["primaryValue", "reporterCode", "motCode"])
def test_renamed_field_fails_loudly(publisher, time, tmp_path, name) -> None:
    publisher.rows[0][name.upper()] = publisher.rows[0].pop(name)
    publisher.faults = [answer(publisher.rows)]
    with pytest.raises(UnexpectedLayout, match=f"field '{name}' is missing"):
        collect(publisher, time, tmp_path)
    assert not list(tmp_path.glob("*.csv*"))


@pytest.mark.parametrize(
    ("name", "value"), [("period", "202402"), ("partnerCode", 156), ("motCode", 1000), ("cmdCode", "8703")]
)
def test_rows_that_were_not_asked_for_are_refused(publisher, time, tmp_path, name, value) -> None:
    publisher.faults = [answer([{**publisher.rows[0], name: value}])]
    with pytest.raises(UnexpectedLayout, match=f"{name} is .* not asked for"):
        collect(publisher, time, tmp_path)
    assert not list(tmp_path.glob("*.csv*"))


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"null", b'{"count": 0}', b'{"data": {}}', b'{"data": [1]}', b"period,flow\n", b"\xff"],
)
def test_answer_of_another_shape_is_refused(publisher, time, tmp_path, body) -> None:
    publisher.faults = [lambda handler: send(handler, 200, body)]
    with pytest.raises(UnexpectedLayout):
        collect(publisher, time, tmp_path)
    assert not list(tmp_path.glob("*.csv*"))


def test_error_inside_a_good_answer_is_an_error(publisher, time, tmp_path) -> None:
    publisher.faults = [answer([], error="Invalid period")]
    with pytest.raises(SourceError, match="Invalid period"):
        collect(publisher, time, tmp_path)


def test_error_page_sent_as_success_is_refused(publisher, time, tmp_path) -> None:
    publisher.faults = [page]
    with pytest.raises(SourceError, match="web page"):
        collect(publisher, time, tmp_path)


def test_new_field_of_the_publisher_is_kept(publisher, time, tmp_path) -> None:
    publisher.rows.append({**comtrade_row(398, 643, "202403", "X", "870323"), "brandNew": 5})
    collect(publisher, time, tmp_path)
    assert [row["brandNew"] for row in rows_of(tmp_path)] == ["", "5"]


def test_number_keeps_the_publishers_digits(publisher, time, tmp_path) -> None:
    text = json.dumps({"data": publisher.rows}).replace("1234.56", "12345678901234567.120")
    publisher.faults = [lambda handler: send(handler, 200, text.encode())]
    collect(publisher, time, tmp_path)
    assert rows_of(tmp_path)[0]["primaryValue"] == "12345678901234567.120"


def test_address_stays_short_however_long_the_list(publisher, time, tmp_path) -> None:
    codes = tuple(f"{n:06d}" for n in range(1_000))
    collect(publisher, time, tmp_path, replace(ASKED, products=codes))
    assert max(map(len, publisher.asked)) < 2_000
    assert len(publisher.asked) == 10


def test_nobody_there_is_a_clear_error(time, tmp_path) -> None:
    nobody = Publisher(url="http://127.0.0.1:9")
    with pytest.raises(EntrepotError, match=r"connection failed.*Check the network"):
        collect(nobody, time, tmp_path, tries=2)
