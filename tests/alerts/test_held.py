"""A check over what the lake holds: the same answer as from the files, and listings from the lake's lists."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from entrepot.alerts import Check, CheckOptions
from entrepot.cli import main
from entrepot.errors import ConfigError
from entrepot.lake import Lake
from entrepot.ledger import open_ledger
from entrepot.redflags import shipped_flags
from entrepot.sources import ingest
from tests.contract.tree import ROOT
from tests.sources.lists import LISTS
from tests.sources.reading import AT, new_lake, written

EXAMPLES = ROOT / "examples" / "checking"


def check(*args: str | Path) -> int:
    return main(["check", *map(str, args)])


@pytest.mark.parametrize(
    ("kind", "name", "beside"), [("payment", "payments.csv", "listings.csv"), ("card", "cards.csv", "")]
)
def test_the_lake_answers_as_the_files_do_to_the_byte(tmp_path: Path, kind: str, name: str, beside: str) -> None:
    lake = new_lake(tmp_path)
    ingest(lake, "records", [EXAMPLES / one for one in (name, beside) if one], at=AT)
    given = ["--with", f"listing={EXAMPLES / beside}"] if beside else []
    day = ["--kind", kind, "--as-of", "2025-10-01"]
    assert check(EXAMPLES / name, *given, *day, "--out", tmp_path / "files.csv") == 0
    assert check("--lake", lake.path, *day, "--out", tmp_path / "lake.csv") == 0
    assert (tmp_path / "files.csv").read_bytes() == (tmp_path / "lake.csv").read_bytes()
    assert check(EXAMPLES / name, "--lake", lake.path, *day, "--out", tmp_path / "both.csv") == 0
    assert (tmp_path / "files.csv").read_bytes() == (tmp_path / "both.csv").read_bytes()


def held(lake: Lake, kind: str, as_of: str = "2025-10-01", against: tuple[str, ...] = ()) -> Check:
    made = Check(kind, shipped_flags(), open_ledger(), CheckOptions(as_of), lake=lake)
    made.read_held(against)
    return made


def test_a_column_of_events_counts_only_where_every_file_has_it(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    head = "shipment_id,declaration_date"
    ingest(lake, "records", written(tmp_path, f"{head},arrival_date,seal_id\na,2025-01-01,,s\n", "a.csv"), at=AT)
    ingest(lake, "records", written(tmp_path, f"{head},amount\nb,2025-01-01,5\n", "b.csv"), at=AT)
    with held(lake, "shipment") as made:
        assert made.tables.given["shipment"] == {"shipment_id", "declaration_date", "amount", "seal_id"}
        assert [r[0] for r in made.tables.connection.execute("SELECT shipment_id FROM r_shipment").fetchall()] == [
            "a",
            "b",
        ]


def test_a_lake_without_the_kind_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lake = new_lake(tmp_path)
    ingest(lake, "records", EXAMPLES / "cards.csv", at=AT)
    assert check("--kind", "payment", "--lake", lake.path) == 1
    assert "entrepot ingest records FILE" in capsys.readouterr().err


PERSONS = """person_id,name,birth_date,citizenships,phone
me,Ivan Petrovich Testov,1971-03-12,RUS,
namesake,Ivan Testov,1999-01-01,KAZ,
other,Quite Another,1971-03-12,RUS,
"""


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    folder = tmp_path_factory.mktemp("listed")
    lake = new_lake(folder)
    ingest(lake, "ofac", [LISTS / name for name in ("sdn.csv", "alt.csv", "add.csv")], at=AT)
    persons = written(folder, PERSONS, "persons.csv")
    payments = written(
        folder,
        "payment_id,value_date,amount,currency,payer_bic,wallet_to\n"
        "bank,2024-06-01,1,USD,SAMPRUMMXXX,\nearlier,2024-04-01,1,USD,SAMPRUMM,\nwallet,2024-06-01,1,USD,,1TestTestTest\n"
        "clean,2024-06-01,1,USD,AAAAKZKA,w9\n",
        "payments.csv",
    )
    ingest(lake, "records", [persons, payments], at=AT)
    return lake


def test_whom_a_list_names_is_listed_under_the_users_own_id(listed: Lake) -> None:
    with held(listed, "person", against=("ofac",)) as made:
        found = made.screen(("ofac",))
        sql = "SELECT entity_id, regime, listing_date::VARCHAR FROM r_listing WHERE entity_id NOT LIKE 'ofac-%'"
        rows = set(made.tables.connection.execute(sql).fetchall())
    # The list does not say since when: it counts from the day it was ingested.
    assert rows == {("me", "OFAC", "2024-05-01"), ("SAMPRUMM", "OFAC", "2024-05-01")}
    assert (found.matched, found.undated, found.listed) == (1, found.listed, 5)


def test_banks_and_wallets_of_lists_fire_from_the_day_of_the_list(listed: Lake, tmp_path: Path) -> None:
    out = tmp_path / "o.csv"
    day = ["--kind", "payment", "--as-of", "2025-10-01", "--lake", listed.path, "--against", "ofac"]
    assert check(*day, "--out", out) == 0
    with out.open(encoding="utf-8") as file:
        fired = {(row["record_id"], row["flag_id"]) for row in csv.DictReader(file) if row["outcome"] == "fired"}
    assert {("bank", "Y08"), ("wallet", "Y10")} <= fired and not {"earlier", "clean"} & {one for one, _ in fired}


def test_listings_come_from_records_or_from_lists_and_not_from_both(listed: Lake) -> None:
    with held(listed, "person", against=("ofac",)) as made:
        made.tables.add("listing", [{"listing_id": "l", "entity_id": "x", "regime": "EU"}])
        with pytest.raises(ConfigError, match="given as records"):
            made.screen(("ofac",))
