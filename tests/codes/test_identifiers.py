"""Identifiers: normal forms, check digits, and what the digits say. People are invented; companies' numbers public."""

from __future__ import annotations

import random

import pytest

from entrepot.codes import find_identifiers, identifier_kinds, normal_number, read_identifier, read_mrz
from entrepot.errors import CodeError, UnknownCode

PASSPORT = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L898902C36UTO7408122F1204159ZE184226B<<<<<10"
CARD = "I<UTOD231458907<<<<<<<<<<<<<<<7408122F1204159UTO<<<<<<<<<<<6ERIKSSON<<ANNA<MARIA<<<<<<<<<<"
SMALL = "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<D231458907UTO7408122F1204159<<<<<<<6"

# Numbers of large companies and of the examples in the standards.
GOOD = [
    ("7707083893", "inn", "RUS"),
    ("500100732259", "inn", "RUS"),
    ("1027700132195", "ogrn", "RUS"),
    ("304500116000157", "ogrnip", "RUS"),
    ("940240000021", "bin", "KAZ"),
    ("200988541", "unp", "BLR"),
    ("32855961", "edrpou", "UKR"),
    ("1759013776", "rnokpp", "UKR"),
    ("10000000146", "tckn", "TUR"),
    ("4540536920", "vkn", "TUR"),
    ("1400057421", "voen", "AZE"),
    ("7LTWFZYICNSX8D621K86", "lei", ""),
    ("9074729", "imo", ""),
    ("GB82WEST12345698765432", "iban", "GBR"),
]


@pytest.mark.parametrize(("number", "kind", "country"), GOOD)
def test_known_numbers_hold_and_their_country_is_told(number: str, kind: str, country: str) -> None:
    found = read_identifier(number, kind=kind)
    assert found.is_valid and found.is_checked, found.problem
    assert (found.kind, found.country, found.number) == (kind, country, number)


@pytest.mark.parametrize(("number", "kind", "country"), GOOD)
def test_no_digit_can_be_mistyped_unseen_at_the_end(number: str, kind: str, country: str) -> None:
    # The last digit of a VOEN is the legal form; the one before it checks.
    place = len(number) - (2 if kind == "voen" else 1)
    others = [number[:place] + digit + number[place + 1 :] for digit in "0123456789" if digit != number[place]]
    assert not any(read_identifier(one, kind=kind, country=country).is_valid for one in others)


@pytest.mark.parametrize(
    ("number", "kind", "birth", "sex"),
    [
        ("850815300018", "iin", "1985-08-15", "male"),
        ("010203650017", "iin", "2001-02-03", "female"),
        ("11508198500123", "pin", "1985-08-15", "female"),
        ("31508850010019", "pinfl", "1985-08-15", "male"),
        ("1759013776", "rnokpp", "1948-02-28", "male"),
    ],
)
def test_birth_date_and_sex_are_read_from_the_digits(number: str, kind: str, birth: str, sex: str) -> None:
    found = read_identifier(with_check_digit(number, kind), kind=kind)
    assert (found.problem, found.birth_date, found.sex, found.holder) == ("", birth, sex, "person")


def with_check_digit(number: str, kind: str) -> str:
    if kind == "pin":
        return number
    return next(one for d in "0123456789" if read_identifier(one := number[:-1] + d, kind=kind).is_valid)


def test_the_second_pass_of_a_kazakh_number_is_taken_where_the_first_leaves_ten() -> None:
    """By hand: 8508153000 and 3 leave 10 with weights 1 to 11; weights 3 to 11, 1, 2 decide."""
    rows = [f"85081530{serial:03d}" for serial in range(1000)]
    tens = [row for row in rows if sum(w * int(d) for w, d in zip(range(1, 12), row, strict=True)) % 11 == 10]
    turned = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
    digits = [sum(w * int(d) for w, d in zip(turned, row, strict=True)) % 11 for row in tens]
    assert len(tens) > 50
    given = [f"{row}{digit}" for row, digit in zip(tens, digits, strict=True) if digit < 10]
    assert all(read_identifier(number, kind="iin").is_valid for number in given)
    never = next(row for row, digit in zip(tens, digits, strict=True) if digit == 10)
    assert not any(read_identifier(f"{never}{digit}", kind="iin").is_valid for digit in range(10))


def test_a_business_number_tells_its_month_and_its_unit() -> None:
    found = read_identifier("940240000021", kind="tax_number", country="KZ")
    assert (found.kind, found.date, found.holder, found.birth_date) == ("bin", "1994-02", "company", "")


def test_a_day_that_does_not_exist_is_a_problem_and_no_fact() -> None:
    found = read_identifier("23102198500123", kind="pin")
    assert (found.is_valid, found.birth_date) == (False, "")
    assert "date" in found.problem


@pytest.mark.parametrize(
    ("text", "number", "note"),
    [("АН 123-4567", "AH1234567", False), ("an№1234567", "AN1234567", False), ("AN O234567", "AN0234567", True)],
)
def test_passport_numbers_lose_spaces_and_letters_of_another_alphabet(text: str, number: str, note: bool) -> None:
    found = read_identifier(text.replace("№", " "), kind="passport", country="KGZ")
    assert (found.number, found.is_valid, bool(found.note)) == (number, True, note)


def test_the_shape_of_a_passport_is_judged_only_where_it_is_known() -> None:
    assert not read_identifier("12345", kind="passport", country="KGZ").is_valid
    assert read_identifier("12345", kind="passport", country="FJI").is_valid


@pytest.mark.parametrize("text", ["", " ", "-", "<script>", "'; DROP TABLE x", "9" * 10_000, "٧٧٠٧٠٨٣٨٩", "🙂", "²³"])
@pytest.mark.parametrize("kind", ["", "inn", "iin", "passport", "lei", "iban", "decree"])
def test_any_text_gets_an_answer(text: str, kind: str) -> None:
    found = read_identifier(text, kind=kind)
    assert not found.is_checked
    assert found.is_valid != bool(found.problem)


def test_a_kind_that_does_not_exist_is_refused() -> None:
    with pytest.raises(UnknownCode, match="shoe_size"):
        read_identifier("44", kind="shoe_size")
    assert ("iin", "KAZ") in identifier_kinds()


def test_numbers_are_found_in_running_text() -> None:
    text = "ООО «Ромашка», ИНН 7707083893, ОГРН 1027700132195; IBAN GB82 WEST 1234 5698 7654 32, tel +79161234567"
    assert [one.kind for one in find_identifiers(text)] == ["inn", "ogrn", "iban"]
    assert find_identifiers("invoice 7707083893 of 12345678") == ()


def test_digits_of_other_scripts_and_full_width_are_digits() -> None:
    assert normal_number("٧٧０7 \u200b08-3893") == "7707083893"


@pytest.mark.parametrize(("zone", "form"), [(PASSPORT, "TD3"), (CARD, "TD1"), (SMALL, "TD2")])
def test_the_zones_of_doc_9303_read(zone: str, form: str) -> None:
    found = read_mrz(zone)
    assert (found.form, found.problems, found.issuer) == (form, (), "UTO")
    assert (found.surname, found.given_names, found.sex) == ("ERIKSSON", "ANNA MARIA", "female")
    assert (found.birth_date, found.expiry_date) == ("1974-08-12", "2012-04-15")


def test_every_checked_sign_of_a_zone_is_checked() -> None:
    draw = random.Random(5)
    places = [*range(44, 54), *range(57, 64), *range(65, 88)]
    for place in draw.sample(places, 30):
        wrong = PASSPORT[:place] + ("7" if PASSPORT[place] != "7" else "8") + PASSPORT[place + 1 :]
        assert not read_mrz(wrong).is_valid


def test_the_day_of_reading_settles_the_century_of_birth() -> None:
    zone = CARD.replace("7408122", "2808126")
    assert read_mrz(zone, as_of="2010-01-01").birth_date == "1928-08-12"
    assert read_mrz(zone, as_of="2029-01-01").birth_date == "2028-08-12"


def test_a_text_that_is_no_zone_is_refused() -> None:
    with pytest.raises(CodeError, match="44"):
        read_mrz("P<UTOERIKSSON")


def test_a_number_of_which_nothing_is_said_is_no_wrong_iin() -> None:
    number = next(n for d in range(10) if not read_identifier(n := f"85081530001{d}", kind="iin").is_valid)
    assert read_identifier(number, kind="idNumber").kind == "other"
    assert read_identifier(number, kind="idNumber", country="KAZ").kind == "iin"
