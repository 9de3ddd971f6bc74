"""Cases (a), (c) and (d): whole commands on simulated worlds.

(a) worlds whose seeds and parameters the method was not fitted on, (c) routes of which both legs are recorded, with lag
and loss, (d) worlds where unlisted goods and control destinations are diverted too and where the whole intermediary
grows. A row that the command refuses counts as missed and uncovered.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
from scoring import HEADER, baselines, measured, summary

from entrepot.codes import members, month_index
from entrepot.flows import Routes, routes
from entrepot.lake import open_lake
from entrepot.sources import ingest
from entrepot.world import World, WorldOptions, preset, simulate

AT = "2026-01-01T00:00:00Z"
FIRST_SEED = 2000
# A planted route whose recorded onward trade is less than this share of the inward one passes unseen.
SEEN = 0.05
USUAL = {"n_territories": 30, "n_products": 200, "share_planted": 0.15}
SETTINGS = {
    "30 territories, 200 goods": {},
    "fewer planted, more growth and noise": {"share_planted": 0.08, "growth": 1.4, "noise": 1.2},
    "larger diversion, worse mirrors, more breaks": {
        "n_territories": 24,
        "n_products": 260,
        "diversion_scale": 1.5,
        "mirror_noise": 1.3,
        "break_share": 0.06,
    },
}
CONTAMINATED = {
    "none": {"contaminated_goods": 0.0, "contaminated_destinations": 0.0},
    "20 % of unlisted goods, 25 % of others": {"contaminated_goods": 0.2, "contaminated_destinations": 0.25},
    "40 % of unlisted goods, 50 % of others": {"contaminated_goods": 0.4, "contaminated_destinations": 0.5},
    "none, intermediaries grow twice as much": {
        "contaminated_goods": 0.0,
        "contaminated_destinations": 0.0,
        "relocation": 2.0,
    },
    "40 % and 50 %, and that growth": {
        "contaminated_goods": 0.4,
        "contaminated_destinations": 0.5,
        "relocation": 2.0,
    },
}


@dataclass(frozen=True)
class Asked:
    """One answer with the truth beside its rows; arrays of n rows unless said otherwise.

    Attributes:
        found: columns of the answer.
        truth: what was planted into the inward leg, USD.
        onward: what of it was recorded as going on, USD.
        values: n x T, monthly inward trade, for the baselines.
        n_before: months before the event.
        refused: planted USD of rows that the command refused, and how many rows with a year of past it refused.
    """

    found: dict[str, np.ndarray]
    truth: np.ndarray
    onward: np.ndarray
    values: np.ndarray
    n_before: int
    refused: tuple[float, int]

    @property
    def is_planted(self) -> np.ndarray:
        """Rows through which something planted passes, be it from the origins or from another intermediary."""
        return (self.truth > 0) | (self.onward > 0)

    @property
    def is_seen(self) -> np.ndarray:
        """Rows with nothing planted, or whose onward leg is recorded or was never in the data."""
        return (self.truth == 0) | (self.onward > SEEN * self.truth) | (self.found["both"] == 0)

    def scores(self, keep: np.ndarray | None = None) -> dict[str, float]:
        keep = np.ones(len(self.truth), dtype=bool) if keep is None else keep
        found = {name: values[keep] for name, values in self.found.items()}
        truth = self.truth[keep]
        alarm = found["alarm"] > 0
        out = measured(
            -found["p_value"],
            self.is_planted[keep],
            truth,
            alarm,
            found["excess_low"],
            found["excess_high"],
            found["excess"],
            found["observed"],
        )
        seen = self.is_seen[keep]
        return {
            **out,
            "seen found": float(truth[alarm & seen].sum() / max(truth[seen].sum(), 1e-9)),
        }


def worlds(seeds: int) -> None:
    for title, changes in SETTINGS.items():
        asked = [ask(options(seed, **changes)) for seed in range(FIRST_SEED, FIRST_SEED + seeds)]
        counted = [ask(options(seed, **changes), has_sellers=True) for seed in range(FIRST_SEED, FIRST_SEED + seeds)]
        runs: dict[str, list[dict[str, float]]] = {"routes": [one.scores() for one in asked]}
        runs["routes --sellers"] = [one.scores() for one in counted]
        for one in asked:
            for name, (score, alarm) in baselines(one.values, one.n_before).items():
                runs.setdefault(name, []).append(measured(score, one.is_planted, one.truth, alarm))
        _table(f"simulated worlds, {title}", asked, runs)
        unseen = np.mean([one.truth[~one.is_seen].sum() / one.truth.sum() for one in asked])
        print(f"\nplanted value whose onward leg nobody records: {unseen:.2f}")
        quiet = {**changes, "share_planted": 0.0, "contaminated_goods": 0.0}
        for name, more in (("", {}), (", --sellers", {"has_sellers": True})):
            found = [ask(options(seed, **quiet), **more) for seed in range(FIRST_SEED, FIRST_SEED + seeds)]
            told = [
                (int(one.found["alarm"].sum()), len(one.truth), round(one.scores()["cover quiet"], 3)) for one in found
            ]
            print(f"nothing planted{name}: (alerts, rows, coverage) {told}", flush=True)


def legs(seeds: int) -> None:
    """Rows with two legs alone, of which the onward one is recorded."""
    asked = [ask(options(seed, share_two_hop=0.0)) for seed in range(FIRST_SEED + 100, FIRST_SEED + 100 + seeds)]
    runs = {"routes": [one.scores((one.found["both"] > 0) & one.is_seen) for one in asked]}
    _table("two legs with lag and loss, onward leg recorded", asked, runs)
    covered, lost = [], []
    for one in asked:
        rows = (one.found["both"] > 0) & (one.onward > 0)
        low, high = one.found["out_excess_low"][rows], one.found["out_excess_high"][rows]
        covered.append(((low <= one.onward[rows]) & (one.onward[rows] <= high)).mean())
        lost.append(one.onward[rows].sum() / one.truth[rows].sum())
    print(f"\nonward excess inside its interval: {np.mean(covered):.2f}")
    print(f"recorded onward over inward: {np.mean(lost):.2f}", flush=True)


def contaminated(seeds: int) -> None:
    for title, changes in CONTAMINATED.items():
        worlds = [options(seed, **changes) for seed in range(FIRST_SEED + 200, FIRST_SEED + 200 + seeds)]
        asked = [ask(world) for world in worlds]
        runs = {
            "routes": [one.scores() for one in asked],
            "routes --sellers": [ask(world, has_sellers=True).scores() for world in worlds],
        }
        _table(f"contamination: {title}", asked, runs)


def _table(title: str, asked: list[Asked], runs: dict[str, list[dict[str, float]]]) -> None:
    planted = np.mean([(one.truth > 0).mean() for one in asked])
    refused = [one.refused for one in asked]
    print(f"\n#### {title}; {planted:.0%} of {len(asked[0].truth)} rows planted, {len(asked)} seeds")
    print(f"| method | {HEADER} |")
    print("|---" * (HEADER.count("|") + 2) + "|")
    for name, rows in runs.items():
        print(f"| {name} | {summary(rows)} |", flush=True)
    usd = np.mean([usd for usd, _ in refused]) / 1e6
    print(f"\nrefused: {np.mean([n for _, n in refused]):.0f} rows with {usd:.1f} m USD planted", flush=True)


def options(seed: int, **changes: float) -> WorldOptions:
    return preset("small", **{"seed": seed, **USUAL, **changes})


def ask(world: WorldOptions, **question: object) -> Asked:
    """Make a world, ask routes as a user does, and put the truth beside the rows; more of the question by name."""
    with tempfile.TemporaryDirectory() as folder:
        made = simulate(Path(folder) / "world", world)
        lake = open_lake(Path(folder) / "lake", create=True)
        ingest(lake, "flows", [made.flows], at=AT)
        ingest(lake, "hs-concordance", [made.concordance], at=AT)
        answer = routes(lake, destination="RUS", event=world.event, products="chpl", **question)
        planted = {leg: _planted(made, leg) for leg in ("in", "out")}
        return _beside(answer, planted, made)


def _planted(made: World, leg: str) -> dict[tuple[str, str], float]:
    rows = duckdb.execute(
        f"SELECT via_iso3, product, sum(export_report_usd) FROM '{made.truth_series}'"
        f" WHERE leg = '{leg}' AND is_planted GROUP BY ALL"
    ).fetchall()
    return {(via, code): usd for via, code, usd in rows}


def _beside(answer: Routes, planted: dict[str, dict[tuple[str, str], float]], made: World) -> Asked:
    rows = [row for row in answer if row["p_value"] is not None and row["evidence"] != "out"]
    refused = [row for row in answer if row["p_value"] is None and row["evidence"] != "out"]
    names = ("observed", "excess", "excess_low", "excess_high", "p_value", "out_excess_low", "out_excess_high")
    found = {name: np.array([row[name] for row in rows], dtype=float) for name in names}
    found["alarm"] = np.array([row["is_alert"] for row in rows], dtype=float)
    found["both"] = np.array([row["evidence"] == "both" for row in rows], dtype=float)

    def of(row: dict, leg: str) -> float:
        return sum(planted[leg].get((row["via_iso3"], code), 0.0) for code in row["hs_codes"].split(";"))

    return Asked(
        found=found,
        truth=np.array([of(row, "in") for row in rows]),
        onward=np.array([of(row, "out") for row in rows]),
        values=_months(answer, rows, made),
        n_before=answer.parameters["months_before"],
        refused=(sum(of(row, "in") for row in refused), len(refused)),
    )


def _months(answer: Routes, rows: list[dict], made: World) -> np.ndarray:
    origins = ", ".join(f"'{iso3}'" for iso3 in sorted(members("COALITION", on="2022-03-31")))
    months = duckdb.execute(
        "SELECT partner_iso3, hs_code, period, sum(value_usd) FROM"
        f" '{made.flows}' WHERE freq = 'M' AND flow = 'export' AND reporter_iso3 IN ({origins}) GROUP BY ALL"
    ).fetchall()
    first, last = (month_index(month) for month in answer.parameters["window"])
    keys = {(row["via_iso3"], code): i for i, row in enumerate(rows) for code in row["hs_codes"].split(";")}
    out = np.zeros((len(rows), last - first + 1))
    for via, code, period, value in months:
        if (via, code) in keys and first <= month_index(period) <= last:
            out[keys[via, code], month_index(period) - first] += value
    return out
