"""Versions of lists: who is gone is gone, yesterday's list stays, a list that shrinks too much is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepot.errors import CheckFailed, ConfigError, NotFound
from tests.sources.lists import changed, entities_of, take
from tests.sources.reading import new_lake, written


def crowd(folder: Path, size: int, name: str = "un.xml") -> Path:
    people = "".join(
        f"<INDIVIDUAL><DATAID>{n}</DATAID><FIRST_NAME>MADEUP {n}</FIRST_NAME>"
        "<UN_LIST_TYPE>DRC</UN_LIST_TYPE></INDIVIDUAL>"
        for n in range(size)
    )
    return written(folder, f"<CONSOLIDATED_LIST><INDIVIDUALS>{people}</INDIVIDUALS></CONSOLIDATED_LIST>", name)


def test_who_is_gone_from_the_list_is_gone_from_the_version(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    take(lake, "un", "un.xml", at="2026-03-01T10:00:00Z")
    newer = changed(tmp_path, "un.xml", ("<DATAID>2001</DATAID>", "<DATAID>2002</DATAID>"))
    listed = take(lake, "un", newer, at="2026-03-08T10:00:00Z")
    assert "un-2001" not in listed.entities and "un-2002" in listed.entities
    assert "un-2001" in entities_of(lake, 1)
    assert listed.report.superseded == 5


def test_the_version_in_force_on_a_day(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    take(lake, "un", "un.xml", at="2026-03-01T10:00:00Z")
    take(lake, "un", crowd(tmp_path, 3), at="2026-03-08T10:00:00+06:00")
    assert [lake.version_at(when) for when in ("2026-03-01", "2026-03-07", "2026-03-08", "2030-01-01")] == [1, 1, 2, 2]
    assert [lake.version_at(f"2026-03-08T0{hour}:30:00Z") for hour in (3, 4)] == [1, 2]
    with pytest.raises(NotFound, match="held nothing on 2026-02-28"):
        lake.version_at("2026-02-28")
    with pytest.raises(ConfigError, match="no day and no instant"):
        lake.version_at("yesterday")


def test_the_same_files_change_nothing(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    take(lake, "ofac", "sdn.csv", "alt.csv")
    again = take(lake, "ofac", "alt.csv", "sdn.csv")
    assert (again.report.is_unchanged, lake.version().version) == (True, 1)


def test_an_older_file_comes_back_when_it_is_brought_again(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    before = take(lake, "un", "un.xml").entities
    take(lake, "un", crowd(tmp_path, 3, "other.xml"))
    assert take(lake, "un", "un.xml").entities == before


def test_a_list_that_loses_too_many_is_refused_and_can_be_forced(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    take(lake, "un", crowd(tmp_path, 120), at="2026-03-01T10:00:00Z")
    fewer = crowd(tmp_path, 60, "fewer.xml")
    with pytest.raises(CheckFailed, match=r"60 entities, 120 before.*version of 2026-03-01 stays.*lake drop un"):
        take(lake, "un", fewer)
    assert lake.version().version == 1
    lake.drop("un", at="2026-03-02T10:00:00Z")
    assert sum(one["is_target"] for one in take(lake, "un", fewer).entities.values()) == 60


def test_aliases_that_are_cut_between_two_records_are_refused(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    names = "".join(f'{n},"MADEUP {n}",' + ",".join(["-0- "] * 10) + "\r\n" for n in range(150))
    aliases = [f'{n},{n},"aka","OTHER {n}",-0- \r\n' for n in range(150)]
    files = [written(tmp_path, names + "\x1a", "sdn.csv"), written(tmp_path, "".join(aliases) + "\x1a", "alt.csv")]
    take(lake, "ofac", *files, at="2026-03-01T10:00:00Z")
    cut = written(tmp_path, "".join(aliases[:75]), "alt.csv")
    with pytest.raises(CheckFailed, match=r"alt\.csv: the list has 75 aliases, 150 before.*2026-03-01 stays current"):
        take(lake, "ofac", cut)


def test_a_small_list_and_a_small_loss_pass(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    take(lake, "un", crowd(tmp_path, 120))
    take(lake, "un", crowd(tmp_path, 90, "b.xml"))
    take(lake, "un", crowd(tmp_path, 70, "c.xml"))
    assert len(take(lake, "un", crowd(tmp_path, 5, "d.xml")).entities) == 10


def test_a_packed_list(tmp_path: Path) -> None:
    import zipfile

    with zipfile.ZipFile(tmp_path / "sdn.zip", "w") as archive:
        for name in ("sdn.csv", "alt.csv"):
            archive.write(Path(__file__).parents[1] / "fixtures" / "lists" / name, name)
    lake = new_lake(tmp_path)
    listed = take(lake, "ofac", tmp_path / "sdn.zip")
    assert listed.of("ofac-101")["alias"] == ["Vanya TESTOV"]
    later = take(lake, "ofac", "add.csv")
    assert (later.of("ofac-101")["alias"], later.of("ofac-101")["country"]) == (["Vanya TESTOV"], ["ru"])
