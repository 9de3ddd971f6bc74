"""What the page's script does, in a real browser; skipped where there is none."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from entrepot.report import render_report
from tests.report import factory

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine")

ROWS = [
    factory.route(
        rank=i + 1,
        via_iso3=("KGZ", "KAZ", "ARM")[i % 3],
        product_id=f"{870300 + i}",
        hs_codes=f"{870300 + i};852580" if i == 4 else f"{870300 + i}",
        excess=1.005e6 * (9 - 2 * i),
        excess_low=-1e3 * i,
        excess_max=None if i == 2 else 3.3e7,
        covered_share_low=None if i % 2 else 0.2,
        q_value=0.0004 * (i + 1),
        is_alert=i < 2,
        caveats="" if i == 3 else "one_leg; customs_union",
    )
    for i in range(6)
]


COLUMNS = "via_iso3 product_id leg period observed expected low high control_set"


def page_of() -> str:
    return render_report(factory.answer(ROWS, paths=factory.made(COLUMNS, factory.path("KGZ", "870300"))))


def after(tmp_path: Path, script: str) -> str:
    """Return the page as it stands once the reader did what ``script`` does."""
    page = page_of()
    file = tmp_path / "page.html"
    file.write_text(page.replace("</body>", f"<script>{script}</script></body>"), "utf-8")
    asked = [
        *(str(BROWSER), "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"),
        *(
            "--disable-background-networking",
            "--virtual-time-budget=5000",
            f"--user-data-dir={tmp_path / 'profile'}",
            "--dump-dom",
        ),
        file.as_uri(),
    ]
    return subprocess.run(asked, capture_output=True, text=True, timeout=120, check=True).stdout


def body(page: str) -> str:
    return page.split('id="ranked"')[1].split("<tbody>")[1].split("</tbody>")[0]


def words(page: str) -> list[str]:
    rows = re.findall(r"<tr.*?</tr>", body(page), re.S)
    return [" ".join(html.unescape(re.sub(r"<[^>]+>", " ", row)).split()) for row in rows]


def test_the_script_writes_the_very_rows_that_the_page_came_with(tmp_path: Path) -> None:
    before = page_of()
    shown = after(tmp_path, "")
    assert words(shown) == words(before)
    bars = re.compile(r"(?:left|width): ?([\d.]+)%")
    assert [float(x) for x in bars.findall(body(shown))] == [float(x) for x in bars.findall(body(before))]


def test_filters_and_sorting_change_rows_and_say_so(tmp_path: Path) -> None:
    shown = after(
        tmp_path,
        "document.querySelector('#via').value='KAZ';"
        "document.querySelector('#via').dispatchEvent(new Event('change'));"
        "document.querySelector('th[data-key=\"0\"] button').click();",
    )
    assert [line.split()[0] for line in words(shown)] == ["5", "2"]
    assert "Showing 2 of 2 matching routes, 6 in all, sorted by rank, falling." in shown
    assert 'aria-sort="descending"' in shown


def test_a_product_is_found_by_any_of_its_codes(tmp_path: Path) -> None:
    shown = after(
        tmp_path,
        "document.querySelector('#product').value='852580';"
        "document.querySelector('#product').dispatchEvent(new Event('input'));",
    )
    assert [line.split()[0] for line in words(shown)] == ["5"]


def test_the_switch_moves_the_sentence_and_the_river(tmp_path: Path) -> None:
    shown = after(tmp_path, "document.querySelector('.switch input[value=\"own\"]').click();")
    seen = [part for part in re.findall(r'<(?:p|div) class="view[^>]*>', shown) if "hidden" not in part]
    assert len(seen) == 3
    assert all('data-set="own"' in part for part in seen)
    assert re.search(r'class="other on" data-line="own"', shown)


def test_a_river_comes_to_rest_in_its_own_shape_however_fast_the_switch_is_thrown(tmp_path: Path) -> None:
    pick = "document.querySelector('.switch input[value=\"%s\"]').click();"
    shown = after(
        tmp_path,
        pick % "own" + f"setTimeout(() => {{{pick % 'via'}}}, 100); setTimeout(() => {{{pick % 'own'}}}, 250);",
    )
    shapes = re.compile(r'<path class="(?:most|least|unseen)" d="([^"]*)"')
    assert shapes.findall(shown) == shapes.findall(page_of())
