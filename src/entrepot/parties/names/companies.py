"""Companies: how sure two names are of one body; what is distinctive decides, what every firm has does not."""

from __future__ import annotations

from entrepot.parties.names.persons import NOTHING, NameMatch
from entrepot.parties.names.reading import Name
from entrepot.parties.names.sounds import likeness


def compare_bodies(query: Name, candidate: Name) -> NameMatch:
    """Return how far two names of bodies agree."""
    if not query.tokens or not candidate.tokens:
        return NOTHING
    like = likeness(query.folded.replace(" ", ""), candidate.folded.replace(" ", ""))
    return NameMatch(round(0.95 * like, 4), "sound alike" if like > 0.7 else "differ")
