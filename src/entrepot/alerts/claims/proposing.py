"""Proposing: a claim of a measure that the ledger does not hold, as an alleged entry that a person may accept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from entrepot.alerts.claims.acts import actors_of, topics_asked
from entrepot.alerts.claims.claim import Claim, claim_of
from entrepot.alerts.claims.folding import document_of, fold_claims
from entrepot.alerts.claims.on_ledger import is_about_measures
from entrepot.codes import bloc_ids, day_text
from entrepot.errors import LedgerError
from entrepot.ledger import BODIES, Entry, Ledger, entry_of, fields_of

# The ledger's instrument that a claim on a topic is entered as, until somebody has read the act.
_INSTRUMENT = "claim"


def propose_entries(
    claims: Iterable[Mapping[str, Any]], *, ledger: Ledger, as_of: str, recorded_at: str
) -> list[Entry]:
    """Return alleged entries for tested claims of measures that the ledger does not hold, each act once.

    Args:
        claims: output of :func:`test_claims`; a claim is taken whose check against the ledger says ``no_data``, that
            denies nothing and whose jurisdiction is known.
        ledger: ids that it holds are not given again.
        as_of: day by which the claim was made, where the claim dates nothing.
        recorded_at: UTC instant of the proposal.

    Returns:
        entries with status ``alleged`` and the claim as their source. They bind nobody and block nothing.
    """
    taken = {entry.entry_id for entry in ledger}
    found = []
    for fold in fold_claims(one for one in claims if _is_wanting(one)):
        claim = claim_of(fold.origin, as_of=as_of)
        if claim.is_negated or claim.is_question or not is_about_measures(claim):
            continue
        fields = _fields(claim, [document_of(one) for one in fold.members], recorded_at, taken)
        if fields is None:
            continue
        taken.add(fields["id"])
        found.append(entry_of({"pack": "proposed", **fields}, where=f"claim {claim.claim_id}"))
    return found


def write_proposals(entries: Iterable[Entry], folder: Path, *, recorded_at: str) -> int:
    """Write proposed entries as a pack of their own, which ``measures check`` reads; return how many.

    Raises:
        LedgerError: the folder cannot be written, or holds something else already.
    """
    listed = [{k: v for k, v in fields_of(entry).items() if k != "recorded_at"} for entry in entries]
    head = {
        "id": "proposed",
        "title": "Alleged measures from texts, to be accepted or refused",
        "recorded_at": recorded_at,
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(path.name not in ("pack.yml", "claims.yml") for path in folder.iterdir()):
            raise LedgerError("the folder is not empty", where=str(folder), remedy="Name a folder of its own.")
        for name, value in (("pack.yml", head), ("claims.yml", {"entries": listed})):
            folder.joinpath(name).write_text(
                yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=110), "utf-8"
            )
    except OSError as error:
        raise LedgerError(f"cannot be written ({error})", where=str(folder), remedy="Name another folder.") from error
    return len(listed)


def _is_wanting(fields: Mapping[str, Any]) -> bool:
    checks = [check for check in fields.get("checks") or () if check.get("against") == "ledger"]
    return any(check.get("verdict") == "no_data" for check in checks)


def _fields(claim: Claim, documents: list[str], recorded_at: str, taken: set[str]) -> dict[str, Any] | None:
    actors, targets = actors_of(claim)
    topics = topics_asked(claim)
    jurisdiction = next((code for code in actors if len(code) == 3 or code in (*BODIES, *bloc_ids())), "")
    if not jurisdiction or not topics:
        return None
    day = _date(claim)
    speaker = str(claim.fields.get("speaker_name") or claim.fields.get("speaker") or "")
    title = claim.quote if len(claim.quote) <= 110 else f"{claim.quote[:107]}..."
    sources = [{"title": f"{name or 'text'}, claim {claim.claim_id}"} for name in dict.fromkeys(documents)]
    return {
        "id": _free_id(f"{jurisdiction.lower()}-claim-{_slug(claim)}", taken),
        "kind": "claim",
        "jurisdiction": jurisdiction,
        "instrument": _INSTRUMENT,
        "title": title,
        "dates": {"announced": f"../{claim.as_of}", **({"date": day} if day else {})},
        "status": "alleged",
        "confidence": "low",
        "targets": [code for code in targets if code != jurisdiction],
        "summary": f"As {speaker or 'a text'} is quoted: {claim.quote}",
        "doubts": ["Known from a text alone; the act was not read."],
        "facts": {"topic": topics[0], "hedge": str(claim.fields.get("hedge") or "unknown")},
        **({"speaker": speaker, "stance": "report"} if speaker else {}),
        "sources": sources,
        "recorded_at": recorded_at,
    }


def _date(claim: Claim) -> str:
    """The first date that the claim names, as exact as it is."""
    for span in claim.spans[:1]:
        first, last = day_text(span.first), day_text(span.last)
        if span.first == span.last:
            return first
        return first[:4] if span.year else first[:7] if first[:7] == last[:7] else f"{first}/{last}"
    return ""


def _slug(claim: Claim) -> str:
    words = re.findall(r"[a-z0-9]+", claim.quote.lower())
    day = _date(claim).replace("-", "").replace("/", "-")
    return "-".join([*([day] if day else []), *words[:5]])[:60] or "text"


def _free_id(wanted: str, taken: set[str]) -> str:
    number, found = 2, wanted
    while found in taken:
        found, number = f"{wanted}-{number}", number + 1
    return found
