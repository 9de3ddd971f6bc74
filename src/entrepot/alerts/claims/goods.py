"""Goods: the HS codes that a claim means, from digits, a list's name or the rule file."""

from __future__ import annotations

import re
from dataclasses import dataclass

from entrepot.alerts.claims.claim import Claim
from entrepot.alerts.claims.words import rule_file
from entrepot.codes import product_list

_DIGITS = re.compile(
    r"\b(?:HS|CN|heading|code|codes|ТН ?ВЭД|код)\s*(?:code |heading )?(\d{4}(?:\d{2})?(?:\d{2})?)\b", re.I
)
_KINDS = ("product", "goods", "commodity")


@dataclass(frozen=True, slots=True)
class GoodsAsked:
    """Goods of a claim.

    Attributes:
        codes: HS codes; empty means all goods.
        words: as the claim says it.
        unknown: goods that are named and whose codes are not known; no answer is possible then.
    """

    codes: tuple[str, ...] = ()
    words: str = ""
    unknown: str = ""


def goods_of(claim: Claim) -> GoodsAsked:
    """Return the goods that a claim names."""
    if digits := _DIGITS.findall(claim.quote):
        return GoodsAsked(tuple(dict.fromkeys(digits)), f"HS {', '.join(digits)}")
    for entity in claim.entities:
        known = str(entity.get("id") or "").upper().removeprefix("HS").strip(":- ")
        if str(entity.get("type", "")).lower() in _KINDS and re.fullmatch(r"\d{2,10}", known):
            return GoodsAsked((known,), str(entity.get("text") or known))
    for rule in rule_file("goods"):
        if match := re.search(rf"(?<!\w)(?:{rule['words']})", claim.quote, re.IGNORECASE):
            return GoodsAsked(_codes(rule), match.group())
    named = [str(e.get("text")) for e in claim.entities if str(e.get("type", "")).lower() in _KINDS]
    return GoodsAsked(unknown=named[0]) if named else GoodsAsked()


def _codes(rule: dict[str, object]) -> tuple[str, ...]:
    if "list" in rule:
        return tuple(item.hs_code for item in product_list(str(rule["list"])).items)
    codes = rule["codes"]
    assert isinstance(codes, list)
    return tuple(str(code) for code in codes)
