"""The made series against the real ones: EU exporter, partner, HS6, 24 months of 2020 and 2021."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pytest
from numpy.typing import NDArray

from entrepot.world import simulate
from entrepot.world.places import places
from tests.world.conftest import tiny

PARTNERS = {"RUS": "Russian", "KAZ": "Kazakhstan", "KGZ": "Kyrgyzstan"}
Panel = NDArray[np.float64]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Panel]:
    options = tiny(n_territories=60, n_products=160, first_month="2020-01", last_month="2022-03")
    world = simulate(tmp_path_factory.mktemp("wide"), options)
    where = places(60)
    members = [f"'{i}'" for i, region in zip(where.iso3, where.region, strict=True) if region == "EU"]
    rows = f"""SELECT partner_iso3, reporter_iso3, hs_code, period, value_usd FROM '{world.flows}'
        WHERE flow = 'export' AND reporter_iso3 IN ({", ".join(members)}) AND period < '2022-01'"""
    return {iso3: _panel(f"SELECT * FROM ({rows}) WHERE partner_iso3 = '{iso3}'") for iso3 in PARTNERS}


@pytest.fixture(scope="module")
def real(shared_data: Path) -> dict[str, Panel]:
    file = shared_data / "trade" / "eurostat-cn8-sanctioned" / "eu27_exports_cn8_monthly.parquet"
    rows = f"""SELECT partner, reporter, left(cn8, 6) AS hs, period, value_eur FROM '{file}'
        WHERE period < '2022-01'"""
    return {iso3: _panel(f"SELECT * FROM ({rows}) WHERE partner LIKE '{name}%'") for iso3, name in PARTNERS.items()}


def _panel(sql: str) -> Panel:
    """Return value by series (row) and month of two years; absent rows are 0."""
    with duckdb.connect() as connection:
        found = connection.execute(
            f"""WITH r AS (SELECT #2 || #3 AS series, (left(#4, 4)::INTEGER - 2020) * 12
                + right(#4, 2)::INTEGER - 1 AS month, #5 AS value FROM ({sql}))
            SELECT dense_rank() OVER (ORDER BY series) - 1 AS series, month, value FROM r WHERE value > 0"""
        ).fetchnumpy()
    panel = np.zeros((int(found["series"].max()) + 1, 24))
    np.add.at(panel, (found["series"].astype(int), found["month"].astype(int)), found["value"])
    return panel


def _middle(panel: Panel) -> dict[str, float]:
    first, second = panel[:, :12].sum(1), panel[:, 12:].sum(1)
    both = (first > 0) & (second > 0)
    growth = np.log(second[both] / first[both])
    often = panel[(panel > 0).sum(1) >= 6]
    echo = [np.corrcoef(row[:-1], row[1:])[0, 1] for row in often]
    return {
        "share of empty months": float(np.median((panel == 0).mean(1))),
        "coefficient of variation": float(np.median(panel.std(1) / panel.mean(1))),
        "spread of log level": float(np.log(panel.mean(1)).std()),
        "interquartile range of yearly log growth": float(np.subtract(*np.quantile(growth, [0.75, 0.25]))),
        "autocorrelation": float(np.nanmedian(echo)),
    }


@pytest.mark.parametrize("partner", PARTNERS)
def test_monthly_series_look_like_those_of_the_eu_extract(
    partner: str, made: dict[str, Panel], real: dict[str, Panel]
) -> None:
    ours, theirs = _middle(made[partner]), _middle(real[partner])
    far = {name: (ours[name], theirs[name]) for name in ours if abs(ours[name] - theirs[name]) > TOLERANCE[name]}
    assert not far


TOLERANCE = {
    "share of empty months": 0.12,
    "coefficient of variation": 0.5,
    "spread of log level": 0.9,
    "interquartile range of yearly log growth": 0.6,
    "autocorrelation": 0.08,
}
