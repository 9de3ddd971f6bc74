"""``entrepot measures`` and ``--measure``: lists, pictures, files, clear errors; no lake needed."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from entrepot.cli import main
from tests.ledger.packs_made import new_lake

PACK = """\
jurisdiction: KGZ
entries:
  - id: kgz-own
    instrument: card_rule
    title: A rule
    dates: {effective: 2024-05}
    sources: [{title: An act}]
"""


def pack(folder: Path, text: str = PACK) -> Path:
    (folder / "pack.yml").write_text("id: own\ntitle: Own\nrecorded_at: 2024-06-01T00:00:00Z\n", "utf-8")
    (folder / "rules.yml").write_text(text, "utf-8")
    return folder


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["measures", *arguments]) == 0
    return capsys.readouterr().out


def test_a_list_has_the_status_of_its_day(capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(
        told(
            capsys,
            "list",
            "--kind",
            "measure",
            "--jurisdiction",
            "KAZ",
            "--topic",
            "bank_cards",
            "--on",
            "2025-01-19",
            "--json",
        )
    )
    assert {row["id"]: row["status"] for row in found} == {
        "kaz-20250119-cards": "in_force",
        "kaz-20250119-kaspi-pause": "in_force",
    }


def test_what_nobody_could_know_is_not_listed(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ("list", "--jurisdiction", "KGZ", "--topic", "payment_system", "--on", "2024-12-31", "--json")
    ids = {row["id"] for row in json.loads(told(capsys, *asked, "--known", "2024-04-01"))}
    assert "kgz-20221017-mir-banks" in ids and "kgz-20240403-mir-stop" not in ids


def test_show_says_why_and_who_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    text = told(capsys, "show", "usa-20250929-affiliates-rule", "--on", "2026-11-24")
    assert "unverified" in text and "look it up before relying on it" in text
    assert "sources:" in text and "read 2026-11-23" in text


def test_an_unknown_id_is_one_line_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["measures", "show", "kgz-20240403-mir-stopp"]) == 1
    assert "Did you mean kgz-20240403-mir-stop" in capsys.readouterr().err


@pytest.mark.parametrize("ending", ["svg", "html", "csv", "json"])
def test_a_timeline_is_written_by_its_ending(tmp_path: Path, ending: str) -> None:
    out = tmp_path / f"measures.{ending}"
    assert main(["measures", "timeline", "--jurisdiction", "KGZ", "--on", "2026-11-24", "--out", str(out)]) == 0
    assert "kgz-20240403-mir-stop" in out.read_text("utf-8")


def test_the_picture_is_sound_xml_and_alleged_rows_say_so(tmp_path: Path) -> None:
    out = tmp_path / "measures.svg"
    assert main(["measures", "timeline", "--jurisdiction", "KGZ,TUR", "--on", "2026-11-24", "--out", str(out)]) == 0
    words = [node.text for node in ElementTree.parse(out).iter() if node.get("class") == "word"]
    assert {"alleged", "reported", "disputed"} <= set(words)


def test_coadoption_is_the_contracts_json(capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(told(capsys, "coadoption", "--topic", "payment_system", "--jurisdictions", "KGZ,TUR", "--json"))
    names = "a b jurisdiction_a jurisdiction_b topic stage date_a date_b days p_value is_simultaneous rival_triggers"
    assert set(names.split()) <= set(found["pairs"][0])
    assert all(pair["p_value"] is None for pair in found["pairs"])


def test_a_pack_of_ones_own_joins_the_shipped_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ("list", "--jurisdiction", "KGZ", "--instrument", "card_rule", "--packs", str(pack(tmp_path)), "--json")
    assert [row["id"] for row in json.loads(told(capsys, *asked, "--on", "2024-07-01"))] == ["kgz-own"]
    assert json.loads(told(capsys, *asked, "--on", "2024-05-31")) == []


def test_check_says_what_is_wrong_and_where(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["measures", "check", str(pack(tmp_path))]) == 0
    pack(tmp_path, PACK.replace("[{title: An act}]", "[]"))
    assert main(["measures", "check", str(tmp_path)]) == 1
    error = capsys.readouterr().err
    assert "rules.yml" in error and "kgz-own" in error and "source" in error


def test_export_as_ftm_is_one_entity_a_line(tmp_path: Path) -> None:
    out = tmp_path / "sanctions.jsonl"
    assert main(["measures", "export", "--jurisdiction", "USA", "--format", "ftm", "--out", str(out)]) == 0
    assert "Sanction" in {json.loads(line)["schema"] for line in out.read_text("utf-8").splitlines()}


def test_routes_needs_an_event_or_a_measure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["routes", "--destination", "RUS"]) == 2
    assert "--measure" in capsys.readouterr().err
    lake = str(new_lake(tmp_path).path)
    asked = ["--measure", "kaz-20230401-online-tracking", "--event", "2022-01"]
    assert main(["routes", "--lake", lake, "--destination", "RUS", *asked]) == 2
    assert "2023-04" in capsys.readouterr().err


def test_check_gives_one_line_a_problem_and_refuses_shipped_ids(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    two = PACK.replace("kgz-own", "kgz-20240403-mir-stop") + (
        "  - {id: kgz-b, instrument: card_rule, title: B, dates: {effective: 2024-05}, part_of: no-such,"
        " sources: [{title: An act}]}\n"
    )
    assert main(["measures", "check", str(pack(tmp_path, two))]) == 1
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 2 and "kgz-20240403-mir-stop" in lines[0] and "no-such" in lines[1]


def test_the_shipped_pack_is_sound(capsys: pytest.CaptureFixture[str]) -> None:
    from importlib.resources import files

    assert main(["measures", "check", str(files("entrepot.ledger").joinpath("pack"))]) == 0
    assert "are sound" in capsys.readouterr().err


def test_a_lake_that_does_not_exist_is_an_error_and_no_lake_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["measures", "list", "--jurisdiction", "KGZ"]) == 0
    assert main(["measures", "list", "--lake", str(tmp_path / "none")]) == 1
    assert "none" in capsys.readouterr().err


def test_contradictions_have_a_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rule = "  - {{id: kgz-{0}, instrument: card_rule, title: X, targets: [One Bank],"
    rule += " dates: {{effective: {1}}}, sources: [{{title: X}}]}}"
    twice = "\n".join([PACK.rstrip(), rule.format("a", "2024-05-01"), rule.format("b", "2024-05-20"), ""])
    found = json.loads(told(capsys, "conflicts", "--packs", str(pack(tmp_path, twice)), "--json"))
    assert ("dated_twice", "kgz-a", "kgz-b") in {(row["kind"], row["a"], row["b"]) for row in found}


def test_the_page_of_coadoption_shows_every_pair_and_who_followed_whom(tmp_path: Path) -> None:
    out = tmp_path / "pairs.html"
    asked = ["--topic", "payment_system", "--jurisdictions", "KAZ,KGZ", "--known", "2026-11-24"]
    assert main(["measures", "coadoption", *asked, "--out", str(out)]) == 0
    page = out.read_text("utf-8")
    assert "Who followed whom" in page and "does not say who coordinated whom" in page
    assert "kgz-20240403-mir-stop" in page and "http" not in page
