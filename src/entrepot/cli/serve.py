"""``entrepot serve``: the HTTP API and the pages, on this machine."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from entrepot.cli.asked import is_demo
from entrepot.cli.options import chosen_lake, lake_option, settings
from entrepot.errors import ConfigError

# The neighbours whose trade the demo's world plants diversions in, as `entrepot demo` asks for them.
_ROLES = ("analyst", "reviewer", "auditor", "admin")
_FILE = click.Path(path_type=Path)
_CONNECTIONS = 256
_DEMO_VIA = "KAZ,KGZ,ARM,GEO,UZB"


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address; beyond this machine only with --users.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Port to listen at.")
@click.option("--users", type=_FILE, metavar="FILE", help="Users and their roles.")
@click.option("--name", "hosts", multiple=True, metavar="HOST", help="A name under which the server is reached.")
@click.option("--certificate", type=_FILE, metavar="FILE", help="For https: the certificate, as PEM.")
@click.option("--key", type=_FILE, metavar="FILE", help="For https: the certificate's key, as PEM.")
@click.option("--destination", default="RUS", show_default=True, metavar="ISO3", help="Of the first page's question.")
@click.option("--event", default="2022-03", show_default=True, metavar="YYYY-MM", help="First treated month of it.")
@click.option("--products", default="chpl", show_default=True, metavar="LIST", help="Goods of it.")
@click.option("--via", metavar="ISO3,..", help="Intermediaries of it (default: all; of the demo, those it plants).")
@click.option("--add-user", metavar="NAME", help="Add a user to --users, or change one, and end; asks for a password.")
@click.option("--role", type=click.Choice(_ROLES), default="analyst", show_default=True, help="Of the user added.")
@click.option("--api-key", "is_key", is_flag=True, help="Give the user added a key for programs, shown once.")
@lake_option
def serve(lake_path: Path | None, add_user: str | None, role: str, is_key: bool, **asked: Any) -> None:
    """Serve the pages and the HTTP API from the lake, until Ctrl-C.

    Nothing leaves the machine. The address /openapi.json describes the API.
    """
    if (asked["certificate"] is None) != (asked["key"] is None):
        raise click.UsageError("--certificate and --key go together.")
    try:
        if add_user is not None:
            _add(asked["users"], add_user, role, is_key=is_key)
        else:
            _run(lake_path, **asked)
    except ModuleNotFoundError as error:
        raise ConfigError(
            f"the package {error.name!r} is not installed",
            remedy="pip install 'entrepot[web]' brings what a server needs.",
        ) from error


def _run(
    lake_path: Path | None,
    *,
    host: str,
    port: int,
    users: Path | None,
    hosts: tuple[str, ...],
    certificate: Path | None,
    key: Path | None,
    **question: Any,
) -> None:
    import uvicorn

    web = _web()
    lake = chosen_lake(lake_path)
    is_simulated = is_demo(lake.path)
    if is_simulated and question["via"] is None:
        question["via"] = _DEMO_VIA
    options = web.WebOptions(
        host,
        port,
        users,
        hosts,
        has_tls=certificate is not None,
        is_simulated=is_simulated,
        question=web.Question(**question),
    )
    app = web.create_app(replace(settings(), lake=lake.path), options)
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


def _add(path: Path | None, name: str, role: str, *, is_key: bool) -> None:
    web = _web()
    if path is None:
        raise click.UsageError("--add-user needs --users FILE.")
    user = web.User(name, role, web.hash_password(click.prompt("Password", hide_input=True, confirmation_prompt=True)))
    if is_key:
        user, secret = web.with_key(user)
        click.echo(secret)
    web.write_user(path, user)
    click.echo(f"{name} is a user, with the role {role}", err=True)


def _web() -> Any:
    """The server's room, found by its name as commands are: the two edges of the package import each other nowhere."""
    return import_module("entrepot.web")
