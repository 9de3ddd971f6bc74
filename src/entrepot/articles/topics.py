"""What a claim is about: words with weights, the claim's own before those around it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

from entrepot.articles.lexicon import topic_patterns

TOPICS = (
    "citizenship visa payment_system bank_cards sim_cards language_law identity_policy export_monitoring "
    "circumvention_channels"
    " sanctions_pressure financial_restrictions alignment detention corruption_fraud membership military"
).split()
_SCORE = {3: 3.0, 2: 1.5, 1: 0.5}


@lru_cache(maxsize=8192)
def evidence(text: str) -> tuple[tuple[str, float], ...]:
    """Return what the words of a text weigh for each topic that they touch."""
    found: dict[str, float] = defaultdict(float)
    for topic, weight, pattern in topic_patterns():
        seen = {match.group().lower() for match in pattern.finditer(text)}
        if seen:
            found[topic] += _SCORE[weight] * (1 + 0.5 * (min(len(seen), 4) - 1))
    return tuple(sorted(found.items()))


def topic_of(
    own: str, around: Sequence[tuple[str, float]], beside: Iterable[tuple[str, float]]
) -> tuple[str | None, tuple[str, ...]]:
    """Return the topic of a claim and its further topics.

    Args:
        own: words of the claim.
        around: texts near it, each with how much it counts.
        beside: what topics gain from the whole text and from the claim before.
    """
    direct = dict(evidence(own))
    total: dict[str, float] = defaultdict(float)
    for topic, score in direct.items():
        total[topic] += score
    for text, share in around:
        for topic, score in evidence(text):
            total[topic] += share * min(score, 4.5)
    for topic, score in beside:
        total[topic] += score
    if not total:
        return None, ()
    best = max(total, key=lambda topic: (total[topic], -TOPICS.index(topic)))
    second = tuple(sorted((t for t in direct if t != best and direct[t] >= 1.5), key=lambda t: -direct[t]))
    return best, second[:3]
