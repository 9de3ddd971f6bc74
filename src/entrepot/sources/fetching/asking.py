"""From the words of an analyst to the codes of UN Comtrade."""

from __future__ import annotations

import re
from pathlib import Path

from entrepot.codes import find_territory, get_territory, product_list, product_list_ids, read_product_list
from entrepot.errors import ConfigError, UnknownCode
from entrepot.sources.fetching.periods import read_periods
from entrepot.sources.fetching.question import Question

_FLOWS = {
    "export": "X", "x": "X",
    "import": "M", "m": "M",
    "re-export": "RX", "rx": "RX",
    "re-import": "RM", "rm": "RM",
}  # fmt: skip
_LEVELS = {"total": "TOTAL", "ag2": "AG2", "ag4": "AG4", "ag6": "AG6", "all": "AG6"}

# Where several numbers stand for a territory, the one under which it reports today.
# Source: the service's reference lists (files/v1/app/reference/Reporters.json and partnerAreas.json).
_PREFERRED = {
    "BEL": "56", "CHE": "757", "DEU": "276", "FRA": "251", "IND": "699", "ITA": "380",
    "NOR": "579", "SDN": "729", "TWN": "490", "USA": "842", "WORLD": "0", "ZAF": "710",
}  # fmt: skip

# UN standard numbers under which the service holds nothing, because it lists these areas together with
# a neighbour (France with Monaco). Asked for, they would come back empty as if nothing was reported.
_UNUSED = {"158": "490", "250": "251", "356": "699", "578": "579", "756": "757", "840": "842"}


def read_question(*, reporter: str, partner: str, period: str, flow: str, products: str, freq: str) -> Question:
    """Return the question that an analyst's words name.

    Args:
        reporter, partner: ISO3, names or UN numbers joined by commas; ``all`` for every one.
        period: months (freq M) or years (freq A), see :func:`read_periods`.
        flow: export, import, re-export, re-import (or X, M, RX, RM) joined by commas.
        products: TOTAL, AG2, AG4, AG6, ``all`` (AG6), HS codes of 2, 4 or 6 digits joined by commas,
            the id of a product list such as ``chpl``, or the file of one.
        freq: M or A.

    Raises:
        UnknownCode: a territory, flow or product that no code list holds.
        ConfigError: a frequency or period that is none.
    """
    freq = freq.strip().upper()
    if freq not in ("A", "M"):
        raise ConfigError(f"frequency {freq!r}", where="--freq", remedy="Write M (months) or A (years).")
    periods = tuple(item.replace("-", "") for item in read_periods(period, freq=freq))
    return Question(
        freq=freq,
        periods=periods,
        reporters=_areas(reporter, where="--reporter"),
        partners=_areas(partner, where="--partner"),
        flows=tuple(dict.fromkeys(_flow(word) for word in flow.split(","))),
        products=_products(products),
    )


def _areas(text: str, *, where: str) -> tuple[str, ...] | None:
    if text.strip().lower() == "all":
        return None
    return tuple(dict.fromkeys(area_number(word.strip(), where=where) for word in text.split(",")))


def area_number(text: str, *, where: str = "") -> str:
    """Return the number under which UN Comtrade lists a territory.

    A number is taken as the service's own, except a UN standard number that the service does not use:
    then the one it uses instead is returned.

    Raises:
        UnknownCode: no such territory, or one that UN Comtrade has no number for.
    """
    if re.fullmatch(r"[0-9]{1,3}", text):
        get_territory(text, scheme="comtrade", where=where)
        number = str(int(text))
        return _UNUSED.get(number, number)
    code = get_territory(text, where=where).code
    if code in _PREFERRED:
        return _PREFERRED[code]
    numbers = [str(n) for n in range(1000) if _is(str(n), code, scheme="comtrade")]
    standard = [n for n in numbers if _is(n, code, scheme="m49")]
    if not numbers:
        raise UnknownCode(
            f"UN Comtrade has no number for {text!r}",
            where=where,
            remedy="Name a state, or WORLD for all together.",
        )
    return (standard or numbers)[-1]


def _is(number: str, code: str, *, scheme: str) -> bool:
    found = find_territory(number, scheme=scheme)
    return found is not None and found.code == code


def _flow(word: str) -> str:
    try:
        return _FLOWS[word.strip().lower()]
    except KeyError:
        raise UnknownCode(
            f"flow {word.strip()!r}", where="--flow", remedy="Known: export, import, re-export, re-import."
        ) from None


def _products(text: str) -> tuple[str, ...]:
    word = text.strip()
    if word.lower() in _LEVELS:
        return (_LEVELS[word.lower()],)
    codes = [item.strip().replace(".", "") for item in word.split(",")]
    if word in product_list_ids():
        codes = [item.hs_code for item in product_list(word).items]
    elif Path(word).is_file():
        codes = [item.hs_code for item in read_product_list(Path(word)).items]
    for code in codes:
        if not re.fullmatch(r"([0-9]{2}){1,5}", code):
            raise UnknownCode(
                f"product {code!r}",
                where="--products",
                remedy="Write TOTAL, AG6, HS codes of 2, 4 or 6 digits, a list "
                f"({', '.join(product_list_ids())}) or a file.",
            )
    # UN Comtrade ends at six digits; longer codes are national.
    return tuple(sorted({code[:6] for code in codes}))
