"""Listings: the lists of the lake at one version, kept at hand for quick answers."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from entrepot.errors import NotFound
from entrepot.lake import PARTIES, Lake, Version
from entrepot.parties import Candidate, Index, Party, open_index

# All lists together, under the names that clients of yente use.
EVERY = ("default", "all")
# Entities beside the parties: what a list says of them, not whom it lists.
_BESIDE = frozenset(
    "Address Associate CryptoWallet Debt Directorship Documentation Employment Family Identification Membership"
    " Occupancy Ownership Passport Payment Representation Sanction Security Succession UnknownLink".split()
)
_COUNTRIES = ("country", "citizenship", "nationality", "jurisdiction", "flag", "mainCountry")
_INDEXES_AT_HAND = 4
_COLUMNS = "entity_id, schema, caption, properties, source_id, is_target, first_seen, last_seen, last_change"

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Entity:
    """One party of a list.

    Attributes:
        text: the JSON object that is sent, without its closing brace, so that a score can be added.
        countries: codes as the list gives them. topics: of FollowTheMoney.
    """

    entity_id: str
    dataset: str
    schema: str
    caption: str
    text: bytes
    countries: tuple[str, ...]
    topics: tuple[str, ...]

    @property
    def json(self) -> str:
        """The JSON object that is sent."""
        return self.text.decode() + "}"


@dataclass(frozen=True, slots=True)
class Dataset:
    """A list: its id, title, publisher, how many parties, when it was read, and where it is published."""

    name: str
    title: str
    publisher: str
    url: str
    version: str
    updated_at: str
    n_entities: int
    n_things: int


class Listings:
    """The lists of one version of a lake. Searching is one at a time: an index keeps what it has parsed."""

    def __init__(self, lake: Lake) -> None:
        self.version: Version = lake.version()
        self._lake = lake
        self._lock = threading.Lock()
        self._indexes: dict[str, Index] = {}
        self.entities: dict[str, Entity] = {}
        beside = ", ".join(f"'{schema}'" for schema in sorted(_BESIDE))
        for row in self._rows(f"schema NOT IN ({beside})"):
            # Ids are unique within a list; a second list's same id is asked for as list/id.
            key = row[0] if row[0] not in self.entities else f"{row[4]}/{row[0]}"
            self.entities[key] = _entity(row)
        counts: Counter[str] = Counter()
        for part in self.version.parts_of(PARTIES.name):
            counts[part.source_id] += part.data.rows
        things = Counter(entity.dataset for entity in self.entities.values())
        self.datasets = {name: _dataset(self.version, name, counts[name], things[name]) for name in sorted(counts)}

    def names(self, dataset: str) -> list[str]:
        """Return the ids of the lists that a name of a dataset stands for.

        Raises:
            NotFound: the lake holds no such list.
        """
        if dataset in EVERY:
            return list(self.datasets)
        if dataset not in self.datasets:
            remedy = (
                f"Lists: {', '.join(self.datasets) or 'none; read one with `entrepot ingest`'}, or default for all."
            )
            raise NotFound(f"no list {dataset[:60]!r} in the lake", remedy=remedy)
        return [dataset]

    def warm(self) -> None:
        """Open the index of all lists."""
        if self.datasets:
            self.index(list(self.datasets))

    def index(self, names: Sequence[str]) -> Index:
        """Return the index of some lists, the last few kept at hand."""
        key = ",".join(sorted(names))
        found = self._indexes.get(key)
        if found is None:
            found = open_index(self._lake, names, version=self.version.version)
            while len(self._indexes) >= _INDEXES_AT_HAND:
                # The oldest goes, the one of all lists stays.
                del self._indexes[next(one for one in self._indexes if one != ",".join(self.datasets))]
            self._indexes[key] = found
        return found

    def search(self, dataset: str, party: Party, *, limit: int, threshold: float) -> list[Candidate]:
        """Return the best candidates of a query, best first."""
        names = self.names(dataset)
        if not names:
            return []
        with self._lock:
            return self.index(names).search(party, limit=limit, threshold=threshold)

    def entity(self, candidate: Candidate) -> Entity | None:
        """Return the entity of a candidate."""
        found = self.entities.get(candidate.entity_id)
        if found is None or found.dataset != candidate.dataset:
            found = self.entities.get(f"{candidate.dataset}/{candidate.entity_id}")
        return found

    def get(self, entity_id: str) -> Entity:
        """Return an entity by its id, from the lake where it is none of the parties.

        Raises:
            NotFound: no list has it.
        """
        found = self.entities.get(entity_id)
        if found is None and entity_id.isprintable():
            found = next(map(_entity, self._rows("entity_id = $entity_id", entity_id=entity_id)), None)
        if found is None:
            raise NotFound(f"no entity {entity_id[:100]!r} in the lists", remedy="Search for it: /search/default?q=")
        return found

    def beside(self, entity: Entity) -> Iterator[dict[str, Any]]:
        """Yield the entities of the same list that name this one: its sanctions, papers, holdings and links."""
        quoted = json.dumps(entity.entity_id, ensure_ascii=False)
        condition = "source_id = $source_id AND entity_id <> $entity_id AND contains(properties, $quoted)"
        given = {"source_id": entity.dataset, "entity_id": entity.entity_id, "quoted": quoted}
        for row in self._rows(condition, **given):
            yield json.loads(_entity(row).json)

    def _rows(self, condition: str = "true", **parameters: object) -> list[Row]:
        if not self.version.parts_of(PARTIES.name):
            return []
        with self._lake.engine(version=self.version.version) as engine:
            sql = f"SELECT {_COLUMNS} FROM parties WHERE {condition} ORDER BY source_id, entity_id"
            return engine.rows(sql, **parameters)


def _entity(row: Row) -> Entity:
    entity_id, schema, caption, properties, source_id, is_target, *seen = row
    held = json.loads(properties)
    head = json.dumps({"id": entity_id, "caption": caption, "schema": schema}, ensure_ascii=False)
    tail = {
        "datasets": [source_id],
        "referents": [],
        "target": bool(is_target),
        **dict(zip(("first_seen", "last_seen", "last_change"), seen, strict=True)),
    }
    text = f'{head[:-1]}, "properties": {properties}, {json.dumps(tail, ensure_ascii=False)[1:-1]}'
    return Entity(
        entity_id,
        source_id,
        schema,
        caption,
        text.encode("utf-8", "replace"),
        tuple(dict.fromkeys(code for name in _COUNTRIES for code in held.get(name, ()))),
        tuple(held.get("topics", ())),
    )


def _dataset(version: Version, name: str, n_entities: int, n_things: int) -> Dataset:
    entry = next(one for one in reversed(version.snapshots) if one.source_id == name)
    origin = entry.origin
    return Dataset(
        name,
        origin.title,
        origin.publisher,
        origin.url if origin.url.startswith(("https://", "http://")) else "",
        str(version.version),
        entry.ingested_at,
        n_entities,
        n_things,
    )
