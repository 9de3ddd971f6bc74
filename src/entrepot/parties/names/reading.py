"""Reading: the text of a name becomes tokens with the parts they can play: given, family, father's name.

A name seldom says which of its words is which. Endings tell (-ov, -ovna, -zoda), words tell (uulu, kyzy, oglu, bin), a
comma tells, a known given name tells; where nothing does, each reading is kept and the best fit of two names decides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from entrepot.parties.names import endings
from entrepot.parties.names.eastern import spelled_in
from entrepot.parties.names.endings import Ending
from entrepot.parties.names.given import Given, find_given, western
from entrepot.parties.names.orthographies import other_sounds
from entrepot.parties.names.scripts import cleaned, is_consonantal, latin, syllables, without_article, words
from entrepot.parties.names.sounds import skeleton, sounds

MOST_TOKENS = 16
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
_TITLES = frozenset(
    "mr mrs ms miss dr prof professor sir haji hajji hadji alhaj alhaji hajj sayyid sheikh shaykh mullah mawlawi maulvi"
    " general major brigadier colonel captain lieutenant commander admiral gen maj brig col lt jr sr iii mister frau"
    " herr monsieur madame".split()
)
_PARTICLES = frozenset(
    "al el ul ad as ar ash at az bin ibn ben bint van von der den ter de da do di del della dos du la le las los y e"
    " zu af av".split()
)
_ARABIC_PARTICLES = frozenset(("\u0628\u0646", "\u0627\u0628\u0646", "\u0628\u0646\u062a", "\u0622\u0644"))
# By their sounds, for each authority spells them its own way (oglu, ogly, oqly, ougli; kyzy, qizi, gizi).
_SON = frozenset("ulu uli ogli oglu ugli wgli okli oklu ogl ugl".split())
_DAUGHTER = frozenset("kyzi kizi kyz kiz gizi gyzi kysi gyz giz".split())
# Kyrgyz law since 2025: the forefather's name in place of a family's.
_FOREFATHER = frozenset("tegin tegi".split())
_LETTERS = frozenset("yu ya yo ye zh kh ts ch sh".split())
_SERVANT = ("bd", "`bd", "abd")
_ABD = re.compile(r"^ab[du]d?(?:[aeiouy]?[lrsnz]?[aeiouy]?)(?=[bdfghjkmnqrstvwxz][aeiouy]\w\w)")


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a name.

    Attributes:
        text: in the letters a to z.
        sound: its sounds.
        root: its sounds without a family's or a father's ending; the ending is what is left.
        kind: plain, family (by its ending), father, initial, number.
        gender: m, f or empty: what the ending says.
        given: the given name it is known as, or None.
        is_consonantal: its script leaves vowels out.
        others: the word said by the rules of other languages, as tokens.
    """

    text: str
    sound: str
    root: str
    kind: str = "plain"
    gender: str = ""
    given: Given | None = None
    is_consonantal: bool = False
    others: tuple[Token, ...] = ()

    def __hash__(self) -> int:
        # What is kept by token is asked for again and again; two tokens of one text seldom differ.
        return hash(self.text)


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


@lru_cache(maxsize=1 << 16)
def token_of(word: str) -> Token:
    """Return the token of one word, which stands by itself."""
    text = latin(word)
    sound = sounds(text)
    if not text:
        return Token("", "", "")
    if text.isdigit():
        return Token(text, text, text, "number")
    if len(text) == 1 or text in _LETTERS:
        return Token(text, sound, sound, "initial")
    if is_consonantal(word):
        return _unvowelled(word)
    others = tuple(_spelled(text, other) for other in other_sounds(word, text))
    token = _spelled(text, sound)
    if token.given is None and (known := next((o for o in others if o.given and o.kind == token.kind), None)):
        token = replace(token, gender=token.gender or known.gender, given=known.given)
    return replace(token, others=others) if others else token


def _spelled(text: str, sound: str) -> Token:
    given = find_given(sound)
    ending = endings.find(sound) if given is None else None
    if ending is None and given is None:
        ending = _kyrgyz_father(sound)
    if ending is None:
        return Token(text, sound, sound, gender=given.gender if given else "", given=given)
    return _ended(text, sound, ending)


def _kyrgyz_father(sound: str) -> Ending | None:
    """The genitive (a son's) or ablative (a daughter's) of a known father's name: Asan-dyn, Talant-tan."""
    found = _CASES.search(sound)
    if not found or found.start() < 3:
        return None
    # Of a doubled letter one sound is left: Bekbolot-tun.
    roots = (sound[: found.start()], sound[: found.start() + 1] if found[1][0] == "t" else "")
    root = next((r for r in roots if len(r) > 3 and (_MANS_NAME.search(r) or _is_mans(r))), "")
    return Ending("father", root, "m" if found[1][1] in "iyu" else "f") if root else None


def _is_mans(root: str) -> bool:
    given = find_given(root)
    return given is not None and given.gender == "m"


_CASES = re.compile(r"([dtn][iyuaeo]n)$")
# Second parts of Kyrgyz men's names; whoever's first part is unknown is known by them.
_MANS_NAME = re.compile(r"...(?:bek|bolot|bai|kul|temir|myrza)$")


def _unvowelled(word: str) -> Token:
    text = latin(without_article(word))
    if text in _SERVANT:
        text = "abd"
    sound = sounds(text)
    token = Token(text, sound, sound, is_consonantal=True)
    # What is d in Arabic is z in Persian and in the languages that borrowed from it.
    persian = sounds(latin(without_article(word).translate(_PERSIAN)))
    return replace(token, others=(Token(text, persian, persian, is_consonantal=True),)) if persian != sound else token


_PERSIAN = str.maketrans("\u0636\u0630\u0638", "\u0632\u0632\u0632")


def _ended(text: str, sound: str, ending: Ending) -> Token:
    known = _father_of(ending.root) if ending.kind == "father" else None
    return Token(text, sound, ending.root, ending.kind, ending.gender, known)


def _father_of(root: str) -> Given | None:
    """Fathers' names lose a last letter before the ending: Alekse-evich, Nikit-ich, Ily-ich."""
    return find_given(root) or find_given(f"{root}i") or find_given(f"{root}a")


def person_tokens(text: str) -> tuple[list[Token], int]:
    """Return a person's tokens, and how many of them stand before a comma (0: there is none)."""
    before, comma, after = text.partition(",")
    first = _tokens(before)
    if not comma or not after.strip():
        return first, 0
    rest = _tokens(after)
    return ([*first, *rest], len(first)) if rest else (first, 0)


def _tokens(text: str) -> list[Token]:
    found: list[Token] = []
    for word in words(text):
        if word.isascii():
            if word not in _TITLES:
                found.append(token_of(word))
        elif (parts := syllables(word)) is not None:
            found += _of_syllables(parts, is_first=not found)
        elif is_consonantal(word):
            if word not in _ARABIC_PARTICLES:
                found.append(token_of(word))
        elif (spelled := latin(word)) and spelled not in _TITLES:
            found.append(token_of(word))
        if len(found) >= 4 * MOST_TOKENS:
            break
    return _joined(found)[:MOST_TOKENS]


def _of_syllables(parts: list[str], *, is_first: bool) -> list[Token]:
    """Han and Hangul: the family's name is one syllable and comes first."""
    if not is_first or len(parts) < 2:
        return [Token(s := "".join(parts), s, s)]
    family, given = parts[0], "".join(parts[1:])
    return [Token(family, sounds(family), sounds(family), "family"), Token(given, sounds(given), sounds(given))]


def _joined(tokens: list[Token]) -> list[Token]:
    """Join abd and abu to what follows, father's names to their marker, and leave particles out."""
    made: list[Token] = []
    waiting = ""
    for token in tokens:
        text = token.text
        if waiting and text in _PARTICLES:
            continue
        if waiting:
            even = token_of(waiting + text)
            made.append(Token(even.text, even.sound, even.sound, is_consonantal=True) if token.is_consonantal else even)
            waiting = ""
        elif text in ("abd", "abdul", "abdel", "abdal", "abdur", "abdu", "abu", "abou"):
            waiting = "abu" if text.startswith("abo") or text == "abu" else "abdu"
        elif (marker := sounds(text.replace("ou", "u"))) in _MARKERS:
            if made and made[-1].kind != "father":
                made.append(_marked(made.pop(), marker))
        elif text not in _PARTICLES and text:
            made.append(_of_abd(token))
    return made if not waiting else [*made, token_of(waiting)]


def _marked(token: Token, marker: str) -> Token:
    """A word that a marker follows: the father's name, or the forefather's, which stands for the family's."""
    if marker in _FOREFATHER:
        return Token(token.text, token.sound, token.sound, "family")
    gender = "m" if marker in _SON else "f"
    return Token(token.text, token.sound, token.root, "father", gender, token.given)


_MARKERS = _SON | _DAUGHTER | _FOREFATHER


def _of_abd(token: Token) -> Token:
    if token.text[:2] != "ab" or len(token.text) < 7:
        return token
    even = _ABD.sub("abdu", token.text, count=1)
    return token_of(even) if even != token.text else token


@lru_cache(maxsize=1 << 16)
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
            sound = sounds(spelled)
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
