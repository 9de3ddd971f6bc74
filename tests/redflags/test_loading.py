"""Flag files: read strictly; a broken one stops itself only and says where it is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepot.errors import ConfigError, EntrepotError
from entrepot.redflags import read_flag, read_flags, shipped_flags

FLAG = """
id: T01
version: 1
title: {{en: Test}}
mechanisms: [M4]
kind: {kind}
family: conduct
basis: ours
{more}
condition: {condition}
reason: {{en: r}}
innocent: {{en: i}}
would_clear: {{en: w}}
ask: {{en: a}}
sources: [TEST]
"""


def text(condition: str, *, kind: str = "card", more: str = "") -> str:
    return FLAG.format(condition=condition, kind=kind, more=more)


def test_every_shipped_flag_is_read() -> None:
    assert shipped_flags().refused == () and shipped_flags().flags


def test_a_broken_file_stops_only_itself(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(text("expiry_date > issue_date"))
    (tmp_path / "b.yml").write_text(text("expiry_date > "))
    (tmp_path / "c.yml").write_text("id: [")
    found = read_flags(tmp_path)
    assert [flag.id for flag in found.flags] == ["T01"]
    assert ["b.yml" in str(found.refused[0]), "c.yml" in str(found.refused[1])] == [True, True]


@pytest.mark.parametrize(
    ("condition", "more", "said"),
    [
        ("expiry > issue_date", "", "no name 'expiry'"),
        ("it.amount > 3", "", "no name 'it'"),
        ("expiry_date", "", "`condition` is a DATE"),
        ("issue_date > 'soon' + 3", "", "T01"),
        ("exemption is null", "", "asks whether exemption IS NULL"),
        ("n > 3", "let: {n: {over: card, by: [holder_id], value: count(*), at: issue_date, days: 100000}}", "days"),
        ("n > 3", "let: {n: {over: cards, by: [holder_id], value: count(*)}}", "no kind of record 'cards'"),
        ("n > 3", "let: {n: {call: guess, of: [card_id]}}", "no function 'guess'"),
        ("n > 3", "let: {n: m + 1, m: n + 1}", "no name 'm'"),
        ("expiry_date > issue_date", "colour: red", "colour"),
        ("scheme = 'mir'", "let: {scheme: card_id}", "has the name of a field"),
    ],
)
def test_a_flag_that_cannot_be_meant_is_refused(condition: str, more: str, said: str) -> None:
    with pytest.raises(EntrepotError, match=said):
        read_flag(text(condition, more=more), where="t.yml")


@pytest.mark.parametrize(
    ("condition", "kind", "more"),
    [
        ("list_contains(citizenships, 'KGZ')", "person", ""),
        ("is_pep or birth_country = 'KGZ'", "person", ""),
        ("is_pep and (is_pep or true) or n = 'X'", "person", "let: {n: birth_country}"),
        ("holder.birth_country = 'KGZ'", "card", "let: {holder: {find: person, by: {holder_id: it.person_id}}}"),
    ],
)
def test_a_flag_that_protected_fields_alone_could_fire_is_refused(condition: str, kind: str, more: str) -> None:
    with pytest.raises(ConfigError, match="protected fields alone"):
        read_flag(text(condition, kind=kind, more=more), where="t.yml")


def test_a_duty_in_law_that_names_the_field_lifts_it() -> None:
    law = text("list_contains(citizenships, 'KGZ')", kind="person", more="duty: mine-1").replace("ours", "law")
    assert read_flag(law.replace("mine-1", "kaz-20250119-cards"), where="t.yml").duty
    assert read_flag(law, where="t.yml", acts=["mine-1"]).duty == "mine-1"


@pytest.mark.parametrize(
    ("duty", "basis", "said"),
    [("an act, article 1", "law", "is no entry of the ledger"), ("kaz-20250119-cards", "ours", "its basis is no law")],
)
def test_a_duty_that_no_dated_act_is_is_refused(duty: str, basis: str, said: str) -> None:
    law = text("list_contains(citizenships, 'KGZ')", kind="person", more=f"duty: {duty}").replace("ours", basis)
    with pytest.raises(ConfigError, match=said):
        read_flag(law, where="t.yml")


def test_a_yaml_bomb_and_an_enormous_file_are_refused() -> None:
    with pytest.raises(ConfigError):
        read_flag("a" * 300_000, where="t.yml")
    with pytest.raises(ConfigError):
        read_flag("!!python/object/apply:os.system ['true']", where="t.yml")
