"""Do other sellers' rises bear on the p-values of quiet rows, and what do they explain?

    python benchmarks/routes/sellers.py [--seeds 10] [--worlds FOLDER]

Nothing is planted. In simulated worlds the origins' series are set beside what all others sell of the same goods to
the same intermediary; in the quiet stretch of the EU27 extract, half of the members, drawn at random, beside the rest.
Rows are told apart by how much those others grew, drawn towards none by its sampling error. Were p-values right for
each kind of row, a hundredth of each would lie below 0.01.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
from quiet import Cube, Stretch, eu_cube, panel_of, stretch
from real import N_AFTER, N_BEFORE, PARTNERS

from entrepot.codes import members
from entrepot.flows import Method
from entrepot.flows.infer import infer
from entrepot.flows.leg import held_against
from entrepot.flows.pieces.counter import change
from entrepot.flows.sellers import Sellers
from entrepot.world import preset, simulate

METHOD = Method()
KINDS = {
    "unknown: months with trade below six": lambda g: np.isnan(g),
    "did not rise": lambda g: g <= 0,
    "up by less than a quarter": lambda g: (g > 0) & (g < 0.25),
    "up by a quarter to double": lambda g: (g >= 0.25) & (g < 0.7),
    "doubled and more": lambda g: g >= 0.7,
}


def world_cubes(folder: Path, seed: int) -> tuple[Cube, np.ndarray]:
    """Exports to all but the coalition and Russia in a world without diversion, and which sellers are origins."""
    options = {"share_planted": 0.0, "contaminated_goods": 0.0, "contaminated_destinations": 0.0}
    made = simulate(folder / f"sellers-{seed}", preset("small", seed=seed, n_territories=30, n_products=200, **options))
    coalition = sorted(members("COALITION", on="2022-12-31"))
    names = ", ".join(f"'{iso3}'" for iso3 in coalition)
    rows = duckdb.execute(
        f"WITH stable AS (SELECT hs_code FROM '{made.flows}' GROUP BY 1"
        " HAVING min(period) < '2021-01' AND max(period) > '2022-12')"
        " SELECT reporter_iso3 AS o, partner_iso3 AS v, hs_code AS p,"
        " CAST(substr(period, 1, 4) AS INT) * 12 + CAST(substr(period, 6, 2) AS INT) - 1 AS m, sum(value_usd) AS x"
        f" FROM '{made.flows}' WHERE freq = 'M' AND flow = 'export' AND hs_code IN (FROM stable)"
        f" AND partner_iso3 NOT IN ({names}, 'RUS') AND reporter_iso3 <> 'RUS' GROUP BY ALL ORDER BY ALL"
    ).fetchnumpy()
    return Cube.of(rows, 2017 * 12), np.isin(np.unique(rows["o"].astype(str)), coalition)


def set_beside(cube: Cube, is_origin: np.ndarray, *, start: int, n_before: int, n_after: int, vias: np.ndarray | None):
    """The origins' stretch, and what others sell of each of its series' goods: n x T."""

    def only(keep: np.ndarray) -> Cube:
        return replace(cube, **{k: getattr(cube, k)[keep] for k in ("origin", "via", "product", "month", "value")})

    own = is_origin[cube.origin]
    cut = stretch(only(own), start=start, n_before=n_before, n_after=n_after, least_active=3, vias=vias)
    keys = cut.via.astype(np.int64) * len(cube.codes) + cut.product
    month = cube.month - start
    keep = ~own & (month >= 0) & (month < n_before + n_after)
    key = cube.via[keep].astype(np.int64) * len(cube.codes) + cube.product[keep]
    at = np.searchsorted(keys, key)
    at[at == len(keys)] = 0
    good = keys[at] == key
    values = np.zeros((cut.n, n_before + n_after))
    np.add.at(values, (at[good], month[keep][good]), cube.value[keep][good])
    return cut, values


def p_values(cut: Stretch, values: np.ndarray | None) -> np.ndarray:
    panel, origins = panel_of(cut)
    sellers = Sellers(values, METHOD) if values is not None else None
    noise, growth = held_against(panel, METHOD, sellers=sellers)
    more = {"origins": origins, "sellers": sellers, "shared": growth.shared}
    return infer(panel, noise, growth=growth.values(), controls="pooled", method=METHOD, **more).p_value


def grown(values: np.ndarray, n_before: int) -> np.ndarray:
    """Growth in logs as the counter-explanation has it; NaN where there are less than six months of past."""
    known = (values[:, :n_before] > 0).sum(axis=1) >= 6
    return np.array([change(v[:n_before], v[n_before:]) if k else np.nan for v, k in zip(values, known, strict=True)])


def table(title: str, cuts: list[tuple[Stretch, np.ndarray]]) -> None:
    growth = [grown(values, cut.n_before) for cut, values in cuts]
    usual = [p_values(cut, None) for cut, _ in cuts]
    counted = [p_values(cut, values) for cut, values in cuts]
    print(f"\n#### {title}: {sum(cut.n for cut, _ in cuts)} quiet series, {len(cuts)} draws")
    print("| other sellers | series | p < 0.01 | p < 0.1 | p < 0.01, they count | p < 0.1, they count |")
    print("|---|---|---|---|---|---|")
    for name, is_kind in {**KINDS, "all": lambda g: np.ones(len(g), dtype=bool)}.items():
        rows = [is_kind(g) for g in growth]
        cells = []
        for found in (usual, counted):
            for mark in (0.01, 0.1):
                shares = np.array([(p[r] < mark).mean() for p, r in zip(found, rows, strict=True)])
                error = shares.std() / np.sqrt(len(shares))
                cells.append(f"{shares.mean():.4f} ({error:.4f})" if mark < 0.1 else f"{shares.mean():.3f}")
        print(f"| {name} | {sum(r.sum() for r in rows)} | {' | '.join(cells)} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--worlds", type=Path, default=Path("worlds"), help="folder for simulated worlds")
    given = parser.parse_args()
    window = {"start": 26, "n_before": 36, "n_after": 34, "vias": None}
    made = (world_cubes(given.worlds, seed) for seed in range(5101, 5101 + given.seeds))
    table("worlds without diversion", [set_beside(*one, **window) for one in made])
    for level in (4, 6):
        cube = eu_cube(level)
        vias = np.array([i for i, via in enumerate(cube.vias) if str(via).startswith(PARTNERS)])
        cuts = []
        for seed in range(7000, 7000 + given.seeds):
            half = np.zeros(cube.n_origins, dtype=bool)
            half[np.random.default_rng(seed).permutation(cube.n_origins)[: cube.n_origins // 2]] = True
            cuts.append(set_beside(cube, half, start=0, n_before=N_BEFORE, n_after=N_AFTER, vias=vias))
        table(f"halves of the EU27, HS{level}", cuts)


if __name__ == "__main__":
    main()
