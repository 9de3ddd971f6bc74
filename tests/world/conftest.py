"""One small world for the tests of this room, made once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from entrepot.world import World, WorldOptions, preset, simulate

Ask = Callable[..., list[tuple[object, ...]]]


def tiny(**changes: object) -> WorldOptions:
    """Return a world of a second or less, dense in planted diversions."""
    usual = {"first_month": "2021-01", "last_month": "2023-06", "share_planted": 0.4}
    return preset("demo", **{"n_territories": 16, "n_products": 80, **usual, **changes})


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return simulate(tmp_path_factory.mktemp("world"), tiny())


@pytest.fixture
def ask(world: World) -> Iterator[Ask]:
    """Answer SQL over the world's files, as views flows, concordance, series, months, totals."""
    with duckdb.connect() as connection:
        views(connection, world)
        yield lambda sql: connection.execute(sql).fetchall()


def views(connection: duckdb.DuckDBPyConnection, world: World, prefix: str = "") -> None:
    connection.execute(f"CREATE VIEW {prefix}flows AS FROM '{world.flows}'")
    for name, path in (
        ("concordance", world.concordance),
        ("series", world.truth_series),
        ("months", world.truth_months),
        ("totals", world.truth_totals),
    ):
        connection.execute(f"CREATE VIEW {prefix}{name} AS FROM read_csv('{path}', all_varchar = true)")


def folder_bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
