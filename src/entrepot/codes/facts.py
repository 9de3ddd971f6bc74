"""The room's own facts: small CSV files beside the code, read when first asked for.

``data/`` holds

- ``territories.csv``: iso3, iso2, m49, name, and the days between which the code was in use;
- ``groups.csv``: id and name of groups and residual areas, which are never added to their members;
- ``names.csv``: code, language, name: further spellings of territories and groups;
- ``numbers.csv``: scheme, code, id, note: where a publisher's code is not the ISO or UN one;
- ``memberships.csv``: bloc, iso3, kind, valid_from, valid_to, source;
- ``units.csv``, ``currencies.csv``: codes of units and currencies;
- ``iban.csv``: iso2, length: how long a country's IBAN is (SWIFT's IBAN registry);
- ``passports.csv``: country, kind, shape: A a letter, 9 a digit, of passports and identity cards;
- ``goods.csv``: hs_code, name: goods in a few plain words;
- ``lists.csv`` and one ``list_<id>.csv`` for each product list.
"""

from __future__ import annotations

import csv
from pathlib import Path

FOLDER = Path(__file__).parent / "data"


def rows(name: str) -> list[dict[str, str]]:
    """Return the records of one of the room's own data files."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
