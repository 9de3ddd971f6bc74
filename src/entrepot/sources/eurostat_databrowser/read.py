"""The spreadsheet of Eurostat's Data Browser: one sheet a product, flow and indicator; periods across.

A sheet opens with lines that name what is fixed, then a line of periods that begins with TIME, then a line that names
the columns of labels. ':' means not available and makes no row: it is never zero. ':' with the flag c is confidential.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from entrepot.errors import UnexpectedLayout
from entrepot.lake import Engine
from entrepot.sources.opening import Raw, materialise

_DIMENSIONS = ("REPORTER", "PARTNER", "PRODUCT", "FLOW", "INDICATORS")
_CODES = r"^([A-Za-z_]+)(?: \((Labels|Codes)\)| \[[A-Z_]+\])?$"


def read(raw: Raw, *, engine: Engine, folder: Path, columns: Mapping[str, str]) -> Raw:
    """Return one record a sheet's row and period, with the fixed dimensions of its sheet.

    Raises:
        UnexpectedLayout: no sheet has a line of periods and columns of reporter and partner.
    """
    run = engine.connection.execute
    run(
        f"""CREATE OR REPLACE TEMP TABLE browser_cells AS
            SELECT sheet, CAST("row" AS BIGINT) AS r, CAST(col AS BIGINT) AS c, trim(text) AS text,
                   source_file, source_row FROM {raw.view}"""
    )
    run(
        """CREATE OR REPLACE TEMP TABLE browser_heads AS
           SELECT sheet, min(r) AS head FROM browser_cells WHERE c = 0 AND text SIMILAR TO 'TIME( \\(.*\\))?'
           GROUP BY sheet"""
    )
    run(
        f"""CREATE OR REPLACE TEMP TABLE browser_labels AS
            SELECT sheet, r, c, upper(regexp_extract(text, '{_CODES}', 1)) AS name, text LIKE '%(Codes)' AS is_code
            FROM browser_cells JOIN browser_heads USING (sheet)
            WHERE r BETWEEN head AND head + 4
              AND upper(regexp_extract(text, '{_CODES}', 1)) IN {_DIMENSIONS} AND text SIMILAR TO '.*(\\(|\\[).*'"""
    )
    if not {"REPORTER", "PARTNER"} <= {row[0] for row in engine.rows("SELECT DISTINCT name FROM browser_labels")}:
        sheets = engine.rows("SELECT count(DISTINCT sheet) FROM browser_cells")[0][0]
        raise UnexpectedLayout(
            f"none of {sheets} sheets has a line that begins with TIME and columns REPORTER and PARTNER",
            where=engine.rows("SELECT any_value(source_file) FROM browser_cells")[0][0],
            remedy="In the Data Browser put time across and reporter and partner down, then download the spreadsheet.",
        )
    _make_dimensions(engine)
    found = materialise(engine, raw, _records(), path=folder / "browser.parquet", columns=_types())
    missing = engine.rows("SELECT count(*) FROM browser_values WHERE text = ':'")[0][0]
    notes = (f"{missing:,} cells are ':' (not available) and made no row",) if missing else ()
    return Raw(found.view, found.columns, found.rows, "", notes)


def _make_dimensions(engine: Engine) -> None:
    run = engine.connection.execute
    run(
        """CREATE OR REPLACE TEMP TABLE browser_periods AS
           SELECT sheet, c, text AS period FROM browser_cells JOIN browser_heads USING (sheet)
           WHERE r = head AND text NOT LIKE 'TIME%'"""
    )
    # What is fixed for a sheet stands above the periods: its name in the first column, its value after it.
    run(
        f"""CREATE OR REPLACE TEMP TABLE browser_fixed AS
            SELECT name.sheet, upper(regexp_extract(name.text, '{_CODES}', 1)) AS name,
                arg_min(value.text, value.c) AS text
            FROM browser_cells name JOIN browser_heads USING (sheet)
            JOIN browser_cells value ON value.sheet = name.sheet AND value.r = name.r AND value.c > 0
            WHERE name.c = 0 AND name.r < head AND upper(regexp_extract(name.text, '{_CODES}', 1)) IN {_DIMENSIONS}
            GROUP BY ALL"""
    )
    # A code says more than a label where both are there.
    run(
        """CREATE OR REPLACE TEMP TABLE browser_rows AS
           SELECT cells.sheet, cells.r, labels.name, arg_max(cells.text, labels.is_code) AS text
           FROM browser_cells cells JOIN browser_labels labels ON labels.sheet = cells.sheet AND labels.c = cells.c
           WHERE cells.r > labels.r GROUP BY ALL"""
    )
    run(
        """CREATE OR REPLACE TEMP TABLE browser_values AS
           SELECT cells.sheet, cells.r, periods.period, any_value(cells.source_file) AS source_file,
               any_value(cells.text) AS text
           FROM browser_cells cells
           JOIN browser_periods periods ON periods.sheet = cells.sheet AND periods.c = cells.c
           JOIN browser_rows ON browser_rows.sheet = cells.sheet AND browser_rows.r = cells.r
               AND browser_rows.name = 'PARTNER'
           GROUP BY cells.sheet, cells.r, periods.period"""
    )


def _records() -> str:
    fixed = ", ".join(f"any_value(text) FILTER (name = '{name}') AS {name}" for name in _DIMENSIONS)
    both = ", ".join(f"coalesce(d.{name}, f.{name}, '') AS {name}" for name in _DIMENSIONS[:4])
    hidden = "regexp_matches(v.text, '^:?\\s*c$')"
    value = f"CASE WHEN {hidden} THEN NULL ELSE v.text END"
    indicator = "coalesce(d.INDICATORS, f.INDICATORS, 'VALUE_IN_EUROS')"
    return f"""
        WITH d AS (SELECT sheet, r, {fixed} FROM browser_rows GROUP BY ALL),
             f AS (SELECT sheet, {fixed} FROM browser_fixed GROUP BY ALL)
        SELECT {both}, v.period AS PERIOD,
            max({value}) FILTER ({indicator} ILIKE 'VALUE%') AS VALUE_IN_EUROS,
            max(CASE WHEN {indicator} ILIKE '%100%KG%' THEN CAST(100 * TRY_CAST({value} AS DOUBLE) AS VARCHAR)
                     WHEN {indicator} ILIKE '%KG%' THEN {value} END) AS NETWEIGHT_KG,
            max({value}) FILTER ({indicator} ILIKE 'SUPP%') AS SUPPLEMENTARY_QUANTITY,
            CASE WHEN bool_or({hidden}) THEN 'suppressed' ELSE 'reported' END AS STATUS,
            min(v.r) + 1 AS source_row, any_value(v.source_file) || '!' || min(v.sheet) AS source_file
        FROM browser_values v JOIN d ON d.sheet = v.sheet AND d.r = v.r LEFT JOIN f ON f.sheet = v.sheet
        WHERE v.text <> ':' GROUP BY coalesce(d.REPORTER, f.REPORTER, ''), coalesce(d.PARTNER, f.PARTNER, ''),
            coalesce(d.PRODUCT, f.PRODUCT, ''), coalesce(d.FLOW, f.FLOW, ''),
            CASE WHEN {indicator} ILIKE 'VALUE%' OR {indicator} ILIKE '%KG%' OR {indicator} ILIKE 'SUPP%'
                THEN '' ELSE {indicator} END, v.period"""


def _types() -> dict[str, str]:
    names = ("REPORTER", "PARTNER", "PRODUCT", "FLOW", "PERIOD", "VALUE_IN_EUROS", "NETWEIGHT_KG",
             "SUPPLEMENTARY_QUANTITY", "STATUS")  # fmt: skip
    return dict.fromkeys(names, "VARCHAR")
