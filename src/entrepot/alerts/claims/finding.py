"""Finding: what one body of data says about one claim."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

VERDICTS = ("supported", "contradicted", "no_data", "not_checkable")
AGAINST = ("ledger", "coadoption", "membership", "flows", "routes", "parties")
_REVERSED = {"supported": "contradicted", "contradicted": "supported"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One check of one claim. It says what the rows say, never that anything is true or false.

    Attributes:
        against: one of AGAINST.
        verdict: one of VERDICTS.
        evidence: one or two sentences that name what was looked at and what it shows.
        ids: entries, memberships, listed entities or snapshots that say so.
        query: how to ask the same again.
        contrary: the strongest evidence for another answer; empty where none was found.
    """

    against: str
    verdict: str
    evidence: str
    ids: tuple[str, ...] = ()
    query: str = ""
    contrary: str = ""

    def reversed(self) -> Finding:
        """Return the finding about the claim's denial."""
        return replace(self, verdict=_REVERSED.get(self.verdict, self.verdict))

    def as_json(self) -> dict[str, Any]:
        """Return it as a check of the contract of ``read``, with ids, query and contrary beside it."""
        return {
            "against": self.against,
            "verdict": self.verdict,
            "evidence": self.evidence,
            "ids": list(self.ids),
            "query": self.query,
            "contrary": self.contrary,
        }
