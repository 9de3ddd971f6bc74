"""Build: the index of the parties that lists name."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from entrepot.lake import Lake, quoted
from entrepot.parties.features import as_packed, facts_of, numbers_of
from entrepot.parties.index.arrays import Arrays, Texts, texts_of
from entrepot.parties.index.grams import N_GRAMS, grams_of_all, is_rough
from entrepot.parties.index.groups import CRAFT, GROUPS
from entrepot.parties.names import Name, read_name
from entrepot.parties.party import Party, party_of_row

# Raise it when what is kept on disk changes in form or in content.
FORM = 6
# Names that were read are forgotten so often: forty thousand of them would outweigh all the rest.
_FORGET = 2000
_DOCUMENTS = {"Passport": "passport", "Identification": "id"}


def parties_with_papers(lake: Lake, version: int, source_ids: Sequence[str]) -> list[Party]:
    """Return what a version's lists are about, each with its documents, sorted by group, source and id.

    A document is a value of ``document``: kind, number and issuer, joined by ``|``.
    """
    wanted = ", ".join(map(quoted, source_ids))
    kinds = ", ".join(map(quoted, (*GROUPS, *_DOCUMENTS)))
    with lake.engine(version=version) as engine:
        rows = engine.rows(
            f"""SELECT entity_id, schema, caption, properties, source_id, is_target FROM parties
                WHERE source_id IN ({wanted}) AND schema IN ({kinds}) ORDER BY source_id, entity_id"""
        )
    documents: dict[tuple[str, str], list[str]] = {}
    for _, schema, _, properties, source_id, _ in rows:
        if schema in _DOCUMENTS:
            _add_document(documents, _DOCUMENTS[schema], source_id, json.loads(properties))
    found = []
    for entity_id, schema, caption, properties, source_id, is_target in rows:
        if schema in GROUPS and (is_target is not False or '"topics"' in properties):
            party = party_of_row(entity_id, schema, caption, properties, source_id)
            found.append(_with_documents(party, documents.get((source_id, entity_id), ())))
    return sorted(found, key=lambda party: GROUPS[party.schema])


def _add_document(
    documents: dict[tuple[str, str], list[str]], kind: str, source_id: str, held: dict[str, list[str]]
) -> None:
    country = next(iter(held.get("country", ())), "")
    for holder in held.get("holder", ()):
        texts = (f"{kind}|{number}|{country}" for number in held.get("number", ()))
        documents.setdefault((source_id, holder), []).extend(texts)


def _with_documents(party: Party, documents: Sequence[str]) -> Party:
    if not documents:
        return party
    held = {**party.properties, "document": tuple(documents)}
    return Party(party.party_id, party.schema, held, party.dataset, party.caption)


def build_arrays(parties: Sequence[Party]) -> Arrays:
    """Return the index of parties that are sorted by group."""
    names, folded, bones, owners, families = [], [], [], [], []
    for i, party in enumerate(parties):
        for text in party.names or (party.caption,):
            if name := read_name(text, schema=party.schema):
                names.append(text)
                families.append(_family(name))
                folded.append(name.folded)
                bones.append(name.skeleton)
                owners.append(i)
        if i % _FORGET == 0:
            read_name.cache_clear()
    read_name.cache_clear()
    entities = np.array(owners, np.int64)
    groups = np.array([GROUPS[party.schema] for party in parties], np.int64)[entities] if names else entities
    hashes, numbered = _numbers(parties)
    return Arrays(
        np.searchsorted(groups, np.arange(CRAFT + 1), side="right"),
        *_postings(folded, bones),
        entities,
        _bearers(families, owners),
        texts_of(names),
        texts_of(["\n".join(map(in_order, folded))]),
        _packed(parties),
        hashes,
        numbered,
    )


def _family(name: Name) -> str:
    """The family's name without its ending; empty where a name has none, or is a body's."""
    family = name.readings[0].family if name.readings else ()
    return family[0].root if family else ""


def _bearers(families: Sequence[str], owners: Sequence[int]) -> NDArray[np.int64]:
    """How many listed persons bear the family of each name: where many do, so do many who are not listed."""
    counts = Counter(family for family, _ in set(zip(families, owners, strict=True)) if family)
    return np.array([counts[family] for family in families], np.int64)


def _postings(
    folded: Sequence[str], bones: Sequence[str]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Postings: a name's weight under a gram is the gram's squared, over the length of the name's vector.

    Rough grams are a vector of their own.
    """
    grams, names = grams_of_all(folded, bones)
    counts = np.bincount(grams, minlength=N_GRAMS)
    rare = np.log1p(len(folded) / np.maximum(counts, 1))
    squared = rare[grams] ** 2
    apart = is_rough(grams)
    weights = np.empty_like(squared)
    for side in (apart, ~apart):
        lengths = np.sqrt(np.bincount(names[side], weights=squared[side], minlength=len(folded)))
        weights[side] = squared[side] / lengths[names[side]]
    return np.cumsum(counts), names, weights, rare


def in_order(folded: str) -> str:
    """Return the words of a name in the order of the alphabet."""
    return " ".join(sorted(folded.split()))


def _packed(parties: Iterable[Party]) -> Texts:
    return texts_of(
        [
            json.dumps(
                [p.party_id, p.schema, p.dataset, as_packed(facts_of(p))], ensure_ascii=False, separators=(",", ":")
            )
            for p in parties
        ]
    )


def _numbers(parties: Sequence[Party]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    pairs = sorted((number_hash(number), i) for i, party in enumerate(parties) for number in numbers_of(party))
    return np.array([p[0] for p in pairs], np.uint64), np.array([p[1] for p in pairs], np.int64)


def number_hash(number: str) -> int:
    """Return 64 bits that stand for a number, the same in every process."""
    return int.from_bytes(blake2b(number.encode(), digest_size=8).digest(), "little")
