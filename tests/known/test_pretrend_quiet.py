"""Pre-trend tests of whole answers: as often as they say in quiet worlds, and where a market moved before the event."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from tests.known.worlds import SEEDS, known, options


def test_quiet_worlds_are_rejected_at_the_stated_rate(tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = []
    for seed in SEEDS:
        world = options(seed, share_planted=0.0, contaminated_goods=0.0)
        rows += known(tmp_path / str(seed), world, products="all", controls="all").rows
    assert len(rows) > 1500
    for name in ("own", "destination", "sister", "via", "pooled"):
        p = np.array([row[f"{name}_pretrend_p"] for row in rows], dtype=float)
        assert 0.03 <= np.nanmean(p < 0.05) <= 0.07, name
        assert np.isnan(p).mean() < 0.05, name


def test_what_was_planted_after_the_event_is_no_pretrend(tmp_path: Path) -> None:
    found = known(tmp_path, options(SEEDS[0]), products="all", controls="all")
    planted = found.planted > 0
    p = np.array([row["pooled_pretrend_p"] for row in found.rows], dtype=float)
    assert planted.sum() > 20 and np.nanmean(p[planted] < 0.05) < 0.15
