"""Policies: from what fired to pass, ask or stop; whose law binds the user is the policy's to say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field

from entrepot.errors import ConfigError
from entrepot.lake import get_kind
from entrepot.redflags.flag import Flag, Text
from entrepot.redflags.run import OUTCOMES
from entrepot.redflags.strict import model_of, read_model

DECISIONS = ("pass", "ask", "stop")
# Kinds whose records are about one person: a single sign asks nothing of anybody.
PERSONAL = frozenset(("person", "document", "account", "card", "sim", "application", "login"))
# What is only said to be so can never stop anything.
_UNPROVED = ("alleged", "disputed", "proposed", "reported")


class Licence(BaseModel):
    """What allows a record that a flag would stop: its flags, and the records or parties that it names."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: Text
    flags: Annotated[list[Text], Field(min_length=1)]
    records: list[Text] = []
    parties: list[Text] = []
    valid_from: Text
    valid_to: Text | None = None
    source: Text


class Policy(BaseModel):
    """Whose law binds the user, on which flags a record stops, and what is enough to ask."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: Text
    title: Text
    bound_by: list[Text] = []
    exposed_to: list[Text] = []
    stop: list[Text] = []
    families_of_persons: Annotated[int, Field(ge=2, le=8)] = 2
    licences: list[Licence] = []


def default_policy() -> Policy:
    """Return the policy that counts where none is given."""
    text = files("entrepot.redflags").joinpath("data/policy.yml").read_text("utf-8")
    return model_of(Policy, text, where="the default policy", loader=yaml.BaseLoader)


def read_policy(path: Path) -> Policy:
    """Return the policy of a file.

    Raises:
        ConfigError: no such file, or a field that policies do not have.
    """
    return read_model(Policy, path, loader=yaml.BaseLoader)


def refuse_unproved(policy: Policy, flags: Sequence[Flag], standing: Callable[[str], str | None]) -> None:
    """Refuse a policy that would stop on what is not law in force.

    Args:
        policy: whose ``stop`` is looked at.
        flags: the flags of the check.
        standing: id of a measure -> its status on the day of the check.

    Raises:
        ConfigError: a flag that is not there, rests on no law, or on a measure that is alleged or disputed.
    """
    by_id = {flag.id: flag for flag in flags}
    for name in policy.stop:
        where = f"policy {policy.id}: stop"
        flag = by_id.get(name)
        if flag is None:
            continue
        if flag.basis != "law":
            remedy = "Only a flag whose number is a law's can stop; let it ask."
            raise ConfigError(f"{name} rests on no law (basis: {flag.basis})", where=where, remedy=remedy)
        status = standing(flag.act) if flag.act else None
        if status in _UNPROVED:
            remedy = "Take it out: what is alleged binds nobody."
            raise ConfigError(f"{name} rests on {flag.act}, which is {status}", where=where, remedy=remedy)


def decide(policy: Policy, flags: Sequence[Flag], kind: str) -> str:
    """Return the SQL of one decision per record: _row, decision, ground.

    Nothing but a fired flag of the policy's ``stop``, under a regime that binds or reaches the user, stops a record. A
    record about a person asks only where flags of several families fired and one is conduct; a fault of the user's
    own control asks by itself, since it asks the user.
    """
    stops, asks, own, families = [], [], [], []
    for place, flag in enumerate(flags):
        if flag.status == "shadow":
            continue
        if flag.id in policy.stop or flag.part_of in policy.stop:
            stops.append(place)
        if flag.family == "own_control":
            own.append(place)
        elif flag.severity != "note" and kind not in PERSONAL:
            asks.append(place)
        elif flag.family != "data_quality":
            families.append((place, flag.family))
    named = "CASE flag " + " ".join(f"WHEN {p} THEN '{f}'" for p, f in families) + " END" if families else "NULL"
    duty, risk = (
        f"({_among(stops)} AND coalesce(list_has_any(string_split(regime, ';'), {_listed(regimes)}), false))"
        for regimes in (policy.bound_by, policy.exposed_to)
    )
    enough = policy.families_of_persons
    several = f"(count(DISTINCT {named}) >= {enough} AND bool_or(({named}) = 'conduct'))"
    asked = f"coalesce(bool_or({_among([*asks, *own])}), false) OR coalesce({several}, false)"
    return (
        f"SELECT _row, CASE WHEN bool_or({duty}) OR bool_or({risk}) THEN 'stop' WHEN {asked} THEN 'ask'"
        f" ELSE 'pass' END AS decision, CASE WHEN bool_or({duty}) THEN 'duty' WHEN bool_or({risk}) THEN 'own_risk' END"
        f" AS ground FROM {OUTCOMES} WHERE outcome = 'fired' GROUP BY _row"
    )


def _among(places: Sequence[int]) -> str:
    return f"flag IN ({', '.join(str(place) for place in places)})" if places else "false"


def _listed(texts: Sequence[str]) -> str:
    return f"[{_quoted(texts)}]::VARCHAR[]"


def licensed(
    policy: Policy, flags: Sequence[Flag], kind: str, *, as_of: str, given: frozenset[str]
) -> list[tuple[list[int], str, str]]:
    """Return what licences clear: the places of flags, SQL that is true of the records, what is said of it."""
    kind_of = get_kind(kind)
    parties = [f'r."{name}"' for name in kind_of.columns if name.endswith("_id") and name in given]
    cleared = []
    for licence in policy.licences:
        if licence.valid_from > as_of or (licence.valid_to and licence.valid_to <= as_of):
            continue
        places = [place for place, flag in enumerate(flags) if flag.id in licence.flags]
        named = [f"record_id IN ({_quoted(licence.records)})"] if licence.records else []
        if licence.parties and parties:
            tests = " OR ".join(f"{column} IN ({_quoted(licence.parties)})" for column in parties)
            named.append(f"_row IN (SELECT _row FROM r_{kind} r WHERE {tests})")
        if places and named:
            said = _quoted([f"licence {licence.id}, {licence.source}"])
            cleared.append((places, " OR ".join(named), said))
    return cleared


def _quoted(texts: Sequence[str]) -> str:
    return ", ".join("'" + text.replace("'", "''") + "'" for text in texts)
