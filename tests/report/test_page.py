from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from entrepot.errors import SourceError
from entrepot.report import render_report, write_report
from tests.report import factory

EVIL = "<script>alert(1)</script>&\"'</title>"


class Reader(HTMLParser):
    """Every attribute, every id, and whether tags close in order."""

    VOID = frozenset(("meta", "input", "path", "rect", "br"))
    LOOSE = frozenset(("tr", "th", "td", "li", "option"))

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.ids += [found["id"] or ""] if "id" in found else []
        self.links += [found[name] or "" for name in ("href", "src") if name in found]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open[-1] != tag and self.open[-1] in self.LOOSE:
            self.open.pop()
        if tag in self.VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


def rows_of(page: str) -> Any:
    return json.loads(re.search(r'id="rows">(.*?)</script>', page, re.S)[1])  # type: ignore[index]


def test_the_page_is_whole_and_every_inner_link_leads_somewhere() -> None:
    read = Reader(render_report(factory.answer()))
    assert read.wrong == []
    assert len(read.ids) == len(set(read.ids))
    assert {link[1:] for link in read.links if link.startswith("#")} <= set(read.ids)


def test_the_page_needs_no_network() -> None:
    page = render_report(factory.answer(), simulated=True)
    assert not re.search(r"<link|@import|<img|<iframe|url\((?!#)", page)
    outside = [link for link in Reader(page).links if not link.startswith("#")]
    assert outside == ["https://example.org/data.csv"]


def test_the_same_answer_gives_the_same_bytes() -> None:
    assert render_report(factory.answer(), command="x") == render_report(factory.answer(), command="x")


def test_the_bytes_do_not_hang_on_the_order_of_hashes(tmp_path: Path) -> None:
    code = (
        "import hashlib; from tests.report import factory; from entrepot.report import render_report;"
        "print(hashlib.sha256(render_report(factory.answer()).encode()).hexdigest())"
    )
    root = Path(__file__).parents[2]
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(root)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1


def test_hostile_text_is_shown_and_never_run() -> None:
    rows = [factory.route(top_origins=f"{EVIL} 61%", caveats=EVIL, hs_codes=EVIL, product_id=EVIL, via_iso3=EVIL)]
    page = render_report(
        factory.answer(
            rows,
            product_names={EVIL: EVIL},
            caveat_texts={EVIL: EVIL},
            control_sets={"pooled": EVIL},
            parameters={"destination": "RUS", EVIL: EVIL},
            paths=factory.made(
                "via_iso3 product_id leg period observed expected low high control_set", factory.path(EVIL, EVIL)
            ),
        ),
        command=EVIL,
    )
    assert "<script>alert" not in page
    assert "</title>&" not in page
    assert rows_of(page)["rows"][0][3] == ""
    assert page.count("</script>") == 2


def test_a_source_address_that_is_no_web_address_is_text() -> None:
    source = {**factory.answer().sources.rows()[0], "url": "javascript:alert(1)"}
    page = render_report(factory.answer(sources=factory.made(" ".join(source), [source])))
    assert 'href="javascript' not in page
    assert "javascript:alert(1)" in page


def test_simulated_is_said_on_top_and_on_every_printed_page() -> None:
    page = render_report(factory.answer(), simulated=True)
    assert "<title>SIMULATED" in page
    assert '<div class="banner" role="note"><strong>SIMULATED</strong>' in page
    assert '@top-center { content: "SIMULATED' in page
    assert "SIMULATED" not in render_report(factory.answer())


def test_unknown_reads_unknown_and_a_known_zero_reads_zero() -> None:
    page = render_report(factory.answer([factory.route(covered_share_low=None, share_of_lost_direct=0.0)]))
    cells = re.findall(r'<td class="n">([^<]*)</td>', page.split('id="ranked"')[1].split("</tbody>")[0])
    assert cells[3:5] == ["0\u00a0%", "unknown to 55\u00a0%"]


def test_rows_that_could_not_be_tested_stand_apart_with_their_reason() -> None:
    rows = [factory.route(), factory.untested(product_id="852589"), factory.untested(product_id="854151")]
    page = render_report(factory.answer(rows))
    assert len(rows_of(page)["rows"]) == 1
    assert "The code did not exist before the event" in page
    assert "852589, 854151" in page


def test_an_answer_without_rows_still_makes_a_page() -> None:
    nothing = factory.answer()
    empty = {name: factory.Table.from_rows([], getattr(nothing, name).types) for name in factory.PARTS}
    page = render_report(factory.answer([], **empty, control_sets={}, caveat_texts={}, parameters={}))
    assert "No route could be tested." in page
    assert Reader(page).wrong == []


def test_only_untestable_rows_still_make_a_page() -> None:
    page = render_report(factory.answer([factory.untested(currency=None)]))
    assert "1 pair of intermediary and product could not be tested" in page


def test_a_panel_shows_legs_caveats_and_lawful_explanations_and_names_the_unseen_leg() -> None:
    page = render_report(factory.answer())
    panel = page.split('id="route-1"')[1].split("</article>")[0]
    assert "The leg from Kyrgyzstan to Russia is not seen in this data." in panel
    assert "Only one leg of this route is in the data." in panel
    assert "Private buyers bring in used cars" in panel


def test_the_mirror_panel_counts_months_outside_the_quiet_range() -> None:
    columns = "via_iso3 product_id period export_value import_value gap_share gap_quiet_low gap_quiet_high"
    values = [("2022-03", -1.5), ("2022-04", 0.1), ("2022-05", None)]
    rows = [
        dict(zip(columns.split(), ("KGZ", "870323", month, 5.0, 2.0, gap, -0.3, 0.2), strict=True))
        for month, gap in values
    ]
    page = render_report(factory.answer(mirror=factory.made(columns, rows)))
    assert "In 1 of 2 months of the window the gap" in page


def test_no_word_accuses_anybody() -> None:
    page = render_report(factory.answer(), simulated=True).lower()
    for word in ("evader", "evasion", "launder", "smuggl", "violat", "guilty", "proof"):
        assert word not in page


def test_five_thousand_rows_stay_small_and_are_all_in_the_file() -> None:
    rows = [
        factory.route(rank=i + 1, product_id=f"{840000 + i}", caveats="one_leg;customs_union", excess=1e9 / (i + 7))
        for i in range(5000)
    ]
    names = {row["product_id"]: "Machines and parts for working any material by heat" for row in rows}
    page = render_report(factory.answer(rows, product_names=names))
    assert len(page.encode()) < 1_500_000
    assert len(rows_of(page)["rows"]) == 5000
    assert page.split('id="ranked"')[1].split("</tbody>")[0].count("<tr") == 201


def test_the_file_is_written_whole_and_replaces_the_older_one(tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    target.write_text("older")
    assert write_report(factory.answer(), target) == target
    assert target.read_text("utf-8") == render_report(factory.answer())
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("name", ["none/report.html", "."])
def test_a_path_that_cannot_be_written_is_said_and_nothing_is_left(tmp_path: Path, name: str) -> None:
    with pytest.raises(SourceError) as caught:
        write_report(factory.answer(), tmp_path / name)
    assert caught.value.remedy
    assert list(tmp_path.iterdir()) == []


def test_two_writers_leave_one_whole_file(tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    answer = factory.answer()
    writers = [threading.Thread(target=write_report, args=(answer, target)) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert target.read_text("utf-8") == render_report(answer)
    assert list(tmp_path.iterdir()) == [target]


def test_a_panel_splits_the_interval_by_who_carries_the_rise() -> None:
    panel = render_report(factory.answer()).split('id="route-1"')[1].split("</article>")[0]
    titles = [title.replace("\u00a0", " ") for title in re.findall(r"<title>(.*?)</title>", panel)]
    assert titles[0] == "Germany to Kyrgyzstan: 23.2 m to 28.7 m EUR unexplained"
    assert titles[-1] == "Kyrgyzstan to Russia: not seen in this data"
    assert len(titles) == 5


def test_a_caveat_of_every_route_is_said_once_on_top() -> None:
    rows = [factory.route(caveats="one_leg; customs_union"), factory.route(rank=2, via_iso3="KAZ")]
    page = render_report(factory.answer(rows))
    assert "True of every route on this page:" in page.split('id="figures-title"')[0]
    assert rows_of(page)["head"]["notes"] == ["customs union"]
