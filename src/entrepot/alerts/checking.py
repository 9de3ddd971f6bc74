"""A check: records of one kind, what belongs to them, the flags, the ledger and a policy, brought together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from entrepot.alerts.corridors import take_corridors
from entrepot.alerts.names import FUNCTIONS
from entrepot.alerts.records import RecordMapping, relation_of
from entrepot.codes import product_list, product_list_ids, product_list_versions
from entrepot.errors import ConfigError, NotFound
from entrepot.lake import Lake
from entrepot.ledger import Ledger, Rule, rule_on
from entrepot.redflags import (
    Flag,
    Flags,
    Language,
    Policy,
    Reading,
    RecordTables,
    Run,
    World,
    answer_sql,
    clear_licensed,
    default_policy,
    derive,
    flags_for,
    get_kind,
    refuse_unproved,
    register,
    sources_of,
    tables_of,
)


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """How a check is made.

    Attributes:
        as_of: the day whose knowledge counts; records of later days are left out.
        policy: from outcomes to decisions; None for the default.
        language: of the texts.
        withheld: ids of records about which a suspicion was noted.
        thresholds: flag id -> threshold -> another value, to see what it would do.
        memory_limit: of the engine.
    """

    as_of: str
    policy: Policy | None = None
    language: Language = "en"
    withheld: tuple[str, ...] = ()
    thresholds: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    memory_limit: str = "1500MB"


class Check:
    """Records with their outcomes; close it when done."""

    def __init__(
        self, kind: str, flags: Flags, ledger: Ledger, options: CheckOptions, *, lake: Lake | None = None
    ) -> None:
        """
        Raises:
            NotFound: no such kind of record.
            ConfigError: the policy stops on what is not law in force.
        """
        get_kind(kind)
        for function in FUNCTIONS:
            register(function)
        self.kind, self.options = kind, options
        self.flags: list[Flag] = flags_for(flags.flags, kind)
        self.refused = flags.refused
        self.policy = options.policy or default_policy()
        self._ledger, self._lake = ledger, lake
        refuse_unproved(self.policy, flags.flags, lambda entry: _standing(ledger, entry, options.as_of, options.as_of))
        self.tables = RecordTables(as_of=options.as_of, memory_limit=options.memory_limit)

    def __enter__(self) -> Check:
        return self

    def __exit__(self, *_: object) -> None:
        self.tables.close()

    @property
    def readings(self) -> Sequence[Reading]:
        """What reading each file came to."""
        return self.tables.readings

    @property
    def wanted(self) -> frozenset[str]:
        """Kinds of records that the flags of this kind read, those among them that are worked out from others."""
        return tables_of(self.flags) | {self.kind}

    @property
    def reads(self) -> frozenset[str]:
        """Kinds of records that a user may give for this kind's flags."""
        return sources_of(self.wanted)

    def read(self, kind: str, path: Path, mapping: RecordMapping | None = None) -> Reading:
        """Take a file of records of a kind: CSV, Parquet, JSON lines, or payment messages in XML.

        Raises:
            SourceError: it cannot be read, or names no record.
            ConfigError: the mapping names a column that the kind does not have.
        """
        with relation_of(self.tables.connection, get_kind(kind), path, mapping) as relation:
            return self.tables.read_relation(get_kind(kind), relation, path)

    def outcomes(self) -> None:
        """Work every flag out.

        Raises:
            ConfigError: no records of the kind asked for.
        """
        if self.kind == "corridor" and "corridor" not in self.tables.given:
            take_corridors(self.tables, self._lake)
        if self.kind not in self.tables.given:
            raise ConfigError(f"no records of kind {self.kind}", remedy="Name their file.")
        self._name_accounts()
        derive(self.tables, self.wanted, codes=_listed_since())
        Run(self.tables, self.flags, self._world(), self.options.thresholds).outcomes(self.kind)
        for statement in clear_licensed(
            self.policy, self.flags, self.kind, as_of=self.options.as_of, given=self.tables.given[self.kind]
        ):
            self.tables.connection.execute(statement)

    def _name_accounts(self) -> None:
        """An account named by its IBAN is that account."""
        given = self.tables.given
        if "iban" not in given.get("account", ()) or "payment" not in given:
            return
        for side in ("payer_account", "beneficiary_account"):
            self.tables.connection.execute(
                f"UPDATE r_payment SET {side} = account_id FROM r_account WHERE iban = {side} AND account_id <> iban"
            )

    def answer(self, chosen: str = "") -> str:
        """Return the SQL of the answer, over this check's connection.

        Args:
            chosen: a table whose ``_row`` says which records are told; all where it is empty.
        """
        return answer_sql(
            self.tables,
            self.flags,
            self.policy,
            self.kind,
            language=self.options.language,
            withheld=lambda: self.options.withheld,
            chosen=chosen,
        )

    def _world(self) -> World:
        ledger, known = self._ledger, self.options.as_of

        @cache
        def codes(name: str) -> Sequence[str] | None:
            if name in product_list_ids():
                return [item.hs_code for item in product_list(name).items]
            try:
                entry = ledger.get(name)
            except NotFound:
                return None
            return [item.hs_code for item in entry.goods] or None

        return World(
            standing=lambda entry, on: _standing(ledger, entry, on, known),
            fact=lambda entry, name, on: _fact(ledger, entry, name, on, known),
            codes=codes,
        )


@cache
def _listed_since() -> dict[str, str]:
    """The codes of the high-priority list, each with the day of the first version or act that listed it."""
    since: dict[str, str] = {}
    for version in product_list_versions("chpl"):
        for item in product_list("chpl", on=version).items:
            since.setdefault(item.hs_code, item.valid_from or version)
    return since


def _standing(ledger: Ledger, entry_id: str, on: str, known: str) -> str | None:
    """What the ledger says a measure amounts to as a rule, one of RULE_STATUSES; None where it holds no such entry."""
    try:
        return _rule(ledger, entry_id, on, known).status
    except NotFound:
        return None


def _fact(ledger: Ledger, entry_id: str, name: str, on: str, known: str) -> Any:
    try:
        value = _rule(ledger, entry_id, on, known, name).value
    except NotFound:
        return None
    try:
        return None if value is None else float(value)
    except ValueError:
        return value


@lru_cache(maxsize=1 << 16)
def _rule(ledger: Ledger, entry_id: str, on: str, known: str, limit: str = "") -> Rule:
    """Several flags and kinds of record ask after the same measures on the same days."""
    return rule_on(ledger, entry_id, on=on, known=known, limit=limit)
