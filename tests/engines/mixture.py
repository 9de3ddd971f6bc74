"""Reports that give goods at several digit levels, stages and revisions, fall silent, withhold and round."""

from __future__ import annotations

import numpy as np

from tests.factory import Row, flow, months

MONTHS = months("2019-01", 30)
CODES = ("854231", "854232", "854239", "870323", "870324", "847130", "300490", "392690", "940360", "251710")
# Who reports whom, in which direction and at which stage.
REPORTS = (
    ("DEU", "export", "destination", "fob", ("KAZ", "KGZ", "ARM", "RUS")),
    ("POL", "export", "destination", "fob", ("KAZ", "KGZ", "ARM", "RUS")),
    ("KAZ", "import", "origin", "cif", ("DEU", "POL", "CHN")),
    ("KAZ", "export", "destination", "fob", ("RUS",)),
    ("KGZ", "export", "destination", "fob", ("RUS",)),
)


def mixture(seed: int = 1) -> list[Row]:
    """Return rows of the flows source; prices with three decimals, a fifth of the cells absent."""
    luck = np.random.default_rng(seed)
    rows: list[Row] = []
    for reporter, direction, role, stage, partners in REPORTS:
        who = {"reporter_iso3": reporter, "flow": direction, "partner_role": role, "valuation": stage}
        for partner in partners:
            for code in CODES:
                rows += _series(luck, code, {**who, "partner_iso3": partner})
    return rows


def _series(luck: np.random.Generator, code: str, who: Row) -> list[Row]:
    level = np.exp(luck.normal(11, 1))
    rows: list[Row] = []
    for i, period in enumerate(MONTHS):
        # Poland says nothing at all in two months.
        if luck.random() < 0.2 or (who["reporter_iso3"] == "POL" and i in (7, 20)):
            continue
        value = round(level * np.exp(luck.normal(0, 0.5)) * (3 if i > 18 and code == "854231" else 1), 3)
        row = flow(period, value, hs_code=code, netweight_kg=round(value / 7, 2), **who)
        rows += _told(luck, row)
    return rows


def _told(luck: np.random.Generator, row: Row) -> list[Row]:
    """The cell as it is, or given twice, in parts, withheld or rounded."""
    value, code, says = row["value"], row["hs_code"], luck.random()
    if code == "870323":
        parts = [{**row, "hs_code": f"{code}{tail}", "value": value / 2} for tail in ("10", "90")]
        return [*parts, row] if says < 0.5 else parts
    if code == "854232" and says < 0.5:
        return [row, {**row, "valuation": "cif" if row["valuation"] == "fob" else "fob", "value": value * 1.07}]
    if code == "847130" and says < 0.5:
        return [{**row, "hs_revision": name} for name in ("HS2012", "HS2017")]
    if code == "300490" and says < 0.3:
        return [{**row, "hs_code": "30", "report_status": "suppressed"}]
    if code == "392690":
        return [{**row, "value": round(value, -3), "report_status": "rounded"}]
    return [{**row, "value": "", "report_status": "suppressed"} if says < 0.05 else row]
