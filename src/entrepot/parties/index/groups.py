"""Groups: which schemas of FollowTheMoney are compared with which."""

from __future__ import annotations

from collections.abc import Mapping

# Names lie in this order, so that what a query is compared with is one slice. A LegalEntity may be either side's.
PERSON, LEGAL_ENTITY, BODY, CRAFT = range(4)
GROUPS: Mapping[str, int] = {
    "Person": PERSON,
    "LegalEntity": LEGAL_ENTITY,
    "Company": BODY,
    "Organization": BODY,
    "PublicBody": BODY,
    "Vessel": CRAFT,
    "Airplane": CRAFT,
    "Vehicle": CRAFT,
}
_COMPARED = {"Person": (PERSON, LEGAL_ENTITY), "LegalEntity": (PERSON, BODY)}


def compared_groups(schema: str) -> tuple[int, int]:
    """Return the first and the last group that a query is compared with; all of them where its schema is not known."""
    group = GROUPS.get(schema)
    if group is None:
        return PERSON, CRAFT
    return _COMPARED.get(schema) or ((LEGAL_ENTITY, BODY) if group == BODY else (group, group))
