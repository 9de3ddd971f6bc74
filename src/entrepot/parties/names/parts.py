"""Parts: the words of a person's name as tokens, with what joins, names and leads them: titles, particles, sons of."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from entrepot.parties.names import arabic
from entrepot.parties.names.eastern import spelled_in
from entrepot.parties.names.scripts import is_consonantal, latin, syllables, words
from entrepot.parties.names.sounds import sounds
from entrepot.parties.names.word import Token, token_of

MOST_TOKENS = 16
_TITLES = frozenset(
    "mr mrs ms miss dr doctor prof professor sir haji hajji hadji alhaj alhaji hajj sayyid sheikh shaykh mullah mulla"
    " mawlawi maulvi maulawi maulana general major brigadier colonel captain lieutenant commander admiral gen maj brig"
    " col lt jr sr iii mister frau herr monsieur madame".split()
)
_PARTICLES = frozenset(
    "al el ul ad as ar ash at az ur ud bin ibn ben bint ould wuld van von der den ter de da do di del della dos du la"
    " le las los y e zu af av".split()
)
_ARTICLES = frozenset("al el ad as ar ash at az".split())
# Titles and particles that are names, too: kept where nothing else is left (Ben Smith, Imran Sheikh, WANG Bin).
_NAMES_TOO = frozenset("haji hajji sayyid sheikh shaykh major ben bin le van do di la da du".split())
_OF_SON, _OF_DAUGHTER = frozenset("bin ibn ben ould wuld".split()), frozenset(("bint",))
_SERVANT = frozenset("abd abdul abdel abdal abdol abdoul abdur abdu".split())
_ABU, _UMM = frozenset(("abu", "abou", "aboo")), frozenset(("umm", "oum"))
# What one document parts from the word before and another joins to it: God's name, and the faith's.
_GOD = frozenset("allah ullah ollah ellah".split())
_FAITH = frozenset("din deen dine eddin eddine uddin uddine aldin addin addine".split())
_BY_WORD = {
    **dict.fromkeys(arabic.SON, "bin"),
    **dict.fromkeys(arabic.DAUGHTER, "bint"),
    **dict.fromkeys(arabic.ABU, "abu"),
    **dict.fromkeys(arabic.UMM, "umm"),
    "عبد": "abd",
}
# By their sounds, for each authority spells them its own way (oglu, ogly, oqly, ougli; kyzy, qizi, gizi).
_SON = frozenset("ulu uli ogli oglu ugli wgli okli oklu ogl ugl".split())
_DAUGHTER = frozenset("kyzi kizi kyz kiz gizi gyzi kysi gyz giz".split())
# Kyrgyz law since 2025: the forefather's name in place of a family's.
_FOREFATHER = frozenset("tegin tegi".split())
_ABD = re.compile(r"^ab[du]d?(?:[aeiouy]?[lrsnz]?[aeiouy]?)(?=[bdfghjkmnqrstvwxz][aeiouy]\w\w)")


def person_tokens(text: str) -> tuple[list[Token], int]:
    """Return a person's tokens, and how many of them stand before a comma (0: there is none)."""
    before, _, after = text.partition(",")
    front, back = words(before), words(after)
    # Of a name in syllables each word is one: Wang Da Wei, Li Bin.
    every = (*front, *back)
    kept = _PARTICLES if not _PARTICLES.isdisjoint(every) and spelled_in(every) else frozenset[str]()
    first = _tokens(front, kept) or _tokens(front, _NAMES_TOO)
    rest = (_tokens(back, kept, has_family=True) or _tokens(back, _NAMES_TOO)) if back else []
    if rest:
        return [*first, *rest], len(first)
    if len(first) < 2 and not _NAMES_TOO.isdisjoint(front):
        first = _tokens(front, _NAMES_TOO)
    return first, 0


def _tokens(found: Sequence[str], kept: Collection[str], *, has_family: bool = False) -> list[Token]:
    """Tokens of words, titles and particles left out but those that are to be kept."""
    made: list[Token] = []
    for word in found:
        if word.isascii():
            if word not in _TITLES or word in kept:
                made.append(token_of(word))
        elif (parts := syllables(word)) is not None:
            made += _of_syllables(parts, is_first=not made)
            kept = _PARTICLES
        elif is_consonantal(word):
            if word not in arabic.PARTICLES and word not in arabic.TITLES:
                made.append(token_of(_BY_WORD.get(word, word)))
        elif (spelled := latin(word)) and (spelled not in _TITLES or spelled in kept):
            made.append(token_of(word))
        if len(made) >= 4 * MOST_TOKENS:
            break
    return _joined(made, kept, has_family=has_family)[:MOST_TOKENS]


def _of_syllables(parts: list[str], *, is_first: bool) -> list[Token]:
    """Han and Hangul: the family's name is one syllable and comes first."""
    if not is_first or len(parts) < 2:
        return [Token(s := "".join(parts), s, s)]
    family, given = parts[0], "".join(parts[1:])
    return [Token(family, sounds(family), sounds(family), "family"), Token(given, sounds(given), sounds(given))]


def _joined(tokens: list[Token], kept: Collection[str], *, has_family: bool) -> list[Token]:
    """Join abd and abu to what follows, father's names to their marker, and leave particles out."""
    made: list[Token] = []
    sons: list[tuple[int, str]] = []
    waiting = gender = before = ""
    for token in tokens:
        text, count = token.text, len(made)
        if text in kept:
            made.append(token)
        elif waiting and text in _PARTICLES:
            pass
        elif waiting:
            made.append(_led(waiting, token))
            waiting = ""
        elif text in _SERVANT or text in _ABU or text in _UMM:
            waiting = "abu" if text in _ABU else "umm" if text in _UMM else "abdu"
        elif made and (text in _GOD or text in _FAITH) and not made[-1].is_consonantal:
            made[-1] = token_of(made[-1].text + ("ullah" if text in _GOD else "uddin"))
        elif (marker := sounds(text.replace("ou", "u"))) in _MARKERS:
            if made and made[-1].kind != "father":
                made.append(_marked(made.pop(), marker))
        elif made and (text in _OF_SON or text in _OF_DAUGHTER):
            gender = "m" if text in _OF_SON else "f"
        elif text not in _PARTICLES and text:
            made.append(_of_abd(_without_ending(token) if before in _ARTICLES else token))
        before = text
        if gender and len(made) > count:
            sons.append((count, gender))
            gender = ""
    made = made if not waiting else [*made, token_of(waiting)]
    return _with_fathers(made, sons, has_family=has_family) if sons else made


def _without_ending(token: Token) -> Token:
    """A word after an article: no Slavic family's, however it ends (al-Kashef)."""
    return Token(token.text, token.sound, token.sound) if token.kind == "family" else token


def _led(leader: str, token: Token) -> Token:
    """A word joined to the one that leads it: the servant's or father's of what follows."""
    if not token.is_consonantal:
        return token_of(leader + token.text)
    ways = [
        Token(leader + way.text, leader + way.sound, leader + way.sound, is_consonantal=True)
        for way in (token, *token.others)
    ]
    return replace(ways[0], others=tuple(ways[1:]))


def _with_fathers(made: list[Token], sons: Sequence[tuple[int, str]], *, has_family: bool) -> list[Token]:
    """Words after "son of": the first is the father's name; the last the family's where it is no known given name."""
    for number, (place, gender) in enumerate(sons):
        token = made[place]
        if token.kind != "plain":
            continue
        if place == len(made) - 1 and not has_family and (number or token.given is None):
            made[place] = replace(token, kind="family", gender="", given=None)
        elif number == 0:
            made[place] = replace(token, kind="father", gender=gender)
    return made


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
