"""People who do not exist: customers of five populations, from given names and roots that are common there.

What is drawn is a name as a document prints it, a gender, and a date of birth. Names repeat, as they do in life: a root
or given name is drawn by rank, the first one most often.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

POPULATIONS = ("western", "russian", "kazakh", "kyrgyz", "uzbek")

_GIVEN = {
    "western": (
        "James John Robert Michael David William Thomas Peter Daniel Paul Mark Andrew Simon Martin Lukas Jonas Felix"
        " Oliver Hugo Louis Antoine Pierre Marco Luca Giovanni Pablo Javier Carlos Diego Lars Erik Henrik Jan Piet"
        " Willem"
        " Sean Patrick Kevin Brian George Edward Harry Samuel Benjamin Adam Nathan Gabriel Stefan Matthias Florian",
        "Mary Anna Emma Sarah Laura Julia Sophie Marie Claire Alice Helen Elizabeth Jennifer Susan Karen Linda Nicole"
        " Charlotte Camille Chiara Giulia Francesca Lucia Carmen Elena Ingrid Astrid Sigrid Katrien Femke Saskia"
        " Hannah Rachel Rebecca Victoria Caroline Isabelle Monica Patricia Teresa Barbara Christine Martina Sabine"
        " Petra",
    ),
    "russian": (
        "Aleksandr Sergey Dmitry Andrey Aleksey Maksim Ivan Evgeny Mikhail Vladimir Nikolay Artem Pavel Roman Igor Oleg"
        " Viktor Yury Konstantin Denis Anton Ilya Kirill Nikita Vadim Stanislav Boris Anatoly Valery Vyacheslav Gleb"
        " Egor"
        " Daniil Timofey Fedor Grigory Leonid Petr Ruslan Stepan Vasily Vitaly Yaroslav Semen Arkady Matvey Lev",
        "Elena Olga Tatyana Irina Natalya Anna Svetlana Maria Ekaterina Yulia Anastasia Marina Lyudmila Galina"
        " Valentina"
        " Oksana Nadezhda Daria Alina Ksenia Polina Vera Larisa Victoria Evgenia Kristina Yana Inna Raisa Zoya Alla"
        " Lidia Nina Sofia Varvara Veronika Margarita Tamara Diana Elizaveta Antonina Zinaida Inessa Rimma Regina",
    ),
    "kazakh": (
        "Nurlan Askar Yerlan Daniyar Marat Bauyrzhan Serik Kairat Ruslan Azamat Almas Arman Timur Talgat Yerzhan Aidar"
        " Bolat Kanat Nursultan Dauren Samat Zhandos Aslan Berik Galymzhan Sanzhar Alibek Olzhas Madi Adil Rustem"
        " Darkhan Askhat Zhaksylyk Amangeldy Sabit Murat Yerbol Kuanysh Bekzat Nurbol Alisher Dias Miras Rakhat Sultan",
        "Aigul Gulnara Saule Dinara Asel Aigerim Zhanar Madina Aliya Botagoz Zarina Kamila Ainur Gaukhar Samal Laura"
        " Kuralay Moldir Nazgul Raushan Sholpan Togzhan Ulzhan Zhuldyz Akmaral Bibigul Indira Karlygash Maral Nurgul"
        " Perizat Aizhan Dana Inkar Balnur Makpal Ayaulym Tomiris Zhibek Symbat Fariza Gulmira Roza Shynar Venera",
    ),
    "kyrgyz": (
        "Bakyt Azamat Nurlan Ulan Almaz Kubanych Talant Ruslan Emil Bektur Aibek Daniyar Maksat Mirlan Zhyrgal Kanat"
        " Temirlan Syrgak Erlan Adilet Nurbek Altynbek Zhanybek Taalai Bolot Chyngyz Iskender Kairat Melis Omurbek"
        " Rysbek Sabyr Tilek Urmat Zamir Argen Bekzhan Eldiyar Islam Kuban Manas Nursultan Samat Tariel Ermek Askat",
        "Aigul Gulnara Asel Nurgul Zhyldyz Cholpon Aida Begimai Aizada Meerim Perizat Zhibek Kanykei Saltanat Altynai"
        " Elnura Burul Gulzat Baktygul Zamira Anara Venera Nazira Tolgonai Ainura Jamilya Kunduz Rakhat Sezim Umut"
        " Aiperi Bermet Dinara Eliza Feruza Gulmira Indira Kymbat Mairam Nurzat Salima Tattygul Uulkan Aliman Zarina",
    ),
    "uzbek": (
        "Aziz Sherzod Rustam Jamshid Bekzod Otabek Ulugbek Sardor Jasur Farkhod Dilshod Alisher Bobur Shavkat Anvar"
        " Akmal Timur Ravshan Oybek Doniyor Jahongir Nodir Sanjar Umid Islom Ilhom Mansur Zafar Bahodir Kamol Laziz"
        " Murod"
        " Oltin Rahim Sobir Tohir Utkir Yusuf Zokir Abror Behruz Davron Elyor Feruz Hasan Husan Ibrohim Javohir",
        "Dilnoza Nilufar Gulnora Feruza Malika Shahnoza Zulfiya Nargiza Dilfuza Kamola Sevara Umida Barno Zarina Madina"
        " Lola Nodira Ozoda Mohira Gulbahor Iroda Saida Hilola Muhabbat Oydin Ra'no Sabohat Tamara Yulduz Aziza Durdona"
        " Fotima Zuhra Guzal Komila Laylo Munira Nasiba Rohila Surayyo Charos Ziyoda Mavluda Robiya Shahlo",
    ),
}
_FAMILIES = {
    "western": (
        "Smith Jones Taylor Brown Williams Wilson Johnson Davies Robinson Wright Thompson Evans Walker White Roberts"
        " Muller Schmidt Schneider Fischer Weber Meyer Wagner Becker Hoffmann Martin Bernard Dubois Moreau Laurent"
        " Simon Michel Lefebvre Rossi Russo Ferrari Esposito Bianchi Romano Garcia Fernandez Gonzalez Rodriguez Lopez"
        " Hansen Nielsen Andersen Larsen Johansson Lindqvist Nilsson Eriksson Dejong Jansen Devries Vandenberg Bakker"
        " Murphy Kelly Byrne Ryan Walsh Campbell Stewart Anderson Macdonald Scott Reid Novak Horvat Kowalski Nowak"
        " Hughes Edwards Green Hall Wood Harris Lewis Clarke Jackson Turner Hill Moore Cooper Ward Morris King Harrison"
    ),
    "russian": (
        "Ivan Smirn Kuznets Pop Vasilye Petr Sokol Mikhail Novik Fedor Moroz Volk Alekse Lebede Semen Egor Pavl Kozl"
        " Stepan Nikola Orl Andree Makar Nikit Zakhar Zaitse Solovy Borisy Yakovle Grigorye Roman Vorobye Sergee Kuzmi"
        " Frol Aleksandr Dmitrie Korole Guse Kisele Ily Maksim Poly Sorok Vinograd Koval Bel Medvede Antonn Taras Zhuk"
        " Baran Filipp Komar Davyd Belya Gerasim Bogdan Osip Sidor Matvee Tit Mark Miron Kryl Kulik Karp Vlas Melnik"
        " Denis Gavril Tikhon Kazak Afanasye Danil Savelye Timofee Fomi Chern Abram Martyn Efim Fedot Shcherbak"
    ),
    "turkic": (
        "Akhmet Ibragim Ismail Aliye Karim Rakhim Sultan Abdull Omar Osman Yusup Mamat Kasym Nur Tursun Bek Zhum"
        " Mukhamet"
        " Amankul Asankul Baiti Bekbolot Zhaparal Isak Kadyr Kozhobek Mambet Orozbek Saparbek Satybald Seit Tokto"
        " Turdubek Usen Shamshi Eshim Yrysbek Abdykadyr Baigazy Dosbol Egember Kenzhebek Moldokul Niyazbek Sagynbek"
        " Abilkas Zhaksybek Kuanysh Nazarbek Ospan Serikbay Tulegen Zhunus Sarsenbay Baizhan Dzhaksyl Esengeldi Iskak"
        " Kabdulla Maukhit Nurgali Ryskul Smagul Temirkhan Uteul Khamit Shaimerden Yeskend Azim Ergash Fayzulla Hakim"
        " Jurabek Komil Mirzay Norbut Olim Qodir Rasul Salim Toshmat Umarbek Valixon Xolmat Yoldosh Ziyod Hamrokul"
    ),
}
_MONTHS = 12


@dataclass(frozen=True)
class Person:
    """A customer who does not exist."""

    name: str
    gender: str
    birth_date: str


def people(population: str, count: int, *, seed: int = 7) -> list[Person]:
    """Return people of a population, the same for the same seed."""
    draw = random.Random(f"{population}-{seed}")
    return [_person(population, draw) for _ in range(count)]


def _person(population: str, draw: random.Random) -> Person:
    is_woman = draw.random() < 0.5
    given = _ranked(_GIVEN[population][is_woman].split(), draw)
    father = _ranked(_GIVEN[population][0].split(), draw)
    year, month, day = draw.randint(1940, 2006), draw.randint(1, _MONTHS), draw.randint(1, 28)
    name = _NAMED[population](given, father, is_woman, draw)
    return Person(name, "female" if is_woman else "male", f"{year}-{month:02}-{day:02}")


def _ranked(names: list[str], draw: random.Random) -> str:
    return names[min(int(len(names) * draw.random() ** 1.5), len(names) - 1)]


def _western(given: str, father: str, is_woman: bool, draw: random.Random) -> str:
    family = _ranked(_FAMILIES["western"].split(), draw)
    middle = f" {draw.choice(_GIVEN['western'][is_woman].split())}" if draw.random() < 0.3 else ""
    if draw.random() < 0.1:
        family += f"-{draw.choice(_FAMILIES['western'].split())}"
    return f"{given}{middle} {family}"


def _russian(given: str, father: str, is_woman: bool, draw: random.Random) -> str:
    root = _ranked(_FAMILIES["russian"].split(), draw)
    family = _slavic(root, is_woman)
    return _ordered(given, f" {_patronymic(father, is_woman)}" if draw.random() < 0.7 else "", family, draw)


def _turkic(given: str, father: str, is_woman: bool, draw: random.Random) -> str:
    family = _slavic(_ranked(_FAMILIES["turkic"].split(), draw), is_woman)
    return _ordered(given, f" {_patronymic(father, is_woman)}" if draw.random() < 0.6 else "", family, draw)


def _kyrgyz(given: str, father: str, is_woman: bool, draw: random.Random) -> str:
    if draw.random() < 0.25:
        return f"{given} {father} {'kyzy' if is_woman else 'uulu'}"
    return _turkic(given, father, is_woman, draw)


def _kazakh(given: str, father: str, is_woman: bool, draw: random.Random) -> str:
    if draw.random() < 0.25:
        return f"{father} {given} {draw.choice(_GIVEN['kazakh'][0].split())}{'kyzy' if is_woman else 'uly'}"
    return _turkic(given, father, is_woman, draw)


def _uzbek(given: str, father: str, is_woman: bool, draw: random.Random) -> str:
    if draw.random() < 0.4:
        family = _slavic(_ranked(_FAMILIES["turkic"].split(), draw), is_woman)
        return f"{family} {given} {father} {'qizi' if is_woman else 'o‘g‘li'}"
    return _turkic(given, father, is_woman, draw)


def _ordered(given: str, father: str, family: str, draw: random.Random) -> str:
    return f"{family} {given}{father}" if draw.random() < 0.5 else f"{given}{father} {family}"


def _slavic(root: str, is_woman: bool) -> str:
    ending = "v" if root[-1] in "eo" else "ev" if root[-1] in "iy" else "ov"
    return root + ending + ("a" if is_woman else "")


def _patronymic(father: str, is_woman: bool) -> str:
    stem = father[:-1] if father[-1] in "aeiy" else father
    soft = father[-1] in "eiy"
    return stem + ("e" if soft else "o") + ("vna" if is_woman else "vich")


_NAMED = {"western": _western, "russian": _russian, "kazakh": _kazakh, "kyrgyz": _kyrgyz, "uzbek": _uzbek}
