"""``entrepot read``: articles become attributed claims."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from entrepot.cli.options import as_json_text, as_text, chosen_lake, now, settings, table_options

if TYPE_CHECKING:
    from entrepot.articles import Reading


@click.command()
@click.argument("articles", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="ARTICLE...")
@click.option("--language", metavar="CODE", help="ISO 639-1 code of the texts (default: found by the text).")
@click.option(
    "--form",
    type=click.Choice(["claims", "ftm", "schema-org", "prov"]),
    default="claims",
    show_default=True,
    help="What a .json or .jsonl file holds.",
)
@click.option("--no-checks", "is_unchecked", is_flag=True, help="Leave the claims untested.")
@click.option("--as-of", metavar="DATE", help="The day whose knowledge counts for the checks (default: today).")
@table_options
def read(
    articles: tuple[Path, ...],
    language: str | None,
    form: str,
    is_unchecked: bool,
    as_of: str | None,
    lake_path: Path | None,
    as_json: bool,
    out: Path | None,
) -> None:
    """Read articles (.txt, .md, .html, .pdf) into claims: who says what, how sure, since when, about what.

    A claim is what somebody says, not what is so. Each is put to the ledger, and to the trade and lists of the lake
    where there is one: supported, contradicted, no data or not checkable. An .html file is a brief with the claims
    marked.
    """
    from entrepot.articles import claims_table, read_articles

    readings = list(read_articles(articles, language=language))
    _warn(readings, len(articles))
    if not is_unchecked:
        readings = _checked(readings, as_of or now()[:10], lake_path)
    if out is not None:
        click.echo(f"{_write(readings, out, form):,} claims written to {out}", err=True)
    table = claims_table(readings)
    if as_json:
        click.echo(as_json_text(table))
    elif out is None:
        click.echo(as_text(table.__class__.from_rows(_brief(table.rows()), _SHOWN), limit=60))


def _checked(readings: list[Reading], as_of: str, lake_path: Path | None) -> list[Reading]:
    from entrepot.alerts import put_to_data
    from entrepot.ledger import open_ledger

    chosen = settings()
    has_lake = lake_path is not None or chosen.lake.is_dir()
    lake = chosen_lake(lake_path) if has_lake else None
    return put_to_data(readings, ledger=open_ledger(chosen.packs), lake=lake, as_of=as_of)


_SHOWN = dict.fromkeys(("speaker", "speech_form", "hedge", "topic", "date", "quote"), "VARCHAR")


def _brief(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    return [{name: row[name] for name in _SHOWN} for row in rows]


def _write(readings: list[Reading], out: Path, form: str) -> int:
    if out.suffix == ".html":
        from entrepot.report import write_brief

        return write_brief(readings, out)
    from entrepot.articles import write_claims

    return write_claims(readings, out, form=form)


def _warn(readings: list[Reading], n_given: int) -> None:
    for reading in readings:
        for note in reading.provenance.notes:
            click.echo(f"{reading.provenance.file}: {note}", err=True)
        if not reading.claims:
            click.echo(f"{reading.provenance.file}: no claim was found", err=True)
    if len(readings) < n_given:
        click.echo(
            f"{n_given - len(readings)} of {n_given} files hold the same bytes as another and were left out", err=True
        )
