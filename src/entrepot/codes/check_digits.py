"""Check digits of the numbers that states and standards bodies give to people, companies, ships and accounts.

Each function says whether a number in its normal form (capitals and digits, no spaces) carries the right check
digits. They are a few lines of arithmetic each and are kept here rather than taken from a package; docs/decisions
says why.
"""

from __future__ import annotations

from collections.abc import Iterable

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_UNP = "ABCEHKMOPT"


def _sum(weights: Iterable[int], number: str) -> int:
    return sum(weight * int(digit) for weight, digit in zip(weights, number, strict=False))


def holds_inn(number: str) -> bool:
    """Return whether a Russian INN of 10 or 12 digits holds."""
    weights = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
    if len(number) == 10:
        return _sum(weights[2:], number) % 11 % 10 == int(number[9])
    tenth = _sum(weights[1:], number[:10]) % 11 % 10
    return (tenth, _sum(weights, number[:11]) % 11 % 10) == (int(number[10]), int(number[11]))


def holds_ogrn(number: str) -> bool:
    """Return whether a Russian OGRN (13 digits) or OGRNIP (15) holds."""
    return int(number[:-1]) % (len(number) - 2) % 10 == int(number[-1])


def holds_iin(number: str) -> bool:
    """Return whether a Kazakh IIN or BIN holds.

    Where the first pass leaves 10, the weights are turned by two; numbers that leave 10 again are not given out.
    """
    left = _sum(range(1, 12), number) % 11
    if left == 10:
        left = _sum((3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2), number) % 11
    return left == int(number[11])


def holds_pinfl(number: str) -> bool:
    """Return whether an Uzbek PINFL holds: weights 7, 3, 1 over the first 13 digits, modulus 10."""
    return _sum((7, 3, 1) * 5, number[:13]) % 10 == int(number[13])


def holds_unp(number: str) -> bool:
    """Return whether a Belarusian UNP holds; a person's starts with two letters."""
    if number[0].isalpha():
        number = f"{number[0]}{_UNP.index(number[1])}{number[2:]}"
    weights = (29, 23, 19, 17, 13, 7, 5, 3)
    total = sum(weight * _ALPHABET.index(sign) for weight, sign in zip(weights, number, strict=False))
    return total % 11 == int(number[8])


def holds_edrpou(number: str) -> bool:
    """Return whether a Ukrainian EDRPOU holds; numbers from 30 to 60 million turn the weights by one."""
    weights = (7, 1, 2, 3, 4, 5, 6) if number[0] in "345" else (1, 2, 3, 4, 5, 6, 7)
    left = _sum(weights, number) % 11
    if left == 10:
        left = _sum((weight + 2 for weight in weights), number) % 11 % 10
    return left == int(number[7])


def holds_rnokpp(number: str) -> bool:
    """Return whether a Ukrainian RNOKPP (a person's tax number) holds."""
    return _sum((-1, 5, 7, 9, 4, 6, 10, 5, 7), number) % 11 % 10 == int(number[9])


def holds_tckn(number: str) -> bool:
    """Return whether a Turkish citizen's number holds."""
    digits = [int(digit) for digit in number]
    tenth = (7 * sum(digits[0:9:2]) - sum(digits[1:8:2])) % 10
    return tenth == digits[9] and sum(digits[:10]) % 10 == digits[10]


def holds_vkn(number: str) -> bool:
    """Return whether a Turkish tax number holds."""
    total = 0
    for place, digit in enumerate(reversed(number[:9]), 1):
        if moved := (int(digit) + place) % 10:
            total += moved * 2**place % 9 or 9
    return -total % 10 == int(number[9])


def holds_voen(number: str) -> bool:
    """Return whether an Azerbaijani VOEN holds: the ninth digit checks the first eight."""
    return _sum((4, 1, 8, 6, 2, 7, 5, 3), number) % 11 == int(number[8])


def holds_imo(number: str) -> bool:
    """Return whether a ship's IMO number of seven digits holds."""
    return _sum(range(7, 1, -1), number) % 10 == int(number[6])


def holds_mod97(number: str) -> bool:
    """Return whether a number leaves 1 modulo 97 (ISO 7064), letters counted from A = 10: LEI, or a turned IBAN."""
    return int("".join(str(_ALPHABET.index(sign)) for sign in number)) % 97 == 1


def holds_iban(number: str) -> bool:
    """Return whether an IBAN's two check digits hold; its length is another question."""
    return holds_mod97(number[4:] + number[:4])


def mrz_digit(field: str) -> str:
    """Return the check digit of a field of a machine-readable zone (ICAO Doc 9303-3, 4.9)."""
    values = (0 if sign == "<" else _ALPHABET.index(sign) for sign in field)
    return str(sum(value * (7, 3, 1)[place % 3] for place, value in enumerate(values)) % 10)
