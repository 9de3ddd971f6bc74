"""``entrepot serve``: the HTTP API and the pages, on this machine."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from entrepot.cli.asked import is_demo
from entrepot.cli.options import chosen_lake, lake_option, settings
from entrepot.errors import ConfigError

# The neighbours whose trade the demo's world plants diversions in, as `entrepot demo` asks for them.
_DEMO_VIA = "KAZ,KGZ,ARM,GEO,UZB"


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address; beyond this machine only with --users.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="Port; 0 takes a free one."
)
@click.option("--users", type=click.Path(path_type=Path), metavar="FILE", help="Users and their roles.")
@click.option("--name", "hosts", multiple=True, metavar="HOST", help="A name under which the server is reached.")
@click.option("--destination", default="RUS", show_default=True, metavar="ISO3", help="Of the first page's question.")
@click.option("--event", default="2022-03", show_default=True, metavar="YYYY-MM", help="First treated month of it.")
@click.option("--products", default="chpl", show_default=True, metavar="LIST", help="Goods of it.")
@click.option("--via", metavar="ISO3,..", help="Intermediaries of it (default: all; of the demo, those it plants).")
@lake_option
def serve(
    lake_path: Path | None, host: str, port: int, users: Path | None, hosts: tuple[str, ...], **asked: Any
) -> None:
    """Serve the pages and the HTTP API from the lake, until Ctrl-C.

    Nothing leaves the machine. The address of the API's description is /openapi.json.
    """
    try:
        import uvicorn

        from entrepot.web import Question, WebOptions, create_app
    except ModuleNotFoundError as error:
        raise ConfigError(
            f"the package {error.name!r} is not installed",
            remedy="pip install 'entrepot[web]' brings what a server needs.",
        ) from error
    lake = chosen_lake(lake_path)
    is_simulated = is_demo(lake.path)
    if is_simulated and asked["via"] is None:
        asked["via"] = _DEMO_VIA
    options = WebOptions(host, port, users, hosts, is_simulated, Question(**asked))
    app = create_app(replace(settings(), lake=lake.path), options)
    click.echo(f"entrepot serves {lake.path} at http://{_shown(host)}:{port}/ (Ctrl-C ends it)", err=True)
    uvicorn.run(app, host=host, port=port, log_level="warning", server_header=False, date_header=True)


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host
