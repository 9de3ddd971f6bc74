from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot.codes import month_index, month_text, parse_period
from entrepot.codes.periods import LAYOUTS
from entrepot.errors import CodeError

months = st.integers(1900 * 12, 2099 * 12 + 11)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-03", ("M", "2024-03")),
        ("202403", ("M", "2024-03")),
        ("20240301", ("M", "2024-03")),
        ("2024-03-01", ("M", "2024-03")),
        ("2024-03-01 00:00:00", ("M", "2024-03")),
        ("2024-03-01T00:00:00Z", ("M", "2024-03")),
        ("2024M03", ("M", "2024-03")),
        ("2024-M3", ("M", "2024-03")),
        ("Aug. 2024", ("M", "2024-08")),
        ("August 2024", ("M", "2024-08")),
        ("Sept. 2024", ("M", "2024-09")),
        ("May 2024", ("M", "2024-05")),
        ("août 2024", ("M", "2024-08")),
        ("март 2024", ("M", "2024-03")),
        ("202408-Aug. 2024", ("M", "2024-08")),
        ("03/2024", ("M", "2024-03")),
        ("3/2024", ("M", "2024-03")),
        ("01.03.2024", ("M", "2024-03")),
        ("2024", ("A", "2024")),
        ("2024.0", ("A", "2024")),
        ("Y2019", ("A", "2019")),
        ("201952-Jan.-Dec. 2019", ("A", "2019")),
        ("Jan.-Dec. 2010", ("A", "2010")),
        ("202452", ("A", "2024")),
        ("202408-Jul. 2024", None),
        ("201952-Jan.-Dec. 2020", None),
        ("2024-13", None),
        ("202400", None),
        ("13/2024", None),
        ("2024-Q1", None),
        ("0824", None),
        ("Total", None),
        ("", None),
        (":", None),
        ("２０２４", None),
    ],
)
def test_layouts_of_publishers(text, expected):
    assert parse_period(text) == expected


@given(months)
def test_months_round_trip_through_their_index(index):
    assert month_index(month_text(index)) == index


@given(months, st.sampled_from(["{y}-{m:02d}", "{y}{m:02d}", "{m:02d}/{y}", "{y}M{m:02d}", "{y}-{m:02d}-01"]))
def test_every_layout_of_a_month_says_the_same(index, layout):
    year, month = index // 12, index % 12 + 1
    assert parse_period(layout.format(y=year, m=month)) == ("M", month_text(index))


def test_index_counts_months():
    assert month_index("2024-03") == 2024 * 12 + 2
    assert month_index("2022-01") - month_index("2021-12") == 1


@pytest.mark.parametrize("text", ["2024", "2024-3", "2024-13", "202403", "", "2024-03-01"])
def test_index_refuses_what_is_no_month(text):
    with pytest.raises(CodeError, match="month"):
        month_index(text)


@pytest.mark.parametrize("index", [-1, 0, 11, 120000])
def test_text_refuses_what_is_no_index(index):
    with pytest.raises(CodeError):
        month_text(index)


@given(st.text(max_size=25), st.sampled_from(LAYOUTS))
def test_any_text_is_answered_without_an_error(text, layout):
    found = parse_period(text, layout=layout)
    assert found is None or found[0] == "A" or month_text(month_index(found[1])) == found[1]


def test_a_layout_can_be_fixed():
    assert parse_period("202403", layout="mm/yyyy") is None
    assert parse_period("202403", layout="yyyymm") == ("M", "2024-03")
    with pytest.raises(CodeError, match="layout"):
        parse_period("2024", layout="weekly")


def test_periods_of_real_files_are_read(shared_data):
    import duckdb

    file = shared_data / "trade/eurostat-totals/eu27_world_totals_raw_relational_view.csv.gz"
    found = duckdb.sql(f"SELECT DISTINCT PERIOD FROM read_csv('{file}', all_varchar = true)").fetchall()
    years = {parse_period(text) for (text,) in found}
    assert years == {("A", str(year)) for year in range(2010, 2024)}
