"""Opening the ledger: the shipped pack, what the code lists know, and the user's packs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path

from entrepot.codes import bloc_ids, memberships, parse_dated, product_list, product_list_ids, product_list_versions
from entrepot.errors import LedgerError
from entrepot.lake import Lake, no_collection
from entrepot.ledger.checks import refuse_faults
from entrepot.ledger.columns import SHIPPED
from entrepot.ledger.entry import Citation, Entry
from entrepot.ledger.ledger import Ledger
from entrepot.ledger.packs import Completeness, Pack, read_pack
from entrepot.ledger.rows import rows_beside, rows_of


def open_ledger(packs: Sequence[Path] = (), *, lake: Lake | None = None) -> Ledger:
    """Return the ledger of the shipped pack, of dated memberships and list versions, and of what the user has.

    Args:
        packs: folders of the user's packs.
        lake: a lake whose table ``ledger`` belongs to it.

    Raises:
        NotFound: a folder is no pack.
        LedgerError: an entry is wrong; file, entry and field are named.
    """
    own = [read_pack(folder) for folder in packs]
    for folder, pack in zip(packs, own, strict=True):
        if pack.pack_id == SHIPPED:
            remedy = "Give the pack an id of its own."
            raise LedgerError(f"{SHIPPED!r} is the shipped pack's id", where=str(folder / "pack.yml"), remedy=remedy)
    entries = [*shipped_entries(), *(entry for pack in own for entry in pack.entries)]
    refuse_faults(entries)
    if lake is None:
        return Ledger(entries, complete=_declared(own))
    with no_collection():
        rows, moved = rows_beside(rows_of(lake.engine()), entries)
        return Ledger([*entries, *moved], rows=rows, complete=_declared(own))


def _declared(own: Sequence[Pack]) -> list[Completeness]:
    return [item for pack in (_shipped(), *own) for item in pack.complete]


@cache
def shipped_entries() -> tuple[Entry, ...]:
    """Return the entries that come with the package: the shipped pack, memberships and versions of lists."""
    return (*_shipped().entries, *_listed())


@cache
def _shipped() -> Pack:
    return read_pack(Path(str(files("entrepot.ledger").joinpath("pack"))))


@cache
def _listed() -> tuple[Entry, ...]:
    """Facts that the code lists own, seen as entries."""
    return (*_memberships(), *_list_versions())


def _memberships() -> Iterator[Entry]:
    recorded_at = _shipped().recorded_at
    for row in (row for bloc in bloc_ids() if bloc != "WORLD" for row in memberships(bloc)):
        dates = {"effective": parse_dated(row.valid_from)}
        if row.valid_to:
            dates["removed"] = parse_dated(row.valid_to)
        yield Entry(
            entry_id=f"membership-{row.bloc}-{row.iso3}-{row.kind}-{row.valid_from}".lower(),
            kind="membership",
            jurisdiction=row.bloc,
            instrument=row.kind,
            title=f"{row.iso3} {row.kind} of {row.bloc}",
            dates=dates,
            sources=(Citation(title=row.source),),
            recorded_at=recorded_at,
            confidence="high",
            targets=(row.iso3,),
            where="codes memberships",
        )


def _list_versions() -> Iterator[Entry]:
    for list_id in product_list_ids():
        for version in product_list_versions(list_id):
            found = product_list(list_id, on=version)
            yield Entry(
                entry_id=f"list-{list_id}-{version}",
                kind="measure",
                jurisdiction="COALITION",
                instrument="product_list",
                title=f"{found.title}, version {version}",
                dates={"published": parse_dated(version), "effective": parse_dated(version)},
                sources=(Citation(title=found.source, is_primary=True),),
                recorded_at=_shipped().recorded_at,
                confidence="high",
                scope=f"{len(found.items)} codes of {found.hs_revision}",
                where="codes lists",
            )
