"""Corridors: the lake's flows by month as records of kind corridor, and the banks of rouble corridors from payments."""

from __future__ import annotations

import tempfile
from importlib.resources import files
from pathlib import Path

from entrepot.codes import members
from entrepot.errors import SourceError
from entrepot.lake import Lake, quoted
from entrepot.redflags import RecordTables

MARKET = "RUS"
# The first month that is looked at; the months before it are the base.
FIRST = "2022-03"

_BANKS = """
    WITH moved AS (
      SELECT coalesce(CASE WHEN substr(payer_bic, 5, 2) <> 'RU' THEN payer_bic END, beneficiary_bic) AS bank_bic,
        payer_country || '>' || beneficiary_country AS pair, amount, date_trunc('month', value_date) AS month
      FROM r_payment WHERE currency = 'RUB' AND payer_country <> beneficiary_country AND amount IS NOT NULL
    ), sums AS (
      SELECT pair, bank_bic, month, sum(amount) AS amount FROM moved WHERE bank_bic IS NOT NULL GROUP BY ALL
    ), shares AS (SELECT *, amount / sum(amount) OVER (PARTITION BY pair, month) AS share FROM sums)
    SELECT s.bank_bic || '@' || s.pair || ':' || strftime(s.month, '%Y-%m') AS corridor_id,
      strftime(s.month, '%Y-%m') AS period, 'RUB' AS currency, s.amount AS value, s.bank_bic, s.share,
      coalesce((SELECT b.share FROM shares b WHERE b.pair = s.pair AND b.bank_bic = s.bank_bic
        AND b.month = s.month - INTERVAL 3 MONTHS),
        CASE WHEN EXISTS (SELECT 1 FROM shares b WHERE b.pair = s.pair AND b.month = s.month - INTERVAL 3 MONTHS)
        THEN 0 END) AS share_before
    FROM shares s
"""


def take_corridors(tables: RecordTables, lake: Lake | None) -> None:
    """Make the table of corridors from the lake's flows, and from payments where they were given.

    Raises:
        SourceError: neither flows in the lake nor payments.
    """
    parts = []
    with tempfile.TemporaryDirectory() as folder:
        if lake is not None:
            path = Path(folder) / "corridors.parquet"
            if _write_corridors(lake, path, last=tables.as_of[:7], left_out=_left_out(tables.as_of)):
                parts.append(f"SELECT * FROM read_parquet({quoted(str(path))})")
        if "payment" in tables.given:
            parts.append(_BANKS)
        if not parts:
            remedy = "Ingest flows first, or give --with payment=FILE for the banks of rouble corridors."
            raise SourceError("no flows in the lake", where="--kind corridor", remedy=remedy)
        union = " UNION ALL BY NAME ".join(f"({part})" for part in parts)
        tables.take("corridor", f"SELECT row_number() OVER (ORDER BY corridor_id) AS _row, * FROM ({union})")


def _write_corridors(lake: Lake, path: Path, *, last: str, left_out: list[str]) -> bool:
    sql = files("entrepot.alerts").joinpath("sql/corridors.sql").read_text("utf-8")
    with lake.engine() as engine:
        row = engine.connection.execute("SELECT count(*) FROM flows WHERE freq = 'M'").fetchone()
        if not row or not row[0]:
            return False
        engine.connection.execute(
            f"COPY ({sql}) TO {quoted(str(path))} (FORMAT parquet)",
            {"last": last, "first": FIRST, "market": MARKET, "left_out": left_out},
        )
    return True


def _left_out(as_of: str) -> list[str]:
    """The market itself, its union state, and those who sanction it: no third countries."""
    return sorted({MARKET, "BLR", *members("COALITION", on=as_of)})
