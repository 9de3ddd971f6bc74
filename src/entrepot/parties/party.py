"""Party: one person, company, vessel or body, as FollowTheMoney shapes it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

# Properties of FollowTheMoney that hold names, best first. Weak ones are nicknames and single words.
NAMES = ("name", "alias", "previousName", "weakAlias")
# Schemas that are compared with a person, and those compared with a legal person.
PERSONS = frozenset({"Person"})
ORGANISATIONS = frozenset({"Company", "Organization", "LegalEntity", "PublicBody"})


@dataclass(frozen=True, slots=True)
class Party:
    """One entity.

    Attributes:
        party_id: the publisher's or the user's id.
        dataset: id of the source it stands in; empty for a query.
        schema: FollowTheMoney schema.
        properties: FollowTheMoney property to its values, all of them text. Dates are ISO 8601 prefixes, countries
            as the source gives them.
        caption: name shown to a reader.
    """

    party_id: str
    schema: str
    properties: Mapping[str, tuple[str, ...]]
    dataset: str = ""
    caption: str = ""

    def values(self, *names: str) -> tuple[str, ...]:
        """Return the values of some properties, each once, in their order."""
        found = (value for name in names for value in self.properties.get(name, ()))
        return tuple(dict.fromkeys(found))

    @property
    def names(self) -> tuple[str, ...]:
        """Every name, the best first."""
        return self.values(*NAMES)


def party_of(
    party_id: str, schema: str, properties: Mapping[str, Iterable[str]], *, dataset: str = "", caption: str = ""
) -> Party:
    """Return a party; empty values are left out, and the caption is the first name where none is given."""
    kept = {name: tuple(dict.fromkeys(v for v in map(str.strip, values) if v)) for name, values in properties.items()}
    kept = {name: values for name, values in kept.items() if values}
    first: Sequence[str] = kept.get("name") or next((kept[n] for n in NAMES if n in kept), ())
    return Party(party_id, schema, kept, dataset, caption or (first[0] if first else party_id))


def party_of_row(entity_id: str, schema: str, caption: str, properties: str, dataset: str) -> Party:
    """Return the party of one row of the lake's table ``parties``; ``properties`` is JSON."""
    held = {name: tuple(values) for name, values in json.loads(properties).items()}
    return Party(entity_id, schema, held, dataset, caption)
