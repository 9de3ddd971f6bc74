"""A check: records of one kind, what belongs to them, the flags, the ledger and a policy, brought together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any

from entrepot.alerts.corridors import take_corridors
from entrepot.alerts.held import take_held
from entrepot.alerts.listings import SCREENED, Listings, take_listings
from entrepot.alerts.names import FUNCTIONS
from entrepot.codes import product_list, product_list_ids, product_list_versions
from entrepot.errors import ConfigError, NotFound
from entrepot.lake import Lake, get_kind
from entrepot.ledger import Ledger, Rule, rule_on
from entrepot.redflags import (
    Flag,
    Flags,
    Language,
    Policy,
    Reading,
    RecordTables,
    Relations,
    Run,
    World,
    answer_sql,
    default_policy,
    derive,
    flags_for,
    licensed,
    refuse_unproved,
    register,
    sources_of,
    tables_of,
)
from entrepot.sources import RecordMapping, relation_of


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
        self,
        kind: str,
        flags: Flags,
        ledger: Ledger,
        options: CheckOptions,
        *,
        lake: Lake | None = None,
        tables: RecordTables | None = None,
    ) -> None:
        """
        Args:
            tables: of records that are there already, for several checks of the same records; the last one's outcomes
                stand in them.

        Raises:
            NotFound: no such kind of record.
            ConfigError: the policy stops on what is not law in force.
        """
        get_kind(kind)
        self.kind, self.options = kind, options
        self.flags: list[Flag] = flags_for(flags.flags, kind)
        self.refused = flags.refused
        self.policy = policy_of(flags, ledger, options)
        self._ledger, self._lake = ledger, lake
        self._own_tables = tables is None
        self.tables = tables or RecordTables(as_of=options.as_of, memory_limit=options.memory_limit)
        self.tables.know(world_of(ledger))

    def __enter__(self) -> Check:
        return self

    def __exit__(self, *_: object) -> None:
        if self._own_tables:
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

    def read_held(self, against: Sequence[str] = ()) -> tuple[str, ...]:
        """Take from the lake what it holds of the kinds that the flags read and no file gave; return which.

        Args:
            against: lists that persons and companies are to be screened against instead of reading listings.
        """
        if self._lake is None:
            return ()
        payments = {"payment"} if self.kind == "corridor" else set()
        wanted = self.reads | payments
        return take_held(self.tables, self._lake, wanted - {"listing"} | SCREENED if against else wanted)

    def screen(self, against: Sequence[str]) -> Listings:
        """Make listings from lists of the lake; see :func:`take_listings`.

        Raises:
            ConfigError: no lake, or listings were given as records.
        """
        if self._lake is None:
            raise ConfigError("no lake that holds lists", where="--against", remedy="Name it with --lake.")
        return take_listings(self.tables, self._lake, against)

    def outcomes(self) -> None:
        """Work every flag out.

        Raises:
            ConfigError: no records of the kind asked for.
        """
        if self.kind == "corridor" and "corridor" not in self.tables.given:
            take_corridors(self.tables, self._lake)
        if self.kind not in self.tables.given:
            remedy = "Name their file, or a lake that holds them (`entrepot ingest records FILE`)."
            raise ConfigError(f"no records of kind {self.kind}", remedy=remedy)
        work_out(self.tables, self.kind, self.flags, self.policy, self._ledger, self.options)

    def answer(self, chosen: str = "") -> str:
        """Return the SQL of the answer, over this check's connection.

        Args:
            chosen: a table whose ``_row`` says which records are told; all where it is empty.
        """
        return told(self.tables, self.kind, self.flags, self.policy, self.options, chosen)


def policy_of(flags: Flags, ledger: Ledger, options: CheckOptions) -> Policy:
    """Return the policy of a check.

    Raises:
        ConfigError: it stops on what is not law in force.
    """
    policy = options.policy or default_policy()
    refuse_unproved(policy, flags.flags, lambda entry: _standing(ledger, entry, options.as_of, options.as_of))
    return policy


def work_out(
    tables: Relations, kind: str, flags: Sequence[Flag], policy: Policy, ledger: Ledger, options: CheckOptions
) -> None:
    """Make the relation ``outcomes`` of records of a kind, in an engine or in one statement."""
    given = tables.given
    if "iban" in given.get("account", ()) and "payment" in given:
        # An account named by its IBAN is that account.
        tables.rename("payment", ("payer_account", "beneficiary_account"), _IBANS)
    derive(tables, tables_of(flags) | {kind}, codes=_listed_since())
    licences = licensed(policy, flags, kind, as_of=options.as_of, given=given[kind])
    Run(tables, flags, world_of(ledger), options.thresholds, licences).outcomes(kind)


def told(
    tables: Relations, kind: str, flags: Sequence[Flag], policy: Policy, options: CheckOptions, chosen: str = ""
) -> str:
    """Return the SQL of the answer, over the relations of a check."""
    return answer_sql(tables, flags, policy, kind, language=options.language, withheld=options.withheld, chosen=chosen)


_IBANS = (
    "SELECT iban AS old_name, arg_min(account_id, _row) AS new_name FROM r_account"
    " WHERE iban IS NOT NULL AND account_id <> iban GROUP BY iban"
)


@lru_cache(maxsize=8)
def world_of(ledger: Ledger) -> World:
    """Return what flags ask of a ledger, of lists of goods and of functions of the rooms above theirs."""
    for function in FUNCTIONS:
        register(function)

    @cache
    def codes(name: str) -> Sequence[str] | None:
        if name in product_list_ids():
            return [item.hs_code for item in product_list(name).items]
        try:
            entry = ledger.get(name)
        except NotFound:
            return None
        return [item.hs_code for item in entry.goods] or None

    return World(partial(_standing, ledger), partial(_fact, ledger), codes, partial(_fact_type, ledger))


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
    return float(value) if value is not None and _is_number(value) else value


def _fact_type(ledger: Ledger, entry_id: str, name: str) -> str:
    """A fact is a number where every entry of the act and of its provisions says one, or none says anything."""
    try:
        entries = [*ledger.history(entry_id), *ledger.parts(entry_id)]
        said = [entry.facts[name] for entry in entries if name in entry.facts]
    except NotFound:
        said = []
    return "DOUBLE" if all(map(_is_number, said)) else "VARCHAR"


def _is_number(value: Any) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=1 << 16)
def _rule(ledger: Ledger, entry_id: str, on: str, known: str, limit: str = "") -> Rule:
    """Several flags and kinds of record ask after the same measures on the same days."""
    return rule_on(ledger, entry_id, on=on, known=known, limit=limit)
