"""What an answer about trade is shown with: the ledger beside the lake, and whether the lake is simulated."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from entrepot.cli.options import settings

if TYPE_CHECKING:
    from entrepot.lake import Lake
    from entrepot.ledger import Ledger


def ledger_beside(lake: Lake) -> Ledger:
    """Return the shipped ledger with the user's packs and what the lake holds."""
    from entrepot.ledger import open_ledger

    return open_ledger(settings().packs, lake=lake)


def is_demo(folder: Path) -> bool:
    """Return whether a lake is the one that ``entrepot demo`` wrote beside its simulated world."""
    return (folder.absolute().parent / "world" / "README.txt").is_file()
