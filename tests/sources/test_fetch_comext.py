"""Comext bulk files: resumed, checked, never half a file under the final name."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import Popen
from threading import Event
from time import sleep

import pytest

from entrepot.errors import ConfigError, EntrepotError, SnapshotMismatch, SourceError
from entrepot.origin import content_hash
from entrepot.sources.fetch import FetchReport, fetch
from tests.sources.fetch_publisher import (
    FakeTime,
    Publisher,
    archive,
    page,
    running_publisher,
    say,
    send,
    serve_bytes,
)

NAME = "full_v2_202403.7z"
REMOTE = f"comext/COMEXT_DATA/PRODUCTS/{NAME}"


@pytest.fixture
def publisher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Publisher]:
    with running_publisher() as server:
        server.files[REMOTE] = archive(tmp_path_factory.mktemp("published"))
        yield server


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


def get(publisher: Publisher, time: FakeTime, folder: Path, **access: object) -> FetchReport:
    period = str(access.pop("period", "2024-03"))
    pacing = access.pop("pacing", time.pacing())
    return fetch(
        "comext",
        folder,
        base_url=f"{publisher.url}/files",
        access={"pacing": pacing, **access},
        period=period,
    )


def stop_after(publisher: Publisher, count: int):  # type: ignore[no-untyped-def]
    return lambda handler: serve_bytes(handler, publisher, publisher.files[REMOTE], stop_after=count)


def test_month_arrives_whole_with_its_origin_beside_it(publisher, time, tmp_path) -> None:
    report = get(publisher, time, tmp_path)
    origin = json.loads((tmp_path / f"{NAME}.origin.json").read_text())
    assert report.written == (tmp_path / NAME,)
    assert (tmp_path / NAME).read_bytes() == publisher.files[REMOTE]
    assert origin == {
        "publisher": "Eurostat",
        "title": f"Comext, EU trade by CN8, detailed data, 2024-03 ({NAME})",
        "url": f"{publisher.url}/files?file=comext%2FCOMEXT_DATA%2FPRODUCTS%2F{NAME}",
        "retrieved_at": "2024-05-06T12:00:00Z",
        "extracted_date": "2024-05-15",
        "licence": origin["licence"],
        "sha256": content_hash(tmp_path / NAME),
    }


def test_dropped_connection_is_resumed_where_it_broke(publisher, time, tmp_path) -> None:
    publisher.faults = [stop_after(publisher, 20_000), stop_after(publisher, 7_000)]
    get(publisher, time, tmp_path)
    ranges = [headers.get("Range") for headers in publisher.headers]
    assert ranges == [None, "bytes=20000-", "bytes=27000-"]
    assert (tmp_path / NAME).read_bytes() == publisher.files[REMOTE]
    assert not list(tmp_path.glob("*.part*"))


def test_run_that_failed_is_gone_on_with_by_the_next(publisher, time, tmp_path) -> None:
    publisher.faults = [stop_after(publisher, 20_000)]
    with pytest.raises(SourceError, match=r"connection failed.*Run|same command"):
        get(publisher, time, tmp_path, pacing=time.pacing(tries=1))
    assert not (tmp_path / NAME).exists()
    assert (tmp_path / f"{NAME}.part").stat().st_size == 20_000
    get(publisher, time, tmp_path)
    assert publisher.headers[-1]["Range"] == "bytes=20000-"
    assert (tmp_path / NAME).read_bytes() == publisher.files[REMOTE]


def test_killed_run_is_gone_on_with(publisher, time, tmp_path) -> None:
    stalled, killed = Event(), Event()

    def stall(handler) -> None:  # type: ignore[no-untyped-def]
        handler.close_connection = True
        body = publisher.files[REMOTE]
        send(handler, 200, body[:40_000], kind="application/x-7z", length=len(body), ETag=publisher.etag)
        handler.wfile.flush()
        stalled.set()
        killed.wait(20)

    publisher.faults = [stall]
    script = f"from entrepot.sources.fetch import fetch; fetch('comext', {str(tmp_path)!r}, "
    script += f"base_url={publisher.url + '/files'!r}, period='2024-03')"
    run = Popen([sys.executable, "-c", script], env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})
    assert stalled.wait(20)
    part = tmp_path / f"{NAME}.part"
    for _ in range(500):
        if part.exists() and part.stat().st_size >= 8_192:
            break
        sleep(0.02)
    run.kill()
    run.wait(20)
    killed.set()
    get(publisher, time, tmp_path)
    assert publisher.headers[-1]["Range"] != "bytes=0-"
    assert (tmp_path / NAME).read_bytes() == publisher.files[REMOTE]


def test_content_that_changed_on_the_way_is_read_from_the_start(publisher, time, tmp_path) -> None:
    def drop_and_change(handler) -> None:  # type: ignore[no-untyped-def]
        serve_bytes(handler, publisher, b"7z" + bytes(60_000), stop_after=20_000)
        publisher.etag = '"v2"'

    publisher.faults = [drop_and_change]
    get(publisher, time, tmp_path)
    assert (tmp_path / NAME).read_bytes() == publisher.files[REMOTE]


def test_server_that_ignores_if_range_is_noticed_by_its_etag(publisher, time, tmp_path) -> None:
    def wrong_continuation(handler) -> None:  # type: ignore[no-untyped-def]
        body = publisher.files[REMOTE]
        span = f"bytes 20000-{len(body) - 1}/{len(body)}"
        send(handler, 206, body[20_000:], Content_Range=span, ETag='"other"')

    publisher.faults = [stop_after(publisher, 20_000), wrong_continuation]
    get(publisher, time, tmp_path)
    assert "Range" not in publisher.headers[-1]
    assert (tmp_path / NAME).read_bytes() == publisher.files[REMOTE]


def test_server_without_ranges_is_read_from_the_start(publisher, time, tmp_path) -> None:
    publisher.serves_ranges = False
    publisher.faults = [stop_after(publisher, 20_000)]
    get(publisher, time, tmp_path)
    assert (tmp_path / NAME).read_bytes() == publisher.files[REMOTE]


def test_refused_range_starts_over(publisher, time, tmp_path) -> None:
    publisher.faults = [stop_after(publisher, 20_000), say(416, "no such range")]
    get(publisher, time, tmp_path)
    assert (tmp_path / NAME).read_bytes() == publisher.files[REMOTE]


@pytest.mark.parametrize("cut", [10, 1_000, 49_000])
def test_truncated_body_without_a_length_is_refused(publisher, time, tmp_path, cut) -> None:
    def chunked(handler) -> None:  # type: ignore[no-untyped-def]
        body = publisher.files[REMOTE][:cut]
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        handler.wfile.write(f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n")

    publisher.faults = [chunked]
    with pytest.raises(SourceError, match="7z archive"):
        get(publisher, time, tmp_path)
    assert not list(tmp_path.glob("full*"))


def test_damaged_archive_is_refused(publisher, time, tmp_path) -> None:
    whole = publisher.files[REMOTE]
    publisher.files[REMOTE] = whole[:-5] + b"XXXXX"
    with pytest.raises(SourceError, match="directory does not match"):
        get(publisher, time, tmp_path)
    assert not list(tmp_path.glob("full*"))


def test_error_page_sent_as_success_is_refused(publisher, time, tmp_path) -> None:
    publisher.faults = [page]
    with pytest.raises(SourceError, match="web page"):
        get(publisher, time, tmp_path)
    assert not list(tmp_path.glob("full*"))


def test_page_that_claims_to_be_data_is_refused(publisher, time, tmp_path) -> None:
    publisher.files[REMOTE] = b"<html>please log in</html>"
    with pytest.raises(SourceError, match="no 7z archive"):
        get(publisher, time, tmp_path)
    assert not list(tmp_path.glob("full*"))


def test_complete_file_is_not_downloaded_again(publisher, time, tmp_path) -> None:
    get(publisher, time, tmp_path)
    report = get(publisher, time, tmp_path)
    assert (report.written, report.kept) == ((), (tmp_path / NAME,))
    assert len(publisher.asked) == 1


def test_altered_file_is_neither_trusted_nor_overwritten(publisher, time, tmp_path) -> None:
    get(publisher, time, tmp_path)
    (tmp_path / NAME).write_bytes(b"altered")
    with pytest.raises(SnapshotMismatch, match="not the one"):
        get(publisher, time, tmp_path)
    assert (tmp_path / NAME).read_bytes() == b"altered"
    get(publisher, time, tmp_path, refresh=True)
    assert (tmp_path / NAME).read_bytes() == publisher.files[REMOTE]


def test_file_that_somebody_else_put_there_is_not_overwritten(publisher, time, tmp_path) -> None:
    (tmp_path / NAME).write_bytes(b"mine")
    with pytest.raises(SnapshotMismatch, match="without a record"):
        get(publisher, time, tmp_path)
    assert (tmp_path / NAME).read_bytes() == b"mine"


def test_month_that_is_not_published_says_so_and_keeps_the_others(publisher, time, tmp_path) -> None:
    with pytest.raises(SourceError, match=r"202404.*404.*no such file or period"):
        get(publisher, time, tmp_path, period="2024-03..2024-05")
    assert (tmp_path / NAME).is_file()
    assert len(publisher.asked) == 2


def test_several_months_come_with_one_call_each_and_a_pause_between(publisher, time, tmp_path) -> None:
    publisher.files[REMOTE.replace("202403", "202312")] = publisher.files[REMOTE]
    report = get(publisher, time, tmp_path, period="2024-03,2023-12")
    assert [path.name for path in report.written] == ["full_v2_202312.7z", NAME]
    assert time.slept == [1.0]


@pytest.mark.parametrize("period", ["", "2024", "2024-13", "2024-05..2024-03", "2024-03,,", "last month"])
def test_period_that_is_none_is_refused_before_any_call(publisher, time, tmp_path, period) -> None:
    with pytest.raises(ConfigError):
        get(publisher, time, tmp_path, period=period)
    assert publisher.asked == []


def test_two_fetches_in_one_folder_do_not_mix(publisher, time, tmp_path) -> None:
    def second_fetch(handler) -> None:  # type: ignore[no-untyped-def]
        with pytest.raises(SourceError, match="another fetch"):
            get(publisher, FakeTime(), tmp_path)
        serve_bytes(handler, publisher, publisher.files[REMOTE])

    publisher.faults = [second_fetch]
    get(publisher, time, tmp_path)
    assert (tmp_path / NAME).read_bytes() == publisher.files[REMOTE]


def test_folder_that_is_a_file_is_a_clear_error(publisher, time, tmp_path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(SourceError, match="cannot write"):
        get(publisher, time, tmp_path / "taken")


def test_part_of_unknown_making_is_not_gone_on_with(publisher, time, tmp_path) -> None:
    (tmp_path / f"{NAME}.part").write_bytes(b"something else")
    (tmp_path / f"{NAME}.part.json").write_text("{broken")
    get(publisher, time, tmp_path)
    assert "Range" not in publisher.headers[0]
    assert (tmp_path / NAME).read_bytes() == publisher.files[REMOTE]


def test_progress_is_told_up_to_the_full_length(publisher, time, tmp_path) -> None:
    told: list[tuple[str, int, int | None]] = []
    get(publisher, time, tmp_path, progress=lambda *step: told.append(step))
    length = len(publisher.files[REMOTE])
    assert told[-1] == (NAME, length, length)


@pytest.mark.parametrize("address", ["ftp://x/y", "nowhere", "https://user:pass@host/x", "https://host/x?token=1"])
def test_address_that_is_wrong_or_holds_a_credential_is_refused(address, tmp_path) -> None:
    with pytest.raises(EntrepotError, match="base-url") as caught:
        fetch("comext", tmp_path, base_url=address, period="2024-03")
    assert "pass" not in str(caught.value).replace("password", "")
