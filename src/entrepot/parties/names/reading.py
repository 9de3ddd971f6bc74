"""Reading: the text of a name becomes tokens with the parts they can play: given, family, father's name.

A name seldom says which of its words is which. Endings tell (-ov, -ovna, -zoda), words tell (uulu, kyzy, oglu, bin), a
comma tells, a known given name tells; where nothing does, each reading is kept and the best fit of two names decides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from entrepot.parties.names import endings
from entrepot.parties.names.arabic import spoken
from entrepot.parties.names.eastern import spelled_in
from entrepot.parties.names.given import western
from entrepot.parties.names.parts import MOST_TOKENS, person_tokens
from entrepot.parties.names.scripts import cleaned, is_consonantal, latin, syllables, words
from entrepot.parties.names.sounds import skeleton, sounds
from entrepot.parties.names.word import Token

# What forms hold where nobody knew the name: whole cells in the languages of the region. "Na" is a name, "N/A" is none.
_NO_NAMES = frozenset(
    (
        "n a", "none", "null", "nil", "unknown", "unknown unknown", "unknown name", "name unknown", "not known",
        "not available", "not specified", "not provided", "not applicable", "no name", "noname", "no data", "tbd",
        "tba", "undefined", "anonymous", "нет", "нет данных", "нет имени", "не указано", "не указан", "не указана",
        "н д", "не известно", "неизвестно", "неизвестен", "неизвестна", "неизвестный", "отсутствует", "без имени",
        "не заполнено", "невідомо", "не вказано", "yok", "bilinmiyor", "bilinmeyen", "belirtilmemis", "belirtilmemiş",
        "isimsiz", "жок", "белгисиз", "жоқ", "белгісіз", "noma lum", "номаълум", "naməlum", "inconnu", "unbekannt",
        "k a", "entfällt", "desconocido", "nieznany", "brak",
    )
)  # fmt: skip
_LONGEST_NOTHING = 24
_NOTHING_SAID = re.compile(r"[^\w]+|_")


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a name: which tokens are given names, which the family's; ``doubt`` in log-odds."""

    given: tuple[Token, ...]
    family: tuple[Token, ...]
    doubt: float = 0.0


@dataclass(frozen=True, slots=True)
class Name:
    """A name that was read.

    Attributes:
        text: as it was given.
        schema: FollowTheMoney schema of its bearer.
        tokens: its words in their order, particles and titles left out.
        father: the token that names the father, or None.
        gender: m, f or empty: what a patronymic or a known given name says.
        readings: of a person: ways to read it, at least one.
        folded: the sounds of its words, separated by spaces, for an index of n-grams.
        skeleton: their consonants, likewise.
        eastern: of a person: its words where all are syllables of Chinese or Korean; else none.
        is_western: of a person: it stood in Latin letters from the first, as its given name's spelling tells.
    """

    text: str
    schema: str
    tokens: tuple[Token, ...]
    father: Token | None
    gender: str
    readings: tuple[Reading, ...]
    folded: str
    skeleton: str
    eastern: tuple[str, ...] = ()
    is_western: bool = False


@lru_cache(maxsize=1 << 12)
def read_name(text: str, *, schema: str = "Person") -> Name | None:
    """Return a name that was read, or None for what is none (nothing, one letter, digits alone).

    Args:
        text: as it was typed, in any script; "Family, Given" is understood.
        schema: Person reads given and family names; other schemas read a body's name.
    """
    if len(text) <= _LONGEST_NOTHING and " ".join(_NOTHING_SAID.sub(" ", text.casefold()).split()) in _NO_NAMES:
        return None
    clean = cleaned(text)
    tokens, n_before = person_tokens(clean) if schema == "Person" else (_plain(clean), 0)
    if not any(token.kind not in ("number", "initial") for token in tokens) and len(tokens) < 2:
        return None
    if not any(c.isalpha() for token in tokens for c in token.text):
        return None
    folded = " ".join(token.sound for token in tokens)
    bones = " ".join(skeleton(token.sound) for token in tokens)
    if schema != "Person":
        return Name(text, schema, tuple(tokens), None, "", (), folded, bones)
    tokens = _settled(tokens, n_before)
    father = next((token for token in tokens if token.kind == "father"), None)
    readings = _readings(tokens, father, n_before, clean)
    gender = _gender(father, readings)
    eastern = _eastern(tokens)
    is_western = not eastern and _is_western(tokens, clean)
    return Name(text, schema, tuple(tokens), father, gender, readings, folded, bones, eastern, is_western)


def _eastern(tokens: list[Token]) -> tuple[str, ...]:
    parted = tuple(token.text for token in tokens)
    return parted if 2 <= len(parted) <= 4 and spelled_in(parted) else ()


def _is_western(tokens: list[Token], text: str) -> bool:
    is_plain = all(token.kind in ("plain", "initial") for token in tokens)
    return is_plain and any(t.text in western() for t in tokens) and not _OTHER_SCRIPT.search(text)


_OTHER_SCRIPT = re.compile(r"[^\W\d_a-zA-Z\u00c0-\u024f]")


def _plain(text: str) -> list[Token]:
    found: list[Token] = []
    for word in words(text):
        parts = syllables(word)
        spelled = "".join(parts) if parts is not None else latin(word)
        if spelled:
            sound = next(iter(spoken(word, is_bare=False)), "") or sounds(spelled)
            kind = "number" if spelled.isdigit() else "plain"
            found.append(Token(spelled, sound, sound, kind, is_consonantal=is_consonantal(word)))
        if len(found) >= MOST_TOKENS:
            break
    return found


def _settled(tokens: list[Token], n_before: int) -> list[Token]:
    """A family may end like a father's name (Abramovich): so it is where nothing else is left for the family."""
    others = [t for t in tokens if t.kind not in ("father", "initial", "number")]
    fathers = [t for t in tokens if t.kind == "father"]
    surely = [t for t in fathers if t.gender == "f" or not endings.is_slavic_son(t.sound)]
    if len(others) == 1 and len(fathers) == 1 and not surely:
        return [_as_family(t) if t is fathers[0] else t for t in tokens]
    if len(fathers) > 1:
        kept = tokens.index(fathers[-1]) if n_before == 0 else max(tokens.index(t) for t in fathers)
        return [_as_family(t) if t.kind == "father" and i != kept else t for i, t in enumerate(tokens)]
    if n_before and tokens[0].kind == "father" and n_before == 1:
        return [_as_family(tokens[0]), *tokens[1:]]
    return tokens


def _as_family(token: Token) -> Token:
    return Token(token.text, token.sound, token.root, "family", "", None, others=token.others)


def _readings(tokens: list[Token], father: Token | None, n_before: int, text: str) -> tuple[Reading, ...]:
    core = [t for t in tokens if t is not father and t.kind != "number"]
    if not core:
        return (Reading((), (father,) if father else ()),)
    if n_before:
        before = [t for t in tokens[:n_before] if t in core]
        after = [t for t in tokens[n_before:] if t in core]
        if before and after:
            return (Reading(tuple(after), tuple(before)),)
    if len(core) == 1:
        is_given = father is not None or core[0].given is not None
        return (Reading(tuple(core), ()) if is_given else Reading((), tuple(core)),)
    families = [t for t in core if t.kind == "family"]
    plain = [t for t in core if t.kind != "family"]
    if families and plain:
        return (Reading(tuple(plain), tuple(families)),)
    if father is tokens[-1] and not families:
        # What ends in the father's name may name no family at all.
        return (*_undecided(core, text), Reading(tuple(core), (), 0.3))
    return _undecided(core, text)


def _undecided(core: list[Token], text: str) -> tuple[Reading, ...]:
    shouted = [word.lower() for word in text.split() if len(word) > 1 and word.isupper()]
    if 0 < len(shouted) < len(text.split()):
        family = [t for t in core if t.text in {latin(w) for w in shouted}]
        if 0 < len(family) < len(core):
            return (Reading(tuple(t for t in core if t not in family), tuple(family)),)
    last = Reading(tuple(core[:-1]), tuple(core[-1:]))
    first = Reading(tuple(core[1:]), tuple(core[:1]))
    knows_first, knows_last = core[0].given is not None, core[-1].given is not None
    # Two words may come in either order; of three and more the family's is hardly ever first without a comma.
    doubtful = (0.2 if len(core) == 2 else 1.6) if knows_first == knows_last else 1.2 if len(core) == 2 else 1.6
    if knows_last and not knows_first:
        last, first = first, last
    found = [last, Reading(first.given, first.family, doubtful)]
    if len(core) > 2:
        found.append(Reading(tuple(core[:-2]), tuple(core[-2:]), 0.3))
    return tuple(found)


def _gender(father: Token | None, readings: tuple[Reading, ...]) -> str:
    if father is not None and father.gender:
        return father.gender
    known = {t.given.gender for t in readings[0].given[:1] if t.given}
    return known.pop() if len(known) == 1 else ""
