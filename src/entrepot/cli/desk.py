"""What the commands of the desk share: the store, who decides, and the instant of it."""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from entrepot.cli.options import lake_option, now, settings
from entrepot.errors import ConfigError, NotFound, SourceError

if TYPE_CHECKING:
    from entrepot.cases import Store
    from entrepot.lake import Lake

F = TypeVar("F", bound=Callable[..., Any])


def desk_options(command: F) -> F:
    """Add ``--store``, ``--as``, ``--at``, ``--policy`` and ``--lake`` as arguments of :func:`opened_desk`."""
    options = (
        click.option(
            "--store",
            "where",
            metavar="FILE|URL",
            help="Where alerts and cases are kept (default inside the lake, or ENTREPOT_STORE).",
        ),
        click.option("--as", "by", metavar="NAME", help="Who decides (default: your login name)."),
        click.option("--at", metavar="INSTANT", help="UTC instant to record (default: now)."),
        click.option(
            "--policy",
            "policy_path",
            type=click.Path(path_type=Path),
            metavar="FILE",
            help="What needs a second person, how long things are kept (default: the shipped policy).",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return lake_option(command)


class Desk:
    """The store with who decides and when, as the options of a command name them."""

    def __init__(
        self,
        where: str | None,
        by: str | None,
        at: str | None,
        policy_path: Path | None,
        lake_path: Path | None,
        *,
        is_new_allowed: bool,
    ) -> None:
        from entrepot.cases import add_user, check_instant, open_store, read_policy, users

        self.at = at or now()
        check_instant(self.at)
        self.by = by or login_name()
        self.lake_path = lake_path
        policy = read_policy(policy_path) if policy_path else None
        place = where or settings().store or self._inside_lake()
        if not is_new_allowed and "://" not in str(place) and not Path(place).is_file():
            remedy = "Begin with `entrepot alerts add` or `entrepot case new`."
            raise NotFound("no alerts or cases are kept here", where=str(place), remedy=remedy)
        self.store: Store = open_store(place, policy=policy)
        if not users(self.store):
            # Somebody has to be first; whoever has the file can do anything with it in any case.
            add_user(self.store, self.by, "admin", by=self.by, at=self.at)
            click.echo(f"a new store at {self.store.where}; {self.by} is its admin", err=True)

    @property
    def day(self) -> str:
        """The day on which the command runs."""
        return self.at[:10]

    @property
    def deciding(self) -> dict[str, str]:
        """Who and when, as the functions of the desk take them."""
        return {"by": self.by, "at": self.at}

    def lake(self) -> Lake:
        """The lake that the command names."""
        from entrepot.cli.options import chosen_lake

        return chosen_lake(self.lake_path)

    def find_lake(self) -> Lake | None:
        """The lake that the command names; None where none is there and none was named."""
        folder = self.lake_path or settings().lake
        return None if self.lake_path is None and not (folder / "lake.json").is_file() else self.lake()

    def _inside_lake(self) -> Path:
        folder = self.lake_path or settings().lake
        if not (folder / "lake.json").is_file():
            remedy = "Name a store with --store, or a lake with --lake."
            raise ConfigError("there is no lake to keep alerts and cases in", where=str(folder), remedy=remedy)
        return folder / "desk" / "desk.sqlite"


def opened_desk(given: dict[str, Any], *, is_new_allowed: bool = False) -> Desk:
    """Take the options of :func:`desk_options` out of a command's arguments, and return the desk.

    Args:
        is_new_allowed: make a store where there is none, with who decides as its admin.
    """
    names = ("where", "by", "at", "policy_path", "lake_path")
    return Desk(*(given.pop(name) for name in names), is_new_allowed=is_new_allowed)


def login_name() -> str:
    """Return who is logged in to this machine.

    Raises:
        ConfigError: nobody is.
    """
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError) as error:
        raise ConfigError("nobody is logged in", remedy="Say who decides with --as.") from error


def find_store(lake: Lake) -> Store | None:
    """Return the store that belongs to a lake, by the settings or inside it; None where there is none."""
    place = settings().store or lake.path / "desk" / "desk.sqlite"
    if isinstance(place, Path) and not place.is_file():
        return None
    from entrepot.cases import open_store

    return open_store(place)


def is_named(path: str | os.PathLike[str]) -> bool:
    """Whether an argument names a file that is there, rather than a case."""
    return Path(path).is_file()


def file_bytes(path: Path) -> bytes:
    """Return the bytes of a file.

    Raises:
        SourceError: it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise SourceError(str(error.strerror), where=str(path), remedy="Check the path.") from error
