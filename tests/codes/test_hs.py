from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot.codes import (
    HS_REVISIONS,
    clean_code,
    cn_revision,
    find_hs_code,
    find_revision,
    hs_revision_in_force,
)
from entrepot.errors import CodeError

codes = st.text("0123456789", min_size=2, max_size=10)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("8703", "8703"),
        ("87.03", "8703"),
        ("8703 23 10", "87032310"),
        ("8703231009", "8703231009"),
        ("0901.21", "090121"),
        ("90121", "90121"),
        ("870323.0", "870323"),
        ("'010121'", "010121"),
        ("8703-Motor cars", "8703"),
        ("27 - Mineral fuels", "27"),
        ("TOTAL", "TOTAL"),
        ("Total", "TOTAL"),
        ("TOTAL-Total", "TOTAL"),
        ("8", None),
        ("87032310091", None),
        ("", None),
        ("NULL", None),
        ("8703XX", None),
        ("８７０３", None),
        ("²²", None),
        ("EXPORT", None),
    ],
)
def test_goods_codes(text, expected):
    assert find_hs_code(text) == expected


@given(codes)
def test_plain_codes_come_back_unchanged(code):
    assert find_hs_code(code) == code


@given(codes)
def test_zeros_are_neither_added_nor_lost(code):
    assert find_hs_code("0" + code[:-1]) == "0" + code[:-1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("09YYY123", ("09", True)),
        ("09XXXXXX", ("09", True)),
        ("8703XX", ("8703", True)),
        ("870XXX", ("87", True)),
        ("XXXXXXXXXX", ("9999", True)),
        ("SSSSS999", ("9999", True)),
        ("9999", ("9999", True)),
        ("9999AA", ("9999", True)),
        ("999999", ("9999", True)),
        ("870323", ("870323", False)),
        ("99", ("99", False)),
        ("99909999", ("99909999", False)),
        ("TOTAL", ("TOTAL", False)),
        ("EXPORT", None),
        ("NULL", None),
        ("X", None),
        ("", None),
    ],
)
def test_confidential_codes(text, expected):
    assert clean_code(text) == expected


@given(st.text(max_size=20))
def test_any_text_is_answered_without_an_error(text):
    assert isinstance(clean_code(text), tuple | None)
    assert isinstance(find_hs_code(text), str | None)
    assert isinstance(find_revision(text), str | None)


@pytest.mark.parametrize(
    ("year", "expected"),
    [(1992, "HS1992"), (1995, "HS1992"), (1996, "HS1996"), (2016, "HS2012"), (2017, "HS2017"),
     (2021, "HS2017"), (2022, "HS2022"), (2026, "HS2022")],
)  # fmt: skip
def test_revision_in_force(year, expected):
    assert hs_revision_in_force(year) == expected


def test_years_before_the_first_revision_are_an_error():
    with pytest.raises(CodeError, match="1991"):
        hs_revision_in_force(1991)
    with pytest.raises(CodeError, match="1987"):
        cn_revision(1987)


@pytest.mark.parametrize("revision", [*HS_REVISIONS, cn_revision(1988), cn_revision(2025)])
def test_revision_ids_are_read_back(revision):
    assert find_revision(revision) == find_revision(revision.lower()) == revision


@pytest.mark.parametrize(
    ("text", "expected"),
    [("H0", "HS1992"), ("H6", "HS2022"), ("H7", None), ("HS 2017", "HS2017"), ("HS17", "HS2017"),
     ("2017", "HS2017"), ("2018", None), ("NC 2021", "CN2021"), ("HS", None), ("S3", None), ("", None)],
)  # fmt: skip
def test_spellings_of_revisions(text, expected):
    assert find_revision(text) == expected
