"""Arabic: words in Arabic letters as sounds, and what such names have besides names: articles, titles, sons of.

The script leaves short vowels out and writes long ones with letters that are consonants, too. Its letters are read one
by one, for what looks like zh or sh in Latin letters may be two consonants with an unwritten vowel between (Zahid).
"""

from __future__ import annotations

import re

# Letters of Arabic, Persian, Pashto, Urdu, Kurdish and Uyghur, by their sounds. W is a long vowel, or a v.
_SPELLED = {
    "a": "اأآٱىةۀۂۃ", "i": "إۍ", "e": "ېە", "u": "ۇۈ", "o": "ۆ", "y": "ئيیێے", "W": "ؤو",
    "": "ءع", "s": "سصڅ",
    "b": "ب", "p": "پ", "t": "تثطٹټ", "J": "جژ", "C": "چ", "h": "حخهہھ", "d": "دذضظڈډ", "r": "رڑړ", "z": "زځږ",
    "S": "شښ", "g": "غگݢ", "f": "ف", "v": "ڤۋ", "k": "قكک", "l": "ل", "m": "م", "n": "نںڼڭ",
}  # fmt: skip
_LETTERS = {letter: sound for sound, letters in _SPELLED.items() for letter in letters}
# What is d or t in Arabic is z or s in Persian and in the languages that borrowed from it; j is g in Egypt.
_PERSIAN = str.maketrans("ضذظث", "زززس")
_EGYPTIAN = str.maketrans("ج", "گ")
# Marks of vowels, and the stroke that makes a word longer: documents leave them out.
MARKS = re.compile("[\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u0591-\u05c7]")
_IS_ARABIC = re.compile(r"[\u0600-\u06ff\u0750-\u077f]")
_GOD, _FAITH = "الله", frozenset(("الدين", "الدین"))
_ARTICLE, _SERVANT = "ال", "عبد"
ABU = frozenset(("أبو", "ابو", "أبي", "ابي", "أبا", "ابا", "ابی"))
UMM = frozenset(("أم", "ام"))
SON = frozenset(("بن", "ابن", "إبن", "ولد"))
DAUGHTER = frozenset(("بنت", "إبنة", "ابنة"))
PARTICLES = frozenset(("آل", "ال"))
TITLES = frozenset(
    "ملا مولوی مولوي حاج حاجی حاجي حاجى حجي الحاج شيخ شیخ الشيخ الشیخ دكتور الدكتور دکتر مهندس جنرال".split()
)


def parted(found: list[str]) -> list[str]:
    """Return words, God's name and the faith's joined to the word before: in Latin letters they are one (Nasrallah)."""
    made: list[str] = []
    for word in found:
        if made and (word == _GOD or word in _FAITH):
            made[-1] += word[1:] if word == _GOD else word[2:]
        else:
            made.append(word)
    return made


def spoken(word: str, *, is_bare: bool = True) -> tuple[str, ...]:
    """Return the sounds of a word in Arabic letters: as Arabic has them, then as other languages do, where they differ.

    The article goes, of the servant's names, too (Abd al-Rahman, Abdurrahman); other scripts have none.
    """
    if not _IS_ARABIC.search(word):
        return ()
    served = word.startswith(_SERVANT + _ARTICLE) and len(word) > len(_SERVANT + _ARTICLE) + 1
    bare = word[len(_SERVANT + _ARTICLE) :] if served else without_article(word) if is_bare else word
    ways = (bare, bare.translate(_PERSIAN), bare.translate(_EGYPTIAN))
    front = "abdu" if served else ""
    return tuple(dict.fromkeys(front + "".join(_LETTERS.get(letter, "") for letter in way) for way in ways))


def without_article(word: str) -> str:
    """Return an Arabic word without the article written before it."""
    return word[2:] if word.startswith(_ARTICLE) and len(word) > 4 else word
