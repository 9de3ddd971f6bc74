"""Estimates: answers about trade, each worked out once a version, in a process whose memory is given back."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from entrepot.errors import EntrepotError, EstimateError
from entrepot.settings import Settings
from entrepot.web import asked
from entrepot.web.apart import Apart
from entrepot.web.errors import Refused
from entrepot.web.options import WebOptions

_LOG = logging.getLogger("entrepot.web")
# Answers kept at hand: one of five intermediaries is half a megabyte, and the first page has one a month.
_AT_HAND = 40
_FAILED_AT_HAND = 100

Key = tuple[str, int, tuple[tuple[str, Any], ...]]


class Estimates:
    """Answers by question. One is worked out at a time; the others wait for it, and not many may wait."""

    def __init__(self, settings: Settings, options: WebOptions) -> None:
        self._settings, self._options = settings, options
        self._turn = threading.Lock()
        self._guard = threading.Lock()
        self._answers: OrderedDict[Key, Any] = OrderedDict()
        self._failed: dict[Key, EntrepotError] = {}
        self._begun: set[Key] = set()
        self._waiting = 0
        self._process: Apart | None = None

    def find(self, kind: str, version: int, question: Mapping[str, Any]) -> Any | None:
        """Return an answer that is at hand, else None."""
        with self._guard:
            key = _key(kind, version, question)
            if key in self._answers:
                self._answers.move_to_end(key)
            return self._answers.get(key)

    def get(self, kind: str, version: int, question: Mapping[str, Any]) -> Any:
        """Return an answer, worked out where it is not at hand.

        Raises:
            Refused: too many wait, or it took too long.
            EntrepotError: the question cannot be answered.
        """
        found = self.find(kind, version, question)
        if found is not None:
            return found
        with self._place(), self._turn:
            return self.find(kind, version, question) or self._worked(kind, version, question)

    def once(self, kind: str, question: Mapping[str, Any]) -> Any:
        """Return an answer that is not kept, because the question is not to be.

        Raises:
            Refused: too many wait, or it took too long.
            EntrepotError: the question cannot be answered.
        """
        with self._place(), self._turn:
            return self._made(kind, question)

    def begin(self, kind: str, version: int, question: Mapping[str, Any]) -> Any | EntrepotError | None:
        """Return an answer that is at hand, or why there is none; else begin to work it out and return None."""
        found = self.find(kind, version, question)
        if found is not None:
            return found
        key = _key(kind, version, question)
        with self._guard:
            if key in self._failed:
                return self._failed[key]
            if key in self._begun or self._waiting >= self._options.limits.estimates:
                return None
            self._begun.add(key)
        threading.Thread(target=self._try, args=(key, question), name="estimate", daemon=True).start()
        return None

    def _try(self, key: Key, question: Mapping[str, Any]) -> None:
        try:
            self.get(key[0], key[1], question)
        except Refused as error:
            self._fail(key, EstimateError(error.found, remedy=error.remedy))
        except EntrepotError as error:
            self._fail(key, error)
        except Exception as error:  # Nobody waits in this thread who could be told.
            _LOG.error("an estimate failed: %s", type(error).__name__)
            self._fail(key, EstimateError("the estimate failed", remedy="The server's log names the kind of failure."))
        finally:
            with self._guard:
                self._begun.discard(key)

    def _fail(self, key: Key, error: EntrepotError) -> None:
        with self._guard:
            self._failed[key] = error
            while len(self._failed) > _FAILED_AT_HAND:
                del self._failed[next(iter(self._failed))]

    def close(self) -> None:
        """Stop what is being worked out."""
        if self._process is not None:
            self._process.end()

    @contextmanager
    def _place(self) -> Iterator[None]:
        """One of the few places in the queue."""
        with self._guard:
            if self._waiting >= self._options.limits.estimates:
                raise Refused(503, "too many estimates wait", "Ask again in a minute.", headers={"Retry-After": "60"})
            self._waiting += 1
        try:
            yield
        finally:
            with self._guard:
                self._waiting -= 1

    def _made(self, kind: str, question: Mapping[str, Any]) -> Any:
        given = (kind, self._settings, self._options, dict(question))
        return self._apart(*given) if self._options.apart else asked.answer(*given)

    def _worked(self, kind: str, version: int, question: Mapping[str, Any]) -> Any:
        found = self._made(kind, question)
        with self._guard:
            self._answers[_key(kind, version, question)] = found
            while len(self._answers) > _AT_HAND:
                self._answers.popitem(last=False)
        return found

    def _apart(self, *given: Any) -> Any:
        self._process = Apart()
        try:
            return self._process.answer(given, seconds=self._options.limits.seconds)
        finally:
            self._process = None


def _key(kind: str, version: int, question: Mapping[str, Any]) -> Key:
    return kind, version, tuple(sorted(question.items()))
