"""Short names of goods, for people who read a report: ``goods.csv``, hs_code and name.

The names are this project's own words, not the text of any nomenclature. They say what a code is mostly
about; the law's wording decides what falls under it. Named are every chapter that holds goods (77 is empty),
all headings of the chapters that carry most export controls, and the six-digit codes of those goods.
"""

from __future__ import annotations

from functools import lru_cache

from entrepot.codes.facts import rows
from entrepot.codes.hs import find_hs_code


def goods_name(code: str) -> str | None:
    """Return a short name in plain words for a goods code, or None where there is none.

    The name is that of the code's first six digits, else of its heading (four), else of its chapter (two):
    ``870323`` is a kind of petrol car, ``87032319`` the same, ``870899`` motor vehicle parts. A name taken
    from a shorter code is true of the goods but wider than they are. A code that an older revision of the
    HS used otherwise may be named as today's. Text that is no code (see ``find_hs_code``) and ``TOTAL`` have
    no name.
    """
    digits = find_hs_code(code)
    if digits is None:
        return None
    named = _names()
    prefixes = (digits[:length] for length in (6, 4, 2) if len(digits) >= length)
    return next((named[prefix] for prefix in prefixes if prefix in named), None)


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    return {row["hs_code"]: row["name"] for row in rows("goods")}
