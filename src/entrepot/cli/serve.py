"""``entrepot serve``: the HTTP API and the pages, on this machine."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from entrepot.cli.asked import is_demo
from entrepot.cli.case import change_user
from entrepot.cli.desk import Desk, file_bytes, login_name
from entrepot.cli.options import chosen_lake, lake_option, settings
from entrepot.errors import ConfigError

if TYPE_CHECKING:
    from entrepot.lake import Lake

# The neighbours whose trade the demo's world plants diversions in, as `entrepot demo` asks for them.
_ROLES = ("analyst", "reviewer", "auditor", "admin")
_FILE = click.Path(path_type=Path)
_CONNECTIONS = 256
_DEMO_VIA = "KAZ,KGZ,ARM,GEO,UZB"


@click.command()
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Address; other than this machine's only with passwords."
)
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Port to listen at.")
@click.option("--store", metavar="FILE|URL", help="Alerts, cases and users (default inside the lake).")
@click.option("--as", "user", metavar="NAME", help="Who decides where nobody logs in (default: your login name).")
@click.option("--policy", type=_FILE, metavar="FILE", help="What needs a second person (default: the shipped policy).")
@click.option("--name", "hosts", multiple=True, metavar="HOST", help="A name under which the server is reached.")
@click.option("--certificate", type=_FILE, metavar="FILE", help="For https: the certificate, as PEM.")
@click.option("--key", type=_FILE, metavar="FILE", help="For https: the certificate's key, as PEM.")
@click.option("--destination", default="RUS", show_default=True, metavar="ISO3", help="Of the first page's question.")
@click.option("--event", default="2022-03", show_default=True, metavar="YYYY-MM", help="First treated month of it.")
@click.option("--products", default="chpl", show_default=True, metavar="LIST", help="Goods of it.")
@click.option("--via", metavar="ISO3,..", help="Intermediaries of it (default: all; of the demo, those it plants).")
@click.option("--users", type=_FILE, metavar="FILE", help="An older file of users, taken over into the store.")
@click.option("--add-user", metavar="NAME", help="Add a user, or change one, and end; as `entrepot case user`.")
@click.option("--role", type=click.Choice(_ROLES), default="analyst", show_default=True, help="Of the user added.")
@click.option("--api-key", "is_key", is_flag=True, help="Print a key for programs of the user added, shown this once.")
@lake_option
def serve(
    lake_path: Path | None, users: Path | None, add_user: str | None, role: str, is_key: bool, **asked: Any
) -> None:
    """Serve the pages and the HTTP API from the lake, until Ctrl-C.

    Nothing leaves the machine. The address /openapi.json describes the API. Whoever has a password
    (`entrepot case user NAME --password`) logs in; as long as nobody has one, only this machine is answered.
    """
    if (asked["certificate"] is None) != (asked["key"] is None):
        raise click.UsageError("--certificate and --key go together.")
    if users is not None or add_user is not None:
        desk = Desk(asked["store"], asked["user"], None, asked["policy"], lake_path, is_new_allowed=True)
        if users is not None:
            _take_over(desk, users)
        if add_user is not None:
            change_user(desk, add_user, role, has_password=True, has_key=is_key)
            return
    run_server(chosen_lake(lake_path), **asked)


def _take_over(desk: Desk, path: Path) -> None:
    """Take the users of a file over that servers had of their own before; [users.NAME] with role, password, keys."""
    from entrepot.cases import adopt_user

    try:
        found = tomllib.loads(file_bytes(path).decode())["users"]
        users = {
            name: (str(one["role"]), str(one["password"]), tuple(one.get("keys", ()))) for name, one in found.items()
        }
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, TypeError, AttributeError) as error:
        # The message might quote a hash; it is not shown.
        raise ConfigError("no file of users", where=str(path), remedy="Add users with `entrepot case user`.") from error
    for name, (role, password, keys) in users.items():
        adopt_user(desk.store, name, role, password_hash=password, key_hashes=keys, **desk.deciding)


def run_server(
    lake: Lake,
    *,
    host: str,
    port: int,
    store: str | None = None,
    user: str | None = None,
    policy: Path | None = None,
    hosts: tuple[str, ...] = (),
    certificate: Path | None = None,
    key: Path | None = None,
    **question: Any,
) -> None:
    """Serve a lake until Ctrl-C.

    Raises:
        ConfigError: the extra ``entrepot[web]`` is not installed, or it would answer strangers.
    """
    try:
        import uvicorn

        from entrepot.web import Question, WebOptions, create_app
    except ModuleNotFoundError as error:
        raise ConfigError(
            f"the package {error.name!r} is not installed",
            remedy="pip install 'entrepot[web]' brings what a server needs.",
        ) from error
    is_simulated = is_demo(lake.path)
    if is_simulated and question.get("via") is None:
        question["via"] = _DEMO_VIA
    options = WebOptions(
        host,
        port,
        store,
        policy,
        user or login_name(),
        hosts,
        has_tls=certificate is not None,
        is_simulated=is_simulated,
        question=Question(**question),
    )
    app = create_app(replace(settings(), lake=lake.path), options)
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"{lake.path} at {'https' if certificate else 'http'}://{shown}:{port}/ (Ctrl-C ends it)", err=True)
    uvicorn.run(
        app,
        host=host,
        port=port,
        log_level="warning",
        # What a stranger sends, names of customers among it, is not written down.
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ssl_certfile=certificate,
        ssl_keyfile=key,
        limit_concurrency=_CONNECTIONS,
        timeout_keep_alive=15,
        ws="none",
    )
