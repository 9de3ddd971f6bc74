"""Places: the territories of the world, their sizes, distances and silences."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from entrepot.world.calendar import Calendar
from entrepot.world.draws import Kind, draws
from entrepot.world.options import WorldOptions

DESTINATION = "RUS"
EARTH_RADIUS_KM = 6371.0
# Intermediaries through which goods also pass on their way to another intermediary.
HUBS = ("TUR", "ARE", "HKG", "CHN", "SRB", "GEO")
# Destinations publish nothing after these months; the real ones closed their detailed statistics then.
LAST_REPORT = {"RUS": "2022-01", "BLR": "2021-12"}
# Never in monthly HS6 tables of UN Comtrade, or nearly never.
NEVER_REPORT = ("ARE", "TKM", "TJK")
# Whole months missing at random, as share of months.
GAPS = {"KAZ": 0.10, "UZB": 0.05, "NGA": 0.3, "VNM": 0.05}
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Places:
    """The territories in file order; arrays are indexed by that order."""

    iso3: tuple[str, ...]
    role: tuple[str, ...]
    region: tuple[str, ...]
    latitude: Floats
    longitude: Floats
    export_size: Floats
    import_size: Floats
    hub_share: Floats
    relocation: Floats

    @property
    def destination(self) -> int:
        return self.iso3.index(DESTINATION)

    @cached_property
    def is_coalition(self) -> NDArray[np.bool_]:
        return np.array([role == "coalition" for role in self.role])

    @cached_property
    def is_via(self) -> NDArray[np.bool_]:
        return np.array([role == "via" for role in self.role])

    @cached_property
    def is_hub(self) -> NDArray[np.bool_]:
        return np.array([iso3 in HUBS for iso3 in self.iso3])

    @cached_property
    def is_union(self) -> NDArray[np.bool_]:
        """Return which pairs trade inside the customs union, without declarations."""
        inside = np.array([region == "EAEU" or iso3 == DESTINATION for region, iso3 in self._named])
        union: NDArray[np.bool_] = inside[:, None] & inside[None, :]
        return union

    @property
    def _named(self) -> list[tuple[str, str]]:
        return list(zip(self.region, self.iso3, strict=True))

    @cached_property
    def distance_km(self) -> Floats:
        """Return great-circle distances, at least 300 km."""
        lat, lon = np.radians(self.latitude), np.radians(self.longitude)
        half = np.sin((lat[:, None] - lat) / 2) ** 2
        half += np.cos(lat[:, None]) * np.cos(lat) * np.sin((lon[:, None] - lon) / 2) ** 2
        distance: Floats = np.maximum(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1))), 300.0)
        return distance

    @cached_property
    def affinity(self) -> Floats:
        """Return log trade cost of exporter (row) and importer: distance elasticity -1, blocs nearer."""
        regions = np.array(self.region)
        blocs = np.where(np.isin(regions, ["EAEU", "CIS"]), "CIS", regions)
        same = (blocs[:, None] == blocs[None, :]).astype(float)
        near: Floats = -np.log(self.distance_km / 2500.0) + 0.7 * same
        return near

    @cached_property
    def delay(self) -> Floats:
        """Return which share of a month's exports the importer records a month later."""
        return np.clip(self.distance_km / 20000.0, 0.02, 0.5)


def places(n_territories: int) -> Places:
    """Return the first territories of the list; any prefix holds every role."""
    text = files("entrepot.world").joinpath("data/territories.csv").read_text("utf-8")
    rows = list(csv.DictReader(text.splitlines()))[:n_territories]

    def numbers(name: str) -> Floats:
        return np.array([float(row[name]) for row in rows])

    return Places(
        iso3=tuple(row["iso3"] for row in rows),
        role=tuple(row["role"] for row in rows),
        region=tuple(row["region"] for row in rows),
        latitude=numbers("latitude"),
        longitude=numbers("longitude"),
        export_size=numbers("export_bn"),
        import_size=numbers("import_bn"),
        hub_share=numbers("hub_share"),
        relocation=numbers("relocation"),
    )


def reporting(where: Places, when: Calendar, options: WorldOptions) -> NDArray[np.bool_]:
    """Return whether a territory (row) publishes a month (column)."""
    does = np.ones((len(where.iso3), len(when.months)), dtype=bool)
    if not options.silent_reporters:
        return does
    luck = draws(options.seed, Kind.REPORTERS).random((128, 4096))
    for i, iso3 in enumerate(where.iso3):
        does[i] &= iso3 not in NEVER_REPORT
        does[i] &= np.array([month <= LAST_REPORT.get(iso3, "9999") for month in when.months])
        does[i] &= luck[i, : len(when.months)] >= GAPS.get(iso3, 0.0)
    return does
