"""Names of nobody: given names and families drawn apart, in Cyrillic where they have it, and in Latin."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Texts = NDArray[Any]

# Origin of a name: men's given names; women's; roots of families. Where the first is Cyrillic, all are.
_NAMES = {
    "kyrgyz": (
        "Бакыт Нурлан Азамат Тилек Чынгыз Эрлан Мирлан Талант Кубат Данияр Айбек Медер Кайрат Эсен",
        "Айгуль Гульнара Назгуль Айжан Бермет Асель Чынара Айзада Нургуль Айсулуу",
        "Токтогул Жээнбек Сатыбалды Мамбет Осмон Бекназар Раимбек Шаршен Жолдош Акмат Эргеш Жапар Асанкул Кенеш",
    ),
    "kazakh": (
        "Нурлан Ерлан Кайрат Даурен Аскар Мурат Болат Серик Алмас Олжас Дархан Ержан Тимур Айдос",
        "Алия Гульмира Жанар Сауле Айгерим Мадина Динара Шолпан Меруерт Раушан",
        "Сейит Жумабай Оразбек Мухамед Кожахмет Бекмырза Досым Есим Кенжебай Нугыман Байжан Касым Жаксыбек Айткали",
    ),
    "uzbek": (
        "Шерзод Жасур Бахтиер Хуршид Отабек Рустам Алишер Жамшид Сардор Дилшод Акмал Ойбек Фарход Комил",
        "Дилноза Нодира Шахноза Севара Наргиза Малика Умида Феруза Озода Зулфия",
        "Карим Юлдаш Хасан Кодир Мирзо Абдулла Собир Холмат Эргаш Турсун Рахмат Исмоил Умар Усмон",
    ),
    "tajik": (
        "Фирдавс Хуршед Далер Фаррух Сухроб Парвиз Умед Шариф Рахим Бахром Искандар Манучехр",
        "Зарина Нигора Ситора Фарангис Манижа Парвина Тахмина Мавзуна",
        "Рахмон Шариф Сафар Назар Давлат Холик Джура Кабир Юсуф Ашур Гафур Икром",
    ),
    "slavic": (
        "Александр Дмитрий Сергей Андрей Алексей Евгений Юрий Николай Виктор Михаил Павел Илья Игорь Олег",
        "Елена Наталья Ольга Татьяна Юлия Екатерина Анастасия Ксения Людмила Светлана",
        "Иван Щербак Афанась Жук Семен Ельц Кузнец Ефрем Тихон Шевц Лебед Быстр Громов Сидор",
    ),
    "caucasian": (
        "Ильхам Вугар Турал Эмин Самир Фарид Давид Георгий Армен Ашот Тигран Левон Гиорги Заза",
        "Айтен Лейла Нигяр Сабина Нино Тамара Анаит Мариам Нарине Этери",
        "Али Гусейн Мамед Гасан Керим Исмаил Аббас Сулейман Мустафа Асад Рагим Ага",
    ),
    "turkish": (
        "Mehmet Ahmet Mustafa Emre Burak Cem Hakan Kemal Murat Onur Selim Tolga Ufuk Yusuf",
        "Ayşe Fatma Elif Zeynep Emine Merve Esra Derya Selin Gizem",
        "Yıldız Demir Kaya Çelik Şahin Aydın Öztürk Arslan Doğan Koç Kurt Aksoy Polat Güneş",
    ),
    "chinese": (
        "Wei Jun Lei Qiang Ming Tao Hao Jie Feng Bin Chao Gang Peng Yong",
        "Li Fang Na Xiu Jing Yan Mei Ling Hui Xia",
        "Wang Zhang Liu Chen Yang Zhao Huang Zhou Wu Xu Sun Ma Zhu Hu",
    ),
    "european": (
        "Thomas Stefan Marek Piotr Jan Lukas Marco Luca Pierre Julien Peter Martin Erik Tomas",
        "Anna Maria Julia Laura Katarina Sophie Elena Marta Claire Ingrid",
        "Weber Schmidt Novak Kowalski Rossi Bianchi Dubois Moreau Jansen Larsen Horvat Keller Vogel Marek",
    ),
}  # fmt: skip
ORIGINS = tuple(_NAMES)
_CYRILLIC = frozenset(("kyrgyz", "kazakh", "uzbek", "tajik", "slavic", "caucasian"))
# ICAO 9303, and the older passports' way of the letters that most often differ.
_PAIRS = "аa бb вv гg дd еe жzh зz иi йi кk лl мm нn оo пp рr сs тt уu фf хkh цts чch шsh щshch ъie ыy эe юiu яia"
_NEW = {**{pair[0]: pair[1:] for pair in _PAIRS.split()}, "ь": ""}
_OLD = {**_NEW, "й": "y", "ю": "yu", "я": "ya", "ж": "j", "х": "h"}


@dataclass(frozen=True)
class Names:
    """Names of many persons, one a place.

    Attributes:
        given, family: as said at home. latin_given, latin_family: as passports of today print them.
        is_latin: whether the home script is Latin.
    """

    given: Texts
    family: Texts
    latin_given: Texts
    latin_family: Texts
    is_latin: NDArray[np.bool_]


def latin(text: str, *, is_old: bool = False) -> str:
    """Return a name in Latin letters, as passports print it now or (``is_old``) printed it before about 2010."""
    table = _OLD if is_old else _NEW
    return "".join(_letter(letter, table) for letter in text)


def _letter(letter: str, table: dict[str, str]) -> str:
    out = table.get(letter.lower())
    if out is None:
        return letter
    return out.capitalize() if letter.isupper() else out


def names(luck: np.random.Generator, origin: NDArray[np.int64], is_woman: NDArray[np.bool_]) -> Names:
    """Return names for persons of given origins (indices of ORIGINS) and sexes."""
    count = len(origin)
    given, family = (np.empty(count, dtype=object) for _ in range(2))
    latin_given, latin_family = np.empty(count, dtype=object), np.empty(count, dtype=object)
    pick = luck.random((2, count))
    is_latin = np.zeros(count, dtype=bool)
    for number in np.unique(origin):
        for woman in (False, True):
            here = np.flatnonzero((origin == number) & (is_woman == woman))
            if not len(here):
                continue
            firsts, roots = _lists(ORIGINS[number], woman)
            for out, latin_out, choice, (chosen, spelt) in (
                (given, latin_given, pick[0], firsts),
                (family, latin_family, pick[1], roots),
            ):
                place = (choice[here] * len(chosen)).astype(np.int64)
                out[here], latin_out[here] = chosen[place], spelt[place]
            is_latin[here] = ORIGINS[number] not in _CYRILLIC
    return Names(given, family, latin_given, latin_family, is_latin)


@cache
def _lists(origin: str, is_woman: bool) -> tuple[tuple[Texts, Texts], tuple[Texts, Texts]]:
    """Given names and families of an origin, each as said at home and in Latin."""
    men, women, roots = (text.split() for text in _NAMES[origin])
    both = (women if is_woman else men), [_family(root, origin, is_woman) for root in roots]
    first, second = (
        (np.array(said, dtype=object), np.array([latin(one) for one in said], dtype=object)) for said in both
    )
    return first, second


def _family(root: str, origin: str, is_woman: bool) -> str:
    if origin not in _CYRILLIC:
        return root
    soft = root[-1] in "ьц"
    stem = root.rstrip("ь") if root[-1] == "ь" else root
    ending = "ев" if soft else "ов"
    if stem.endswith("ов"):
        ending = ""
    return stem + ending + ("а" if is_woman else "")
