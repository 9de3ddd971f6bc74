"""Persons: what makes two documents one person's, and what does not."""

from __future__ import annotations

import pytest

from entrepot.parties.names import NameMatch, compare_names, read_name


def match(left: str, right: str) -> NameMatch:
    one, other = read_name(left), read_name(right)
    assert one and other
    return compare_names(one, other)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Асанкулов Бакыт Нурланович", "BAKYT NURLAN UULU"),
        ("Нурлан уулу Бакыт", "Bakyt Nurlanov"),
        ("Beknazar tegin Kubanychbek", "Кубанычбек Бекназаров"),
        ("Сейітов Қайрат Нұрланұлы", "SEITOV KAIRAT NURLANOVICH"),
        ("Karimov Sherzod Abdulla o‘g‘li", "Каримов Шерзод Абдуллаевич"),
        ("Шарифзода Хуршед", "SHARIFOV KHURSHED"),
        ("Ryhor Hancharou", "Григорий Гончаров"),
        ("Iourii CHTCHERBAKOV", "Щербаков Юрий"),
        ("SMITH, John M.", "John Michael Smith"),
        ("Xiao Ming Wang", "王小明"),
        ("Muhammad Abd al-Rahman", "محمد عبد الرحمن"),
        ("Giovanni Di Stefano", "DISTEFANO Giovanni"),
        ("Витя Горбач", "Viktor Horbach"),
        ("Bob Whitfield", "Robert Whitfield"),
        ("Chudiakow Sergej", "Худяков Сергей"),
        ("Jiří Kučera", "JIRI KUCERA"),
        ("Hsieh Chung-chieh", "Xie Zhongjie"),
        ("Rhee Yong-nam", "Lee Young-nam"),
        ("리영남", "Ri Yong Nam"),
        ("Нурлан Азаматтын", "Nurlan Azamat uulu"),
        ("Peter Whyte", "WHITE, Peter"),
        ("غلامرضا کریمی", "Gholam Reza Karimi"),
        ("زاهد محمد", "Mohammad ZAHID"),
        ("مُحَمَّد خالد", "Muhammad Khalid"),
        ("أبو بكر الحلبي", "Abu Bakr al-Halabi"),
        ("ملا جمال الدین کریمی", "Jamaluddin Karimi"),
        ("محمد ولد عبد العزيز", "Mohamed Ould Abdel Aziz"),
        ("Khalid bin Walid al-Harbi", "Khalid Walid al-Harbi"),
        ("Mohammed bin Salman", "Mohammed bin Salman Al Saud"),
        ("BEN ALI, Zine El Abidine", "Zine El Abidine Ben Ali"),
        ("Siraj al-Din Yusufi", "Sirajuddin Yusufi"),
        ("Ben Whitfield", "WHITFIELD, Benjamin"),
        ("Imran Sheikh", "SHEIKH, Imran"),
        ("Wang Bin", "王斌"),
    ],
)
def test_one_person_in_two_documents(left: str, right: str) -> None:
    assert match(left, right).score >= 0.7


@pytest.mark.parametrize(
    ("left", "right", "why"),
    [
        ("Бакыт Нурлан уулу", "Нурлан Бакыт уулу", "different_given"),
        ("Асанкулов Бакыт Нурланович", "Asankulov Bakyt Tilekovich", "different_father"),
        ("Мамедова Сабина Рашид кызы", "MAMMADOV SABIR RASHID OGLU", "gender"),
        ("Марат Усенов", "Murat Usenov", "different_given"),
        ("Ольга Горбач", "Volha Charnysh", "different_family"),
        ("Juan Carlos Ibarra Soto", "Juan Pablo Ibarra Soto", "different_middle"),
        ("Walter H. Lindgren", "Walter P. Lindgren", "different_middle"),
        ("Xie Zhongjie", "Xie Zhengjie", "different_given"),
        ("Martin Kraus", "Martin Kress", "different_family"),
        ("Ahmad bin Ali", "Ali bin Ahmad", "different_given"),
        ("Salman bin Abdulaziz Al Saud", "Salman bin Sultan Al Saud", "different_father"),
        ("Rana Tariq Hassan al-Dulaimi", "Tariq Hassan al-Dulaimi", "child"),
        ("فهد خالد", "Fahd Jamil", "different_family"),
    ],
)
def test_two_persons_and_why(left: str, right: str, why: str) -> None:
    found = match(left, right)
    assert found.score < 0.7
    assert why in found.contradictions


def test_a_name_that_documents_leave_out_in_front_is_no_childs() -> None:
    assert match("Muhammad Tariq Hassan al-Dulaimi", "Tariq Hassan al-Dulaimi").score >= 0.7


def test_the_order_of_the_two_names_does_not_matter() -> None:
    for left, right in (("Асанов Бакыт", "BAKYT NURLAN UULU"), ("Ali Hussein Jaafar", "Hussein Ali Jaafar")):
        assert match(left, right).score == pytest.approx(match(right, left).score)


def test_one_word_is_never_enough() -> None:
    assert match("Bakyt", "Бакыт").score < 0.7


def test_a_father_not_named_lowers_and_one_agreed_on_raises() -> None:
    whole = match("Асанов Бакыт Нурланович", "ASANOV BAKYT NURLANOVICH").score
    short = match("Асанов Бакыт Нурланович", "ASANOV BAKYT").score
    assert 0.7 < short < whole < 1


def test_features_add_up_to_the_score() -> None:
    found = match("Сейтов Кайрат", "SEITOV KAYRAT MARATOVICH")
    assert dict(found.features)["base"] > 0
    assert found.detail and found.features
