"""An article's file read: its provenance and its claims."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from entrepot.articles.bodies import Bodies
from entrepot.articles.claims import find_claims, sentences_of
from entrepot.articles.describing import described
from entrepot.articles.layout import MOST_CHARACTERS, blocks_of
from entrepot.articles.model import Reading, Speaker
from entrepot.articles.opening import Opened, open_article
from entrepot.articles.parsing import has_model, parsed
from entrepot.articles.people import People
from entrepot.articles.provenance import author_of, interviewee_of, provenance_of
from entrepot.articles.speakers import Speakers
from entrepot.articles.texts import Text


def read_article(path: str | Path, *, language: str | None = None, is_parsed: bool = True) -> Reading:
    """Return the provenance and the claims of one article.

    Args:
        path: a .txt, .md, .html or .pdf file.
        language: ISO 639-1 code; found by the text itself where it is not given.
        is_parsed: sentences are parsed where the extra ``articles`` is installed; else who speaks is read from the
            order of words alone.

    Raises:
        SourceError: the file cannot be read as text.
    """
    return read_opened(open_article(Path(path)), language=language, is_parsed=is_parsed)


def read_text(text: str, *, name: str = "text", language: str | None = None, is_parsed: bool = True) -> Reading:
    """Return the provenance and the claims of a text that is at hand; options as in ``read_article``."""
    import hashlib

    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return read_opened(Opened(name, text, digest, "utf-8", "text"), language=language, is_parsed=is_parsed)


def read_articles(
    paths: Sequence[str | Path], *, language: str | None = None, is_parsed: bool = True
) -> Iterator[Reading]:
    """Yield each article once: a file with the same bytes as one before is left out.

    Raises:
        SourceError: a file cannot be read as text.
    """
    seen: set[str] = set()
    for path in paths:
        opened = open_article(Path(path))
        if opened.sha256 not in seen:
            seen.add(opened.sha256)
            yield read_opened(opened, language=language, is_parsed=is_parsed)


def read_opened(opened: Opened, *, language: str | None = None, is_parsed: bool = True) -> Reading:
    """Return the provenance and the claims of an opened file."""
    blocks, layout = blocks_of(opened.text)
    people = People(opened.text[:MOST_CHARACTERS])
    author, stated = author_of(opened, blocks, people)
    for block in blocks:
        if block.label and len(block.label.split()) > 1:
            people.add(block.label, block.whole, block.role)
    interviewee: Speaker | None = interviewee_of(opened.text, blocks, people, author) if layout == "interview" else None
    headline = next(((b.start, b.end) for b in blocks if b.kind == "headline"), (0, 0))
    speakers = Speakers(opened.text, people, Bodies(opened.text, headline))
    if layout == "statement" and author.id == "author":
        author = _issuer(opened.text, blocks[0].start if blocks else 0, speakers) or author
    reading = Text(opened.text, blocks, layout, people, speakers, author, interviewee)
    if is_parsed:
        reading.parses = parsed(opened.text, sentences_of(reading))
    provenance = provenance_of(opened, blocks, layout, stated, interviewee, language)
    if is_parsed and provenance.known["language"].value == "en" and not has_model():
        note = "sentences were not parsed (extra 'articles'): promises, accusations and nested clauses may be missed"
        provenance = replace(provenance, notes=(*provenance.notes, note))
    claims = described(reading, find_claims(reading), article=provenance.sha256)
    return Reading(provenance, opened.text, tuple(claims))


def _issuer(text: str, start: int, speakers: Speakers) -> Speaker | None:
    """Return whose statement it is: ``Statement of the Ministry of ...``."""
    import re

    match = re.search(
        (
            r"\bstatement (?:by|of|from|issued by) (?:the )?(.{4,90}?)(?= on | regarding | concerning | about | "
            r"in connection |[,.;\n]|$)"
        ),
        text[start : start + 300],
        re.I,
    )
    return speakers.of_words(match[1], start + match.start(1)) if match else None
