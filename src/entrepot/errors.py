"""Every exception that entrepot raises on purpose.

::

    EntrepotError
      ConfigError                 settings, a mapping file or a source.yml is wrong
      SourceError                 fetching or reading a publisher failed
        SnapshotMismatch          the hash is not the recorded one
        UnexpectedLayout          the publisher changed columns or codes
      CodeError
        UnknownCode               a code or label that no code list holds
        AmbiguousCode             a label that means more than one code
        MixedRevision             one table holds several HS revisions
        MixedCurrency             one estimate would add several currencies
      CheckFailed                 a table broke its declared checks
      LakeError
        LakeBusy                  another process writes to this lake
        LakeDamaged               a file of the lake is missing or altered
      LedgerError                 an entry of the ledger is wrong
        NoCitation                it names no source
        EntryRecorded             its id is taken by another entry
      EstimateError               the data cannot answer the question asked
      DeskError                   alerts and cases do not allow it
        Conflict                  somebody else decided in the meantime
        SecondPersonNeeded        the policy asks for another person
        AuditBroken               what was recorded has been altered
        BundleRefused             a case file is damaged, altered or hostile
        ReplayMismatch            a case did not come out the same
      NotFound                    an id or a file that does not exist
"""

from __future__ import annotations


class EntrepotError(Exception):
    """What was found, where it was found, and what to do about it.

    The three parts are attributes; ``str()`` joins them into one line.
    """

    def __init__(self, found: str, *, where: str = "", remedy: str = "") -> None:
        self.found = found
        self.where = where
        self.remedy = remedy
        super().__init__(": ".join(part for part in (where, found) if part))

    def __str__(self) -> str:
        line = ": ".join(part for part in (self.where, self.found) if part)
        if self.remedy:
            line = f"{line.rstrip('.')}. {self.remedy}"
        return " ".join(line.split())


class ConfigError(EntrepotError):
    """Settings, a mapping file or a source.yml is wrong."""


class SourceError(EntrepotError):
    """Fetching or reading a publisher's file failed."""


class SnapshotMismatch(SourceError):
    """The bytes do not have the recorded hash."""


class UnexpectedLayout(SourceError):
    """The publisher changed columns or codes."""


class CodeError(EntrepotError):
    """A code list cannot answer."""


class UnknownCode(CodeError):
    """A code or label that no code list holds."""


class AmbiguousCode(CodeError):
    """A label that means more than one code."""


class MixedRevision(CodeError):
    """One table holds several HS revisions where one is needed."""


class MixedCurrency(CodeError):
    """One estimate would add several currencies."""


class CheckFailed(EntrepotError):
    """A table broke its declared checks."""


class LakeError(EntrepotError):
    """The lake cannot be read or written."""


class LakeBusy(LakeError):
    """Another process writes to this lake."""


class LakeDamaged(LakeError):
    """A file of the lake is missing or altered."""


class LedgerError(EntrepotError):
    """An entry of the ledger is wrong."""


class NoCitation(LedgerError):
    """An entry names no source."""


class EntryRecorded(LedgerError):
    """The id of an entry is taken by another one; what is recorded is never edited."""


class EstimateError(EntrepotError):
    """The data cannot answer the question asked."""


class DeskError(EntrepotError):
    """Alerts and cases do not allow it: a state, a role or a rule stands against it."""


class Conflict(DeskError):
    """Somebody else decided on the same thing in the meantime."""


class SecondPersonNeeded(DeskError):
    """The policy asks for a second person, and this is not one."""


class AuditBroken(DeskError):
    """What was recorded has been altered."""


class BundleRefused(DeskError):
    """A case file is damaged, altered or hostile."""


class ReplayMismatch(DeskError):
    """A case did not come out the same."""


class NotFound(EntrepotError):
    """An id or a file that does not exist."""
