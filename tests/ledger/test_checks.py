"""The contributor's check: everything that the loader would refuse, at once."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from entrepot.errors import LedgerError
from entrepot.ledger import check_pack, open_ledger
from tests.ledger.packs_made import HEAD, fields, pack


def test_a_sound_pack_has_no_problems(tmp_path: Path) -> None:
    second = fields("b", replaces="a", contradicts=["a"])
    found = check_pack(pack(tmp_path, fields("a"), second))
    assert (found.entries, found.problems, found.citations, found.unopened) == (2, (), 2, 0)


def test_every_problem_is_told_not_only_the_first(tmp_path: Path) -> None:
    folder = pack(tmp_path, fields("a", sources=None), fields("b", status="ended"), fields("c"))
    (folder / "z.yml").write_text("entries: {", "utf-8")
    found = check_pack(folder)
    assert [problem.found.split()[0] for problem in found.problems] == ["no", "status", "cannot"]
    assert found.entries == 1


def test_sources_that_nobody_opened_are_allowed_and_counted(tmp_path: Path) -> None:
    found = check_pack(pack(tmp_path, fields("a", sources=[{"title": "known by its number"}]), fields("b")))
    assert (found.citations, found.unopened, found.unread, found.problems) == (2, 1, ("a",), ())


@pytest.mark.parametrize("link", ["replaces", "part_of", "contradicts"])
def test_a_link_to_nothing_is_refused_by_check_and_loader(tmp_path: Path, link: str) -> None:
    folder = pack(tmp_path, fields("a", **{link: ["b"] if link == "contradicts" else "b"}))
    (problem,) = check_pack(folder).problems
    assert f"{link} is 'b', which is no entry" in str(problem)
    with pytest.raises(LedgerError, match=f"{link} is 'b'"):
        open_ledger([folder])


def test_corrections_in_a_circle_are_refused(tmp_path: Path) -> None:
    folder = pack(tmp_path, fields("a", replaces="c"), fields("b", replaces="a"), fields("c", replaces="b"))
    (problem,) = check_pack(folder).problems
    assert "circle: a -> c -> b -> a" in str(problem)
    with pytest.raises(LedgerError, match="circle"):
        open_ledger([folder])


def test_an_entry_may_not_correct_itself(tmp_path: Path) -> None:
    (problem,) = check_pack(pack(tmp_path, fields("a", replaces="a"))).problems
    assert "names the entry itself" in str(problem)


def test_ids_of_other_packs_may_be_named_but_not_taken(tmp_path: Path) -> None:
    standing = list(open_ledger())
    folder = pack(tmp_path, fields("mine", replaces=standing[0].entry_id), fields(standing[1].entry_id))
    (problem,) = check_pack(folder, beside=standing).problems
    assert "is taken" in str(problem)


def test_a_wrong_head_is_a_problem(tmp_path: Path) -> None:
    (problem,) = check_pack(pack(tmp_path, fields(), head={**HEAD, "complete": ["all"]})).problems
    assert "under complete" in str(problem)


def test_the_shipped_pack_is_sound() -> None:
    found = check_pack(Path(str(files("entrepot.ledger").joinpath("pack"))))
    assert [str(problem) for problem in found.problems] == []
    assert found.entries >= 137


def test_a_chapter_without_goods_and_dates_without_stages_are_named(tmp_path: Path) -> None:
    goods = [{"hs_code": "7701", "hs_revision": "HS2022"}]
    found = check_pack(pack(tmp_path, fields("a", goods=goods), fields("b", dates="2025-01-01")))
    assert ["'7701'" in str(found.problems[0]), "Write stage and date" in str(found.problems[1])] == [True, True]
