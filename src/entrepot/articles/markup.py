"""HTML as a reader sees it: paragraphs parted by empty lines, without scripts, menus and forms."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

_SKIPPED = frozenset(
    "script style noscript template svg nav footer aside form button iframe select head figure figcaption".split()
)
_BLOCKS = frozenset(
    "p div section article header main li ul ol h1 h2 h3 h4 h5 h6 blockquote tr table br hr dd dt pre".split()
)
_VOID = frozenset("br hr img meta link input source wbr area base col embed track".split())
_META = {
    "og:title": "title",
    "author": "author",
    "article:author": "author",
    "og:site_name": "outlet",
    "article:published_time": "date",
    "date": "date",
    "og:url": "address",
    "dc.creator": "author",
    "dc.date": "date",
    "pubdate": "date",
    "citation_author": "author",
}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.meta: dict[str, str] = {}
        self.article: tuple[int, int] | None = None
        self._open: list[str] = []
        self._skipping: list[str] = []
        self._title = self._data = False
        self._ld: list[str] = []
        self._from = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._note(tag, given)
        if tag in _SKIPPED and tag not in _VOID:
            self._skipping.append(tag)
            self._data = tag == "script" and given.get("type") == "application/ld+json"
        if tag == "title":
            self._title = True
        if tag in _BLOCKS:
            self.pieces.append("\n" if tag == "br" else "\n\n")
        if tag == "article" and self.article is None:
            self._from = len(self.pieces)
            self.article = (self._from, -1)

    def _note(self, tag: str, given: dict[str, str]) -> None:
        if tag == "html" and given.get("lang"):
            self.meta.setdefault("language", given["lang"].split("-")[0].lower())
        elif tag == "meta" and given.get("content"):
            name = _META.get((given.get("property") or given.get("name") or "").lower())
            if name:
                self.meta.setdefault(name, given["content"].strip())
        elif tag == "link" and given.get("rel") == "canonical" and given.get("href"):
            self.meta.setdefault("address", given["href"])
        elif tag == "time" and given.get("datetime"):
            self.meta.setdefault("date", given["datetime"])

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._title = False
        if tag in self._skipping:
            while self._skipping and self._skipping.pop() != tag:
                pass
            self._data = False
        if tag in _BLOCKS:
            self.pieces.append("\n\n")
        if tag == "article" and self.article and self.article[1] < 0:
            self.article = (self._from, len(self.pieces))

    def handle_data(self, data: str) -> None:
        if self._title:
            self.meta.setdefault("page_title", data.strip())
        elif self._data:
            self._ld.append(data)
        elif not self._skipping:
            self.pieces.append(re.sub(r"[ \t\r\n\u00a0]+", " ", data))

    def linked(self) -> dict[str, str]:
        """Return title, author and date of the page's own structured data."""
        try:
            data = json.loads("".join(self._ld) or "{}")
        except ValueError:
            return {}
        item = data[0] if isinstance(data, list) and data else data
        if not isinstance(item, dict):
            return {}
        author = item.get("author")
        author = author[0] if isinstance(author, list) and author else author
        found = {
            "title": item.get("headline"),
            "date": item.get("datePublished"),
            "author": author.get("name") if isinstance(author, dict) else author,
        }
        return {name: value for name, value in found.items() if isinstance(value, str)}


def text_of_html(page: str) -> tuple[str, dict[str, str]]:
    """Return the text of a page and what it says of itself; the article element alone where it has most of it."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    whole = _joined(reader.pieces)
    text = whole
    if reader.article and reader.article[1] > 0:
        inside = _joined(reader.pieces[slice(*reader.article)])
        text = inside if len(inside) > 0.4 * len(whole) else whole
    meta = {**reader.linked(), **reader.meta}
    if page_title := meta.pop("page_title", ""):
        meta.setdefault("title", page_title)
    if meta.get("title") and meta["title"][:30] not in text[:600]:
        text = f"{meta['title']}\n\n{text}"
    return text, meta


def _joined(pieces: list[str]) -> str:
    text = "".join(pieces)
    text = re.sub(r" *\n *", "\n", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
