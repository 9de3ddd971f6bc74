"""The pages in Russian: no word of the program's own is left in English unless it is marked so."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from entrepot.cases import NEWS, ROLES, STATES
from entrepot.codes import find_territory
from entrepot.flows.caveats import CAVEATS
from entrepot.report.lawful import CHAPTERS, GENERAL, ONWARD
from entrepot.report.pieces import SAID as PIECES_SAID
from entrepot.report.pieces import TITLES
from entrepot.report.ranking import EVIDENCE
from entrepot.report.words import CONTROL_TITLES
from entrepot.web.pages.language import SAID, catalogue
from entrepot.web.pages.telling import sayer, tell
from tests.web.client import Client
from tests.web.test_pages import PAGES, VOID

ENGLISH = re.compile(r"[a-z]{3,}")
# Names: of the program, its users and keys, of parties, and what the tests wrote into a case.
NAMES = re.compile(
    r"Entrepot|SIMULATED|Enter|openapi.json|local|u-system|[ac]-[0-9a-f]+|sha256 [0-9a-f]+|ofac:ofac-1|ftm"
    r"|Arvid|Torvaldssen|Qwertula|Zxcvbnik|A case|A note|Seen|A. Nobody|утверждает ministry,"
)
CASES = Path(__file__).parents[2] / "src" / "entrepot" / "cases"


class Words(HTMLParser):
    """Texts and labels of a page that are English and not marked as such; those that are marked."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.unmarked: list[str] = []
        self.marked: list[str] = []
        self._open: list[tuple[str, str]] = [("", "")]
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        language = given.get("lang", self._open[-1][1])
        for name in ("aria-label", "alt", "title"):
            self._note(str(given.get(name) or ""), str(language))
        if tag not in VOID:
            self._open.append((tag, "code" if tag in ("code", "textarea", "style", "q") else str(language)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            while len(self._open) > 1 and self._open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        self._note(data, self._open[-1][1])

    def _note(self, text: str, language: str) -> None:
        if ENGLISH.search(NAMES.sub("", text)):
            {"ru": self.unmarked, "en": self.marked}.get(language, []).append(" ".join(text.split()))


@pytest.mark.parametrize("path", [*PAGES, "/sides?exporter=DEU&importer=KAZ&goods=854231"], indirect=True)
def test_a_page_holds_no_english_that_is_not_marked(client: Client, path: str) -> None:
    answer = client.page(path, headers={"accept-language": "ru"})
    assert answer.status_code == 200 and Words(answer.text).unmarked == []


def test_the_first_page_marks_only_what_publishers_wrote_as_english(client: Client) -> None:
    text = client.page("/", headers={"accept-language": "ru"}).text
    sources = re.search(r'<ul class="sources".*?</ul>', text, re.DOTALL)
    assert sources and Words(text.replace(sources[0], "")).marked == ["English"]


@pytest.mark.parametrize(
    "text",
    [
        *CAVEATS.values(),
        *(name.replace("_", " ") for name in CAVEATS),
        *CHAPTERS.values(),
        *(one.format(via="Armenia", destination="Russia") for one in (*GENERAL, ONWARD)),
        *TITLES.values(),
        *PIECES_SAID.values(),
        *EVIDENCE.values(),
        *CONTROL_TITLES.values(),
        "March to September 2022",
        "Germany to Armenia: 247\u00a0m to 402\u00a0m USD unexplained",
        "at least 86.6\u00a0m USD",
    ],
)
def test_the_report_s_own_sentences_are_told_in_russian(text: str) -> None:
    told = tell(text, "ru")
    assert told is not None and not ENGLISH.search(told)


def test_a_text_that_is_not_known_stays_and_is_marked() -> None:
    say = sayer("ru")
    assert say("Nordlyst <b>") == '<span lang="en">Nordlyst &lt;b&gt;</span>'
    assert say("Armenia") == "Армения" and sayer("en")("<b>") == "&lt;b&gt;"


def test_most_territories_that_trade_have_a_name_in_russian() -> None:
    codes = "ARE ARM AZE BLR CHN CZE DEU EST FIN GEO HKG IND ITA JPN KAZ KGZ KOR LTU LVA MNG POL RUS TJK TUR USA UZB"
    names = [found.name for code in codes.split() if (found := find_territory(code, scheme="iso3"))]
    assert len(names) == len(codes.split()) and [name for name in names if tell(name, "ru") is None] == []


def test_every_code_that_the_desk_writes_is_said_in_words() -> None:
    """Kinds of decisions, found where they are written, so that a new one is not forgotten."""
    text = "".join(path.read_text("utf-8") for path in CASES.glob("*.py"))
    kinds = set(re.findall(r'_decide\(writer, row, "(\w+)"|decide_case\(writer, row, "(\w+)"|record\("(\w+)"', text))
    codes = {part for one in kinds for part in one if part} | {*SAID, *STATES, *ROLES, "raised", "opened", "closed"}
    assert len(codes) > 20 and NEWS
    assert sorted(SAID.get(one, one.replace("_", " ")) for one in codes if _said(one) not in catalogue("ru")) == []


def _said(code: str) -> str:
    return SAID.get(code) or code.replace("_", " ")
