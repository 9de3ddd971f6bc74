"""Orthographies: other ways to say a Latin word, where its spelling or its marks tell of a language.

Passports and cables drop the marks of Polish, Czech or Turkish letters, and German, Polish and French spell the sounds
of Russian by rules of their own. A word that shows such a spelling is read both ways.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from entrepot.parties.names.sounds import sounds

_UNMARKED = str.maketrans({"ł": "l", "ß": "ss", "ə": "a", "ı": "i", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe"})
_IS_LATIN = re.compile(r"[a-z\u00df-\u024f\u0259]+")
# What shows that a word follows the rules of one of these languages. German and Polish share endings.
_EASTERN_ENDING = r"(?:[oe]w(?:a|na|itsch|icz|ski|ska)?|ij|iej|w?jew(?:a)?|ji)$"
_SHOWS = {
    "german": re.compile(rf"sch|{_EASTERN_ENDING}|^j[aeu]|[bdfklmnprstvw]j[aeu]"),
    "polish": re.compile(rf"cz|sz|rz|si[aeou]|wicz$|{_EASTERN_ENDING}|[bdfklmnprstvw]j[aeu]"),
    "french": re.compile(r"tch|ine$|off$|^iou|ou|eff$|gue"),
}
_SHOWS_ANY = re.compile("|".join(shows.pattern for shows in _SHOWS.values()))
_RULES = {
    "german": (
        ("schtsch", "shch"), ("tsch", "ch"), ("dsch", "dzh"), ("sch", "sh"), ("ch", "kh"), ("ei", "ay"), ("ie", "i"),
        ("eu", "oy"), ("w", "v"), ("j", "y"), ("tz", "ts"), ("z", "ts"), ("v", "f"), ("c", "k"),
    ),
    "polish": (
        ("szcz", "shch"), ("cz", "ch"), ("sz", "sh"), ("rz", "zh"), ("ch", "kh"), ("ie", "e"), ("io", "o"),
        ("iu", "yu"), ("ia", "ya"), ("w", "v"), ("j", "y"), ("c", "ts"),
    ),
    "french": (("tch", "ch"), ("ch", "sh"), ("ou", "u"), ("gu", "g"), ("ine$", "in"), ("off$", "ov"), ("eff$", "ev")),
}  # fmt: skip
_WRITTEN = {
    language: re.compile("|".join(written if written.endswith("$") else re.escape(written) for written, _ in rules))
    for language, rules in _RULES.items()
}


@lru_cache(maxsize=1 << 14)
def other_sounds(word: str, text: str) -> tuple[str, ...]:
    """Return further ways to say a word: without its marks, and by the rules of languages that its spelling shows.

    Args:
        word: as it stands in the name, lower case.
        text: the same in the letters a to z.
    """
    if not _IS_LATIN.fullmatch(word) or (word.isascii() and not _SHOWS_ANY.search(text)):
        return ()
    found = []
    if not word.isascii():
        bare = unicodedata.normalize("NFD", word.translate(_UNMARKED))
        found.append(sounds("".join(c for c in bare if c.isascii())))
    found += [sounds(_respelled(text, language)) for language, shows in _SHOWS.items() if shows.search(text)]
    known = sounds(text)
    return tuple(dict.fromkeys(sound for sound in found if sound != known))


def _respelled(text: str, language: str) -> str:
    rules = {written.rstrip("$"): sound for written, sound in _RULES[language]}
    return _WRITTEN[language].sub(lambda found: rules[found.group()], text)
