"""The answer of a check: one row per record and flag, with the record's decision on each of its rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from entrepot.redflags.flag import Flag, Language
from entrepot.redflags.policy import Policy, decide
from entrepot.redflags.run import OUTCOMES
from entrepot.redflags.tables import RecordTables

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
    tables: RecordTables,
    flags: Sequence[Flag],
    policy: Policy,
    kind: str,
    *,
    language: Language = "en",
    withheld: Callable[[], Sequence[str]] | None = None,
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
    """
    connection = tables.connection
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE flag_texts (flag SMALLINT, flag_id VARCHAR, family VARCHAR, basis VARCHAR,"
        " innocent VARCHAR, would_clear VARCHAR, act VARCHAR, ask VARCHAR, title VARCHAR, reason VARCHAR,"
        " version INTEGER, is_shadow BOOLEAN)"
    )
    rows = [
        [
            place,
            flag.id,
            flag.family,
            flag.basis,
            flag.said(flag.innocent, language),
            flag.said(flag.would_clear, language),
            flag.act,
            flag.said(flag.ask, language),
            flag.said(flag.title, language),
            flag.said(flag.reason, language),
            flag.version,
            flag.status == "shadow",
        ]
        for place, flag in enumerate(flags)
    ]
    if rows:
        connection.executemany(f"INSERT INTO flag_texts VALUES ({', '.join('?' * 12)})", rows)
    connection.execute("CREATE OR REPLACE TEMP TABLE withheld (record_id VARCHAR)")
    if withheld is not None and (ids := withheld()):
        connection.executemany("INSERT INTO withheld VALUES (?)", [[one] for one in ids])
    connection.execute(f"CREATE OR REPLACE TEMP TABLE decisions AS {decide(policy, flags, kind)}")
    is_told = "o.outcome IN ('fired', 'missing_fields')"
    return (
        "SELECT o.record_id, f.flag_id, o.outcome, f.family, f.basis, o.evidence,"
        f" CASE WHEN o.outcome = 'fired' THEN f.innocent END AS innocent_explanations,"
        f" CASE WHEN {is_told} THEN f.would_clear END AS would_clear, '{tables.as_of}' AS as_of, f.act,"
        " o.missing AS missing_fields,"
        f" CASE WHEN {is_told} AND w.record_id IS NULL THEN f.ask WHEN {is_told} THEN 'withheld' END AS ask,"
        " coalesce(d.decision, 'pass') AS decision, d.ground AS decision_ground, f.title,"
        " CASE WHEN o.outcome = 'fired' THEN f.reason END AS reason, f.version AS flag_version, f.is_shadow"
        f" FROM {OUTCOMES} o JOIN flag_texts f USING (flag) LEFT JOIN decisions d USING (_row)"
        " LEFT JOIN withheld w ON w.record_id = o.record_id ORDER BY o._row, o.flag"
    )
