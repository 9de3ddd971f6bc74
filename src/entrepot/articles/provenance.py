"""Where a text comes from: what it states of itself, and what can only be inferred. The two are never mixed."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from entrepot.articles.language import language_of
from entrepot.articles.layout import MOST_CHARACTERS, Block
from entrepot.articles.lexicon import outlets
from entrepot.articles.model import Provenance, Speaker, Stated
from entrepot.articles.opening import Opened
from entrepot.articles.people import People
from entrepot.articles.quantities import date_of
from entrepot.articles.speakers import AUTHOR, of_person

_NOBODY = re.compile(
    r"\b(?:staff|correspondent|reporter|editor(?:ial)?s?|desk|agency|news(?:room)?|team|our|service|admin|board)\b",
    re.I,
)
_DISCLAIMER = re.compile(
    r"[^\n.]*\b(?:views|opinions?)\b[^\n.]{0,80}\b(?:do not|does not|are those|may not|not necessarily)\b[^\n]*", re.I
)
_TRANSLATED = re.compile(
    (
        r"[^\n.]{0,60}\b(?:translated (?:from|by)|translation (?:from|by|of)|machine translation|переведено"
        r"|перевод с)\b[^\n]{0,80}"
    ),
    re.I,
)
_REPOST = re.compile(
    (
        r"[^\n.]{0,40}\b(?:originally (?:published|appeared)|first (?:published|appeared)|re-?posted"
        r"|republished|reprinted|source:|this article (?:first )?appeared)[^\n]{0,120}"
    ),
    re.I,
)
_ADDRESS = re.compile(r"https?://[^\s<>\"')\]]+")
_INTERVIEWEE = re.compile(
    (
        r"\b(?:interview(?:ed)? with|conversation with|spoke (?:to|with)|speaks (?:to|with)|talk(?:s|ed)? "
        r"(?:to|with)|answers|answered|asked|told|says|explains|comment(?:s|ed))\b"
    ),
    re.I,
)


def author_of(opened: Opened, blocks: Sequence[Block], people: People) -> tuple[Speaker, Stated | None]:
    """Return who narrates, and the author as stated; the plain ``author`` where no person is named."""
    for block in blocks:
        if block.kind not in ("byline", "boilerplate"):
            continue
        piece = opened.text[block.start : block.end]
        match = re.search(r"(?:\bby|author:|автор:|written by)[\s*_]+([^\n]{3,80})", piece, re.I)
        if block.kind == "boilerplate" and (
            not match or not re.match(r"[\W_]*(?:author|автор|by|written)", piece, re.I)
        ):
            continue
        name = re.split(r",| for | \||\(|\bin\b| – | — ", match[1] if match else "")[0].strip("*_ .")
        if match and not _NOBODY.search(name) and 2 <= len(name.split()) <= 4 and name[:1].isupper():
            person = people.add(name, block.start)
            return of_person(person), Stated(person.name, "stated", "byline")
        if match:
            return AUTHOR, Stated(name, "stated", "byline")
    if name := opened.meta.get("author", ""):
        is_person = not _NOBODY.search(name) and 2 <= len(name.split()) <= 4
        return (of_person(people.add(name)) if is_person else AUTHOR), Stated(name, "stated", "the page's own data")
    return AUTHOR, None


def interviewee_of(text: str, blocks: Sequence[Block], people: People, author: Speaker) -> Speaker | None:
    """Return who answers: a label that does not ask, else the person whom title and introduction name most."""
    asking = {b.label.lower() for b in blocks if b.kind == "question"}
    labels = Counter(b.label for b in blocks if b.kind == "answer" and b.label and b.label.lower() not in asking)
    for label, _ in labels.most_common():
        if len(label.split()) > 1 and (found := people.named(label)) and len(label) > 3:
            return of_person(found)
        if len(label) > 2 and (found := people.named(label)):
            return of_person(found)
    end = next((b.start for b in blocks if b.kind in ("question", "answer")), len(text))
    scores: Counter[str] = Counter()
    for person in people.persons.values():
        for place in person.places:
            if place < end:
                before = text[max(0, place - 80) : place]
                scores[person.name] += 1 + 2 * bool(_INTERVIEWEE.search(before)) + bool(person.role)
    asker = re.search(r"interview(?:ed)?(?: was)? (?:conducted )?by ([A-Z][^\n.,]{3,40})", text)
    for name, _ in scores.most_common():
        person = people.persons[name.lower()] if name.lower() in people.persons else people.add(name)
        if person.id != author.id and not (asker and person.name in asker[1]):
            return of_person(person)
    for label, _ in labels.most_common():
        expanded = [
            p
            for p in people.persons.values()
            if "".join(x[0] for x in p.name.split()).lower() == label.lower().replace(".", "")
        ]
        if expanded:
            return of_person(expanded[0])
    later = [p for p in people.persons.values() if p.id != author.id and p.role]
    return of_person(later[0]) if len(later) == 1 else None


def provenance_of(
    opened: Opened,
    blocks: Sequence[Block],
    layout: str,
    author: Stated | None,
    interviewee: Speaker | None,
    language: str | None = None,
) -> Provenance:
    """Return what is known of a text's origin, each stated or inferred with its reason."""
    known = dict(_known(opened, blocks))
    if author:
        known["author"] = author
    if interviewee:
        known["commentator"] = Stated(
            f"{interviewee.name}, {interviewee.role}".rstrip(", "), "inferred", "answers the questions of the text"
        )
    code, how = (language, "given by the user") if language else language_of(opened.text)
    if not language and (said := opened.meta.get("language")):
        code, how = said, "the page's own data"
    known["language"] = Stated(
        code, "stated" if how in ("given by the user", "the page's own data") else "inferred", how
    )
    notes = list(opened.notes)
    if len(opened.text) > MOST_CHARACTERS:
        notes.append(f"only the first {MOST_CHARACTERS:,} characters were read")
    if code == "ru":
        notes.append("Russian is read by rules of its own, which find less than those for English")
    elif code != "en":
        notes.append(
            f"the language is {code}; the rules are made for English and Russian, so that few claims are found"
        )
    return Provenance(
        opened.name,
        opened.sha256,
        hashlib.sha256(opened.text.encode("utf-8", "surrogatepass")).hexdigest(),
        opened.encoding,
        layout,
        dict(sorted(known.items())),
        tuple(notes),
    )


def _known(opened: Opened, blocks: Sequence[Block]) -> Iterator[tuple[str, Stated]]:
    text = opened.text
    headline = next((b for b in blocks if b.kind == "headline"), None)
    if opened.meta.get("title"):
        yield "title", Stated(opened.meta["title"], "stated", "the page's own data")
    elif headline:
        yield (
            "title",
            Stated(text[headline.start : headline.end], "inferred", "the first short paragraph without a full stop"),
        )
    for name in ("outlet", "address"):
        if opened.meta.get(name):
            yield name, Stated(opened.meta[name], "stated", "the page's own data")
    if not opened.meta.get("address") and (link := _ADDRESS.search(text)):
        yield "address", Stated(link.group().rstrip(".,;"), "inferred", "the first address in the text")
    if not opened.meta.get("outlet") and (name := _outlet(text, blocks)):
        yield "outlet", Stated(name, "inferred", "named in the dateline or beside the title")
    if date := _date(opened, blocks):
        yield "date", date
    for key, pattern in (("disclaimer", _DISCLAIMER), ("translation", _TRANSLATED), ("repost", _REPOST)):
        if match := pattern.search(text):
            yield key, Stated(match.group().strip(), "stated", "words of the text")


def _outlet(text: str, blocks: Sequence[Block]) -> str:
    head = text[: min(600, blocks[min(3, len(blocks) - 1)].end if blocks else 0)]
    return next(
        (
            name
            for name in sorted(outlets(), key=lambda n: (-len(n), n))
            if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", head)
        ),
        "",
    )


def _date(opened: Opened, blocks: Sequence[Block]) -> Stated | None:
    if opened.meta.get("date"):
        return Stated(opened.meta["date"][:10], "stated", "the page's own data")
    text = opened.text
    for block in blocks[:8]:
        piece = text[block.whole : block.start] if block.kind == "body" else text[block.start : block.end]
        is_beside = block.kind in ("date", "boilerplate", "byline") or (block.start > block.whole and not block.label)
        if is_beside and (found := date_of(piece, 0, len(piece))) and found["edtf"]:
            return Stated(found["edtf"], "stated", "a line beside the title")
    return None
