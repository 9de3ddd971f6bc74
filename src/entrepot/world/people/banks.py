"""Banks of the made world; none of them exists. Their BICs end in X9, which no bank here has."""

from __future__ import annotations

from dataclasses import dataclass

from entrepot.world.people.papers import iso2


@dataclass(frozen=True)
class Bank:
    """A bank: its code, name, country and whether it has joined Russia's messaging system."""

    bic: str
    name: str
    country: str
    uses_spfs: bool = False


_WORDS = ("Orda", "Tengri", "Saray", "Kervan", "Baiterek", "Uchkun", "Steppe", "Meridian", "Levant", "Nordbank")
_COUNTS = {
    "KAZ": 8, "KGZ": 7, "UZB": 3, "ARM": 3, "GEO": 2, "TUR": 4, "ARE": 3, "CHN": 3, "RUS": 8, "BLR": 3, "TJK": 2,
    "AZE": 2, "DEU": 3, "POL": 2, "ITA": 2, "USA": 2, "JPN": 1, "KOR": 1, "FRA": 1, "NLD": 1, "HKG": 2,
}  # fmt: skip


def banks() -> list[Bank]:
    """Return the banks; of those in Russia and Belarus every second has joined the messaging system."""
    found = []
    for country, count in _COUNTS.items():
        for number in range(count):
            word = _WORDS[(number * 3 + len(country) + ord(country[1])) % len(_WORDS)]
            bic = f"{word[:3].upper()}{chr(65 + number)}{iso2(country)}X9"
            spfs = country in ("RUS", "BLR") and number % 2 == 1
            found.append(Bank(bic, f"{word} Bank {country} {number + 1}", country, spfs))
    return found
