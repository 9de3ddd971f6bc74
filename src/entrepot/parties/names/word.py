"""Word: one word of a name as a token: its letters, its sounds, and what its ending or a table says of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from entrepot.parties.names import endings
from entrepot.parties.names.arabic import spoken
from entrepot.parties.names.endings import Ending
from entrepot.parties.names.given import Given, find_given
from entrepot.parties.names.orthographies import other_sounds
from entrepot.parties.names.scripts import is_consonantal, latin
from entrepot.parties.names.sounds import sounds

_LETTERS = frozenset("yu ya yo ye zh kh ts ch sh".split())


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


@lru_cache(maxsize=1 << 15)
def token_of(word: str) -> Token:
    """Return the token of one word, which stands by itself."""
    text = latin(word)
    sound = sounds(text)
    if text.isdigit():
        return Token(text, text, text, "number")
    if is_consonantal(word):
        return _unvowelled(word, text)
    if not text:
        return Token("", "", "")
    if len(text) == 1 or text in _LETTERS:
        return Token(text, sound, sound, "initial")
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


def _unvowelled(word: str, text: str) -> Token:
    ways = spoken(word) or (sounds(text),)
    text = text or ways[0].lower()
    kind = "initial" if len(word) == 1 else "plain"
    tokens = [Token(text, way, way, kind, is_consonantal=True) for way in ways]
    return replace(tokens[0], others=tuple(tokens[1:]))


def _ended(text: str, sound: str, ending: Ending) -> Token:
    known = _father_of(ending.root) if ending.kind == "father" else None
    return Token(text, sound, ending.root, ending.kind, ending.gender, known)


def _father_of(root: str) -> Given | None:
    """Fathers' names lose a last letter before the ending: Alekse-evich, Nikit-ich, Ily-ich."""
    return find_given(root) or find_given(f"{root}i") or find_given(f"{root}a")
