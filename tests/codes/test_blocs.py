from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot.codes import bloc_ids, find_territory, members, memberships, origin_set
from entrepot.errors import CodeError, UnknownCode

days = st.dates().map(lambda day: day.isoformat())


def test_united_kingdom_leaves_the_union_on_the_first_of_february_2020():
    assert "GBR" in members("EU27", on="2020-01-31")
    assert "GBR" not in members("EU27", on="2020-02-01")


@pytest.mark.parametrize(
    ("on", "size"),
    [("1957-12-31", 0), ("1958-01-01", 6), ("1973-01-01", 9), ("1995-01-01", 15), ("2004-05-01", 25),
     ("2007-01-01", 27), ("2013-07-01", 28), ("2020-02-01", 27), ("2026-01-01", 27)],
)  # fmt: skip
def test_size_of_the_union_through_time(on, size):
    assert len(members("EU27", on=on)) == size


def test_eurasian_union_grows_in_2015():
    assert members("EAEU", on="2015-01-01") == {"BLR", "KAZ", "RUS"}
    assert members("EAEU", on="2015-01-02") == {"ARM", "BLR", "KAZ", "RUS"}
    assert members("EAEU", on="2015-08-12") == {"ARM", "BLR", "KAZ", "KGZ", "RUS"}


def test_observers_are_no_members():
    assert "UZB" not in members("EAEU", on="2024-01-01")
    assert {row.kind for row in memberships("EAEU") if row.iso3 == "UZB"} == {"observer"}


def test_suspended_member_is_no_member_and_frozen_part_is_said():
    assert "UZB" in members("CSTO", on="2012-12-18")
    assert "UZB" not in members("CSTO", on="2012-12-19")
    assert [row.valid_from for row in memberships("CSTO") if (row.iso3, row.kind) == ("ARM", "suspended")]


def test_georgia_left_the_commonwealth():
    assert "GEO" in members("CIS", on="2009-08-17")
    assert "GEO" not in members("CIS", on="2009-08-18")


def test_coalition_begins_in_february_2022():
    assert members("COALITION", on="2022-02-20") == frozenset()
    assert {"USA", "GBR", "DEU", "JPN", "CAN", "AUS", "KOR"} <= members("COALITION", on="2022-03-01")
    assert {"CHE", "NOR", "NZL", "SGP", "TWN", "UKR", "LIE"} <= members("COALITION", on="2022-05-01")


def test_coalition_holds_the_union_and_none_of_its_critics():
    coalition = members("COALITION", on="2023-01-01")
    assert members("EU27", on="2023-01-01") <= coalition
    assert not coalition & {"RUS", "BLR", "CHN", "KAZ", "KGZ", "ARM", "GEO", "TUR", "SRB", "ARE", "IND"}


def test_world_trade_organization_counts_its_members():
    assert len(members("WTO", on="2024-12-31")) == 165
    assert "RUS" not in members("WTO", on="2012-08-21") and "RUS" in members("WTO", on="2012-08-22")


def test_world_follows_codes_in_use():
    assert "ANT" in members("WORLD", on="2009-01-01") and "SSD" not in members("WORLD", on="2009-01-01")
    assert "ANT" not in members("WORLD", on="2022-01-01") and "XKX" in members("WORLD", on="2022-01-01")


@pytest.mark.parametrize("bloc", bloc_ids())
def test_memberships_are_dated_sourced_and_known(bloc):
    for row in memberships(bloc):
        assert row.valid_to is None or row.valid_from < row.valid_to
        assert row.source and row.kind in ("member", "observer", "associate", "suspended")
        assert not find_territory(row.iso3).is_aggregate


@pytest.mark.parametrize("bloc", bloc_ids())
def test_a_state_is_a_member_once_at_a_time(bloc):
    rows = sorted((r.iso3, r.valid_from, r.valid_to) for r in memberships(bloc) if r.kind == "member")
    for (state, _, end), (other, start, _) in pairwise(rows):
        assert state != other or (end is not None and end <= start)


@given(st.sampled_from(bloc_ids()), days)
def test_origin_set_of_a_bloc_is_its_members(bloc, on):
    assert origin_set(bloc, on=on) == members(bloc, on=on)


def test_origin_set_joins_blocs_and_territories():
    assert origin_set(" eu27, USA,Japan ", on="2022-03-01") == members("EU27", on="2022-03-01") | {
        "USA",
        "JPN",
    }


@pytest.mark.parametrize("text", ["", " , ", "EU27,ATLANTIS", "AFRICA", "AREAS_NES", "KZ"])
def test_origin_set_refuses_what_has_no_members(text):
    with pytest.raises(UnknownCode):
        origin_set(text, on="2022-03-01")


@pytest.mark.parametrize("on", ["", "2022", "2022-03", "2022-3-1", "2022-13-01", "1 March 2022"])
def test_a_day_that_is_no_day_is_an_error(on):
    with pytest.raises(CodeError, match="day"):
        members("EU27", on=on)


def test_unknown_bloc_names_the_known_ones():
    with pytest.raises(UnknownCode, match="COALITION"):
        memberships("BRICS")


def test_every_day_of_the_coalition_says_whether_it_was_checked():
    assert all({"checked", "unverified"} & set(re.findall(r"\w+", row.source)) for row in memberships("COALITION"))


@pytest.mark.parametrize(("iso3", "day"), [("AUS", "2022-02-25"), ("CHE", "2022-02-28"), ("LIE", "2022-02-28")])
def test_states_join_the_coalition_with_their_first_measure(iso3, day):
    assert [row.valid_from for row in memberships("COALITION") if row.iso3 == iso3] == [day]
