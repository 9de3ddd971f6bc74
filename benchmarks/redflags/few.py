"""One record at a time: what a check of a payment costs in a warm process, and what the flags' own made records cost.

python -m benchmarks.redflags.few [--times 200] [--proofs]

Processor time stands beside the clock: it is the same however busy the machine is.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from entrepot.alerts import prove
from entrepot.lake import open_lake
from entrepot.ledger import Ledger, open_ledger
from entrepot.redflags import shipped_flags
from entrepot.settings import Settings
from entrepot.web import create_app
from entrepot.web.checking import check_records

AS_OF = "2026-06-30"
PAYMENT = {
    "payment_id": "p", "value_date": "2025-01-18", "amount": "900", "currency": "EUR", "payer_id": "a",
    "beneficiary_id": "b", "payer_country": "DEU", "beneficiary_country": "KGZ", "payer_bic": "DEUTDEFF",
    "beneficiary_bic": "ABCDKG22", "purpose": "goods",
}  # fmt: skip
FULL = {
    **PAYMENT, "booked_at": "2025-01-18T10:00:00Z", "payer_account": "A1", "beneficiary_account": "B1",
    "payer_name": "Alpha GmbH", "beneficiary_name": "Beta LLC", "contract_id": "k", "hs_codes": "854231;8471",
    "rail": "swift", "is_advance": "false", "intermediary_bics": "CHASUS33",
}  # fmt: skip
BESIDE = {
    "company": [{"company_id": "b", "name": "Beta LLC", "incorporation_date": "2024-05-01"}],
    "contract": [{"contract_id": "k", "buyer_id": "a", "seller_id": "b", "contract_date": "2024-12-01"}],
    "listing": [{"listing_id": "l", "entity_id": "x", "regime": "EU", "listing_date": "2024-01-01"}],
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--proofs", action="store_true", help="also every flag's own made records")
    asked = parser.parse_args()
    ledger = open_ledger()
    print("| check of one payment | first, CPU ms | CPU ms, p50 | p95 | clock ms, p50 | p95 |")
    print("|---|---|---|---|---|---|")
    tell("11 columns", asked.times, lambda i: check_records(ledger, "payment", [named(PAYMENT, i)], as_of=AS_OF))
    tell("21 columns", asked.times, lambda i: check_records(ledger, "payment", [named(FULL, i)], as_of=AS_OF))
    tell(
        "with its company, contract and a listing",
        asked.times,
        lambda i: check_records(ledger, "payment", [named(FULL, i)], as_of=AS_OF, beside=BESIDE),
    )
    with tempfile.TemporaryDirectory() as folder, asyncio.Runner() as runner:
        open_lake(Path(folder) / "lake", create=True)
        app = create_app(Settings(lake=Path(folder) / "lake"))
        session = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://127.0.0.1")

        def asked_of(i: int) -> None:
            body = {"kind": "payment", "record": named(PAYMENT, i), "as_of": AS_OF}
            runner.run(session.post("/check", json=body)).raise_for_status()

        tell("POST /check, 11 columns", asked.times, asked_of)
    if asked.proofs:
        proofs(ledger)


def named(payment: dict[str, str], number: int) -> dict[str, str]:
    """Return a payment of its own id and amount."""
    return {**payment, "payment_id": f"p{number}", "amount": str(900 + number)}


def tell(name: str, times: int, check: Callable[[int], Any]) -> None:
    """Print what a check costs, the first time and then."""
    start = time.process_time()
    check(0)
    first = time.process_time() - start
    spent, taken = [], []
    for number in range(1, times + 1):
        used, start = time.process_time(), time.perf_counter()
        check(number)
        spent.append(time.process_time() - used)
        taken.append(time.perf_counter() - start)
    shares = [sorted(found)[int(share * (times - 1))] * 1e3 for found in (spent, taken) for share in (0.5, 0.95)]
    print(f"| {name} | {first * 1e3:.0f} | {' | '.join(f'{share:.1f}' for share in shares)} |")


def proofs(ledger: Ledger) -> None:
    """Print what every flag's own made records cost."""
    start = time.process_time()
    done = [proof for flag in shipped_flags().flags for proof in prove(flag, ledger)]
    seconds, held = time.process_time() - start, sum(proof.holds for proof in done)
    print(f"\n{held} of {len(done)} made records come out as their files say: {seconds:.1f} s of CPU.")


if __name__ == "__main__":
    main()
