"""``entrepot effect``: did trade change at a date, against other importers?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from entrepot.cli.options import chosen_lake, json_option, lake_option, named_products, out_option, settings


@click.command()
@click.option("--measure", metavar="ID", help="An entry of the ledger, whose month and codes are taken.")
@click.option("--date", metavar="YYYY-MM-DD", help="A date instead; its month is the first treated one.")
@click.option("--exporter", "exporters", required=True, metavar="GROUP|ISO3,..", help="Who sends the goods.")
@click.option("--importer", "importers", required=True, metavar="GROUP|ISO3,..", help="Who is said to be affected.")
@click.option(
    "--products",
    default="all",
    show_default=True,
    metavar="LIST|FILE|HS,..",
    callback=named_products,
    help="Those of the --measure unless named.",
)
@click.option("--controls", metavar="GROUP|ISO3,..", help="Importers to compare with (default: all that no act hits).")
@click.option("--until", metavar="YYYY-MM", help="Last month.")
@click.option("--level", type=click.Choice(["4", "6", "8"]), default="6", show_default=True, help="Digits.")
@click.option("--packs", multiple=True, type=click.Path(path_type=Path), metavar="DIR", help="Your own entries.")
@out_option((".json", ".html"))
@json_option
@lake_option
def effect(
    lake_path: Path | None, as_json: bool, out: Path | None, level: str, packs: tuple[Path, ...], **question: Any
) -> None:
    """Estimate how much trade changed at a date, with its interval, or say why the data cannot tell.

    It compares the importers with others that bought the same goods of the same exporters. A change at a date is
    consistent with an effect of what happened on it; it does not prove one.
    """
    if (question["date"] is None) == (question["measure"] is None):
        raise click.UsageError("Name one of --measure and --date.")
    from entrepot.flows import effect as estimate
    from entrepot.ledger import open_ledger

    lake = chosen_lake(lake_path)
    ledger = open_ledger([*settings().packs, *packs], lake=lake)
    found = estimate(lake, level=int(level), ledger=ledger, **question)
    text = json.dumps(found.as_json(), ensure_ascii=False, indent=1)
    if out is not None:
        from entrepot.report import effect_page, write_whole

        write_whole(effect_page(found) if out.suffix == ".html" else text + "\n", out)
        click.echo(f"written to {out}", err=True)
    if as_json:
        click.echo(text)
    elif out is None:
        from entrepot.report import effect_sentence

        click.echo(effect_sentence(found))
    for caveat in found.caveats:
        click.echo(f"{caveat}: {found.as_json()['caveat_texts'].get(caveat, '')}", err=True)
