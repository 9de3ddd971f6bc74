"""A rule as a check of records asks for it: what it amounted to on a record's own day, and its dated limits."""

from __future__ import annotations

from dataclasses import dataclass

from entrepot.errors import NotFound
from entrepot.ledger.entry import RECORDED, Citation, Entry
from entrepot.ledger.ledger import Ledger
from entrepot.ledger.standing import Standing

RULE_STATUSES = ("in_force", "not_in_force", "suspended", "unverified", *RECORDED)
# What is told and has not begun, and what has ended, binds nobody; inside a date known less exactly nobody knows.
_SAID = {"announced": "not_in_force", "ended": "not_in_force", "unknown_date": "unverified"}


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule on a day, as known on a day.

    Attributes:
        status: one of RULE_STATUSES. ``not_in_force``: told and not begun, ended, or nobody could know of it.
        why: one sentence that names the date behind the status.
        entry_id: the entry that spoke; the one asked for where none could.
        citation: its first source; None where no entry spoke.
        name, value: the limit asked for and what it was, as text; empty and None where none was asked for or none
            was in the entry that spoke.
    """

    status: str
    why: str
    entry_id: str
    citation: Citation | None = None
    name: str = ""
    value: str | None = None

    @property
    def number(self) -> float | None:
        """The limit as a number; None where it is none."""
        try:
            return None if self.value is None else float(self.value)
        except ValueError:
            return None

    @property
    def may_block(self) -> bool:
        """Whether a blocking result may rest on it."""
        return self.status == "in_force"

    @property
    def must_ask(self) -> bool:
        """Whether a person has to look first: the dates do not decide."""
        return self.status == "unverified"


def rule_on(ledger: Ledger, entry_id: str, *, on: str, known: str | None = None, limit: str = "") -> Rule:
    """Return what a rule amounted to on a record's own day, as known on a day.

    Args:
        entry_id: an act, or one of its provisions.
        on: the record's own day (YYYY-MM-DD).
        known: the day whose knowledge counts; ``on`` where None.
        limit: name of a limit among the facts of the act or of its provisions, as ``cards_per_bank``. The entry that
            holds it answers: a provision before its act, one in force before one that is not.

    Raises:
        NotFound: no such entry; or neither the act nor a provision of it ever had that limit.
    """
    if not limit:
        return _rule(ledger.standing(entry_id, on=on, known=known), entry_id)
    acts = [
        entry for named in (*ledger.parts(entry_id), ledger.get(entry_id)) for entry in ledger.history(named.entry_id)
    ]
    with_limit = [entry.entry_id for entry in acts if limit in entry.facts]
    if not with_limit:
        names = sorted({name for entry in acts for name in entry.facts})
        remedy = f"It has {', '.join(names)}." if names else "It has none."
        raise NotFound(f"{entry_id} has no limit {limit!r}", where="ledger", remedy=remedy)
    found = [_rule(ledger.standing(name, on=on, known=known), name, limit) for name in dict.fromkeys(with_limit)]
    return min(found, key=lambda rule: (rule.value is None, RULE_STATUSES.index(rule.status)))


def _rule(found: Standing | None, entry_id: str, limit: str = "") -> Rule:
    if found is None:
        return Rule("not_in_force", "nobody could know of it yet", entry_id, name=limit)
    entry: Entry = found.entry
    status = _SAID.get(found.status, found.status)
    return Rule(status, found.why, entry.entry_id, entry.sources[0], limit, entry.facts.get(limit) if limit else None)
