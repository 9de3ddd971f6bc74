"""``entrepot check``: records in, one row a record and flag, and a decision a record."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from entrepot.cli import main
from entrepot.redflags import COLUMNS

CARDS = (
    "card_id,scheme,issue_country,holder_residency,issue_date,expiry_date,exemption\n"
    "c1,visa,KAZ,non_resident,2025-01-19,2026-06-01,none\n"
    "c2,visa,KAZ,non_resident,2025-01-18,2026-06-01,none\n"
    "c3,visa,KAZ,non_resident,2025-01-19,2026-01-19,none\n"
    "c4,visa,KAZ,resident,2025-01-19,2029-01-19,none\n"
)
PAYMENTS = (
    "payment_id,value_date,amount,currency,payer_id,payer_country,beneficiary_id,beneficiary_country,rail,"
    "wallet_from,wallet_to\n"
    "y1,2025-09-01,10,USD,a,KGZ,b,RUS,crypto,w0,w1\n"
    "y2,2025-08-13,10,USD,a,KGZ,b,RUS,crypto,w0,w1\n"
    "y3,2025-09-01,10,USD,a,KGZ,b,RUS,swift,,\n"
)
LISTINGS = (
    "listing_id,entity_id,entity_name,regime,listing_date,delisting_date,wallets\nl,x,A Service,OFAC,2025-08-14,,w1\n"
)


def run(args: list[str | Path]) -> int:
    return main(["check", *(str(one) for one in args)])


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.open(encoding="utf-8")))


@pytest.fixture
def cards(tmp_path: Path) -> Path:
    path = tmp_path / "cards.csv"
    path.write_text(CARDS, "utf-8")
    return path


@pytest.fixture
def payments(tmp_path: Path) -> Path:
    path = tmp_path / "payments.csv"
    path.write_text(PAYMENTS, "utf-8")
    (tmp_path / "listings.csv").write_text(LISTINGS, "utf-8")
    return path


def test_one_row_a_record_and_flag_with_the_columns_of_the_contract(cards: Path, tmp_path: Path) -> None:
    assert run([cards, "--kind", "card", "--as-of", "2025-06-01", "--out", tmp_path / "o.csv"]) == 0
    rows = rows_of(tmp_path / "o.csv")
    assert list(rows[0]) == list(COLUMNS)
    flags = {row["flag_id"] for row in rows}
    assert len(rows) == 4 * len(flags) and [row["record_id"] for row in rows[:: len(flags)]] == ["c1", "c2", "c3", "c4"]
    fired = {(row["record_id"], row["flag_id"]) for row in rows if row["outcome"] == "fired"}
    assert ("c1", "A03") in fired and {record for record, flag in fired if flag == "A03"} == {"c1"}
    assert all(row["innocent_explanations"] and row["would_clear"] for row in rows if row["outcome"] == "fired")


def test_a_fault_of_our_own_control_asks_and_stands_first(cards: Path, tmp_path: Path) -> None:
    run([cards, "--kind", "card", "--as-of", "2025-06-01", "--out", tmp_path / "o.csv"])
    of_first = [row for row in rows_of(tmp_path / "o.csv") if row["record_id"] == "c1"]
    families = [row["family"] == "own_control" for row in of_first]
    assert families == sorted(families, reverse=True) and {row["decision"] for row in of_first} == {"ask"}


def test_what_is_not_decided_names_what_it_lacks(cards: Path, tmp_path: Path) -> None:
    run([cards, "--kind", "card", "--as-of", "2025-06-01", "--out", tmp_path / "o.csv"])
    lacking = [row["missing_fields"] for row in rows_of(tmp_path / "o.csv") if row["outcome"] == "missing_fields"]
    assert lacking and all(lacking)


def test_before_the_world_knew_the_rule_nothing_fires(cards: Path, tmp_path: Path) -> None:
    run([cards, "--kind", "card", "--as-of", "2024-06-01", "--out", tmp_path / "o.csv"])
    assert not [row for row in rows_of(tmp_path / "o.csv") if row["outcome"] == "fired"]


def test_the_same_day_gives_the_same_bytes(cards: Path, tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        run([cards, "--kind", "card", "--as-of", "2025-06-01", "--out", tmp_path / name])
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()


def test_whose_law_it_is_decides_what_stops(payments: Path, tmp_path: Path) -> None:
    beside = f"listing={tmp_path / 'listings.csv'}"
    asked = [payments, "--kind", "payment", "--with", beside, "--as-of", "2025-10-01"]
    run([*asked, "--out", tmp_path / "o.csv"])
    told = {row["record_id"]: (row["decision"], row["decision_ground"]) for row in rows_of(tmp_path / "o.csv")}
    assert told["y1"] == ("stop", "own_risk") and told["y2"] == told["y3"] == ("pass", "")
    policy = tmp_path / "policy.yml"
    policy.write_text("id: us\ntitle: A bank of the United States\nbound_by: [OFAC]\nstop: [Y10]\n", "utf-8")
    run([*asked, "--policy", policy, "--out", tmp_path / "us.csv"])
    assert {row["decision_ground"] for row in rows_of(tmp_path / "us.csv") if row["record_id"] == "y1"} == {"duty"}
    policy.write_text("id: kg\ntitle: A shop that no list binds\nstop: [Y10]\n", "utf-8")
    run([*asked, "--policy", policy, "--out", tmp_path / "kg.csv"])
    assert {row["decision"] for row in rows_of(tmp_path / "kg.csv") if row["record_id"] == "y1"} == {"ask"}


def test_a_licence_clears_a_record(payments: Path, tmp_path: Path) -> None:
    policy = tmp_path / "policy.yml"
    policy.write_text(
        "id: us\ntitle: Licensed\nbound_by: [OFAC]\nstop: [Y10]\nlicences:\n"
        "  - {id: GL-1, flags: [Y10], records: [y1], valid_from: 2025-08-01, source: OFAC}\n",
        "utf-8",
    )
    beside = f"listing={tmp_path / 'listings.csv'}"
    asked = [payments, "--kind", "payment", "--with", beside, "--policy", policy, "--out", tmp_path / "o.csv"]
    run([*asked, "--as-of", "2025-10-01"])
    row = next(row for row in rows_of(tmp_path / "o.csv") if (row["record_id"], row["flag_id"]) == ("y1", "Y10"))
    assert row["outcome"] == "clear" and "GL-1" in row["evidence"] and row["decision"] == "pass"


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        ("id: x\ntitle: t\nstop: [F01]\n", "F01 rests on no law"),
        ("id: x\ntitle: t\nstops: [Y10]\n", "stops"),
        ("id: [\n", "no YAML"),
    ],
)
def test_a_policy_that_cannot_be_is_refused(
    payments: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], policy: str, said: str
) -> None:
    (tmp_path / "policy.yml").write_text(policy, "utf-8")
    assert run([payments, "--kind", "payment", "--policy", tmp_path / "policy.yml"]) == 1
    assert said in capsys.readouterr().err


def test_after_a_suspicion_note_what_to_ask_is_withheld(payments: Path, tmp_path: Path) -> None:
    (tmp_path / "noted.txt").write_text("y1\n", "utf-8")
    beside = f"listing={tmp_path / 'listings.csv'}"
    asked = [payments, "--kind", "payment", "--with", beside, "--as-of", "2025-10-01"]
    run([*asked, "--suspicion", tmp_path / "noted.txt", "--out", tmp_path / "o.csv"])
    asks = {row["ask"] for row in rows_of(tmp_path / "o.csv") if row["record_id"] == "y1" and row["outcome"] == "fired"}
    assert asks == {"withheld"}


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_page_tells_the_gravest_first_and_asks_no_network(payments: Path, tmp_path: Path, language: str) -> None:
    beside = f"listing={tmp_path / 'listings.csv'}"
    asked = [payments, "--kind", "payment", "--with", beside, "--as-of", "2025-10-01", "--language", language]
    assert run([*asked, "--out", tmp_path / "o.html"]) == 0
    page = (tmp_path / "o.html").read_text("utf-8")
    assert page.index("<h2>y1") < page.index("<h2>y2")
    assert ("остановить (собственное решение о риске)" if language == "ru" else "stop (own risk decision)") in page
    assert "built-in" not in page and "None" not in page
    assert "http://" not in page and "https://" not in page and "<script" not in page


def test_a_cell_that_cannot_be_is_told_and_a_record_without_id_is_skipped(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "cards.csv"
    path.write_text(CARDS + "c5,visa,KAZ,non_resident,2025-13-40,2026-06-01,none\n,visa,KAZ,,,,\n", "utf-8")
    assert run([path, "--kind", "card", "--as-of", "2025-06-01", "--out", tmp_path / "o.csv"]) == 0
    said = capsys.readouterr().err
    assert "issue_date" in said and "1 records skipped" in said and "cards.csv" in said
    outcomes = {row["flag_id"]: row["outcome"] for row in rows_of(tmp_path / "o.csv") if row["record_id"] == "c5"}
    assert outcomes["A03"] == "missing_fields"


def test_a_formula_in_a_cell_is_text_in_the_export(tmp_path: Path) -> None:
    path = tmp_path / "cards.csv"
    path.write_text(CARDS.replace("c1,", "=cmd|' /C calc'!A0,"), "utf-8")
    run([path, "--kind", "card", "--as-of", "2025-06-01", "--out", tmp_path / "o.csv"])
    assert rows_of(tmp_path / "o.csv")[0]["record_id"].startswith("'=")


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (["none.csv", "--kind", "card"], 1, "none.csv"),
        (["--kind", "card"], 1, "no file of kind card"),
        (["cards.csv", "--kind", "cards"], 1, "cards"),
        (["cards.csv", "--kind", "card", "--as-of", "yesterday"], 1, "yesterday"),
        (["cards.csv", "--kind", "card", "--with", "person"], 2, "KIND=FILE"),
        (["cards.csv", "--kind", "card", "--backtest"], 2, "--from, --to and --outcomes"),
        (["cards.csv", "--kind", "card", "--fairness"], 1, "of which group"),
        (["cards.csv", "--kind", "card", "--mapping", "none.toml"], 1, "none.toml"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    cards: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    args: list[str],
    code: int,
    said: str,
) -> None:
    monkeypatch.chdir(cards.parent)
    assert main(["check", *args]) == code
    told = capsys.readouterr().err
    assert said in told and "Traceback" not in told


def test_a_mapping_brings_the_columns_of_others(tmp_path: Path) -> None:
    (tmp_path / "karten.csv").write_text(
        "Karte;Land;Wohnsitz;Ausgabe;Ablauf;Ausnahme\nk1;KAZ;N;19.01.2025;01.06.2026;keine\n", "utf-8"
    )
    (tmp_path / "m.toml").write_text(
        '[columns]\ncard_id = "Karte"\nissue_country = "Land"\nholder_residency = "Wohnsitz"\nissue_date = "Ausgabe"\n'
        'expiry_date = "Ablauf"\nexemption = "Ausnahme"\n[values.holder_residency]\nN = "non_resident"\n'
        '[values.exemption]\nkeine = "none"\n[read]\ndelimiter = ";"\ndate_format = "%d.%m.%Y"\n',
        "utf-8",
    )
    asked = [tmp_path / "karten.csv", "--kind", "card", "--mapping", tmp_path / "m.toml", "--as-of", "2025-06-01"]
    assert run([*asked, "--out", tmp_path / "o.csv"]) == 0
    found = {row["flag_id"]: row["outcome"] for row in rows_of(tmp_path / "o.csv")}
    assert found["A03"] == "fired"
    (tmp_path / "known.csv").write_text("record_id,is_true\nk1,true\n", "utf-8")
    replay = ["--backtest", "--from", "2025-05-01", "--to", "2025-06-30", "--outcomes", tmp_path / "known.csv"]
    assert run([*asked[:-2], *replay, "--out", tmp_path / "b.json"]) == 0
    told = {row["flag_id"]: row["true"] for row in json.loads((tmp_path / "b.json").read_text("utf-8"))}
    assert told["A03"] == 1


def test_a_backtest_knows_nothing_ahead_of_its_time(payments: Path, tmp_path: Path) -> None:
    (tmp_path / "known.csv").write_text("record_id,is_true\ny1,true\ny2,false\ny3,false\n", "utf-8")
    beside = f"listing={tmp_path / 'listings.csv'}"
    asked = [payments, "--kind", "payment", "--with", beside, "--backtest", "--outcomes", tmp_path / "known.csv"]
    run([*asked, "--from", "2025-08-01", "--to", "2025-10-31", "--out", tmp_path / "b.json"])
    found = {row["flag_id"]: row for row in json.loads((tmp_path / "b.json").read_text("utf-8"))}
    assert found["Y10"]["fired"] == found["Y10"]["true"] == 1 and found["Y10"]["recall"] == 1
    assert found["decision"]["precision_low"] < found["decision"]["precision"]
    run([*asked, "--from", "2025-08-01", "--to", "2025-08-31", "--out", tmp_path / "early.json"])
    early = json.loads((tmp_path / "early.json").read_text("utf-8"))
    assert [(row["flag_id"], row["fired"]) for row in early] == [("decision", 0)]


def test_alert_rates_by_group_come_with_their_intervals(tmp_path: Path) -> None:
    persons = ["person_id,name,citizenships"]
    cards = [CARDS.splitlines()[0].replace("scheme", "holder_id,scheme")]
    for place in range(200):
        persons.append(f"p{place},Name {place},{'RUS' if place % 2 else 'KAZ'}")
        is_late = place % 2 and place < 100
        cards.append(f"c{place},p{place},visa,KAZ,non_resident,2025-01-19,{'2027' if is_late else '2025'}-06-01,none")
    (tmp_path / "persons.csv").write_text("\n".join(persons), "utf-8")
    (tmp_path / "cards.csv").write_text("\n".join(cards), "utf-8")
    asked = [tmp_path / "cards.csv", "--kind", "card", "--with", f"person={tmp_path / 'persons.csv'}", "--fairness"]
    run([*asked, "--as-of", "2025-06-01", "--out", tmp_path / "f.json"])
    rows = {row["group"]: row for row in json.loads((tmp_path / "f.json").read_text("utf-8"))}
    assert rows["RUS"]["alerts"] == 50 and rows["KAZ"]["alerts"] == 0
    assert rows["RUS"]["low"] < rows["RUS"]["alert_rate"] == 0.5 < rows["RUS"]["high"]
    assert rows["RUS"]["is_outside"] and "A03" in rows["RUS"]["flags"]
