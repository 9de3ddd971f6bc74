"""What the room's door brings with it."""

from __future__ import annotations

import subprocess
import sys


def test_comparing_names_brings_neither_ownership_nor_identity_nor_the_ledger() -> None:
    code = "import sys; from entrepot.parties import compare; assert callable(compare); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "entrepot.parties.compare" in loaded
    rooms = ("entrepot.parties.ownership", "entrepot.parties.identity", "entrepot.ledger")
    assert [name for name in loaded if name in rooms] == []
