"""A real browser: the first page, a route, a name, a record; nothing is denied, nothing asked of another machine."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.browser import Browser, find_chromium
from tests.web.conftest import wait_for

pytestmark = pytest.mark.skipif(find_chromium() is None, reason="chromium is not installed")

SHOWN = ("/", "/explore", "/route/route-1", "/names?q=Arvid+Torvaldssen", "/record", "/today", "/timeline")
# Relative luminance of the colours of text and ground, as WCAG 2 reckons it; the least ratio of all texts of a page.
CONTRAST = """
(() => {
  const part = (v) => v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  const parts = (text) => text.match(/[\\d.]+/g).map(Number);
  const ground = (e) => {
    for (; e; e = e.parentElement) {
      const c = parts(getComputedStyle(e).backgroundColor);
      if (c.length === 3 || c[3] > 0.99) return c;
    }
    return [255, 255, 255];
  };
  const hasText = (e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
  let least = [99, ""];
  for (const e of document.querySelectorAll("body *")) {
    if (!e.checkVisibility() || e.closest("svg, .skip, .sr, select, meter") || !hasText(e)) continue;
    const [a, b] = [light(parts(getComputedStyle(e).color)), light(ground(e))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < least[0]) least = [ratio, e.outerHTML.slice(0, 120)];
  }
  return least;
})()
"""


@pytest.fixture
def browser(tmp_path: Path, server: str) -> Iterator[Browser]:
    wait_for(server, lambda answer: "river" in answer.text)
    with Browser(tmp_path / "profile") as found:
        yield found
        assert found.problems == []
        assert [address for address in found.requests if not address.startswith((server, "about:", "data:"))] == []


def test_a_reader_goes_from_the_answer_to_a_route(browser: Browser, server: str) -> None:
    browser.open(f"{server}/")
    assert "of every 100" in browser.run("document.querySelector('.lede').textContent").lower()
    before = browser.run("document.querySelector('.lede').textContent")
    browser.go("document.querySelectorAll('.switch a')[1].click()")
    assert browser.run("document.querySelector('.lede').textContent") != before
    browser.go("document.querySelector('nav a[href=\"/explore\"]').click()")
    browser.go("document.querySelector('.ranked a').click()")
    assert browser.run("document.querySelectorAll('.graph .observed').length") >= 1


def test_a_filter_takes_effect_when_it_is_chosen(browser: Browser, server: str) -> None:
    browser.open(f"{server}/explore")
    browser.go(
        "(() => { const s = document.querySelector('select[name=country]'); s.value = 'Armenia';"
        " s.dispatchEvent(new Event('change')); })()"
    )
    assert "country=Armenia" in browser.run("location.href")


def test_a_name_is_screened_from_the_keyboard(browser: Browser, server: str) -> None:
    browser.open(f"{server}/names")
    for kind in ("keyDown", "keyUp"):
        browser.call("Input.dispatchKeyEvent", type=kind, key="/", code="Slash", text="/" if kind == "keyDown" else "")
    assert browser.run("document.activeElement.name") == "q"
    browser.call("Input.insertText", text="Арвид Торвальдссен")
    browser.go("document.activeElement.form.requestSubmit()")
    assert "Arvid Torvaldssen" in browser.run("document.querySelector('.candidate').textContent")


def test_a_record_is_checked_by_its_form(browser: Browser, server: str) -> None:
    browser.open(f"{server}/record")
    browser.go("document.querySelector('form.paste').requestSubmit()")
    assert browser.run("document.querySelector('.decision').className") in (
        "decision pass",
        "decision ask",
        "decision stop",
    )


def test_the_desk_is_worked_at_from_the_keyboard(browser: Browser, server: str) -> None:
    """From the routes to a case that waits for its second person."""

    def press(key: str) -> None:
        code = {"Enter": 13, "ArrowDown": 40}[key]
        text = {"text": "\r"} if key == "Enter" else {}
        for kind in ("keyDown", "keyUp"):
            given = text if kind == "keyDown" else {}
            browser.call("Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=code, **given)

    browser.open(f"{server}/desk")
    browser.go("document.querySelector('form[action=\"/desk/routes\"]').requestSubmit()")
    links = browser.run("[...document.querySelectorAll('[data-rows] th a')].map((one) => one.href)")
    assert len(links) > 1
    browser.run("document.querySelector('[data-rows] th a').focus()")
    press("ArrowDown")
    press("Enter")
    browser.wait("Page.loadEventFired")
    assert browser.run("location.href") == links[1]
    browser.run("document.querySelector('summary[accesskey=k]').click()")
    browser.run("document.querySelector('input[name=title]').focus()")
    browser.go("document.activeElement.form.requestSubmit()")
    assert "/desk/case/" in browser.run("location.href")
    browser.run("document.querySelector('summary[accesskey=c]').click()")
    browser.run("document.querySelector('textarea[name=text]').focus()")
    browser.call("Input.insertText", text="Seen from the keyboard")
    browser.go("document.activeElement.form.requestSubmit()")
    browser.run("document.querySelector('summary[accesskey=x]').click()")
    browser.run("document.querySelector('.act[open] textarea[name=reason]').focus()")
    browser.call("Input.insertText", text="Enough seen")
    browser.go("document.activeElement.form.requestSubmit()")
    shown = browser.run("document.querySelector('main').textContent")
    assert "Seen from the keyboard" in shown and "Another person decides" in shown


def test_the_months_are_replayed_with_a_slider(browser: Browser, server: str) -> None:
    browser.open(f"{server}/")
    assert browser.run("document.querySelector('select[data-slider]').hidden")
    browser.go(
        "(() => { const s = document.querySelector('.replay input[type=range]'); s.value = 3;"
        " s.dispatchEvent(new Event('input')); s.dispatchEvent(new Event('change')); })()"
    )
    assert "known=2022-08" in browser.run("location.href")


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [390, 1280])
def test_texts_stand_out_and_nothing_runs_off_the_side(tmp_path: Path, server: str, width: int, dark: bool) -> None:
    wait_for(server, lambda answer: "river" in answer.text)
    with Browser(tmp_path / "profile", width=width, dark=dark) as browser:
        for path in (
            "/",
            "/explore",
            "/route/route-1",
            "/names?q=Arvid+Torvaldssen",
            "/record",
            "/today",
            "/timeline",
            "/desk",
        ):
            browser.open(f"{server}{path}")
            ratio, where = browser.run(CONTRAST)
            assert ratio >= 4.5, (path, ratio, where)
            assert browser.run("document.documentElement.scrollWidth - innerWidth") <= 0, path


def test_a_picture_can_be_taken(browser: Browser, server: str, tmp_path: Path) -> None:
    browser.open(f"{server}/")
    assert browser.picture(tmp_path / "first.png").stat().st_size > 20_000
    assert re.fullmatch(r"SIMULATED.*|Routes.*|The answer.*", browser.run("document.title"))
