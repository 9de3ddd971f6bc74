"""Russian words: which script a stretch is in, and which word can be a predicate."""

from __future__ import annotations

import re

# A predicate by its ending: past tenses, presents, short participles; and words that are one by themselves.
_PAST = re.compile(r"\w{2,}[аеиоуыяё]л(?:а|о|и)?(?:с[ья])?|\w{3,}[гкзсб]л(?:а|о|и)(?:сь)?")
_PRESENT = re.compile(r"\w{2,}(?:ет|ёт|ит|ут|ют|ат|ят)(?:ся)?|\w{3,}(?:ем|им|ешь|ишь)(?:ся)?")
_SHORT = re.compile(r"\w{3,}(?:ен|ён|ан|ят)(?:а|о|ы)|\w{3,}(?:ён|ан)")
_ALONE = frozenset(
    (
        "вырос помог смог мог принёс привёз ввёз нет есть был была было были будет будут надо нужно можно нельзя "
        "должен должна должно должны обязан обязана обязаны это ждёт ждет идёт идет идут стоит дорог против готов "
        "готова готовы рад прав права жив"
    ).split()
)
_NO_VERB = frozenset(
    (
        "совет бюджет запрет билет визит кредит лимит депутат сертификат канал материал сигнал персонал капитал "
        "металл журнал факт лет нет свет цвет ответ привет портрет кабинет пакет интернет предмет университет "
        "авторитет комитет приоритет дефицит транзит аппетит объект проект субъект результат аппарат формат "
        "адвокат штат мандат страна страны цена цены сторона стороны план экран карман обман измена замена смена "
        "завод отдел предел скандал финал квартал банкомат всем чем затем совсем поэтому этим тем своим нашим "
        "другим таким каким им"
    ).split()
)


def is_russian(text: str, start: int, end: int) -> bool:
    """Return whether most letters of a stretch are Cyrillic."""
    letters = [c for c in text[start:end] if c.isalpha()]
    return bool(letters) and sum("а" <= c.lower() <= "я" or c in "ёЁ" for c in letters) * 2 > len(letters)


def is_predicate(low: str) -> bool:
    """Return whether a word in lower case can be the predicate of a clause, by its ending."""
    if low in _ALONE:
        return True
    return low not in _NO_VERB and any(p.fullmatch(low) for p in (_PAST, _PRESENT, _SHORT))


def has_predicate(text: str, start: int, end: int) -> bool:
    """Return whether a predicate stands in a stretch; a dash between two words is one."""
    if any(is_predicate(word.lower()) for word in re.findall(r"[^\W\d_]+", text[start:end])):
        return True
    return bool(re.search(r"\w\s[—–]\s\w", text[start:end]))
