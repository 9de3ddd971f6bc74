"""The answer of a check: one row per record and flag, with the record's decision on each of its rows."""

from __future__ import annotations

from collections.abc import Sequence

from entrepot.redflags.flag import Flag, Language
from entrepot.redflags.policy import Policy, decide
from entrepot.redflags.relations import Relations
from entrepot.redflags.run import OUTCOMES

COLUMNS = (
    "record_id",
    "flag_id",
    "outcome",
    "family",
    "basis",
    "evidence",
    "innocent_explanations",
    "would_clear",
    "as_of",
    "act",
    "missing_fields",
    "ask",
    "decision",
    "decision_ground",
    "title",
    "reason",
    "flag_version",
    "is_shadow",
)


def answer_sql(
    tables: Relations,
    flags: Sequence[Flag],
    policy: Policy,
    kind: str,
    *,
    language: Language = "en",
    withheld: Sequence[str] = (),
    chosen: str = "",
) -> str:
    """Return the SQL of the answer, by record in the file's order, faults of own control first.

    Args:
        tables: with the outcomes of ``kind``.
        flags: in the order of their places in the outcomes.
        policy: from outcomes to decisions.
        kind: whose records are told.
        language: of the texts.
        withheld: record ids about which a suspicion was noted; what to ask is left out for them, lest the question
            tell the customer of it.
        chosen: a table whose ``_row`` says which records are told; all where it is empty.
    """
    if withheld:
        tables.make("withheld", f"SELECT DISTINCT unnest({_listed(withheld)}) AS record_id")
    is_withheld = "w.record_id IS NOT NULL" if withheld else "false"
    joined = " LEFT JOIN withheld w ON w.record_id = o.record_id" if withheld else ""
    tables.make("decisions", decide(policy, flags, kind))
    texts = _texts(flags, language)

    def _of(name: str) -> str:
        return f"({texts[name]})[flag + 1]"

    only = f" WHERE o._row IN (SELECT _row FROM {chosen})" if chosen else ""
    is_fired, is_told = "outcome = 'fired'", "outcome IN ('fired', 'missing_fields')"
    # Sorted first and given its texts after: sorting them along takes as long again.
    told = (
        f"SELECT o.record_id, o.flag, o.outcome, o.evidence, o.missing, coalesce(d.decision, 'pass') AS decision,"
        f" d.ground, {is_withheld} AS is_withheld FROM {OUTCOMES} o LEFT JOIN decisions d USING (_row)"
        f"{joined}{only} ORDER BY o._row, o.flag"
    )
    return (
        f"SELECT record_id, {_of('id')} AS flag_id, outcome, {_of('family')} AS family, {_of('basis')} AS basis,"
        f" evidence, CASE WHEN {is_fired} THEN {_of('innocent')} END AS innocent_explanations,"
        f" CASE WHEN {is_told} THEN {_of('would_clear')} END AS would_clear, '{tables.as_of}' AS as_of,"
        f" {_of('act')} AS act, missing AS missing_fields,"
        f" CASE WHEN {is_told} THEN CASE WHEN is_withheld THEN 'withheld' ELSE {_of('ask')} END END AS ask,"
        f" decision, ground AS decision_ground, {_of('title')} AS title,"
        f" CASE WHEN {is_fired} THEN {_of('reason')} END AS reason, {_of('version')} AS flag_version,"
        f" {_of('is_shadow')} AS is_shadow FROM ({told})"
    )


def _texts(flags: Sequence[Flag], language: Language) -> dict[str, str]:
    """SQL of what a row says of its flag, each a list by the flag's place."""
    texts: dict[str, list[str | None]] = {
        "id": [flag.part_of or flag.id for flag in flags],
        "family": [flag.family for flag in flags],
        "basis": [flag.basis for flag in flags],
        "innocent": [flag.said(flag.innocent, language) for flag in flags],
        "would_clear": [flag.said(flag.would_clear, language) for flag in flags],
        "act": [flag.act for flag in flags],
        "ask": [flag.said(flag.ask, language) for flag in flags],
        "title": [flag.said(flag.title, language) for flag in flags],
        "reason": [flag.said(flag.reason, language) for flag in flags],
    }
    return {
        **{name: _listed(said) for name, said in texts.items()},
        "version": f"[{', '.join(str(flag.version) for flag in flags)}]::INTEGER[]",
        "is_shadow": f"[{', '.join(str(flag.status == 'shadow').lower() for flag in flags)}]::BOOLEAN[]",
    }


def _listed(texts: Sequence[str | None]) -> str:
    quoted = ("NULL" if text is None else "'" + text.replace("'", "''") + "'" for text in texts)
    return f"[{', '.join(quoted)}]::VARCHAR[]"
