"""The pages: what each shows, in both languages, to readers without script and with a keyboard alone."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from importlib.resources import files

import pytest

from entrepot.alerts import CERTAINTIES, SEVERITIES
from entrepot.cases import ROLES, STATES
from entrepot.web.pages.language import SAID, catalogue
from entrepot.web.pages.rendering import MENU
from tests.web.client import Client

PAGES = [
    "/",
    "/today",
    "/explore",
    "/explore?alerts=1&country=Kazakhstan&q=85",
    "/route/route-1",
    "/sides",
    "/timeline",
    "/timeline?jurisdiction=KGZ&topic=bank_cards",
    "/names",
    "/names?q=Torvaldssen",
    "/names/t-1",
    "/record",
    "/api",
    "/desk",
    "/desk/new",
    "/desk/alert/ALERT",
    "/desk/cases",
    "/desk/case/CASE",
    "/desk/audit",
]
# Codes of the desk that pages show in words.
CODES = {*STATES, *SEVERITIES, *CERTAINTIES, *ROLES, *SAID, "open", "frozen", "closed", "route", "company", "person"}
VOID = {"meta", "link", "input", "br", "img", "path", "rect", "option", "hr", "circle", "stop", "area"}


class Read(HTMLParser):
    """What matters of a page to somebody who does not see it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.language, self.title, self.headings, self.open = "", "", [], []
        self.labelled, self.controls, self.ids, self.unnamed, self.skip = 0, 0, [], [], ""
        self._depth_label = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag not in VOID:
            self.open.append(tag)
        if tag == "html":
            self.language = str(given.get("lang"))
        if given.get("class") == "skip":
            self.skip = str(given.get("href"))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "label":
            self._depth_label += 1
        if tag in ("select", "textarea") or (tag == "input" and given.get("type") != "hidden"):
            self.controls += 1
            self.labelled += self._depth_label > 0 or "aria-label" in given
        if tag == "svg" and "aria-hidden" not in given and given.get("role") == "img" and not given.get("aria-label"):
            self.unnamed.append(tag) if "aria-labelledby" not in given else None

    def handle_endtag(self, tag: str) -> None:
        if tag == "label":
            self._depth_label -= 1
        if tag not in VOID and tag in self.open:
            while self.open.pop() != tag:
                pass


@pytest.mark.parametrize("path", PAGES, indirect=True)
def test_a_page_can_be_read_without_seeing_it(client: Client, path: str) -> None:
    answer = client.page(path)
    assert answer.status_code == 200, answer.text[:500]
    found = Read(answer.text)
    assert (found.language, found.skip, found.headings[0], found.headings.count(1)) == ("en", "#main", 1, 1)
    assert all(after - before <= 1 for before, after in zip(found.headings, found.headings[1:], strict=False))
    assert found.controls == found.labelled and found.unnamed == []
    assert len(found.ids) == len(set(found.ids))


@pytest.mark.parametrize("path", PAGES, indirect=True)
def test_a_page_asks_nothing_of_another_machine(client: Client, path: str) -> None:
    text = client.page(path).text
    assert re.findall(r'(?:src|srcset|action|poster|data)="(?!/)[^"]*"', text) == []
    assert re.findall(r'<link [^>]*href="(?!/)[^"]*"', text) == []


@pytest.mark.parametrize("path", PAGES, indirect=True)
def test_a_page_says_that_the_world_is_simulated(client: Client, path: str) -> None:
    text = client.page(path).text
    assert "<title>SIMULATED: " in text and "<strong>SIMULATED</strong>" in text


def test_the_first_page_is_one_sentence_with_its_river(client: Client) -> None:
    text = client.page("/").text
    lede = re.search(r'<p class="lede"[^>]*>(.*?)</p>', text, re.DOTALL)
    assert lede and "90" in lede[1] and 'class="river wide"' in text


def test_the_switch_of_controls_moves_the_sentence_and_the_river(client: Client) -> None:
    text = client.page("/").text
    links = re.findall(r'<a href="(/\?controls=[a-z_]+)"', text)
    assert len(links) > 2 and 'aria-current="true" data-swap' in text
    sentences = {re.search(r'class="lede".*?</p>', client.page(link).text, re.DOTALL)[0] for link in links}  # type: ignore[index]
    assert len(sentences) == len(links)


def test_the_sentence_is_said_in_russian_too(client: Client) -> None:
    english, russian = (client.page(f"/?lang={one}").text for one in ("en", "ru"))
    assert 'class="lede" lang="ru"' in russian and 'class="lede" lang="en"' in english


def test_the_explorer_filters(client: Client) -> None:
    every, some = client.page("/explore").text, client.page("/explore?country=Armenia").text
    rows = re.findall(r"<tr[^>]*><td class=\"n\">\d+.*?</td><td>(\w+)", some)
    assert set(rows) == {"Armenia"} and every.count("<tr") > some.count("<tr")
    assert "No route matches" in client.page("/explore?q=nothing+is+called+so").text


def test_a_route_shows_observed_against_expected(client: Client) -> None:
    text = client.page("/route/route-1").text
    assert 'class="observed"' in text and 'class="expected"' in text and "Lawful explanations" in text
    assert client.page("/route/route-9999").status_code == 404


def test_candidates_stand_side_by_side_with_reasons(client: Client) -> None:
    text = client.page("/names?q=Arvid+Torvaldsen&birth=1961-03-04").text
    assert "Arvid Torvaldssen" in text and "birth date" in text and 'class="badge">match' in text


def test_a_hit_on_the_name_alone_says_so(client: Client) -> None:
    assert "rests on the name alone" in client.page("/names?q=Arvid+Torvaldssen").text
    assert "rests on the name alone" not in client.page("/names?q=Arvid+Torvaldssen&birth=1961-03-04").text


@pytest.mark.parametrize(
    "text",
    [
        "payment_id,value_date,amount,currency\np1,2024-05-01,100,EUR",
        '{"payment_id": "p1", "value_date": "2024-05-01", "amount": 100, "currency": "EUR"}',
        '[{"value_date": "2024-05-01", "amount": "100", "currency": "EUR", "purpose": "<b>x</b>"}]',
    ],
)
def test_a_pasted_record_gets_a_decision(client: Client, text: str) -> None:
    form = {"text": text, "kind": "payment", "as_of": "2024-06-01", "csrf": client.token("/record")}
    answer = client.post("/record", data=form, headers={"accept": "text/html"})
    assert answer.status_code == 200 and re.search(r'class="decision (pass|ask|stop)"', answer.text)
    assert "<b>x</b>" not in answer.text


def test_the_language_is_chosen_and_kept(client: Client) -> None:
    russian = client.page("/names?lang=ru").text
    assert '<html lang="ru">' in russian and "Поиск имени" in russian
    assert '<html lang="ru">' in client.page("/names").text
    assert '<html lang="en">' in client.page("/names?lang=en").text


def test_the_browser_s_language_counts_where_nobody_chose(client: Client) -> None:
    assert '<html lang="ru">' in client.page("/names", headers={"accept-language": "ru-RU,ru;q=0.9"}).text
    assert '<html lang="en">' in client.page("/names", headers={"accept-language": "fr"}).text


def test_every_text_of_the_interface_is_in_russian_too() -> None:
    texts = {name for _, name, _ in MENU} | {SAID.get(one, one.replace("_", " ")) for one in CODES}
    for template in (files("entrepot.web") / "templates").iterdir():
        texts |= set(re.findall(r"\bt\('((?:[^'\\]|\\.)*)'[,)]", template.read_text("utf-8")))
    assert sorted(texts - set(catalogue("ru"))) == []
    for text, russian in catalogue("ru").items():
        assert sorted(re.findall(r"{\w+}", text)) == sorted(re.findall(r"{\w+}", russian))


def test_an_error_is_a_page_to_a_reader_and_json_to_a_program(client: Client) -> None:
    page, shape = client.page("/names/nobody"), client.get("/entities/nobody")
    assert page.headers["content-type"].startswith("text/html") and 'role="alert"' in page.text
    assert shape.json()["kind"] == "NotFound" and page.status_code == shape.status_code == 404


def test_the_stylesheet_knows_dark_and_paper(client: Client) -> None:
    css = client.get("/static/web.css")
    assert "prefers-color-scheme: dark" in css.text and "@media print" in css.text
    assert client.get("/static/web.css", headers={"if-none-match": css.headers["etag"]}).status_code == 304
