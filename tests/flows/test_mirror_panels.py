"""Mirror panels: the inward leg of routes as both sides report it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from entrepot.flows.legs import legs_of
from entrepot.flows.mirror_panels import mirror_panels
from entrepot.flows.options import RoutesOptions
from entrepot.flows.result import MIRROR_TYPES
from entrepot.lake import Lake, Table
from tests.flows.mirror_made import export, imported, lake_of, months

WINDOW = months("2021-01", 24)


def bloc(**silent: str) -> list[dict[str, Any]]:
    """Germany and France export 100 and 50 a month; Kazakhstan reports 120 and 60. ``silent`` is a month each.

    Russia is in the data with a good that nobody else trades.
    """
    rows = [export(WINDOW[0], 1.0, partner_iso3="RUS", hs_code="010121")]
    for month in WINDOW:
        for iso3, value in (("DEU", 100.0), ("FRA", 50.0)):
            if silent.get(iso3) != month:
                rows.append(export(month, value, reporter_iso3=iso3))
            if silent.get("KAZ") != month:
                rows.append(imported(month, value * 1.2, partner_iso3=iso3))
    return rows


def panels(lake: Lake, **question: Any) -> Table:
    options = RoutesOptions(destination="RUS", event="2022-03", origins="DEU,FRA", **question)
    with lake.engine() as engine:
        data = legs_of(engine, options)
        panel = data.panels["in"]
        keys = list(zip(panel.via, panel.product, strict=True))
        return mirror_panels(engine, data, keys, level=options.level).table


def test_the_blocs_exports_stand_beside_the_intermediarys_imports(tmp_path: Path) -> None:
    found = panels(lake_of(tmp_path, *bloc()))
    assert list(found.columns) == list(MIRROR_TYPES)
    assert found["period"] == WINDOW
    assert set(found["export_value"]) == {150.0} and found["import_value"] == pytest.approx([180.0] * 24)
    assert found["gap_share"] == pytest.approx([1 / 1.07 - 150 / 180] * 24)


def test_an_origin_silent_in_a_month_is_left_out_of_both_sums(tmp_path: Path) -> None:
    found = {row["period"]: row for row in panels(lake_of(tmp_path, *bloc(FRA="2022-06")))}
    june = found["2022-06"]
    assert (june["export_value"], june["import_value"]) == (100.0, 120.0)
    assert june["gap_share"] == pytest.approx(found["2022-05"]["gap_share"])


def test_an_intermediary_silent_in_a_month_has_no_gap_in_it(tmp_path: Path) -> None:
    found = {row["period"]: row for row in panels(lake_of(tmp_path, *bloc(KAZ="2022-06")))}
    assert found["2022-06"]["export_value"] == 150.0
    assert found["2022-06"]["import_value"] is None and found["2022-06"]["gap_share"] is None


def test_an_intermediary_without_reports_of_its_own_has_no_panel(tmp_path: Path) -> None:
    rows = [row for row in bloc() if row["flow"] == "export"]
    assert len(panels(lake_of(tmp_path, *rows))) == 0


def test_reports_in_another_currency_make_no_panel(tmp_path: Path) -> None:
    rows = [{**row, "currency": "EUR"} if row["flow"] == "import" else row for row in bloc()]
    assert len(panels(lake_of(tmp_path, *rows))) == 0


def test_a_month_without_imports_afterwards_lies_outside_the_band(tmp_path: Path) -> None:
    luck = np.random.default_rng(1)
    rows = [
        {**row, "value": row["value"] * (10 if row["flow"] == "export" and row["period"] >= "2022-03" else 1)}
        for row in bloc()
    ]
    rows = [{**row, "value": row["value"] * float(np.exp(0.1 * luck.standard_normal()))} for row in rows]
    after = [row for row in panels(lake_of(tmp_path, *rows)) if row["period"] >= "2022-03"]
    assert all(row["gap_share"] < row["gap_quiet_low"] for row in after)
