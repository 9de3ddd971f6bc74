"""Features: reasons other than the name why a query and a candidate are one party, or are not."""

from entrepot.parties.features.dates import birth_date
from entrepot.parties.features.facts import (
    Facts,
    Number,
    as_packed,
    date_of,
    facts_of,
    from_packed,
    numbers_of,
    plain_number,
)
from entrepot.parties.features.found import Found
from entrepot.parties.features.numbers import craft_number, document_number, is_for_life, number_differs
from entrepot.parties.features.places import address, call_sign, contact, country, flag, gender

__all__ = [
    "Facts",
    "Found",
    "Number",
    "address",
    "as_packed",
    "birth_date",
    "call_sign",
    "contact",
    "country",
    "craft_number",
    "date_of",
    "document_number",
    "facts_of",
    "flag",
    "from_packed",
    "gender",
    "is_for_life",
    "number_differs",
    "numbers_of",
    "plain_number",
]
