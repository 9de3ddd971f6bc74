from __future__ import annotations

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot.codes import find_currency, find_unit
from entrepot.codes.facts import rows
from entrepot.codes.units import UNIT_SCHEMES
from entrepot.errors import CodeError


@pytest.mark.parametrize(
    ("text", "scheme", "expected"),
    [
        ("5", "comtrade", "piece"),
        ("5.0", "comtrade", "piece"),
        ("u", "comtrade", "piece"),
        ("8", "comtrade", "kg"),
        ("1", "comtrade", None),
        ("-1", "comtrade", None),
        ("NPR", "comext", "pair"),
        ("p/st", "comext", "piece"),
        ("1 000 p/st", "comext", "thousand_pieces"),
        ("796", "okei", "piece"),
        ("6", "okei", "m"),
        ("006", "okei", "m"),
        ("166", "okei", "kg"),
        ("796", "comtrade", None),
        ("KGS", "india", "kg"),
        ("MTS", "india", "t"),
        ("MTR", "india", "m"),
        ('"', "india", None),
        ("kg", "any", "kg"),
        ("Tonnes", "any", "t"),
        ("", "any", None),
    ],
)
def test_units_of_publishers(text, scheme, expected):
    assert find_unit(text, scheme=scheme) == expected


def test_every_unit_is_its_own_id():
    assert all(find_unit(row["unit"], scheme="any") == row["unit"] for row in rows("units"))


@given(st.text(max_size=12), st.sampled_from(UNIT_SCHEMES))
def test_any_text_is_answered_without_an_error(text, scheme):
    assert isinstance(find_unit(text, scheme=scheme), str | None)
    assert isinstance(find_currency(text), str | None)


def test_unknown_scheme_is_an_error():
    with pytest.raises(CodeError, match="scheme"):
        find_unit("kg", scheme="imperial")


def test_units_of_the_real_indian_file_are_known(shared_data):
    file = shared_data / "trade/india-russia/india_russia_hs_monthly_fts_vs_mirror.parquet"
    found = duckdb.sql(f"SELECT DISTINCT EDIZM, Source FROM '{file}' WHERE EDIZM IS NOT NULL").fetchall()
    schemes = {"FTS": "okei", "MIRROR": "india"}
    unknown = {unit for unit, source in found if find_unit(unit, scheme=schemes[source]) is None}
    assert unknown <= {'"', "THN"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [("USD", "USD"), ("usd", "USD"), ("US$", "USD"), ("€", "EUR"), ("US Dollar", "USD"), ("руб.", "RUB"),
     ("ECU", "EUR"), ("KGS", "KGS"), ("XXX", None), ("", None), ("thousand USD", None)],
)  # fmt: skip
def test_currencies(text, expected):
    assert find_currency(text) == expected
