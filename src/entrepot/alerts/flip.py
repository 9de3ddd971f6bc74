"""The flip test: the same records of people from elsewhere must come out the same."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from entrepot.alerts.checking import Check, CheckOptions
from entrepot.alerts.swapping import RING, Swap, swap_tables
from entrepot.lake import Table
from entrepot.ledger import Ledger
from entrepot.redflags import Flag, Flags

TYPES = {
    "kind": "VARCHAR",
    "step": "BIGINT",
    "has_proxies": "BOOLEAN",
    "record_id": "VARCHAR",
    "flag_id": "VARCHAR",
    "what": "VARCHAR",
    "before": "VARCHAR",
    "after": "VARCHAR",
    "duty": "VARCHAR",
}
_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Flipped:
    """What a swap of people's origins changed.

    Attributes:
        compared: records of the kind whose answers were compared.
        swapped: records of all kinds in which something was swapped.
        moves: grain record, flag, what (outcome, explanation, decision). duty: the act of law that the flag's file
            declares under ``duty``, by which it may read what was swapped; empty where it declares none: a move without
            one is a fault of the flag. A decision is told of the flag whose outcome moved, one without a duty first.
    """

    kind: str
    compared: int
    swapped: int
    moves: Table

    @property
    def faults(self) -> int:
        """Moves that no declared duty explains."""
        return sum(1 for row in self.moves.rows() if not row["duty"])


def flip(
    kind: str,
    load: Callable[[Check], object],
    flags: Flags,
    ledger: Ledger,
    options: CheckOptions,
    *,
    step: int = 1,
    has_proxies: bool = True,
) -> Flipped:
    """Return every move of outcome, explanation or decision when people come from elsewhere.

    Nationality, name origin and spelling move together in all records of a person; with proxies also address country,
    tax residence, telephone prefix, script, issuer, log-in places and the country of payers who are persons.

    Args:
        kind: of the records that are compared.
        load: hands a check its records; called twice.
        step: how far along the ring of countries people move, 1 to 15.
        has_proxies: whether what usually goes with a nationality moves along.

    Raises:
        ConfigError, SourceError: as a check does.

    Source: docs/methods/population.md.
    """
    swap = Swap(step, has_proxies)
    with Check(kind, flags, ledger, options) as plain, Check(kind, flags, ledger, options) as swapped:
        load(plain)
        load(swapped)
        swap_tables(swapped.tables, swap)
        for check in (plain, swapped):
            check.outcomes()
            check.answer()  # Makes the decisions.
        moves = _moves(plain, swapped, swap)
        compared = plain.tables.count(kind)
    return Flipped(kind, compared, sum(swap.changed.values()), Table.from_rows(moves, TYPES))


def _moves(plain: Check, swapped: Check, swap: Swap) -> list[dict[str, object]]:
    codes = "|".join(RING)
    bare = f"regexp_replace(coalesce({{}}, ''), '\\b({codes})\\b', '?', 'g')"
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "swapped.parquet").replace("'", "''")
        swapped.tables.connection.execute(
            "COPY (SELECT o._row, o.flag, o.outcome, o.evidence, coalesce(d.decision, 'pass') AS decision"
            f" FROM outcomes o LEFT JOIN decisions d USING (_row)) TO '{path}' (FORMAT parquet)"
        )
        rows = plain.tables.connection.execute(
            "SELECT o.record_id, o.flag, o.outcome, s.outcome, o.evidence, s.evidence, coalesce(d.decision, 'pass'),"
            f" s.decision FROM outcomes o LEFT JOIN decisions d USING (_row) JOIN '{path}' s USING (_row, flag)"
            f" WHERE o.outcome <> s.outcome OR {bare.format('o.evidence')} <> {bare.format('s.evidence')}"
            f" OR coalesce(d.decision, 'pass') <> s.decision ORDER BY o._row, o.flag LIMIT {_MOST}"
        ).fetchall()
    names = (_forms(swap.said), _forms(swap.said.values()))
    found: list[dict[str, object]] = []
    decisions: dict[str, tuple[int, Flag, tuple[str, str, str]]] = {}
    for record, place, outcome, new_outcome, evidence, new_evidence, decision, new_decision in rows:
        flag = plain.flags[place]
        if outcome != new_outcome:
            found.append(_move(plain.kind, swap, record, flag, ("outcome", outcome, new_outcome)))
        elif not _is_same(evidence, new_evidence, names):
            found.append(_move(plain.kind, swap, record, flag, ("explanation", evidence, new_evidence)))
        if decision != new_decision:
            blame = 2 if outcome == new_outcome else 1 if flag.duty else 0
            if record not in decisions or blame < decisions[record][0]:
                decisions[record] = (blame, flag, ("decision", decision, new_decision))
    found += [_move(plain.kind, swap, record, flag, pair) for record, (_, flag, pair) in decisions.items()]
    return found


def _move(kind: str, swap: Swap, record: str, flag: Flag, pair: Sequence[str | None]) -> dict[str, object]:
    what, before, after = pair
    return {
        "kind": kind, "step": swap.step, "has_proxies": swap.has_proxies, "record_id": record, "flag_id": flag.id,
        "what": what, "before": before, "after": after, "duty": flag.duty or "",
    }  # fmt: skip


def _is_same(before: str | None, after: str | None, names: tuple[Sequence[str], Sequence[str]]) -> bool:
    """Whether two explanations differ in nothing but what was swapped: they may show it, not rest on it."""
    if before is None or after is None:
        return before == after
    return _bare(before, names[0]) == _bare(after, names[1])


def _forms(names: Iterable[str]) -> list[str]:
    """How explanations may write names, longest first: as they are, or as marks are compared, without signs."""
    forms = {form for name in names for form in (name.lower(), re.sub(r"[\W_]+", " ", name.lower()).strip())}
    return sorted((form for form in forms if len(form) > 3), key=len, reverse=True)


def _bare(text: str, names: Sequence[str]) -> str:
    text = re.sub(rf"\b({'|'.join(RING)})\b", "?", text).lower()
    for name in names:
        if name in text:
            text = text.replace(name, "?")
    # Neither the order of a list says anything, nor how often it names what was swapped.
    text = re.sub(r"\[[^\[\]]*\]", lambda found: ",".join(sorted(set(found.group()[1:-1].split(", ")))), text)
    # Numbers of papers, and the check digits that follow from them.
    return re.sub(r"\+?\d{9,15}|'[0-9]'", "?", text)
