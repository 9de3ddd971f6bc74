"""Scripts: a name as it was typed becomes Latin letters, one token a word.

Cyrillic is spelled by tables of our own, because the languages that share the script (Kazakh, Kyrgyz, Uzbek, Tajik,
Ukrainian ...) do not share its sounds; Latin letters with marks likewise. Everything else is anyascii's.
"""

from __future__ import annotations

import html
import re
import unicodedata

from anyascii import anyascii

from entrepot.parties.names.arabic import MARKS, parted

# What is longer is no name; the rest is left aside, so that a cell of a megabyte costs no more than a name.
MOST_CHARACTERS = 400

# Letters of Cyrillic to Latin. Where languages differ (u with breve, ha) the reader's later rules even it out.
CYRILLIC = dict(
    zip(
        "абвгдезийклмнопрстуфхцчшщъыьэюяёжіїєґўқғңөұүһәҳҷӣӯҹҝҗӑӗҫѝѓќљњџђћјѕӧӱӓ",
        (
            "a b v g d e z i y k l m n o p r s t u f kh ts ch sh shch  y  e yu ya yo zh i yi ye g w q g n o u u h a"
            " h j i u j g j a e s i g k l n j j ch j z o u a"
        ).split(" "),
        strict=True,
    )
)
# Letters of Latin alphabets whose sound is not that of the bare letter.
LATIN = {
    "š": "sh", "ş": "sh", "ș": "s", "ś": "sh", "č": "ch", "ç": "c", "ć": "ch", "ž": "zh", "ż": "zh", "ź": "zh",
    "ğ": "g", "ǵ": "g", "ģ": "g", "ı": "i", "ə": "a", "ɵ": "o", "ø": "o", "œ": "oe", "æ": "ae", "ß": "ss",
    "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ŋ": "n", "ý": "y", "ț": "t", "ţ": "t", "ě": "ye", "ř": "rzh",
    "ü": "u", "ö": "o", "ä": "a", "å": "a", "ñ": "n",
}  # fmt: skip
# Letters that look alike in both scripts, lower case: what a mixed word is mended with.
_TO_CYRILLIC = str.maketrans("aceopxyktmhbi", "асеорхуктмнві")
_TO_LATIN = str.maketrans("асеорхуктмнвіһ", "aceopxyktmhbih")

_TAG = re.compile(r"<[^<>]{0,200}>")
_INVISIBLE = re.compile(r"[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]")
# Apostrophes are letters of Uzbek and of transliterations; they join what stands on both sides.
_APOSTROPHE = re.compile(r"[`´'ʹʺʻʼʽˈ‘’‛′\"“”„«»]")
_CYRILLIC = re.compile(r"[\u0400-\u052f]")
_LATIN = re.compile(r"[a-z\u00df-\u024f\u0259]")
_ASCII_WORD = re.compile(r"[a-z0-9]+")
_NO_APOSTROPHE = str.maketrans("", "", "`'\"")
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_HAN = re.compile(r"[\u3400-\u9fff]")
_HANGUL = re.compile(r"[\uac00-\ud7af]")
_CONSONANTAL = re.compile(r"[\u0590-\u07ff\ufb1d-\ufdff\ufe70-\ufefc]")


def cleaned(text: str) -> str:
    """Return a name without marks nobody sees, tags, entities and what is past the length of a name."""
    text = text[: 4 * MOST_CHARACTERS]
    if "&" in text or "<" in text:
        text = _TAG.sub(" ", html.unescape(text))
    if not text.isascii():
        text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    return text[:MOST_CHARACTERS]


def words(text: str) -> list[str]:
    """Return the words of a cleaned name, in lower case, apostrophes taken out, each in one script."""
    if text.isascii():
        return _ASCII_WORD.findall(text.lower().translate(_NO_APOSTROPHE))
    bare = MARKS.sub("", _APOSTROPHE.sub("", unicodedata.normalize("NFC", text.replace("İ", "i").lower())))
    found = [_mended(word) for word in _WORD.findall(bare)]
    return parted(found) if _CONSONANTAL.search(bare) else found


def _mended(word: str) -> str:
    """A word of two scripts in one: the letters of the other only look alike."""
    cyrillic, latin_letters = len(_CYRILLIC.findall(word)), len(_LATIN.findall(word))
    if not cyrillic or not latin_letters:
        return word
    as_cyrillic, as_latin = word.translate(_TO_CYRILLIC), word.translate(_TO_LATIN)
    if cyrillic >= latin_letters or not _LATIN.search(as_cyrillic):
        return as_cyrillic if not _LATIN.search(as_cyrillic) or _CYRILLIC.search(as_latin) else as_latin
    return as_latin


def latin(word: str) -> str:
    """Return a word of any script in the letters a to z and digits."""
    if word.isascii():
        return word
    spelled = "".join(CYRILLIC.get(c) or LATIN.get(c) or c for c in word if c not in "ъь")
    if not spelled.isascii():
        spelled = "".join(c for c in unicodedata.normalize("NFD", spelled) if not unicodedata.combining(c))
    if not spelled.isascii():
        spelled = anyascii(spelled).lower()
    return re.sub(r"[^a-z0-9]", "", spelled)


def syllables(word: str) -> list[str] | None:
    """Return the syllables of a word written in Han or Hangul, or None for other scripts."""
    if _HAN.search(word) or _HANGUL.search(word):
        return [re.sub(r"[^a-z0-9]", "", anyascii(c).lower()) for c in word]
    return None


def is_consonantal(word: str) -> bool:
    """Return whether a word's script leaves short vowels unwritten (Arabic, Hebrew, Syriac)."""
    return bool(_CONSONANTAL.search(word))
