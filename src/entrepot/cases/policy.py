"""The desk's policy: what needs a second person, how long things are kept, what may be passed on."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from entrepot.alerts import SEVERITIES, Weighing
from entrepot.redflags import model_of, read_model

ROLES = ("analyst", "reviewer", "auditor", "admin")
_Role = Literal["analyst", "reviewer", "auditor", "admin"]
_Severity = Literal["low", "medium", "high", "critical"]
_Strict = ConfigDict(extra="forbid", frozen=True)


class FourEyes(BaseModel):
    """Decisions that need a second person."""

    model_config = _Strict
    close_alert: tuple[_Severity, ...] = ("high", "critical")
    close_case: bool = True
    file: bool = True
    judgement: bool = True
    publish: bool = True


class Retention(BaseModel):
    """How long what names somebody is kept, in days after it was closed."""

    model_config = _Strict
    days: Annotated[int, Field(ge=1)]
    least_days: Annotated[int, Field(ge=0)] = 0


class Policy(BaseModel):
    """What the desk asks of its people."""

    model_config = _Strict
    id: str
    title: str
    four_eyes: FourEyes = FourEyes()
    reviewers: tuple[_Role, ...] = ("reviewer", "admin")
    large_amount: Annotated[float, Field(gt=0)] = 10_000_000.0
    small_amount: Annotated[float, Field(gt=0)] = 1_000_000.0
    suppress_days: Annotated[int, Field(ge=1)] = 365
    retention: dict[str, Retention] = {"other": Retention(days=1825)}
    not_passed_on: tuple[str, ...] = ()

    def kept(self, kind: str) -> Retention:
        """Return how long things of a kind are kept."""
        return self.retention.get(kind) or self.retention.get("other") or Retention(days=1825)

    def weighing(self) -> Weighing:
        """Return how money makes a severity."""
        return Weighing(self.large_amount, self.small_amount)

    def may_pass_on(self, licence: str) -> bool:
        """Whether a licence, as its origin has it, does not forbid to pass the bytes on."""
        return not any(words.lower() in licence.lower() for words in self.not_passed_on)

    def needs_second(self, what: str, severity: str = "") -> bool:
        """Whether a decision needs a second person; of alerts it depends on the severity."""
        asked = getattr(self.four_eyes, what)
        return severity in asked if isinstance(asked, tuple) else bool(asked)


def default_policy() -> Policy:
    """Return the policy that counts where none is given."""
    text = files("entrepot.cases").joinpath("data/policy.yml").read_text("utf-8")
    return model_of(Policy, text, where="the default policy")


def read_policy(path: Path) -> Policy:
    """Return the policy of a YAML file.

    Raises:
        ConfigError: no such file, or a field that policies do not have.
    """
    return read_model(Policy, path)


def severity_rank(severity: str) -> int:
    """Return 0 of the gravest severity, more of a lesser one."""
    return len(SEVERITIES) - 1 - SEVERITIES.index(severity)
