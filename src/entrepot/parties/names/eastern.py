"""Eastern: names of Chinese and Korean syllables, read by the system in which they are spelled.

A syllable of pinyin is one sound, however near another it looks (Zhang, Zheng); the same syllable is spelled otherwise
in Wade-Giles (hsi, xi), in Palladius' Cyrillic (si) and where Korean families are spelled by habit (Lee, Yi, Ri). So a
name whose every word can be parted into such syllables is compared by them. The tables are made from the rules of the
systems; tones and apostrophes, which documents drop, are left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

# Finals of pinyin after each initial, as its table of syllables has them.
_FINALS = {
    "": "a ai an ang ao e ei en er o ou",
    "b": "a ai an ang ao ei en eng i ian iao ie in ing o u",
    "p": "a ai an ang ao ei en eng i ian iao ie in ing o ou u",
    "m": "a ai an ang ao e ei en eng i ian iao ie in ing iu o ou u",
    "f": "a an ang ei en eng o ou u",
    "d": "a ai an ang ao e ei eng i ian iao ie ing iu ong ou u uan ui un uo",
    "t": "a ai an ang ao e eng i ian iao ie ing ong ou u uan ui un uo",
    "n": "a ai an ang ao e ei en eng i ian iang iao ie in ing iu ong u uan uo v ve",
    "l": "a ai an ang ao e ei eng i ian iang iao ie in ing iu ong ou u uan un uo v ve",
    "g": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "k": "a ai an ang ao e en eng ong ou u ua uai uan uang ui un uo",
    "h": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "j": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "q": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "x": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "zh": "a ai an ang ao e en eng i ong ou u ua uai uan uang ui un uo",
    "ch": "a ai an ang ao e en eng i ong ou u uai uan uang ui un uo",
    "sh": "a ai an ang ao e ei en eng i ou u ua uai uan uang ui un uo",
    "r": "an ang ao e en eng i ong ou u uan ui un uo",
    "z": "a ai an ang ao e ei en eng i ong ou u uan ui un uo",
    "c": "a ai an ang ao e en eng i ong ou u uan ui un uo",
    "s": "a ai an ang ao e en eng i ong ou u uan ui un uo",
    "y": "a an ang ao e i in ing o ong ou u uan ue un",
    "w": "a ai an ang ei en eng o u",
}
_WADE = {
    "b": "p", "d": "t", "g": "k", "j": "ch", "q": "ch", "x": "hs", "zh": "ch", "z": "ts", "c": "ts", "r": "j",
}  # fmt: skip
_WADE_FINALS = {
    "ian": "ien", "ie": "ieh", "ong": "ung", "iong": "iung", "ue": "ueh", "ve": "ueh", "v": "u", "er": "erh",
}  # fmt: skip
_WADE_WHOLE = {
    "zhi": "chih", "chi": "chih", "shi": "shih", "ri": "jih", "zi": "tzu", "ci": "tzu", "si": "ssu szu", "ye": "yeh",
    "yan": "yen", "yue": "yueh", "you": "yu", "yong": "yung", "ge": "ko ke", "ke": "ko ke", "he": "ho", "e": "o",
    "yi": "i yi", "shuo": "shuo", "gui": "kuei", "kui": "kuei", "zhe": "che", "che": "che", "xiong": "hsiung",
    "duo": "to", "tuo": "to", "luo": "lo", "nuo": "no", "zuo": "tso", "cuo": "tso", "suo": "so", "zhuo": "cho",
    "chuo": "cho", "ruo": "jo",
}  # fmt: skip
# Palladius, in the letters that the table of Cyrillic gives.
_PALLADIUS = {
    "zh": "chzh", "j": "tsz", "q": "ts", "x": "s", "z": "tsz", "c": "ts", "r": "zh", "h": "kh", "w": "v",
}  # fmt: skip
_PALLADIUS_FINALS = {
    "i": "i", "ia": "ya", "ian": "yan", "iang": "yan", "iao": "yao", "ie": "e", "in": "in", "ing": "in", "iong": "yun",
    "iu": "yu", "ai": "ay", "ei": "ey", "ang": "an", "eng": "en", "ong": "un", "uai": "uay", "uang": "uan",
    "ui": "uy", "ue": "yue", "ve": "yue", "v": "yuy", "e": "e", "uo": "o", "ua": "ua", "er": "er",
}  # fmt: skip
_PALLADIUS_WHOLE = {
    "zhi": "chzhi", "chi": "chi", "shi": "shi", "ri": "zhi", "zi": "tszy", "ci": "tsy", "si": "sy", "yi": "i",
    "ya": "ya", "yan": "yan", "yang": "yan", "yao": "yao", "ye": "e", "yin": "in", "ying": "in", "yong": "yun",
    "you": "yu", "yu": "yuy", "yuan": "yuan", "yue": "yue", "yun": "yun", "wu": "u", "ju": "tszyuy", "qu": "tsyuy",
    "xu": "syuy", "juan": "tszyuan", "quan": "tsyuan", "xuan": "syuan", "jun": "tszyun", "qun": "tsyun",
    "xun": "syun", "jue": "tszyue", "que": "tsyue", "xue": "syue", "hui": "khuey", "yo": "yo", "guo": "go",
}  # fmt: skip
# Korean: what is spelled and the sounds it may stand for, by the Revised system's letters. Unaspirated consonants are
# written with either letter; o, u and eo are not told apart by habit.
_KOREAN_INITIALS = {
    "kk": "k", "g": "k", "k": "k", "d": "t", "t": "t", "b": "p", "p": "p", "j": "c", "ch": "c", "jj": "c", "n": "n",
    "m": "m", "r": "l", "l": "l", "s": "s", "sh": "s", "ss": "s", "h": "h", "": "",
}  # fmt: skip
_KOREAN_VOWELS = {
    "a": "a", "ae": "e", "ai": "e", "e": "e", "ya": "ya", "ah": "a", "eo": "o", "o": "o", "u": "o", "oo": "o",
    "eu": "o", "ou": "o", "oh": "o", "yeo": "yo", "yo": "yo", "yu": "yo", "you": "yo", "yoo": "yo", "i": "i", "ee": "i",
    "ui": "i", "eui": "i", "ye": "ye", "wa": "wa", "wo": "wo", "weo": "wo", "oe": "we", "oi": "we", "we": "we",
    "wi": "wi",
}  # fmt: skip
_KOREAN_FINALS = {
    "": "", "k": "k", "g": "k", "ck": "k", "n": "n", "hn": "n", "l": "l", "r": "l", "m": "m", "p": "p", "b": "p",
    "ng": "ng", "t": "t", "rk": "k",
}  # fmt: skip
_KOREAN_CYRILLIC = {"kh": "h", "chkh": "c", "tkh": "t", "pkh": "p", "kkh": "k"}
# Families that are spelled by habit, and the rest of those that most Koreans bear.
_KOREAN_FAMILIES = {
    "lee": "li", "yi": "li", "ri": "li", "rhee": "li", "rhie": "li", "i": "li", "ree": "li", "li": "li",
    "park": "pak", "pak": "pak", "bak": "pak", "bag": "pak",
    "choi": "cwe", "choe": "cwe", "choy": "cwe", "tsoi": "cwe", "tsoy": "cwe",
    "roh": "lo", "noh": "lo", "no": "lo", "ro": "lo", "ryu": "lyo", "yoo": "lyo", "yu": "lyo", "lyu": "lyo",
    "lim": "lim", "im": "lim", "rim": "lim", "yim": "lim", "yang": "lyang", "ryang": "lyang",
} | dict.fromkeys(
    "kim gim jung jeong chung chong kang gang cho jo yoon yun jang chang han oh seo suh shin sin kwon gwon hwang ahn an"
    " song hong jeon ko go moon mun son sohn bae pae baek paek heo nam ha kwak gwak cha joo ju woo ku koo gu min jin"
    " chin ji eom won chae bang kong gong ham hyun byun yeo".split(),
    "",
)  # fmt: skip
# Families that most Chinese bear.
_CHINESE_FAMILIES = frozenset(
    "wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he lin gao luo zheng liang xie song tang han"
    " feng deng cao peng zeng xiao tian dong yuan pan yu jiang cai du ye cheng su wei lv ding ren shen yao lu fu zhong"
    " cui tan liao fan shi jin jia xia bai zou xiong meng qin qiu hou yin xue yan lei hao long tao mao gu wan kong shao"
    " qian yi niu ge qiao lai xi pang ou mo xing an fang ji hong zuo qi mei bao geng ning zhan tong pu che".split()
)
_MOST_SYLLABLES = 3
Spelled = dict[str, frozenset[str]]
# Each syllable as what it may be.
Syllables = tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class Parted:
    """A name in syllables: what the family's may be, and the given name's."""

    family: frozenset[str]
    given: Syllables


@cache
def _systems() -> dict[str, Spelled]:
    """What each system spells, and the syllables that it may be."""
    pinyin = {initial + final: (initial, final) for initial, finals in _FINALS.items() for final in finals.split()}
    made: dict[str, dict[str, set[str]]] = {"pinyin": {}, "wade": {}, "palladius": {}}
    for syllable, (initial, final) in pinyin.items():
        for spelled in {syllable, syllable.replace("v", "u"), syllable.replace("v", "yu")}:
            made["pinyin"].setdefault(spelled, set()).add(syllable)
        wade = _WADE_WHOLE.get(syllable) or _WADE.get(initial, initial) + _WADE_FINALS.get(final, final)
        for spelled in wade.split():
            made["wade"].setdefault(spelled, set()).add(syllable)
        cyrillic = _PALLADIUS_WHOLE.get(
            syllable, _PALLADIUS.get(initial, initial) + _PALLADIUS_FINALS.get(final, final)
        )
        made["palladius"].setdefault(cyrillic, set()).add(syllable)
    return {name: {spelled: frozenset(s) for spelled, s in table.items()} for name, table in made.items()} | {
        "korean": _korean({}),
        "korean in Cyrillic": _korean(_KOREAN_CYRILLIC),
    }


def _korean(others: dict[str, str]) -> Spelled:
    found: dict[str, set[str]] = {}
    for start, first in (_KOREAN_INITIALS | others).items():
        for middle, vowel in _KOREAN_VOWELS.items():
            for end, last in _KOREAN_FINALS.items():
                held = found.setdefault(start + middle + end, set())
                held.add(first + vowel + last)
                if others and end == "n":
                    held.add(first + vowel + "ng")
    return {spelled: frozenset(sounds) for spelled, sounds in found.items()}


@lru_cache(maxsize=1 << 13)
def syllables_of(word: str, system: str) -> Syllables:
    """Return the syllables of a word in a system, each as what it may be; none where the word is no such word."""
    table = _systems()[system]
    best: list[Syllables | None] = [(), *([None] * len(word))]
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - 6), end):
            before, last = best[start], table.get(word[start:end])
            if before is not None and last and len(before) < _MOST_SYLLABLES:
                held = best[end]
                if held is None or len(before) + 1 < len(held):
                    best[end] = (*before, last)
    return best[len(word)] or ()


@lru_cache(maxsize=1 << 13)
def spelled_in(words: tuple[str, ...]) -> dict[str, tuple[Parted, ...]]:
    """Return a name's families and given names under each system in which all of its words are spelled."""
    if not 2 <= len(words) <= 4 or sum(map(len, words)) > _LONGEST or _families().isdisjoint((words[0], words[-1])):
        return {}
    found = {}
    for system in _systems():
        parts = [_syllables(word, system) for word in words]
        if all(parts) and sum(map(len, parts)) <= 4 and (ways := _parted(words, parts, system)):
            found[system] = ways
    if "korean" in found:
        found.pop("korean in Cyrillic", None)
    # A system that needs more syllables for a word than another is not the one it is spelled in (ku-o, kuo).
    fewest = min((_length(ways) for ways in found.values()), default=0)
    return {system: ways for system, ways in found.items() if _length(ways) == fewest}


@cache
def _families() -> frozenset[str]:
    """Every spelling of a family."""
    chinese = (table for name, table in _systems().items() if not name.startswith("korean"))
    spelled = {word for table in chinese for word, found in table.items() if found & _CHINESE_FAMILIES}
    return frozenset(spelled | _KOREAN_FAMILIES.keys())


def _syllables(word: str, system: str) -> Syllables:
    habit = _KOREAN_FAMILIES.get(word) if system.startswith("korean") else None
    return (frozenset({habit}),) if habit else syllables_of(word, system)


def _length(ways: tuple[Parted, ...]) -> int:
    return len(ways[0].given)


def _parted(words: Sequence[str], parts: Sequence[Syllables], system: str) -> tuple[Parted, ...]:
    """The family first or last: one syllable, of those that are families."""
    found = []
    for place, rest in ((0, parts[1:]), (-1, parts[:-1])):
        family = _family(words[place], parts[place], is_korean=system.startswith("korean"))
        given = tuple(syllable for part in rest for syllable in part)
        if family and len(given) <= 2:
            found.append(Parted(family, given))
    return tuple(found)


def _family(word: str, syllables: Syllables, *, is_korean: bool) -> frozenset[str]:
    if len(syllables) != 1:
        return frozenset()
    if is_korean:
        return syllables[0] if word in _KOREAN_FAMILIES else frozenset()
    return syllables[0] & _CHINESE_FAMILIES


def eastern_likeness(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[float, float] | None:
    """Return how alike two names' families and given names are by their syllables; None where they are not such names.

    Args:
        one, other: the words of two names in the letters a to z, the family's first or last.
    """
    mine, theirs = spelled_in(one), spelled_in(other)
    if "pinyin" in mine and "pinyin" in theirs:
        return _best(mine["pinyin"], theirs["pinyin"], 1.0)
    ways = []
    for a in mine:
        for b in theirs:
            if a.startswith("korean") == b.startswith("korean"):
                most = _BY_HABIT if a.startswith("korean") else 1.0 if a == b else _BY_SYSTEM
                ways.append(_best(mine[a], theirs[b], most))
    return max(ways, key=_worth) if ways else None


# Systems that merge syllables say less than one that tells them apart.
_BY_SYSTEM, _BY_HABIT, _OTHER = 0.96, 0.95, 0.3
_LONGEST = 24


def _worth(way: tuple[float, float]) -> tuple[float, float]:
    return min(way), sum(way)


def _best(mine: tuple[Parted, ...], theirs: tuple[Parted, ...], most: float) -> tuple[float, float]:
    return max((_alike(a, b, most) for a in mine for b in theirs), key=_worth)


def _alike(one: Parted, other: Parted, most: float) -> tuple[float, float]:
    is_given = len(one.given) == len(other.given) and all(a & b for a, b in zip(one.given, other.given, strict=True))
    return (most if one.family & other.family else _OTHER), (most if is_given else _OTHER)
