"""All mechanisms on one simulated world: what was planted, what was found, who would be asked for nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from entrepot.alerts.checking import Check, CheckOptions
from entrepot.alerts.claims import put_to_data, verdict_of
from entrepot.articles import read_articles
from entrepot.lake import Lake, kinds
from entrepot.ledger import Filters, Ledger, coadoption
from entrepot.redflags import RecordTables, shipped_flags
from entrepot.world import Population

# M6 is the routes' own, M10 the articles'.
OF_RECORDS = ("M1", "M2", "M3", "M4", "M5", "M7")
_KINDS = (
    *("person", "document", "account", "card", "sim", "application", "offer", "company", "contract", "trade_paper"),
    *("shipment", "payment"),
)


@dataclass(slots=True)
class Found:
    """What red flags of one mechanism made of a simulated population.

    Attributes:
        planted: stories planted for its flags; found: those on which the flag they were planted for fired.
        flags: those that fired.
    """

    planted: set[str] = field(default_factory=set)
    found: set[str] = field(default_factory=set)
    flags: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Judged:
    """What checks of every kind made of a simulated population.

    Attributes:
        mechanisms: by mechanism; a flag of several counts in each.
        records: that were checked.
        innocents: innocent stories; asked: those of them that a check would have asked about or stopped.
    """

    mechanisms: dict[str, Found]
    records: int
    innocents: int
    asked: int


def judge(made: Population, ledger: Ledger, *, as_of: str) -> Judged:
    """Return what the shipped flags make of a population whose truth is known.

    Args:
        made: the population.
        ledger: whose law counts.
        as_of: the day of the checks.
    """
    judged = Judged({name: Found() for name in OF_RECORDS}, 0, 0, 0)
    innocents, asked = set[str](), set[str]()
    options = CheckOptions(as_of)
    # Every kind is checked over the same tables: they are read, and what follows from them is worked out, once. They
    # are small: more threads only get in one another's way.
    with closing(RecordTables(as_of=as_of, memory_limit=options.memory_limit, threads=1)) as tables:
        for name in sorted(made.files.keys() & kinds().keys()):
            tables.read(name, made.files[name])
        for kind in _KINDS:
            check = Check(kind, shipped_flags(), ledger, options, tables=tables)
            check.outcomes()
            check.answer()
            judged.records += check.tables.count(kind)
            truth = str(made.truth).replace("'", "''")
            tables.make("truth", f"FROM '{truth}' WHERE record_kind = '{kind}'")
            _add_planted(check, judged.mechanisms)
            for story, is_asked in check.tables.connection.execute(
                "SELECT t.story_id, coalesce(d.decision, 'pass') <> 'pass' FROM truth t JOIN outcomes o"
                " USING (record_id) LEFT JOIN decisions d USING (_row) WHERE t.role = 'double' GROUP BY ALL"
            ).fetchall():
                (asked if is_asked else innocents).add(story)
    judged.innocents, judged.asked = len(innocents | asked), len(asked)
    return judged


def _add_planted(check: Check, mechanisms: dict[str, Found]) -> None:
    ask = check.tables.connection.execute
    of = {flag.id: [name for name in flag.mechanisms if name in mechanisms] for flag in check.flags}
    for story, red_flag in ask("SELECT story_id, red_flag FROM truth WHERE role = 'planted'").fetchall():
        for name in of.get(red_flag, ()):
            mechanisms[name].planted.add(story)
    for story, red_flag, place in ask(
        "SELECT DISTINCT t.story_id, t.red_flag, o.flag FROM truth t JOIN outcomes o USING (record_id)"
        " WHERE t.role = 'planted' AND o.outcome = 'fired'"
    ).fetchall():
        fired = check.flags[place]
        for name in of[fired.id]:
            mechanisms[name].flags.add(fired.part_of or fired.id)
            if red_flag in (fired.id, fired.part_of):
                mechanisms[name].found.add(story)


def simultaneity(ledger: Ledger, *, topic: str, jurisdictions: Sequence[str], known: str) -> str:
    """Return in a sentence how close in time the acts of two jurisdictions on a topic are (M8)."""
    answer = coadoption(ledger, topic=topic, jurisdictions=jurisdictions, known=known)
    near = [pair for pair in answer.pairs if pair.is_simultaneous]
    chances = [pair.p_value for pair in answer.pairs if pair.p_value is not None]
    said = f"{len(answer.pairs)} pairs of acts compared, {len(near)} of them within 30 days of one stage"
    if not chances:
        return said + "; no chance is given, since the ledger is not declared complete there"
    return said + f"; the least chance of such nearness is {min(chances):.2f}"


def members(ledger: Ledger, *, blocs: Sequence[str], on: str) -> str:
    """Return in a sentence how many members each bloc had on a day (M9)."""
    found = ledger.in_force(Filters(kinds=("membership",)), on=on)
    counts = {bloc: sum(entry.jurisdiction == bloc or bloc in entry.targets for entry in found) for bloc in blocs}
    return ", ".join(f"{bloc} {count}" for bloc, count in counts.items()) + f" on {on}"


def told_claims(article: Path, ledger: Ledger, lake: Lake, *, as_of: str) -> str:
    """Return in a sentence what became of an article's claims (M10)."""
    readings = put_to_data(read_articles([article]), ledger=ledger, lake=lake, as_of=as_of)
    rows = [claim.as_dict() for reading in readings for claim in reading.claims]
    counts = Counter(verdict_of(row) for row in rows)
    speakers = len({row["speaker"] for row in rows})
    told = ", ".join(f"{counts[name]} {name.replace('_', ' ')}" for name in _VERDICTS)
    return f"{len(rows)} claims of {speakers} speakers in an invented article: {told}. A verdict is no truth rating."


_VERDICTS = ("supported", "contradicted", "no_data", "not_checkable")


@dataclass(frozen=True, slots=True)
class Line:
    """One mechanism in a sentence.

    Attributes:
        mechanism: M1 to M10.
        answer: what was found.
        is_real: from the ledger of real law; else from simulated data.
        command: asks the same of one's own data.
    """

    mechanism: str
    answer: str
    is_real: bool
    command: str


def lines(judged: Judged, ledger: Ledger, *, trade: str, claims: str, as_of: str) -> list[Line]:
    """Return a line for each of the ten mechanisms.

    Args:
        judged: of the simulated population.
        ledger: of real law.
        trade: what routes found (M6).
        claims: what became of an article's claims (M10).
        as_of: a day.
    """
    found = {
        name: Line(name, _told(one), False, _COMMANDS.get(name, _COMMANDS[""]))
        for name, one in judged.mechanisms.items()
    }
    found["M6"] = Line("M6", trade, False, "entrepot routes --destination RUS --event 2022-03")
    laws = simultaneity(ledger, topic="language_law", jurisdictions=("KAZ", "KGZ"), known=as_of)
    asked = "entrepot measures coadoption --topic language_law --jurisdictions KAZ,KGZ"
    found["M8"] = Line("M8", f"Language laws of Kazakhstan and Kyrgyzstan: {laws}.", True, asked)
    blocs = members(ledger, blocs=("EAEU", "CSTO", "OTS"), on=as_of)
    found["M9"] = Line("M9", f"Members: {blocs}.", True, "entrepot measures list --kind membership")
    found["M10"] = Line("M10", claims, False, "entrepot read article.txt")
    return [found[f"M{number}"] for number in range(1, 11)]


_COMMANDS = {
    "": "entrepot check FILE --kind person",
    "M2": "entrepot check FILE --kind offer",
    "M3": "entrepot check FILE --kind payment",
    "M4": "entrepot check FILE --kind card",
    "M5": "entrepot screen FILE --against ofac,un",
    "M7": "entrepot check FILE --kind company",
}


def _told(found: Found) -> str:
    return f"{len(found.found)} of {len(found.planted)} planted cases found, by {', '.join(sorted(found.flags))}."
