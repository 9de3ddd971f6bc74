"""A question to UN Comtrade, and how one that is too large is cut into smaller ones."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from itertools import product
from urllib.parse import urlencode

# The service answers 414 to long addresses and takes at most twelve periods a call.
_MOST_PERIODS = 12
_MOST_CODES = 100
_MOST_AREAS = 50


@dataclass(frozen=True)
class Question:
    """What one call asks for, in the publisher's own codes.

    Attributes:
        freq: M or A.
        periods: YYYYMM or YYYY.
        reporters: area numbers; None means all.
        partners: area numbers; None means all, the world total included.
        flows: X, M, RX, RM.
        products: HS codes of up to six digits, TOTAL, or AG2, AG4, AG6 for a whole digit level.
    """

    freq: str
    periods: tuple[str, ...]
    reporters: tuple[str, ...] | None
    partners: tuple[str, ...] | None
    flows: tuple[str, ...]
    products: tuple[str, ...]

    def query(self) -> str:
        """Return the query part of the address.

        Second partner, transport mode and customs procedure are fixed to their totals: with them
        open, the same trade comes several times.
        """
        asked = {
            "reporterCode": self.reporters,
            "period": self.periods,
            "partnerCode": self.partners,
            "flowCode": self.flows,
            "cmdCode": self.products,
        }
        pairs = [(name, ",".join(codes)) for name, codes in asked.items() if codes is not None]
        pairs += [("partner2Code", "0"), ("motCode", "0"), ("customsCode", "C00"), ("includeDesc", "true")]
        return urlencode(pairs, safe=",")

    def digest(self) -> str:
        """Return a short name that no other question has."""
        return hashlib.sha256(json.dumps(asdict(self)).encode()).hexdigest()[:12]

    def file_name(self) -> str:
        """Return the name of the CSV file that holds the answer."""
        ends = dict.fromkeys((self.periods[0], self.periods[-1]))
        parts = ("_".join(ends), _label(self.reporters), _label(self.partners), "+".join(self.flows))
        return f"comtrade-{self.freq}-{'-'.join(parts)}-{self.digest()}.csv"

    def describe(self) -> str:
        """Return the question in words, for messages."""
        return (
            f"{_label(self.flows)} of reporter {_label(self.reporters)}, partner {_label(self.partners)}, "
            f"{_label(self.periods)}, products {_label(self.products)}"
        )

    def first_pieces(self) -> list[Question]:
        """Return this question in pieces that the service takes as one address each."""
        return [
            replace(
                self,
                periods=periods,
                reporters=reporters,
                partners=partners,
                products=products,
            )
            for reporters, partners, products, periods in product(
                _area_batches(self.reporters),
                _area_batches(self.partners),
                _batches(self.products, _MOST_CODES),
                _batches(self.periods, _MOST_PERIODS),
            )
        ]

    def halves(self) -> list[Question]:
        """Return two smaller questions that together ask the same; empty where no list can be halved."""
        for field in ("periods", "reporters", "partners", "flows", "products"):
            codes = getattr(self, field)
            if codes is not None and len(codes) > 1:
                middle = len(codes) // 2
                return [replace(self, **{field: half}) for half in (codes[:middle], codes[middle:])]
        return []


def _batches(codes: tuple[str, ...], size: int) -> Iterator[tuple[str, ...]]:
    return (codes[start : start + size] for start in range(0, len(codes), size))


def _area_batches(codes: tuple[str, ...] | None) -> list[tuple[str, ...] | None]:
    return [None] if codes is None else list(_batches(codes, _MOST_AREAS))


def _label(codes: tuple[str, ...] | None) -> str:
    if codes is None:
        return "all"
    return "+".join(codes) if len(codes) <= 3 else f"{codes[0]}+{len(codes) - 1}more"
