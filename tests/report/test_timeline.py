"""The timeline: what was told, holds, ended and is alleged are drawn apart, and no text can break the picture."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from entrepot.codes import parse_dated, parse_day
from entrepot.ledger import Citation, Entry, Standing, Suspension, standing
from entrepot.report import timeline, write_timeline

ON = "2025-06-01"


def entry(name: str = "kaz-a", *, dates: dict[str, str] | None = None, **more: object) -> Entry:
    return Entry(
        entry_id=name,
        kind="measure",
        jurisdiction=str(more.pop("jurisdiction", "KAZ")),
        instrument="card_rule",
        title=str(more.pop("title", "A rule")),
        dates={stage: parse_dated(when) for stage, when in (dates or {"effective": "2024-01-01"}).items()},
        sources=(Citation("An act", **more.pop("citation", {})),),  # type: ignore[arg-type]
        recorded_at="2025-01-01T00:00:00Z",
        **more,  # type: ignore[arg-type]
    )


def drawn(*entries: Entry, on: str = ON) -> str:
    svg = timeline([stand(one, on) for one in entries], on=on)
    ElementTree.fromstring(svg)
    key = svg.index('<g class="key"')
    return svg[svg.index("</defs>") : key] + svg[svg.index("</g>", key) :]


def stand(one: Entry, on: str = ON) -> Standing:
    return standing(one, on=parse_day(on), known=parse_day(on))


def test_an_announcement_is_a_circle_and_a_rule_in_force_a_bar() -> None:
    told, holds = drawn(entry(dates={"announced": "2024-01-01"})), drawn(entry())
    assert 'class="told"' in told and 'class="bar' not in told
    assert 'class="bar open"' in holds and 'class="told"' not in holds


def test_an_end_is_a_tick_and_its_bar_pale() -> None:
    ended = drawn(entry(dates={"effective": "2024-01-01", "removed": "2025-01-01"}))
    assert 'class="tick"' in ended and 'class="bar ended"' in ended and "open" not in ended


@pytest.mark.parametrize("status", ["alleged", "reported", "disputed", "proposed"])
def test_what_binds_nobody_is_dashed_with_its_word_and_has_no_bar(status: str) -> None:
    svg = drawn(entry(status=status))
    assert 'class="doubtful"' in svg and 'class="doubted"' in svg and f">{status}</text>" in svg
    assert 'class="bar' not in svg


def test_a_suspension_is_hatched_and_an_unsure_end_of_it_asks() -> None:
    pause = Suspension(parse_dated("2024-06-01"), parse_dated("2025-01-01"), is_end_sure=False)
    svg = drawn(entry(suspensions=(pause,)))
    assert 'class="paused"' in svg and 'class="asked"' in svg and ">unverified</text>" in svg
    assert 'class="bar open"' not in svg


def test_after_a_nominal_end_nothing_is_drawn_as_in_force() -> None:
    svg = drawn(entry(dates={"effective": "2023-01-01", "removed": "2024-01-01"}, is_end_sure=False))
    assert 'class="tick"' in svg and 'class="asked"' in svg and ">unverified</text>" in svg


def test_a_few_old_acts_do_not_take_the_width_of_the_many() -> None:
    many = [entry(f"kaz-{i}", dates={"effective": f"2023-{1 + i % 12:02}-{1 + i:02}"}) for i in range(25)]
    svg = drawn(entry("kaz-old", dates={"effective": "1992-05-01"}), *many)
    places = sorted(float(x) for x in re.findall(r'class="bar open" x="([0-9.]+)"', svg))
    assert 'class="knee"' in svg and places[1] - places[0] < 90 < 200 < places[-1] - places[1]
    assert 'class="knee"' not in drawn(*many)


def test_a_month_is_a_span_and_never_a_day() -> None:
    svg = drawn(entry(dates={"announced": "2024-03", "effective": "2024-05"}), entry("kaz-b"))
    assert 'class="told-span"' in svg and 'class="vague"' in svg
    assert 'class="told"' not in svg


def test_a_rule_that_runs_on_reaches_the_day_asked_for() -> None:
    assert 'class="now"' in drawn(entry(dates={"effective": "2015-01-01"}))


def test_rows_never_overlap_however_many() -> None:
    for n in (1, 5, 150):
        svg = timeline([stand(entry(f"kaz-{i}", jurisdiction=("KAZ", "KGZ")[i % 2])) for i in range(n)], on=ON)
        root = ElementTree.fromstring(svg)
        space = "{http://www.w3.org/2000/svg}"
        rows = [float(str(text.get("y"))) for text in root.iterfind(f"{space}g[{space}title]/{space}text[1]")]
        assert len(rows) == n and all(b - a >= 20 for a, b in pairwise(rows))
        assert float(root.attrib["height"]) > rows[-1] + 40


def test_an_empty_answer_is_a_picture_too() -> None:
    assert "0 entries" in timeline([], on=ON)


def test_no_title_becomes_markup_and_nothing_is_fetched(tmp_path: Path) -> None:
    bad = entry(title="<script>alert(1)</script> & more", citation={"url": "javascript:alert(1)"})
    write_timeline([stand(bad)], tmp_path / "t.html", on=ON)
    page = (tmp_path / "t.html").read_text("utf-8")
    assert "<script" not in page and "javascript:" not in page
    assert "src=" not in page and "@import" not in page


def test_the_picture_can_be_read_aloud_and_names_its_day_and_sources() -> None:
    svg = timeline([stand(entry())], on=ON)
    assert 'role="img"' in svg and "<desc" in svg and f"as of {ON}" in svg and "1 citations" in svg
