"""Made persons and the documents that name them: spellings by tables of authorities, not by the matcher's own.

Nobody here exists: given names, fathers' and families' roots are drawn independently. ``tuning`` roots may be looked at
while the matcher is changed; ``unseen`` ones are for measuring alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

# Cyrillic to Latin, as authorities lay it down: passports today (ICAO 9303), passports until about 2010, gazetteers
# (BGN/PCGN), passports of the 1990s (French spelling).
_ICAO = (
    "а a б b в v г g д d е e ё e ж zh з z и i й i к k л l м m н n о o п p р r с s т t у u ф f х kh ц ts ч ch "
    "ш sh щ shch ъ ie ы y ь - э e ю iu я ia ң n ө o ү u қ k ғ g ұ u һ h ә a і i ў u ҳ h ҷ j ӣ i ӯ u ї i є ie "
    "ґ g"
)
_OLD = (
    "а a б b в v г g д d е e ё yo ж zh з z и i й y к k л l м m н n о o п p р r с s т t у u ф f х kh ц ts ч ch "
    "ш sh щ shch ъ - ы y ь - э e ю yu я ya ң ng ө o ү u қ q ғ gh ұ u һ h ә a і i ў o ҳ h ҷ j ӣ i ӯ u ї yi є "
    "ye ґ g"
)
_FRENCH = (
    "а a б b в v г g д d е e ё e ж j з z и i й i к k л l м m н n о o п p р r с s т t у ou ф f х kh ц ts ч tch "
    "ш ch щ chtch ъ - ы y ь - э e ю iou я ia ң n ө o ү u қ k ғ g ұ ou һ h ә a і i ў ou ҳ h ҷ dj ӣ i ӯ ou ї i "
    "є ie ґ g"
)
_LOCAL = {  # What the state's own Latin practice does otherwise.
    "kgz": {"ж": "j", "х": "h", "ы": "y", "й": "y", "ц": "c"},
    "kaz": {
        "ж": "zh", "й": "y", "қ": "q", "ң": "ñ", "ғ": "ğ", "ш": "ş", "ү": "ü", "ө": "ö", "ә": "ä", "ұ": "ū", "ы": "y",
    },
    "uzb": {"х": "x", "ж": "j", "ў": "o‘", "қ": "q", "ғ": "g‘", "ц": "ts", "й": "y", "я": "ya", "ю": "yu", "ё": "yo"},
    "aze": {"х": "x", "ж": "j", "к": "k", "г": "q", "ш": "ş", "ч": "ç", "ə": "ə", "й": "y"},
    "rus": {}, "tjk": {"ж": "zh", "й": "y", "х": "kh", "я": "ya", "ю": "yu"},
}  # fmt: skip
_SON = {"kgz": "уулу", "kaz": "ұлы", "uzb": "ўғли", "aze": "оглы", "tjk": "", "rus": ""}
_DAUGHTER = {"kgz": "кызы", "kaz": "қызы", "uzb": "қизи", "aze": "кызы", "tjk": "", "rus": ""}

GIVEN = {
    "kgz": (
        "Бакыт Нурлан Азамат Тилек Улан Чынгыз Эрлан Мирлан Талант Кубат Данияр Жумабек Элдияр Нурбек "
        "Айбек Мелис Сыймык"
        " Жаныбек Эсен Асан Үсөн Токтогул Бекболот Арстан Адилет Медер Эмилбек Кайрат",
        "Айгүл Гүлнара Назгүл Айжан Бермет Асел Чынара Жылдыз Айзада Мээрим Нургүл Гүлзат Перизат Каныкей "
        "Айсулуу Бурул",
    ),
    "kaz": (
        "Нұрлан Ерлан Қайрат Дәурен Асқар Мұрат Болат Серік Берік Жандос Алмас Ғалымжан Шыңғыс Олжас "
        "Дархан Ержан Мақсат"
        " Әлібек Қуаныш Тоқтар Рүстем Еркін Сұлтан Айдос Бауыржан",
        "Әлия Гүлмира Жанар Сәуле Айгерім Мәдина Динара Шолпан Қарлығаш Толқын Меруерт Ұлжан Бибігүл Раушан Гүлжан",
    ),
    "uzb": (
        "Шерзод Жасур Бахтиёр Хуршид Уткир Отабек Рустам Алишер Жамшид Сардор Дилшод Нодир Акмал Баходир Ойбек Фарход"
        " Улугбек Зафар Шухрат Комил Азиз Сохиб Равшан",
        "Гулчехра Дилноза Нодира Мухайё Шахноза Севара Зулфия Наргиза Малика Умида Феруза Мохира Озода Барно Раъно",
    ),
    "tjk": (
        "Фирдавс Рустам Хуршед Далер Фаррух Сухроб Файзулло Искандар Парвиз Умед Манучехр Шариф Рахим "
        "Саид Назар Бахром",
        "Мехрангиз Зарина Нигора Ситора Шахло Фарангис Мавзуна Гулнора Манижа Парвина Тахмина Зебо",
    ),
    "aze": (
        "Ильхам Вугар Эльчин Рашад Турал Эмин Самир Фарид Анар Фуад Заур Ровшан Вагиф Камран Эльдар "
        "Джавид Гейдар Аслан",
        "Севиндж Айтен Лейла Нигяр Гюнай Сабина Хаяла Ульвия Нармин Фидан Афаг Эльмира Тарана",
    ),
    "rus": (
        "Александр Дмитрий Сергей Андрей Алексей Евгений Юрий Николай Виктор Михаил Павел Илья Игорь Олег "
        "Вячеслав Фёдор"
        " Григорий Пётр Константин Валерий Тимофей Геннадий Всеволод Родион",
        "Елена Наталья Ольга Татьяна Юлия Екатерина Анастасия Ксения Людмила Светлана Евгения Дарья "
        "Любовь Софья Полина",
    ),
}  # fmt: skip
ROOTS = {
    "kgz": "Токтогул Жээнбек Сатыбалды Абдырахман Мамбет Осмон Бекназар Ормон Кожош Раимбек Ысак Шаршен Жолдош Чоро"
    " Турдубай Кыдыралы Акмат Сыдык Эргеш Дүйшөн Жапар Асанкул Мырза Кенеш",
    "kaz": "Сейіт Жұмабай Оразбек Тоқтар Әуез Мұхаметжан Қожахмет Бекмырза Досым Ысқақ Есім Кенжебай Смағұл "
    "Шәріп Нұғыман"
    " Төлеген Байжан Қасым Ахмет Жақсыбек Мырзахмет Айтқали",
    "uzb": "Карим Юлдаш Тўра Хасан Кодир Мирзо Абдулла Собир Холмат Эргаш Норбой Турсун Рахмат Исмоил Саид Умар "
    "Жўра Усмон"
    " Назар Хидоят",
    "tjk": "Рахмон Шариф Сафар Назар Давлат Холик Мирзо Джура Кабир Юсуф Ашур Гафур Одина Саид Икром",
    "aze": "Али Гусейн Мамед Гасан Курбан Ага Керим Джафар Исмаил Рагим Аббас Велия Новруз Сулейман Мустафа",
    "rus": "Иван Цыган Щербак Афанась Жук Хрущ Семён Ельц Соловь Кузнец Ющ Ефрем Зайц Тихон Ряз Шевц Лебед "
    "Журавл Быстр",
}  # fmt: skip
_VOWELS = set("аеёиоуыэюяәөүұіў")


@dataclass(frozen=True)
class Person:
    """A made person: population, sex (m, f), given name, father's name and family's root in Cyrillic."""

    people: str
    sex: str
    given: str
    father: str
    root: str


def draw(rng: np.random.Generator, people: str, *, part: str = "unseen") -> Person:
    """Return a person; even places of the lists are for tuning, odd ones are unseen, of roots and of given names."""
    start = 0 if part == "tuning" else 1
    sex = "m" if rng.random() < 0.6 else "f"
    men, women = (text.split()[start::2] for text in GIVEN[people])
    given = str(rng.choice(men if sex == "m" else women))
    father = str(rng.choice([name for name in men if name != given]))
    return Person(people, sex, given, father, str(rng.choice(ROOTS[people].split()[start::2])))


def family(one: Person) -> str:
    """Return the family's name in Cyrillic with the ending of the sex."""
    soft = one.root[-1] in "ьйця" or (one.people == "rus" and one.root[-1] in "цщ")
    stem = one.root.rstrip("ьйя")
    ending = "ев" if soft or stem[-1].lower() in _VOWELS else "ов"
    return stem + ending + ("" if one.sex == "m" else "а")


def patronymic(one: Person) -> str:
    """Return the father's name in its Russian form."""
    stem, soft = one.father.rstrip("йья"), one.father[-1] in "йья" or one.father[-1] in _VOWELS
    return stem + ("е" if soft else "о") + ("вич" if one.sex == "m" else "вна")


def documents(one: Person) -> list[tuple[str, frozenset[str]]]:
    """Return what documents may call a person in Cyrillic, each with the parts of the name that it holds."""
    son = (_SON if one.sex == "m" else _DAUGHTER)[one.people]
    whole, short = frozenset(("given", "father", "family")), frozenset(("given", "family"))
    found = [
        (f"{family(one)} {one.given} {patronymic(one)}", whole),
        (f"{one.given} {family(one)}", short),
        (f"{family(one)} {one.given}", short),
    ]
    if son:
        father = f"{one.father}{son}" if one.people == "kaz" else f"{one.father} {son}"
        found += [(f"{family(one)} {one.given} {father}", whole)]
        found += [(f"{one.given} {father}", frozenset(("given", "father")))]
    if one.people == "kgz":
        found += [(f"{one.father} {son} {one.given}", frozenset(("given", "father")))]
        found += [(f"{one.root} тегин {one.given}", short), (f"{one.given} {one.root}", short)]
    if one.people == "tjk":
        found += [(f"{one.root}зода {one.given}", short), (f"{one.given} {one.root}", short)]
    return found


def spelled(rng: np.random.Generator, text: str, people: str) -> str:
    """Return a name as a document spells it: Cyrillic, or Latin by one of the tables, mistyped at times."""
    way = int(rng.integers(6))
    if way == 0:
        return text
    table = dict(_pairs((_ICAO, _OLD, _ICAO, _FRENCH, _OLD)[way - 1]))
    if way == 5:
        table |= _LOCAL[people]
    latin = "".join(_letter(c, table) for c in text)
    latin = latin.upper() if rng.random() < 0.5 else latin
    return _mistyped(rng, latin) if rng.random() < 0.12 else latin


def _letter(c: str, table: dict[str, str]) -> str:
    small = table.get(c.lower())
    return c if small is None else small.capitalize() if c.isupper() else small


def _pairs(text: str) -> list[tuple[str, str]]:
    parts = text.replace(" -", " ").split(" ")
    return list(zip(parts[::2], parts[1::2], strict=True))


def _mistyped(rng: np.random.Generator, text: str) -> str:
    inner = [i for i in range(1, len(text) - 1) if text[i - 1 : i + 2].isalpha()]
    if not inner:
        return text
    place = inner[int(rng.integers(len(inner)))]
    way = int(rng.integers(3))
    if way == 0:
        return text[:place] + text[place + 1 :]
    if way == 1 and place + 1 < len(text):
        return text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    return text[:place] + text[place] + text[place:]


def another(rng: np.random.Generator, one: Person, kind: str, *, part: str) -> Person | None:
    """Return another person who is easily taken for the first: father_son, sibling, gender, family, father."""
    fresh = draw(rng, one.people, part=part)
    if kind == "father_son":
        return replace(one, sex="m", given=one.father, father=one.given) if one.sex == "m" else None
    if kind == "sibling":
        return replace(one, given=fresh.given) if fresh.sex == one.sex and fresh.given != one.given else None
    if kind == "gender":
        return replace(fresh, father=one.father, root=one.root) if fresh.sex != one.sex else None
    if kind == "family":
        apart = fresh.root != one.root and fresh.father not in (one.father, one.given)
        return replace(one, root=fresh.root, father=fresh.father) if apart else None
    return replace(one, father=fresh.father) if fresh.father not in (one.father, one.given) else None


NEGATIVES = ("father_son", "sibling", "gender", "family", "father")


def pairs(seed: int, people: str, count: int, *, part: str) -> list[tuple[int, str, str, str]]:
    """Return ``count`` pairs of one person and three times as many of two: label, kind, one name, other name.

    Two documents of one person share the given name and one part more. Two persons with one family and given name who
    only differ in the father are a pair only where both documents name him.
    """
    rng = np.random.default_rng([seed, len(people), ord(people[0]), ord(people[1])])
    found: list[tuple[int, str, str, str]] = []
    while len(found) < count:
        one = draw(rng, people, part=part)
        pair = _two(rng, one, one)
        if pair and pair[0] != pair[1]:
            found.append((1, "same", *pair))
    while len(found) < 4 * count:
        kind = NEGATIVES[len(found) % len(NEGATIVES)]
        one = draw(rng, people, part=part)
        other = another(rng, one, kind, part=part)
        pair = _two(rng, one, other, needs="father" if kind == "father" else "") if other else None
        if pair:
            found.append((0, kind, *pair))
    return found


def _two(rng: np.random.Generator, one: Person, other: Person, *, needs: str = "") -> tuple[str, str] | None:
    left, mine = documents(one)[int(rng.integers(len(documents(one))))]
    right, theirs = documents(other)[int(rng.integers(len(documents(other))))]
    shared = mine & theirs
    if len(shared) < 2 or (needs and needs not in shared):
        return None
    return spelled(rng, left, one.people), spelled(rng, right, other.people)
