"""Options: how one server is run. Built once by the command, passed in."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True)
class Limits:
    """What one client may ask for.

    Attributes:
        body: bytes of one request's body.
        bulk: bytes of one body that is streamed line by line.
        line: bytes of one such line.
        document: bytes of one body that brings a document to a case.
        batch: queries in one request.
        rate: requests a second of one client, on average.
        burst: requests of one client at once.
        logins: attempts to log in, a client and a name, in a minute.
        estimates: estimates that may wait for their turn.
        seconds: that one estimate may take.
    """

    body: int = 2_000_000
    bulk: int = 200_000_000
    line: int = 100_000
    document: int = 30_000_000
    batch: int = 100
    rate: float = 1000.0
    burst: int = 2000
    logins: int = 10
    estimates: int = 8
    seconds: float = 300.0


@dataclass(frozen=True)
class Question:
    """The question of the first page: the arguments of ``routes``.

    Attributes:
        via: intermediaries, joined by commas; None for all.
    """

    destination: str = "RUS"
    event: str = "2022-03"
    products: str = "chpl"
    via: str | None = None

    def asked(self) -> dict[str, Any]:
        """Return the arguments of ``routes``."""
        given = {"destination": self.destination, "event": self.event, "products": self.products, "via": self.via}
        return {name: value for name, value in given.items() if value is not None}


@dataclass(frozen=True)
class WebOptions:
    """How a server is run.

    Attributes:
        host: the address it listens at; other than loopback only with users who log in.
        port: where it listens.
        store: file or URL of the store of alerts, cases and people; None for that of the settings.
        policy: file that says what needs a second person; None for the shipped one.
        user: who decides where nobody has to log in.
        hosts: names under which it is reached from outside, beside the address itself.
        has_tls: it speaks https itself.
        is_simulated: the lake is a simulated world; every page says so.
        question: what the first page answers.
        apart: work estimates out in a process of their own, whose memory is given back.
        limits: what one client may ask for.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    store: str | Path | None = field(default=None, repr=False)
    policy: Path | None = None
    user: str = "local"
    hosts: tuple[str, ...] = ()
    has_tls: bool = False
    is_simulated: bool = False
    question: Question = field(default_factory=Question)
    apart: bool = True
    limits: Limits = field(default_factory=Limits)

    @property
    def is_local(self) -> bool:
        """Whether nobody but this machine can reach the server."""
        return self.host in LOOPBACK
