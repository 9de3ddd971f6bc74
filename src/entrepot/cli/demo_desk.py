"""The demo's desk: two people, and what the simulated world gives them to work on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from entrepot.cli.desk import login_name
from entrepot.cli.options import now

if TYPE_CHECKING:
    from entrepot.alerts import Finding
    from entrepot.flows import Routes
    from entrepot.lake import Lake
    from entrepot.world import Population

PEOPLE = (("anna", "analyst"), ("ravi", "reviewer"))
# Whose flags the demo puts on the desk; other kinds would only be more of the same.
_KIND = "company"


def fill_desk(lake: Lake, answer: Routes, people: Population, article: Path, *, as_of: str) -> int:
    """Make the store inside a demo's lake, with an analyst and a reviewer; return how many alerts the analyst has.

    Args:
        answer: its routes.
        people: its firms and what they do.
        article: whose claims are put to the data.
        as_of: the day whose law and knowledge count.
    """
    from entrepot.cases import add_findings, add_user, count_alerts, open_store

    admin, at = login_name(), now()
    with open_store(lake.path / "desk" / "desk.sqlite") as store:
        for name, role in ((admin, "admin"), *PEOPLE):
            add_user(store, name, role, by=admin, at=at)
        analyst = PEOPLE[0][0]
        add_findings(store, _findings(lake, answer, people, article, as_of), by=analyst, at=at)
        return count_alerts(store, day=at[:10])


def _findings(lake: Lake, answer: Routes, people: Population, article: Path, as_of: str) -> Iterator[Finding]:
    from entrepot.alerts import Check, CheckOptions, answer_table, findings_of, put_to_data
    from entrepot.articles import read_articles
    from entrepot.ledger import open_ledger
    from entrepot.redflags import shipped_flags

    ledger = open_ledger()
    inputs = sorted({f"data:{part.snapshot_id}" for part in lake.version().parts_of("flows")})
    yield from findings_of(answer.rows(), source="routes", as_of=as_of, inputs=inputs)
    with Check(_KIND, shipped_flags(), ledger, CheckOptions(as_of)) as check:
        for name in sorted(check.reads & people.files.keys()):
            check.read(name, people.files[name])
        check.outcomes()
        fired: list[dict[str, Any]] = [row for row in answer_table(check) if row["outcome"] == "fired"]
    yield from findings_of(fired, source="check", kind=_KIND, as_of=as_of)
    for reading in put_to_data(read_articles([article]), ledger=ledger, lake=lake, as_of=as_of):
        yield from findings_of([claim.as_dict() for claim in reading.claims], source="read", as_of=as_of)
