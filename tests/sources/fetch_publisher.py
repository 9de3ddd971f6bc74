"""A server on loopback that behaves like UN Comtrade and Eurostat, and misbehaves on request."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import py7zr

from entrepot.sources.fetching.pacing import Pacing

KEY = "0123456789abcdef-the-secret"
_NAMES = """
typeCode freqCode refPeriodId refYear refMonth period reporterCode reporterISO reporterDesc flowCode
flowDesc partnerCode partnerISO partnerDesc partner2Code partner2ISO partner2Desc classificationCode
classificationSearchCode isOriginalClassification cmdCode cmdDesc aggrLevel isLeaf customsCode
customsDesc mosCode motCode motDesc qtyUnitCode qtyUnitAbbr qty isQtyEstimated altQtyUnitCode
altQtyUnitAbbr altQty isAltQtyEstimated netWgt isNetWgtEstimated grossWgt isGrossWgtEstimated
cifvalue fobvalue primaryValue legacyEstimationFlag isReported isAggregate
"""
FIELDS = _NAMES.split()

Fault = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class FakeTime:
    """A clock that moves only when something sleeps."""

    seconds: float = 0.0
    slept: list[float] = field(default_factory=list)
    start: datetime = datetime(2024, 5, 6, 12, tzinfo=UTC)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds

    def pacing(self, **changes: float | int) -> Pacing:
        return Pacing(
            sleep=self.sleep,
            clock=lambda: self.seconds,
            now=lambda: self.start + timedelta(seconds=self.seconds),
            **changes,  # type: ignore[arg-type]
        )


def comtrade_row(reporter: int, partner: int, period: str, flow: str, product: str) -> dict[str, object]:
    row: dict[str, object] = dict.fromkeys(FIELDS)
    row.update(
        typeCode="C",
        freqCode="M",
        period=period,
        reporterCode=reporter,
        partnerCode=partner,
        flowCode=flow,
        cmdCode=product,
        classificationCode="H6",
        partner2Code=0,
        motCode=0,
        customsCode="C00",
        netWgt=None,
        primaryValue=1234.56,
        isAggregate=True,
        reporterDesc="Türkiye, Rep. of",
    )
    return row


@dataclass
class Publisher:
    """The server's data, its log, and the faults it has still to commit, one a request."""

    url: str = ""
    rows: list[dict[str, object]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    etag: str = '"v1"'
    serves_ranges: bool = True
    account_ceiling: int = 250_000
    faults: list[Fault | None] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def comtrade_answer(self, url: str) -> list[dict[str, object]]:
        words = {name: values[0].split(",") for name, values in parse_qs(urlsplit(url).query).items()}
        level = words["cmdCode"][0]
        found = [
            row
            for row in self.rows
            if all(
                name not in words or str(row[name]) in words[name]
                for name in ("reporterCode", "partnerCode", "period", "flowCode")
            )
            and (str(row["cmdCode"]) in words["cmdCode"] or (level == "AG6" and len(str(row["cmdCode"])) == 6))
        ]
        ceiling = 500 if "/preview/" in url else self.account_ceiling
        return found[: min(ceiling, int(words["maxRecords"][0]))]


def send(
    handler: BaseHTTPRequestHandler,
    status: int,
    body: bytes,
    *,
    kind: str = "application/json; charset=utf-8",
    length: int | None = None,
    **headers: str,
) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(body) if length is None else length))
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def say(status: int, message: str, **headers: str) -> Fault:
    body = json.dumps({"statusCode": status, "message": message}).encode()
    return lambda handler: send(handler, status, body, **headers)


def page(handler: BaseHTTPRequestHandler) -> None:
    send(handler, 200, b"<html>The service is being maintained</html>", kind="text/html")


def hang_up(handler: BaseHTTPRequestHandler) -> None:
    handler.close_connection = True
    handler.connection.close()


def archive(folder: Path, *, size: int = 50_000) -> bytes:
    """Return a real 7z archive of about ``size`` bytes of data that does not pack well."""
    inner = folder / "full_v2_202403.dat"
    inner.write_bytes(b"REPORTER,PARTNER\n" + bytes((i * i * 31 + i // 7) % 251 for i in range(size)))
    with py7zr.SevenZipFile(folder / "made.7z", "w", filters=[{"id": py7zr.FILTER_COPY}]) as packed:
        packed.write(inner, inner.name)
    return (folder / "made.7z").read_bytes()


def _handler(publisher: Publisher) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 10

        def log_message(self, format: str, *args: object) -> None:
            pass

        def do_GET(self) -> None:
            publisher.asked.append(self.path)
            publisher.headers.append(dict(self.headers))
            fault = publisher.faults.pop(0) if publisher.faults else None
            if fault is not None:
                fault(self)
            elif self.path.startswith("/files"):
                _serve_file(self, publisher)
            elif self.path.startswith("/data/") and self.headers.get("Ocp-Apim-Subscription-Key") != KEY:
                say(401, "Access denied due to invalid subscription key.")(self)
            else:
                rows = publisher.comtrade_answer(self.path)
                answer = {"elapsedTime": "0.1 secs", "count": len(rows), "data": rows, "error": ""}
                send(self, 200, json.dumps(answer).encode())

    return Handler


def _serve_file(handler: BaseHTTPRequestHandler, publisher: Publisher) -> None:
    name = parse_qs(urlsplit(handler.path).query)["file"][0]
    if name not in publisher.files:
        say(404, "no such file")(handler)
        return
    serve_bytes(handler, publisher, publisher.files[name])


def serve_bytes(
    handler: BaseHTTPRequestHandler, publisher: Publisher, body: bytes, *, stop_after: int | None = None
) -> None:
    """Serve a file as Eurostat does; ``stop_after`` cuts the connection after so many bytes."""
    span = handler.headers.get("Range", "")
    same = handler.headers.get("If-Range", publisher.etag) == publisher.etag
    start = int(span[6:].rstrip("-")) if span and same and publisher.serves_ranges else 0
    rest = body[start:]
    marks = {"ETag": publisher.etag, "Last_Modified": "Wed, 15 May 2024 09:00:00 GMT"}
    if start:
        marks["Content_Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
    part = rest if stop_after is None else rest[:stop_after]
    kind = "application/octet-stream"
    send(handler, 206 if start else 200, part, kind=kind, length=len(rest), **marks)
    if stop_after is not None:
        handler.wfile.flush()
        hang_up(handler)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Stay quiet: dropped connections are what these tests are about."""


@contextmanager
def running_publisher() -> Iterator[Publisher]:
    publisher = Publisher()
    server = _Server(("127.0.0.1", 0), _handler(publisher))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    publisher.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield publisher
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
