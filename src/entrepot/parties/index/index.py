"""Index: the names of lists, ready to answer which of them a query may be."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.fuzz import ratio
from rapidfuzz.process import cdist

from entrepot.errors import NotFound
from entrepot.lake import PARTIES, Lake
from entrepot.parties.changes import changes
from entrepot.parties.features import Facts, facts_of, from_packed, numbers_of
from entrepot.parties.index.arrays import Arrays, store_arrays, stored_arrays
from entrepot.parties.index.build import FORM, build_arrays, in_order, number_hash, parties_with_papers
from entrepot.parties.index.grams import grams_of, rough
from entrepot.parties.index.groups import LEGAL_ENTITY, PERSON, compared_groups
from entrepot.parties.matcher import COMMON, COMMONEST, THRESHOLD, Match, Reason, match
from entrepot.parties.names import Name, NameMatch, compare_names, is_common_family, read_name
from entrepot.parties.names.sounds import skeleton
from entrepot.parties.party import Party
from entrepot.parties.revision import revision

# Postings looked at for one name. Rare grams come first, so what is left out hardly ever decides.
_POSTINGS = 8_000
_LEAST_GRAMS = 8
# Which names are looked at, by their grams: the least likeness, the least share of the best's, and how many.
_LOOKED_AT = (0.12, 0.4, 32)
# Two typos leave one gram of a short name, which many others have, too: there letters put more names in order.
_SHORT, _LOOKED_AT_IF_SHORT = 10, (0.02, 0.05, 400)
# Entities compared beyond those written: only such as still may be a match.
_PROMISING, _MOST_PROMISING = 0.6, 10
# Letters of a query's name that are read.
_LONGEST = 300
# A pair of names that agrees so far needs no other.
_SURELY = 0.97
# Parsed parties and names that are kept at hand.
_AT_HAND = 16_000


@dataclass(frozen=True, slots=True)
class Candidate:
    """One party of a list that a query may be.

    Attributes:
        score: 0 to 1. is_match: it reaches the threshold.
        name: the candidate's name that fits best.
        reasons: what the score is made of.
    """

    entity_id: str
    dataset: str
    schema: str
    name: str
    score: float
    is_match: bool
    reasons: tuple[Reason, ...]


class Listed(NamedTuple):
    """A party of a list, as much of it as a score needs."""

    party_id: str
    schema: str
    dataset: str
    facts: Facts


class Index:
    """The parties of some lists at one version. Make one with :func:`open_index`.

    Attributes:
        key: names its content: equal keys answer alike.
    """

    def __init__(self, arrays: Arrays, key: str) -> None:
        self.key = key
        self._arrays = arrays
        self._ends: NDArray[np.int64] = arrays.gram_ends
        self._sorted = arrays.sorted_names.all()
        self._parties: dict[int, Listed] = {}
        self._names: dict[int, Name | None] = {}

    def __len__(self) -> int:
        return len(self._arrays.parties)

    def search(self, party: Party, *, limit: int = 5, threshold: float = THRESHOLD) -> list[Candidate]:
        """Return the best candidates for a query, best first, whatever their score.

        A query whose schema is unknown is compared with everything; it needs at least one name that can be read.
        """
        queries = readable(party)
        if not queries:
            return []
        facts = facts_of(party)
        found = []
        for entity, likes in self._chosen(party, queries, limit):
            other = self._party(entity)
            best = self._best_names(queries, likes)
            if best is not None:
                kinds = party.schema, other.schema
                names, bearers = best
                found.append(_candidate(other, names[1], match(names, kinds, facts, other.facts, bearers), threshold))
        found.sort(key=lambda one: (-one.score, one.dataset, one.entity_id))
        return found[:limit]

    def candidates(self, party: Party, *, limit: int = 10) -> list[str]:
        """Return the ids of the entities that would be compared first; to measure their recall."""
        queries = readable(party)
        ranked = self._ranked(party, queries) if queries else {}
        return [self._party(entity).party_id for entity in list(ranked)[:limit]]

    def _chosen(
        self, party: Party, queries: Sequence[Name], limit: int
    ) -> Iterator[tuple[int, list[tuple[float, int]]]]:
        """Entities to compare: those with a number of the query's, those to be written, and what still may match."""
        ranked = self._ranked(party, queries)
        by_number = self._by_number(party)
        for entity in by_number:
            yield entity, ranked.get(entity) or self._names_of(entity)
        taken = 0
        for entity, likes in ranked.items():
            if taken >= limit and (likes[0][0] < _PROMISING or taken >= max(limit, _MOST_PROMISING)):
                return
            if entity not in by_number:
                taken += 1
                yield entity, likes

    def _ranked(self, party: Party, queries: Sequence[Name]) -> dict[int, list[tuple[float, int]]]:
        """Each entity with the likeness and number of its likely names, best first."""
        low, high = self._slice(party.schema)
        met: list[tuple[NDArray[np.int64], NDArray[np.float64]]] = []
        for folded, bones, is_rough in dict.fromkeys(map(_key, queries)):
            looked_at = _LOOKED_AT_IF_SHORT if is_rough or len(folded) <= _SHORT else _LOOKED_AT
            places, cosines = self._likes(grams_of(folded, bones, is_rough=is_rough), (low, high), looked_at)
            if len(places):
                # Grams find; how much of the whole is the same puts what was found in order.
                form = _in_rough_order if is_rough else in_order
                texts = [self._sorted[place] for place in places.tolist()]
                texts = list(map(_in_rough_order, texts)) if is_rough else texts
                cosines = (cosines + cdist([form(folded)], texts, scorer=ratio)[0] / 100) / 2
            met.append((places, cosines))
        names, likes = (np.concatenate(parts) for parts in zip(*met, strict=True))
        order = np.lexsort((names, -likes))
        names = names[order]
        found: dict[int, list[tuple[float, int]]] = {}
        seen: set[int] = set()
        for entity, like, name in zip(
            self._arrays.name_entities[names].tolist(), likes[order].tolist(), names.tolist(), strict=True
        ):
            # What several of the query's names find counts as the one that is likest.
            if name not in seen:
                seen.add(name)
                found.setdefault(entity, []).append((like, name))
        return found

    def _slice(self, schema: str) -> tuple[int, int]:
        first, last = compared_groups(schema)
        ends = self._arrays.group_ends
        return int(ends[first - 1]) if first else 0, int(ends[last])

    def _likes(
        self, grams: NDArray[np.int64], among: tuple[int, int], looked_at: tuple[float, float, int]
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Names of the slice that share grams with a name, and the cosine of the two."""
        (low, high), (least_like, share_of_best, most) = among, looked_at
        arrays = self._arrays
        weights = arrays.gram_weights[grams]
        length = float(np.sqrt(weights @ weights))
        grams = grams[np.argsort(-weights, kind="stable")]
        ends = self._ends[grams]
        starts = np.where(grams > 0, self._ends[grams - 1], 0)
        sizes = np.cumsum(ends - starts)
        used = max(_LEAST_GRAMS, int(np.searchsorted(sizes, _POSTINGS)))
        spans = [slice(a, b) for a, b in zip(starts[:used].tolist(), ends[:used].tolist(), strict=True) if a < b]
        if not spans or low >= high:
            return np.zeros(0, np.int64), np.zeros(0)
        names = np.concatenate([arrays.posting_names[span] for span in spans])
        added = np.concatenate([arrays.posting_weights[span] for span in spans])
        sums = np.bincount(names, weights=added, minlength=high)[low:high]
        least = max(least_like * length, float(sums.max()) * share_of_best)
        places = np.flatnonzero(sums >= least)
        if len(places) > most:
            # Equal sums keep the order of the list, whatever the sorting.
            places = places[np.argsort(-sums[places], kind="stable")[:most]]
        return places + low, sums[places] / length

    def _by_number(self, party: Party) -> list[int]:
        found: list[int] = []
        for number in sorted(numbers_of(party)):
            wanted = np.uint64(number_hash(number))
            first, last = (int(np.searchsorted(self._arrays.number_hashes, wanted, side)) for side in ("left", "right"))
            found += self._arrays.number_entities[first:last].tolist()
        return list(dict.fromkeys(found[:20]))

    def _names_of(self, entity: int) -> list[tuple[float, int]]:
        places = np.flatnonzero(self._arrays.name_entities == entity)
        return [(1.0, int(place)) for place in places]

    def _best_names(
        self, queries: Sequence[Name], likes: Sequence[tuple[float, int]]
    ) -> tuple[tuple[str, str, NameMatch], int] | None:
        """The pair of names that agree most, and how many bear the family; only names nearly the best are compared."""
        best: tuple[str, str, NameMatch] | None = None
        bearers = 0
        floor = likes[0][0] * 0.85
        # Where all that is asked about is a person, a party of unknown kind is taken for one.
        is_person = all(query.readings for query in queries)
        for like, place in likes[:3]:
            other = self._name(place, is_person=is_person)
            if other is None or like < floor:
                continue
            for query in queries:
                if bool(query.readings) == bool(other.readings):
                    found = compare_names(query, other)
                    if best is None or found.score > best[2].score:
                        best = query.text, other.text, found
                        bearers = self._bearers(place, query, other)
            if like < _PROMISING or (best and best[2].score > _SURELY):
                break
        return (best, bearers) if best else None

    def _bearers(self, place: int, *names: Name) -> int:
        listed = int(self._arrays.name_bearers[place])
        return COMMONEST if listed < COMMON and any(map(is_common_family, names)) else listed

    def _party(self, entity: int) -> Listed:
        found = self._parties.get(entity)
        if found is None:
            party_id, schema, dataset, facts = json.loads(self._arrays.parties[entity])
            if len(self._parties) >= _AT_HAND:
                self._parties.clear()
            found = self._parties[entity] = Listed(party_id, schema, dataset, from_packed(facts))
        return found

    def _name(self, place: int, *, is_person: bool) -> Name | None:
        key = 2 * place + is_person
        if key not in self._names:
            if len(self._names) >= _AT_HAND:
                self._names.clear()
            schema = "Person" if is_person else self._party(int(self._arrays.name_entities[place])).schema
            self._names[key] = read_name(self._arrays.names[place], schema=schema)
        return self._names[key]


def readable(party: Party) -> list[Name]:
    """Return the names of a query that can be read: as a person's, as a body's, or as both where that is not known."""
    first, last = compared_groups(party.schema)
    schemas = ["Person"] if first == PERSON else []
    schemas += ["Company"] if last > LEGAL_ENTITY else []
    found = (read_name(text[:_LONGEST], schema=schema) for text in party.names for schema in schemas)
    return [name for name in found if name is not None]


def open_index(
    lake: Lake, datasets: Sequence[str], *, version: int | None = None, since: int | str | None = None
) -> Index:
    """Return the index of some lists: the one kept in the lake, or a new one that is then kept.

    Args:
        datasets: source ids.
        version: the lake's version; the one in force by default.
        since: a version, day or instant: only the parties that came or changed after it.

    Raises:
        NotFound: a list that this version does not hold; names those it does.
    """
    manifest = lake.version(version)
    parts = [part for part in manifest.parts_of(PARTIES.name) if part.data.rows]
    held = {part.source_id for part in parts}
    if unknown := [dataset for dataset in datasets if dataset not in held]:
        remedy = f"Lists in the lake: {', '.join(sorted(held)) or 'none'}. Read one with `entrepot ingest`."
        raise NotFound(f"no list {unknown[0]!r} in version {manifest.version}", where=str(lake.path), remedy=remedy)
    wanted = sorted(set(datasets))
    before = since if since is None or isinstance(since, int) else lake.version_at(since)
    files = sorted(part.data.file for part in parts if part.source_id in wanted)
    said = "\n".join([str(FORM), revision(), *wanted, *files, str(before)])
    key = f"names-{blake2b(said.encode(), digest_size=8).hexdigest()}"
    arrays = stored_arrays(lake, key)
    if arrays is None:
        parties = parties_with_papers(lake, manifest.version, wanted)
        if before is not None:
            changed = _changed(lake, wanted, before, manifest.version)
            parties = [party for party in parties if (party.dataset, party.party_id) in changed]
        arrays = store_arrays(lake, key, build_arrays(parties))
    return Index(arrays, key)


def _changed(lake: Lake, datasets: Sequence[str], since: int, until: int) -> set[tuple[str, str]]:
    found = changes(lake, datasets, since=since, until=until)
    return {(row["source_id"], row["party_id"]) for row in found}


def _key(query: Name) -> tuple[str, str, bool]:
    return query.folded, query.skeleton, any(token.is_consonantal for token in query.tokens)


def _in_rough_order(folded: str) -> str:
    """Return the words of a name by their consonants in rough classes, in the order of the alphabet."""
    return " ".join(sorted(rough(skeleton(word)) for word in folded.split()))


def _candidate(party: Listed, name: str, result: Match, threshold: float) -> Candidate:
    return Candidate(
        party.party_id,
        party.dataset,
        party.schema,
        name,
        result.score,
        result.score >= threshold,
        result.reasons,
    )
