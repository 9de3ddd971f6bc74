"""Load: what a real server on loopback does under clients at once: latencies, errors, memory.

``python benchmarks/web/load.py --lake LAKE [--clients 8] [--seconds 30] [--what WHAT]``; WHAT is match, check
or pages. The server is a process of its own, what it starts is counted; clients and server share the machine's cores.

On a busy machine ``--alone`` says more: requests one after the other in this process, by the processor time of each. Of
N clients that ask at once one waits for N requests in a row on the server's one core; that sum is given, too.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from entrepot.lake import open_lake
from entrepot.parties import listed_parties

SCHEMAS = ("Person", "Company", "Organization", "Vessel")
Make = Callable[[random.Random], tuple[str, str, dict[str, Any] | None]]


def queries(lake: Path) -> list[dict[str, Any]]:
    """Listed names, half of them with a letter changed, as a customer's file would have them."""
    found, rng = [], random.Random(7)
    for party in listed_parties(open_lake(lake), schemas=SCHEMAS):
        name = party.names[0]
        if rng.random() < 0.5 and len(name) > 6:
            place = rng.randrange(1, len(name) - 1)
            name = name[:place] + rng.choice("aeioustn") + name[place + 1 :]
        held = {"name": [name], "birthDate": list(party.values("birthDate")), "country": list(party.values("country"))}
        found.append({"schema": party.schema, "properties": held})
    rng.shuffle(found)
    return found


def match_request(known: list[dict[str, Any]]) -> Make:
    return lambda rng: ("POST", "/match/default", {"queries": {"q": rng.choice(known)}})


def check_request(rng: random.Random) -> tuple[str, str, dict[str, Any] | None]:
    record = {
        "payment_id": f"p{rng.randrange(10**9)}",
        "value_date": "2024-05-01",
        "amount": str(rng.randrange(100, 100_000)),
        "currency": rng.choice(["EUR", "USD", "KZT"]),
        "payer_name": "Alpha GmbH",
        "payer_country": "DEU",
        "beneficiary_name": "Beta LLC",
        "beneficiary_country": rng.choice(["KGZ", "KAZ", "FRA"]),
        "purpose": "invoice 12",
    }
    return "POST", "/check", {"kind": "payment", "record": record}


def page_request(rng: random.Random) -> tuple[str, str, dict[str, Any] | None]:
    return "GET", rng.choice(["/", "/explore", "/names?q=gazprom", "/timeline"]), None


async def client(base: str, make: Make, until: float, seed: int, taken: list[float], bad: list[int]) -> None:
    rng = random.Random(seed)
    async with httpx.AsyncClient(base_url=base, timeout=60) as session:
        while time.perf_counter() < until:
            method, path, body = make(rng)
            start = time.perf_counter()
            answer = await session.request(method, path, json=body)
            taken.append(time.perf_counter() - start)
            if answer.status_code != 200:
                bad.append(answer.status_code)


def memory(pid: int) -> int:
    """Resident megabytes of a process and its children."""
    total = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            lines = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        except OSError:
            continue
        if pid in (int(lines["Pid"]), int(lines["PPid"])) and "VmRSS" in lines:
            total += int(lines["VmRSS"].split()[0])
    return total // 1024


def processor(pid: int) -> float:
    """Seconds of a core that a process has used: what a request costs, however busy the machine is."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def wait_ready(base: str, seconds: float = 120) -> float:
    start = time.perf_counter()
    while time.perf_counter() - start < seconds:
        try:
            if httpx.get(f"{base}/readyz").status_code == 200:
                return time.perf_counter() - start
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise SystemExit("the server did not get ready")


async def run(base: str, make: Make, clients: int, seconds: float) -> tuple[list[float], list[int]]:
    taken: list[float] = []
    bad: list[int] = []
    until = time.perf_counter() + seconds
    await asyncio.gather(*(client(base, make, until, seed, taken, bad) for seed in range(clients)))
    return taken, bad


async def alone(lake: Path, make: Make, count: int) -> list[float]:
    """Return the processor time of each of some requests, answered in this process."""
    from entrepot.settings import Settings
    from entrepot.web import WebOptions, create_app

    taken, rng = [], random.Random(0)
    transport = httpx.ASGITransport(app=create_app(Settings(lake=lake), WebOptions()))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as session:
        for number in range(-20, count):
            method, path, body = make(rng)
            request = session.build_request(method, path, json=body)
            start = time.process_time()
            answer = await transport.handle_async_request(request)
            if number >= 0:
                taken.append(time.process_time() - start)
            assert answer.status_code == 200
    return taken


def told_alone(taken: list[float], clients: int) -> str:
    """Return what one request costs, and what one of some clients waits for."""
    rows = [sum(taken[at : at + clients]) for at in range(len(taken) - clients)]
    (p50, p95), (w50, w95) = ([sorted(one)[int(len(one) * s)] * 1e3 for s in (0.5, 0.95)] for one in (taken, rows))
    return f"a request p50 {p50:.2f} ms, p95 {p95:.2f} ms of a core; {clients} in a row p50 {w50:.1f}, p95 {w95:.1f} ms"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--lake", type=Path, required=True)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--what", choices=["match", "check", "pages"], default="match")
    parser.add_argument("--alone", type=int, metavar="REQUESTS", help="in this process, by processor time")
    asked = parser.parse_args()
    make = {"match": match_request(queries(asked.lake)), "check": check_request, "pages": page_request}[asked.what]
    if asked.alone:
        print(f"{asked.what}: {told_alone(asyncio.run(alone(asked.lake, make, asked.alone)), asked.clients)}")
        return
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "entrepot", "serve", "--lake", str(asked.lake), "--port", str(port)]
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        print(f"ready after {wait_ready(base):.1f} s, {memory(server.pid)} MB")
        # The first page's estimate is worked out meanwhile, apart.
        while "refresh" in httpx.get(base, headers={"accept": "text/html"}, timeout=60).headers:
            time.sleep(1)
        asyncio.run(run(base, make, 2, 2))
        before, used = memory(server.pid), processor(server.pid)
        taken, bad = asyncio.run(run(base, make, asked.clients, asked.seconds))
        taken.sort()
        p50, p95, p99 = (taken[int(len(taken) * share)] * 1e3 for share in (0.5, 0.95, 0.99))
        print(
            f"{asked.what}: {asked.clients} clients, {len(taken) / asked.seconds:.0f} requests/s,"
            f" p50 {p50:.1f} ms, p95 {p95:.1f} ms, p99 {p99:.1f} ms, {len(bad)} not 200 {sorted(set(bad))}"
        )
        cost = (processor(server.pid) - used) / len(taken) * 1e3
        print(
            f"{cost:.2f} ms of a core a request; load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
        )
        print(f"memory {before} MB before, {memory(server.pid)} MB after")
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
