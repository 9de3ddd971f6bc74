"""Testing: every claim put to what can answer it. Never true or false: what the rows say, and what speaks against."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from entrepot.alerts.claims.claim import Claim, claim_of
from entrepot.alerts.claims.finding import Finding
from entrepot.alerts.claims.on_dates import on_dates
from entrepot.alerts.claims.on_flows import on_flows
from entrepot.alerts.claims.on_ledger import on_ledger
from entrepot.alerts.claims.on_membership import on_membership
from entrepot.alerts.claims.on_parties import on_parties
from entrepot.alerts.claims.on_routes import on_routes
from entrepot.alerts.claims.words import says
from entrepot.codes import parse_day
from entrepot.errors import SourceError
from entrepot.lake import Lake
from entrepot.ledger import Ledger

_ORDER = ("contradicted", "supported", "no_data", "not_checkable")


def test_claims(
    claims: Iterable[Mapping[str, Any]],
    *,
    ledger: Ledger,
    lake: Lake | None = None,
    lists: Sequence[str] = (),
    as_of: str,
) -> list[dict[str, Any]]:
    """Return the claims with their checks filled in, in their order.

    Args:
        claims: lines of the output of ``read``; what is missing counts as not known. Checks they have are replaced.
        ledger: dated acts and memberships.
        lake: flows and lists; without one, claims about them get ``no_data``.
        lists: source ids of the lists to look at; all that the lake holds by default.
        as_of: day (YYYY-MM-DD) whose knowledge counts; nothing later is looked at.

    Returns:
        copies of the claims. ``checks`` has at least one {against, verdict, evidence, ids, query, contrary}; verdict is
        supported, contradicted, no_data or not_checkable.

    Raises:
        CodeError: ``as_of`` is no day.
        SourceError: an item is no object.

    Source: docs/methods/verdicts.md.
    """
    parse_day(as_of)
    claims = [_object(number, fields) for number, fields in enumerate(claims, 1)]
    told = with_states_before(claims, as_of=as_of)
    return [
        {**fields, "checks": _checks(whole, ledger, lake, lists, as_of)}
        for fields, whole in zip(claims, told, strict=True)
    ]


def with_states_before(claims: Sequence[Mapping[str, Any]], *, as_of: str) -> list[Mapping[str, Any]]:
    """Return claims; one that calls acts simultaneous and names one state or none has those named just before it.

    Just before are the two claims that precede it in the same article.
    """
    found: list[Mapping[str, Any]] = []
    for number, fields in enumerate(claims):
        claim = claim_of(fields, as_of=as_of)
        if says(claim.quote, "simultaneous") and len(claim.codes()) < 2:
            near = [one for one in claims[max(0, number - 2) : number] if one.get("article") == fields.get("article")]
            codes = [code for one in reversed(near) for code in claim_of(one, as_of=as_of).codes(blocs=False)]
            if more := [code for code in dict.fromkeys(codes) if code not in claim.codes()]:
                fields = {**fields, "entities": [*claim.entities, *more], "states_before": more}
        found.append(fields)
    return found


def _object(number: int, fields: Any) -> Mapping[str, Any]:
    if isinstance(fields, Mapping):
        return fields
    remedy = "Give the lines that `entrepot read` writes, one JSON object each."
    raise SourceError(f"{str(fields)[:40]!r} is no claim", where=f"claim {number}", remedy=remedy)


def verdict_of(claim: Mapping[str, Any]) -> str:
    """Return one verdict of a tested claim: contradicted where any check says so, else supported, else no_data."""
    said = {str(check.get("verdict")) for check in claim.get("checks") or ()}
    return next((one for one in _ORDER if one in said), "not_checkable")


def _checks(
    fields: Mapping[str, Any], ledger: Ledger, lake: Lake | None, lists: Sequence[str], as_of: str
) -> list[dict[str, Any]]:
    claim = claim_of(fields, as_of=as_of)
    if claim.is_question:
        return [_not_checkable("It asks; nothing is asserted.").as_json()]
    if not claim.quote:
        return [_not_checkable("It has no words.").as_json()]
    return [finding.as_json() for finding in findings_of(claim, ledger, lake, lists)]


def findings_of(claim: Claim, ledger: Ledger, lake: Lake | None, lists: Sequence[str]) -> list[Finding]:
    """Return what each body of data that can answer says of a claim that asserts something."""
    dates = on_dates(claim, ledger)
    asked = [
        dates or on_ledger(claim, ledger),
        on_membership(claim),
        None if says(claim.quote, "future") and not claim.spans else on_flows(claim, lake),
        on_routes(claim, lake),
        on_parties(claim, lake, lists),
    ]
    found = [one for one in asked if one is not None]
    decided = [one for one in found if one.verdict in ("supported", "contradicted")]
    # A body of data that has nothing is told beside one that has, but a wish or forecast elsewhere is not.
    found = [one for one in found if not (decided and one.verdict == "not_checkable")]
    return found or [_not_checkable(_why_not(claim))]


def _why_not(claim: Claim) -> str:
    if says(claim.quote, "opinion"):
        return "It judges, gives a motive or a wish; no record can answer that."
    if says(claim.quote, "future"):
        return "It tells what is to come; records hold what was."
    return "It names no act, membership, trade or listing that a record here could answer."


def _not_checkable(why: str) -> Finding:
    return Finding("ledger", "not_checkable", why)
