"""Clusters: identities that agree are joined, the surest first; what contradicts cuts, and is shown as a conflict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from entrepot.parties.identity.profile import Profile
from entrepot.parties.identity.scoring import LIKELY, POSSIBLE, SAME, Evidence, Scored, contradicts

Judgements = Mapping[frozenset[str], str]


@dataclass(frozen=True, slots=True)
class Edge:
    """A compared pair with its verdict: same, likely, possible, conflict or different (judged so)."""

    one: str
    other: str
    scored: Scored
    verdict: str
    judgement: str | None = None
    because: tuple[Evidence, ...] = ()


class Clusters:
    """Groups of identities; each is known by its smallest id, so that it keeps its name from run to run."""

    def __init__(self, profiles: Mapping[str, Profile], judgements: Judgements) -> None:
        self._profiles = profiles
        self._judgements = judgements
        self._of: dict[str, set[str]] = {}

    def cluster_of(self, party_id: str) -> str:
        """Return the id of the cluster that holds an identity: its smallest member."""
        return min(self._of.get(party_id, {party_id}))

    def join(self, one: str, other: str) -> tuple[Evidence, ...]:
        """Join two identities' clusters, unless members contradict each other; return what does."""
        left, right = self._of.get(one, {one}), self._of.get(other, {other})
        if other in left:
            return ()
        pair = frozenset((one, other))
        against = tuple(item for a in left for b in right for item in self._between(a, b, pair))
        if not against:
            merged = left | right
            self._of.update(dict.fromkeys(merged, merged))
        return against

    def _between(self, one: str, other: str, asked: frozenset[str]) -> tuple[Evidence, ...]:
        judged = self._judgements.get(frozenset((one, other)))
        if judged == "different":
            return (Evidence("judgement", (one, other), f"{one} and {other} were judged different", 0.0),)
        if judged == "same" or {one, other} == asked:
            return ()
        found = contradicts(self._profiles[one], self._profiles[other])
        return tuple(
            Evidence("chain", e.values, f"{one} and {other} would be joined by a chain: {e.sentence}", 0.0)
            for e in found
        )


def edges(scored: Sequence[tuple[str, str, Scored]], clusters: Clusters, judgements: Judgements) -> list[Edge]:
    """Return the verdict on each pair, joining as it goes: what was judged same first, then the surest."""

    def order(item: tuple[str, str, Scored]) -> tuple[bool, float, str, str]:
        return judgements.get(frozenset(item[:2])) != "same", -item[2].score, item[0], item[1]

    found = []
    for one, other, pair in sorted(scored, key=order):
        judged = judgements.get(frozenset((one, other)))
        verdict, because = _verdict(one, other, pair, judged, clusters)
        if verdict or judged:
            found.append(Edge(one, other, pair, verdict or "possible", judged, because))
    return found


def _verdict(
    one: str, other: str, pair: Scored, judged: str | None, clusters: Clusters
) -> tuple[str, tuple[Evidence, ...]]:
    if judged == "different":
        return "different", ()
    if judged != "same":
        if pair.contradictions:
            # A conflict is what would be joined but for it.
            return ("conflict" if max(pair.score, pair.without) >= LIKELY else ""), ()
        if pair.score < LIKELY:
            return ("possible" if pair.score >= POSSIBLE else ""), ()
    because = clusters.join(one, other)
    if because:
        return "conflict", because
    return "same" if judged == "same" or pair.score >= SAME else "likely", ()
