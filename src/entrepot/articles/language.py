"""Which language a text is in: by script and small words; by py3langid where it is installed."""

from __future__ import annotations

import re
from collections import Counter

_SMALL = {
    "en": "the of and to in is that for was with on as are by said it from at has not",
    "ru": "и в не на что с по как это он для из но к его от за был",
    "de": "der die und in den von zu das mit sich auf für ist nicht ein",
    "fr": "le la les de et des en un une que dans pour est qui sur",
    "tr": "ve bir bu için ile da de olarak olan daha çok gibi",
    "es": "el la de que y en los del se las por un para con",
    "kk": "және мен үшін бұл бар деп болып бойынша жылы",
    "ky": "жана менен үчүн бул болгон деп боюнча жылы",
    "uk": "і в не на що з до та як це для від є",
    "uz": "va bilan uchun bu ham bo'lgan o'zbekiston deb",
}


def language_of(text: str) -> tuple[str, str]:
    """Return the ISO 639-1 code of a text's language and how it was found; ``und`` where it cannot be told."""
    sample = text[:20000]
    words = Counter(re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)?", sample.lower()))
    total = sum(words.values())
    if total < 3:
        return "und", "too few words"
    shares = {code: sum(words[word] for word in small.split()) / total for code, small in _SMALL.items()}
    best = max(sorted(shares), key=lambda code: shares[code])
    if shares[best] >= 0.12:
        return best, "small words"
    try:
        import py3langid
    except ImportError:
        return (best, "small words") if shares[best] >= 0.05 else ("und", "no small words of a language that is known")
    code, _ = py3langid.classify(sample)
    return str(code), "py3langid"
