"""The store: one database of alerts, cases, decisions and people, with every change in an audit log.

SQLite (a file) by default, PostgreSQL by URL; the same code and the same tests on both. One writer at a time: it holds
the head of the audit log, so that the chain never forks. What a caller decides upon is guarded by versions: a decision
names the version that it was taken on, and a second decision on that version is refused, in whichever process.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from entrepot.cases.policy import Policy, default_policy
from entrepot.errors import ConfigError, Conflict, DeskError, SourceError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from entrepot.cases.writer import Writer

LATEST = "0002"
_MIGRATIONS = Path(__file__).parent / "migrations"
_WAIT_MS = 30_000
# What the triggers of the append-only tables say.
_STAYS = "rows of this table are never changed"


class Store:
    """A database of the desk. Make one with :func:`open_store`; share it between threads.

    Attributes:
        where: the file, or the URL without its password.
        policy: what needs a second person, how long things are kept, what may be passed on.
    """

    def __init__(self, engine: Engine, *, where: str, policy: Policy) -> None:
        self._engine = engine
        self.where = where
        self.policy = policy

    def __repr__(self) -> str:
        return f"<Store {self.where!r}>"

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._engine.dispose()

    @property
    def is_file(self) -> bool:
        """Whether it is a SQLite file."""
        return self._engine.dialect.name == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Yield a connection that sees one state of the store."""
        with _told(self.where), self._engine.connect() as connection:
            if self.is_file:
                connection.exec_driver_sql("BEGIN")
            else:
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection

    @contextmanager
    def write(self, *, by: str, at: str) -> Iterator[Writer]:
        """Yield the one writer; what it did is there when the block ends, or nothing of it.

        Args:
            by: name of the user who decides.
            at: UTC instant, ISO 8601.

        Raises:
            NotFound: there is no such active user.
            Conflict: somebody else decided in the meantime.
        """
        from entrepot.cases.writer import Writer

        with _told(self.where), self._engine.connect() as connection:
            _begin(connection)
            try:
                writer = Writer(connection, by=by, at=at)
                yield writer
                writer.finish()
                connection.commit()
            except BaseException:
                connection.rollback()
                raise

    def forget(self) -> None:
        """Take what was deleted off the disk as well, as far as the database can."""
        if self.is_file:
            with _told(self.where), self._engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def open_store(where: str | Path, *, policy: Policy | None = None) -> Store:
    """Return the store in a file or at a URL, made or brought up to date where needed.

    Args:
        where: path of a SQLite file, or ``postgresql://user@host/name`` (extra ``entrepot[postgres]``).
        policy: what needs a second person; the shipped policy by default.

    Raises:
        ConfigError: the extra ``entrepot[desk]`` is not installed, or the URL is malformed.
        SourceError: the database cannot be opened.
        DeskError: it was written by a later version of entrepot.
    """
    try:
        from sqlalchemy.engine import make_url
    except ImportError as error:
        raise _no_extra("desk", error) from error
    text = str(where)
    if "://" in text:
        from sqlalchemy.exc import ArgumentError

        try:
            url = make_url(text)
        except ArgumentError as error:
            # The text may hold a password: it is not repeated.
            raise ConfigError("the store is no URL", remedy="Write postgresql://user@host/name.") from error
        if url.get_backend_name() == "postgresql":
            url = url.set(drivername="postgresql+psycopg")
        shown = url.render_as_string(hide_password=True)
    else:
        from sqlalchemy.engine import URL

        _make_folder(Path(text))
        url, shown = URL.create("sqlite", database=text), text
    engine = _engine(url, shown)
    _update(engine, shown)
    return Store(engine, where=shown, policy=policy or default_policy())


def _make_folder(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SourceError(str(error.strerror), where=str(path), remedy="Choose another --store.") from error


def _no_extra(extra: str, error: ImportError) -> ConfigError:
    remedy = f"Install it with `pip install 'entrepot[{extra}]'`."
    return ConfigError(f"{error.name or extra} is not installed", where="alerts and cases", remedy=remedy)


def _engine(url: Any, shown: str) -> Engine:
    from sqlalchemy import create_engine, event
    from sqlalchemy.exc import ArgumentError, NoSuchModuleError

    is_file = url.get_backend_name() == "sqlite"
    try:
        engine = create_engine(url, pool_pre_ping=not is_file)
    except ImportError as error:
        raise _no_extra("postgres", error) from error
    except (ArgumentError, NoSuchModuleError) as error:
        raise ConfigError("unknown kind of store", where=shown, remedy="Name a file or postgresql://...") from error
    if is_file:
        event.listen(engine, "connect", _prepare_file)
    return engine


def _prepare_file(connection: Any, _record: object) -> None:
    # Transactions are begun by us: the driver's own begin comes too late to keep a second writer out.
    connection.isolation_level = None
    # FULL: what was acknowledged outlives a power cut. secure_delete: a destroyed key leaves no bytes.
    for pragma in (f"busy_timeout = {_WAIT_MS}", "journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("PRAGMA secure_delete = ON")


def _begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _update(engine: Engine, shown: str) -> None:
    """Run the migrations that are missing; Alembic is imported only where there are any."""
    with _told(shown):
        found = _revision(engine)
        if found == LATEST:
            return
        if found is not None and found > LATEST:
            remedy = "Use the version of entrepot that wrote it, or a later one."
            raise DeskError(f"the store has layout {found}, this program knows {LATEST}", where=shown, remedy=remedy)
        with engine.connect() as connection:
            _begin(connection)
            if connection.dialect.name == "postgresql":
                # Two servers that start together must not both make the tables.
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(5021842)")
            if _revision_of(connection) != LATEST:
                _migrate(connection)
            connection.commit()


def _migrate(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import insert, select

    from entrepot.cases.tables import AUDIT_HEAD, META

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    if connection.execute(select(META.c.name).where(META.c.name == "pepper")).first() is None:
        connection.execute(insert(META).values(name="pepper", value=secrets.token_bytes(32)))
        connection.execute(insert(AUDIT_HEAD).values(id=1, n=0, hash="0" * 64))


def _revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        return _revision_of(connection)


def _revision_of(connection: Connection) -> str | None:
    from sqlalchemy import inspect

    if not inspect(connection).has_table("alembic_version"):
        return None
    rows: Sequence[Any] = connection.exec_driver_sql("SELECT version_num FROM alembic_version").all()
    return str(rows[0][0]) if rows else None


@contextmanager
def _told(where: str) -> Iterator[None]:
    """Say what the database said in this project's words; what the driver says may hold values, so it is left out."""
    from sqlalchemy.exc import DatabaseError, IntegrityError, SQLAlchemyError

    try:
        yield
    except DatabaseError as error:
        if _STAYS in str(error.orig):
            raise DeskError(_STAYS, where=where, remedy="Add a row that corrects it.") from error
        if not isinstance(error, IntegrityError):
            line = str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else "it does not answer"
            raise SourceError(f"the store failed: {line}", where=where, remedy="Check that it is there.") from error
        remedy = "Look again, and decide on what stands now."
        raise Conflict("somebody else decided on the same thing in the meantime", where=where, remedy=remedy) from error
    except SQLAlchemyError as error:
        kind = type(error).__name__
        raise SourceError(f"the store failed: {kind}", where=where, remedy="Check that it is there.") from error
