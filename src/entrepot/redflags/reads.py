"""What flags read: columns of their records and of others, and whole tables."""

from __future__ import annotations

from collections.abc import Iterable

from entrepot.lake import get_kind
from entrepot.redflags.flag import Find, Flag, Over, Step, expressions_of
from entrepot.redflags.language import OTHER, parse


def own_columns(flag: Flag, *, guarded: bool) -> set[str]:
    """Every column of the record that the flag reads, in its condition or on the way to it.

    Args:
        guarded: also those that stand inside COALESCE alone.
    """
    texts = [flag.applies, flag.condition]
    for step in flag.let.values():
        texts.extend(expressions_of(step))
    return {name for text in texts for name in parse(text).own if guarded or name not in parse(text).guarded}


def told_columns(flag: Flag) -> set[str]:
    """Every column of the record that the flag's SQL names: a relation of few columns is planned and run faster."""
    shown = [*flag.evidence.values(), *flag.also.values(), *([flag.regime] if flag.regime else [])]
    named = {name for text in shown for name in parse(text).scope}
    return named | own_columns(flag, guarded=True) | {get_kind(flag.kind).id or ""}


def found_columns(flag: Flag) -> list[tuple[str, str]]:
    """Every column of a found record that has to be known, with the name under which it was found."""
    texts = [flag.applies, flag.condition, *(text for step in flag.let.values() for text in expressions_of(step))]
    found = {
        (name, column)
        for text in texts
        for name, columns in parse(text).of.items()
        if name in flag.let
        for column in columns
        if f"{name}.{column}" not in parse(text).guarded
    }
    return sorted(found)


def other_kind(step: Step) -> str:
    """The kind of the other records that a step looks into, empty where it looks into none."""
    return step.find if isinstance(step, Find) else step.over if isinstance(step, Over) else ""


def searched_columns(flags: Iterable[Flag]) -> dict[str, set[str]]:
    """Return the columns in which flags look for words, by kind."""
    found: dict[str, set[str]] = {}
    for flag in flags:
        for text in [flag.applies, flag.condition, *flag.evidence.values()]:
            found.setdefault(flag.kind, set()).update(parse(text).searched)
        for step in flag.let.values():
            for text in expressions_of(step):
                names = parse(text).searched
                found.setdefault(flag.kind, set()).update(names)
                others = {name.removeprefix(f"{OTHER}.") for name in names if name.startswith(f"{OTHER}.")}
                found.setdefault(other_kind(step), set()).update(others)
    return {kind: names & set(get_kind(kind).columns) for kind, names in found.items() if kind}


def tables_of(flags: Iterable[Flag]) -> frozenset[str]:
    """Return every kind of record that flags read."""
    found: set[str] = set()
    for flag in flags:
        found.add(flag.kind)
        for step in flag.let.values():
            if isinstance(step, Find | Over):
                found.add(step.find if isinstance(step, Find) else step.over)
    return frozenset(found)
