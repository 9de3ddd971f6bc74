"""Fairness as code: what no flag may rest on alone, and how a record looks with its protected fields swapped."""

from __future__ import annotations

from collections.abc import Iterator

from entrepot.errors import ConfigError
from entrepot.lake import get_kind, kinds
from entrepot.redflags.flag import Find, Flag, Over, expressions_of
from entrepot.redflags.language import parse

# Fields that say where somebody comes from, by kind. They may be read to resolve identity, to compare a declaration
# with a document, or for a duty in law that names them.
PROTECTED: dict[str, frozenset[str]] = {
    "person": frozenset(
        ("name", "other_names", "birth_country", "citizenships", "citizenship_since", "declared_citizenships")
    ),
    "document": frozenset(("issuer_country", "name_as_printed")),
    "company": frozenset(),
    "offer": frozenset(("target_citizenship",)),
}


def refuse_unfair(flag: Flag) -> None:
    """Refuse a flag that some alternative of its condition could fire on protected fields alone.

    Raises:
        ConfigError: names the fields. A duty in law that names them, cited under `duty`, lifts it.
    """
    if flag.duty:
        return
    for branch in parse(flag.condition).branches:
        reads = {field for name in branch for field in _fields(flag, name)}
        if reads and all(_is_protected(kind, column) for kind, column in reads):
            named = ", ".join(sorted(f"{kind}.{column}" for kind, column in reads))
            raise ConfigError(
                f"its condition can be met by protected fields alone ({named})",
                where=f"flag {flag.id}",
                remedy="Add conduct to that alternative, or cite under `duty` the act that names the field.",
            )


def _is_protected(kind: str, column: str) -> bool:
    return column in PROTECTED.get(kind, ())


def _fields(flag: Flag, name: str, seen: frozenset[str] = frozenset()) -> Iterator[tuple[str, str]]:
    """The fields of records that a name of a condition comes from; keys that only join records do not count."""
    head, _, column = name.partition(".")
    if head in flag.thresholds or head in seen:
        return
    step = flag.let.get(head)
    if step is None:
        if head in get_kind(flag.kind).columns:
            yield flag.kind, head
        return
    if isinstance(step, Find) and column:
        yield step.find, column
        return
    if isinstance(step, Over):
        yield from (
            (step.over, one)
            for text in filter(None, (step.value, step.where, step.at))
            for one in (*parse(text).of.get("it", ()), *(parse(text).own & set(kinds()[step.over].columns)))
        )
        if step.over and parse(step.value).functions & {"count", "count_star"}:
            # How many there are is conduct of the group, whatever it is counted over.
            yield step.over, "_count"
        return
    for text in expressions_of(step):
        for own in parse(text).own:
            yield from _fields(flag, own, seen | {head})
        for alias, columns in parse(text).of.items():
            for one in columns:
                yield from _fields(flag, f"{alias}.{one}", seen | {head})
