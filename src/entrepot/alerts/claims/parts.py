"""Parts: who sends and who takes the goods of a claim, and through whom they go."""

from __future__ import annotations

import re
from dataclasses import dataclass

from entrepot.alerts.claims.claim import Claim
from entrepot.alerts.claims.mentions import Mention, is_followed, is_listed_with, stands_after
from entrepot.alerts.claims.words import pattern
from entrepot.codes import bloc_ids, day_text, members


@dataclass(frozen=True, slots=True)
class Parts:
    """Codes by part: those who export, import, stand between, or made the goods; ``is_both``: trade either way."""

    exporters: tuple[str, ...] = ()
    importers: tuple[str, ...] = ()
    vias: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    is_both: bool = False

    def swapped(self) -> Parts:
        """Return the other way of trade between two."""
        return Parts(self.importers, self.exporters)


def parts_of(claim: Claim) -> Parts:
    """Return the parts that a claim's words give to its territories and blocs."""
    quote = claim.quote
    roles: dict[Mention, str] = {}
    placed = [one for one in claim.mentions if one.start >= 0]
    last: Mention | None = None
    for one in placed:
        inherited = last is not None and last in roles and is_listed_with(quote, last, one)
        role = roles[last] if inherited and last else _role(quote, one)
        if role:
            roles[one] = role
        last = one
    rest = [one for one in placed if one not in roles]
    is_import = _is_import(quote)
    between = [one for one in placed if roles.get(one) in ("between", "with")]
    if between:
        codes = tuple(dict.fromkeys(one.code for one in [*rest, *between]))
        return Parts(codes[:1], codes[1:2], is_both=True)
    for one in rest:
        wanted = "importer" if is_import else "exporter"
        other = "exporter" if is_import else "importer"
        roles[one] = wanted if wanted not in roles.values() else other if other not in roles.values() else "bystander"
    far = [one for one in claim.mentions if one.start < 0]
    for one in far:
        wanted = "importer" if is_import else "exporter"
        if wanted not in roles.values():
            roles[one] = wanted
    exporters, importers, vias, origins = (
        tuple(dict.fromkeys(one.code for one, role in roles.items() if role == name)) for name in _ROLES
    )
    return Parts(exporters, importers, vias, origins)


_ROLES = ("exporter", "importer", "via", "origin")


def _role(quote: str, one: Mention) -> str:
    if is_followed(quote, one, "origin_after") and re.search(
        r"\b(of|реэкспорт\w*|экспорт\w*)\s+(the\s+)?$", quote[: one.start]
    ):
        return "origin"
    if is_followed(quote, one, "origin_after") and re.search(r"\w", quote[: one.start]) and _adjective(quote, one):
        return "origin"
    for role in ("via", "between", "exporter", "importer"):
        if stands_after(quote, one, f"{role}_before"):
            return role
    after = quote[one.end : one.end + 50]
    exporting, importing = pattern("exporting").search(after), pattern("importing").search(after)
    if importing and (not exporting or importing.start() < exporting.start()):
        return "importer"
    if exporting:
        return "exporter"
    return "with" if stands_after(quote, one, "with_before") and pattern("trade").search(quote) else ""


def _adjective(quote: str, one: Mention) -> bool:
    return bool(re.search(r"(an|ish|ese|ch)$|ск\w+$", quote[one.start : one.end]))


def _is_import(quote: str) -> bool:
    exporting, importing = pattern("exporting").search(quote), pattern("importing").search(quote)
    return importing is not None and (exporting is None or importing.start() < exporting.start())


def states_of(codes: tuple[str, ...], *, on: int) -> tuple[str, ...]:
    """Return the states that codes of states and blocs mean on a day."""
    found: list[str] = []
    for code in codes:
        found += sorted(members(code, on=day_text(on))) if code in bloc_ids() else [code]
    return tuple(dict.fromkeys(found))
