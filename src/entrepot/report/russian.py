"""The opening sentence in Russian: the same numbers as the English one's, and no stronger words."""

from __future__ import annotations

from collections.abc import Callable

from entrepot.report.answer import ALL, Routes, Row, Scope, number
from entrepot.report.sentence import ESTIMATE, Sentence, marked, per_hundred
from entrepot.report.words import NBSP, label, money

# Where to, in the accusative; other territories by their name as it stands.
_TO = {"RUS": "Россию", "BLR": "Беларусь", "IRN": "Иран", "PRK": "КНДР", "SYR": "Сирию"}
_GOODS = {"listed goods": "товаров из списков", "goods": "товаров", "the chosen goods": "выбранных товаров"}
_NAMED = 3
_UNITS = (("bn", "млрд"), ("m", "млн"), ("k", "тыс."))


def russian_sentences(routes: Routes, scope: Scope) -> dict[str, Sentence]:
    """Return control set -> its opening sentence in Russian."""
    totals = {str(row["control_set"]): row for row in routes.totals if row["via_iso3"] == ALL}
    known = [
        name for name in scope.sets if name in totals and all(number(totals[name][c]) is not None for c in ESTIMATE)
    ]
    where = _TO.get(scope.destination, label(scope.destination))
    if not known:
        text = f"По этим данным не удалось проверить ни одного маршрута; назначение: {label(scope.destination)}."
        return {name: marked(name, text) for name in ("", *scope.sets)}
    points = [float(totals[name]["excess"]) for name in known]
    lost = next((number(totals[name]["lost_direct"]) for name in known), None)
    has_share = lost is not None and lost > 0
    shown = per_hundred((min(points), max(points)), lost) if has_share else _amount(scope)
    opening = _opening(scope, where, has_share, _reach(min(points), max(points), shown))
    if max(points) <= 0:
        opening = f"Выше ожидаемого ничего нет: {_GOODS[scope.goods]} ушло не больше, чем ушло бы и так"
    return {name: marked(name, f"{opening}; {_own(totals[name], shown)}.") for name in known}


def _opening(scope: Scope, where: str, has_share: bool, reach: str) -> str:
    goods, road = _GOODS[scope.goods], _road(scope)
    if has_share:
        return (
            f"Из каждых 100{NBSP}{scope.currency or 'единиц'} {goods}, которые перестали поступать в {where} напрямую,"
            f" {reach} появились вновь как дополнительные поставки {road}"
        )
    return f"Сверх ожидаемого {road} ушло {reach} {goods}; долю от потерь прямых поставок назвать нельзя"


def _reach(low: float, high: float, shown: Callable[[float], str]) -> str:
    first, last = shown(low), shown(high)
    if first == last:
        return f"около **{last}**"
    if low <= 0:
        return f"до **{last}** или вовсе ничего, смотря по контролям,"
    return f"от **{first} до {last}**, смотря по контролям,"


def _own(row: Row, shown: Callable[[float], str]) -> str:
    point, low, high = (float(row[column]) for column in ESTIMATE)
    interval = f"90{NBSP}%-й интервал от {shown(low)} до {shown(high)}"
    if point <= 0:
        return f"при этих контролях необъяснённого нет ({interval})"
    doubt = ", ноль не исключён" if low <= 0 else ""
    return f"при этих контролях необъяснёнными остаются **{shown(point)}** ({interval}{doubt})"


def _road(scope: Scope) -> str:
    n = len(scope.vias)
    named = f" ({', '.join(map(label, scope.vias))})" if 0 < n <= _NAMED else ""
    if scope.legs == {"out"}:
        return f"из {_countries(n, 'одной страны', '{n} стран')}{named}"
    word = "через" if scope.legs == {"both"} else "в"
    return f"{word} {_countries(n, 'одну страну', '{n} стран')}{named}"


def _countries(n: int, one: str, many: str) -> str:
    """The form that a number asks for; 2 to 4, 22 to 24 ... have one of their own in the accusative."""
    if n <= 1:
        return one if n else "третьи страны"
    is_few = one.startswith("одну") and n % 10 in (2, 3, 4) and n % 100 not in (12, 13, 14)
    return (f"{n} страны" if is_few else many).format(n=n)


def _amount(scope: Scope) -> Callable[[float], str]:
    def shown(value: float) -> str:
        text = money(value)
        for english, russian in _UNITS:
            text = text.replace(f"{NBSP}{english}", f"{NBSP}{russian}")
        return f"{text}{NBSP}{scope.currency}".strip()

    return shown
