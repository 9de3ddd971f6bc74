"""Workbench: what one server keeps at hand: the lake's lists, answers worked out before, the ledger, the flags."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from entrepot.errors import EntrepotError
from entrepot.lake import Lake, open_lake
from entrepot.ledger import Ledger, open_ledger
from entrepot.settings import Settings
from entrepot.web.checking import flags
from entrepot.web.estimates import Estimates
from entrepot.web.listings import Listings
from entrepot.web.options import WebOptions

# How often the server looks whether the lake has a new version, in seconds.
_LOOK = 2.0
T = TypeVar("T")
_LOG = logging.getLogger("entrepot.web")
# Estimates run in their own process; the server itself reads little.
_MEMORY = "256MB"


@dataclass
class _Kept:
    """What belongs to one version of the lake."""

    version: int
    listings: Listings
    ledger: Ledger
    remembered: dict[str, Any] = field(default_factory=dict)


class Workbench:
    """What the requests of one server share. It has no state but caches; what it says comes from the lake."""

    def __init__(self, settings: Settings, options: WebOptions) -> None:
        self.settings, self.options = settings, options
        self.lake: Lake = open_lake(settings.lake, memory_limit=_MEMORY, threads=1)
        self.estimates = Estimates(settings, options)
        self._lock = threading.Lock()
        self._kept: _Kept | None = None
        self._looked = 0.0

    @property
    def path(self) -> Path:
        """The lake's folder; never shown to the outside."""
        return self.lake.path

    @property
    def is_ready(self) -> bool:
        """Whether the lists are at hand."""
        return self._kept is not None

    @property
    def listings(self) -> Listings:
        """The lists of the version in force."""
        return self._current().listings

    @property
    def ledger(self) -> Ledger:
        """The shipped ledger with the user's packs and what the lake holds."""
        return self._current().ledger

    @property
    def version(self) -> int:
        """The lake's version that answers rest on."""
        return self._current().version

    def remembered(self, name: str, work: Callable[[Workbench], T]) -> T:
        """Return what a piece of work came to for the version in force, worked out once."""
        kept = self._current()
        if name not in kept.remembered:
            kept.remembered[name] = work(self)
        found: T = kept.remembered[name]
        return found

    def warm(self) -> None:
        """Load the lists and the flags and work the first page's question out, before anybody asks."""
        version = self.version
        if any(part.table == "flows" for part in self.listings.version.parts):
            self.estimates.begin("routes", version, self.options.question.asked())
        flags()

    def close(self) -> None:
        """End what runs beside the server."""
        self.estimates.close()

    def _current(self) -> _Kept:
        kept = self._kept
        if kept is None:
            with self._lock:
                self._kept = kept = self._kept or self._load()
        elif time.monotonic() - self._looked > _LOOK:
            self._looked = time.monotonic()
            threading.Thread(target=self._look, name="look", daemon=True).start()
        return kept

    def _look(self) -> None:
        """Load the lake's newest version; what is at hand answers until it is loaded."""
        if not self._lock.acquire(blocking=False):
            return
        try:
            if self._kept is None or self._kept.version != self.lake.version().version:
                self._kept = self._load()
        except EntrepotError as error:
            _LOG.error("the lake cannot be read: %s", type(error).__name__)
        finally:
            self._lock.release()

    def _load(self) -> _Kept:
        listings = Listings(self.lake)
        listings.warm()
        ledger = open_ledger(self.settings.packs, lake=self.lake)
        return _Kept(listings.version.version, listings, ledger)
