"""Link: the identities of a customer file, and of a list, that are one person; with the evidence edge by edge."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from entrepot.lake import Table
from entrepot.parties.identity.blocking import pairs
from entrepot.parties.identity.clusters import Clusters, Edge, edges
from entrepot.parties.identity.profile import Profile
from entrepot.parties.identity.scoring import Scored, score, score_shown

LINKS = {
    "cluster_id": "VARCHAR",
    "party_id": "VARCHAR",
    "other_id": "VARCHAR",
    "score": "DOUBLE",
    "verdict": "VARCHAR",
    "evidence": "VARCHAR",
    "judgement": "VARCHAR",
}


def link(
    own: Sequence[Profile],
    against: Sequence[Profile] = (),
    *,
    judgements: Mapping[frozenset[str], str] | None = None,
) -> Table:
    """Return pairs of identities that may be one person.

    Args:
        own: profiles of a customer file.
        against: profiles of lists; they are compared with the file, not with each other.
        judgements: what a person said of pairs; ``same`` joins and ``different`` cuts, whatever the score.

    Returns:
        grain party_id, other_id. cluster_id is the smallest id among those joined with party_id. verdict: same, likely,
        possible (shown, not joined), conflict (something that one person cannot have stands between the two, or between
        others that they would join; not joined), different (judged so). evidence: JSON list of feature, both values,
        a sentence and its weight in log-odds. Sorted by cluster, then score, falling.

    Source: docs/methods/identity.md.
    """
    judged = dict(judgements or {})
    known = {profile.party_id: profile for profile in (*own, *against)}
    scored = _scored(own, against, known, judged)
    clusters = Clusters(known, judged)
    found = edges([(*pair, seen) for pair, seen in scored.items()], clusters, judged)
    rows = [{"cluster_id": clusters.cluster_of(edge.one), **_row(edge)} for edge in found]
    rows.sort(key=lambda row: (row["cluster_id"], -row["score"], row["party_id"], row["other_id"]))
    return Table.from_rows(rows, LINKS)


def _scored(
    own: Sequence[Profile],
    against: Sequence[Profile],
    known: Mapping[str, Profile],
    judged: Mapping[frozenset[str], str],
) -> dict[tuple[str, str], Scored]:
    """Pairs that are shown or judged. The others, a hundred times as many, are dropped as they come."""
    found: dict[tuple[str, str], Scored] = {}
    for a, b in pairs(own, against):
        one, other = a.party_id, b.party_id
        if one == other:
            continue
        seen = score_shown(known[one], known[other])
        if seen is None and judged and frozenset((one, other)) in judged:
            seen = score(known[one], known[other])
        if seen is not None:
            found[one, other] = seen
    for pair in judged:
        one, other = _pair(pair)
        if pair <= known.keys() and (one, other) not in found and (other, one) not in found:
            found[one, other] = score(known[one], known[other])
    return found


def _pair(pair: frozenset[str]) -> tuple[str, str]:
    one, other = sorted(pair)
    return one, other


def _row(edge: Edge) -> dict[str, Any]:
    evidence = [
        {"feature": item.feature, "values": item.values, "sentence": item.sentence, "weight": item.weight}
        for item in (*edge.scored.evidence, *edge.because)
    ]
    return {
        "party_id": edge.one,
        "other_id": edge.other,
        "score": edge.scored.score,
        "verdict": edge.verdict,
        "evidence": json.dumps(evidence, ensure_ascii=False),
        "judgement": edge.judgement,
    }
