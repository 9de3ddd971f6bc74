"""Addresses: a form of them in which two can be compared."""

from __future__ import annotations

import re

_ADDRESS_WORDS = frozenset(
    "ul str street st ave avenue pr prospekt d dom house kv apt office of room g gor city ул улица пр проспект д дом кв"
    " квартира оф офис г гор город көчөсү көшесі ko'chasi".split()
)


def address_key(text: str) -> str:
    """Return an address without order, punctuation and words such as "street"; empty where it has no number."""
    words = re.findall(r"\w+", text.casefold())
    kept = sorted({word for word in words if word not in _ADDRESS_WORDS})
    return " ".join(kept) if any(word[0].isdigit() for word in kept) and len(kept) > 2 else ""
