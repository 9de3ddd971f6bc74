"""``entrepot records``: a user's own tables and messages as records that a check can read."""

from __future__ import annotations

from pathlib import Path

import click

from entrepot.cli.options import out_option, read_key

_FILE = click.Path(path_type=Path)


@click.group()
def records() -> None:
    """Turn your own tables and payment messages into records that `check` reads."""


@records.command()
@click.argument("file", type=_FILE)
@click.option(
    "--kind", required=True, metavar="KIND", help="What FILE holds: shipment, payment, person, company, card."
)
@out_option((".toml",))
def propose(file: Path, kind: str, out: Path | None) -> None:
    """Propose a mapping file from the headers of FILE, for you to look over.

    Headers may be English, Russian or Turkish. Lines that are only a likeness are marked.
    """
    from entrepot.lake import get_kind
    from entrepot.sources import header_of
    from entrepot.sources import propose as proposed

    found = proposed(get_kind(kind), header_of(file))
    if out is None:
        click.echo(found.toml(), nl=False)
        return
    out.write_text(found.toml(), "utf-8")
    click.echo(f"{len(found.columns)} columns found, {len(found.left)} headers left, written to {out}", err=True)


@records.command()
@click.argument("files", nargs=-1, required=True, type=_FILE, metavar="FILE...")
@click.option("--kind", required=True, metavar="KIND", help="What the files hold.")
@click.option("--mapping", "mapping_path", type=_FILE, metavar="FILE", help="Which of their columns is which of ours.")
@click.option(
    "--names", type=click.Choice(["keep", "hash", "drop"]), default="keep", show_default=True, help="Personal names."
)
@click.option("--key", "key_path", type=_FILE, metavar="FILE", help="Secret key of the hash: 16 random bytes or more.")
@out_option((".csv", ".parquet", ".jsonl"), is_required=True)
def convert(
    files: tuple[Path, ...], kind: str, mapping_path: Path | None, names: str, key_path: Path | None, out: Path
) -> None:
    """Write FILE... anew with our columns: tables by a mapping, ISO 20022 messages by themselves.

    The same name has the same hash under one key, so links survive; without the key nobody can try names out.
    """
    from entrepot.sources import convert as converted
    from entrepot.sources import read_record_mapping

    rows = converted(
        kind,
        files,
        out,
        mapping=read_record_mapping(mapping_path) if mapping_path else None,
        names=names,  # type: ignore[arg-type]
        key=read_key(key_path),
    )
    click.echo(f"{rows:,} records written to {out}", err=True)
