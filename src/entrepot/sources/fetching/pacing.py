"""How a download waits: turns between calls, growing pauses after a failure, Retry-After."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

from entrepot.errors import SourceError

T = TypeVar("T")
_LONGEST_PAUSE = 60.0
_MOST_ATTEMPTS = 1000


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Pacing:
    """How long to wait, and the clocks and the sleep to do it with.

    Attributes:
        sleep: waits for so many seconds.
        clock: seconds that only grow; used between calls.
        now: the present UTC instant; used for records, the daily count and dated Retry-After.
        seconds_between: least time from one call to the next.
        longest_wait: the longest pause a publisher may ask for before the run stops and says so.
        tries: failures in a row, without one new byte, after which the run stops.
    """

    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    now: Callable[[], datetime] = _utc_now
    seconds_between: float = 1.0
    longest_wait: float = 300.0
    tries: int = 6


class TryAgain(SourceError):
    """A failure that another attempt may mend; ``seconds`` is the pause the publisher asked for."""

    def __init__(self, found: str, *, where: str, remedy: str, seconds: float | None = None) -> None:
        super().__init__(found, where=where, remedy=remedy)
        self.seconds = seconds


class Turnstile:
    """Lets one call through every ``seconds_between`` seconds."""

    def __init__(self, pacing: Pacing) -> None:
        self._pacing = pacing
        self._last: float | None = None

    def wait(self) -> None:
        """Sleep until the next call may be made."""
        if self._last is not None:
            left = self._pacing.seconds_between - (self._pacing.clock() - self._last)
            if left > 0:
                self._pacing.sleep(left)
        self._last = self._pacing.clock()


def persist(attempt: Callable[[], T], *, pacing: Pacing, gained: Callable[[], int] | None = None) -> T:
    """Return what ``attempt`` returns, trying again after each :class:`TryAgain`.

    Args:
        attempt: one try.
        pacing: pauses and how many failures in a row are borne.
        gained: bytes held so far; a failure that brought new bytes does not count as one in a row.

    Raises:
        SourceError: the last failure, or a publisher that asks for too long a pause.
    """
    failures = 0
    for _ in range(_MOST_ATTEMPTS):
        before = gained() if gained else 0
        try:
            return attempt()
        except TryAgain as error:
            failures = 1 if gained and gained() > before else failures + 1
            if failures >= pacing.tries:
                raise
            pacing.sleep(_pause(error, failures=failures, longest=pacing.longest_wait))
    raise SourceError(f"no end after {_MOST_ATTEMPTS} attempts", remedy="Try again later.")


def _pause(error: TryAgain, *, failures: int, longest: float) -> float:
    if error.seconds is None:
        return min(2.0 ** (failures - 1), _LONGEST_PAUSE)
    if error.seconds > longest:
        raise SourceError(
            f"{error.found}; the publisher asks to wait {error.seconds:.0f} seconds",
            where=error.where,
            remedy="Run the same command again after that; what is here already is not asked for again.",
        ) from error
    return error.seconds


def retry_after(headers: Mapping[str, str], *, now: datetime) -> float | None:
    """Return the seconds that a Retry-After header asks for (a number or a date), or None."""
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        instant = parsedate_to_datetime(text)
    except ValueError:
        return None
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=UTC)
    return max(0.0, (instant - now).total_seconds())
