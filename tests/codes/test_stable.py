from __future__ import annotations

from collections import defaultdict

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot.codes import StableProducts, stable_products

SPLIT = [("HS2017", "HS2022", "852580", "852581"), ("HS2017", "HS2022", "852580", "852589")]


def test_a_code_without_changes_is_its_own_product():
    found = stable_products([], {"HS2017": ["010121"], "HS2022": ["010121"]}, level=6)
    assert found.codes_of == {"010121": ("010121",)}
    assert found.product_of[("HS2017", "010121")] == found.product_of[("HS2022", "010121")] == "010121"


def test_a_split_code_and_its_parts_are_one_product():
    found = stable_products(SPLIT, {"HS2017": ["852580"], "HS2022": ["852581", "852589"]}, level=6)
    assert found.codes_of == {"852581+": ("852580", "852581", "852589")}


def test_a_renumbered_code_is_one_product_without_a_plus():
    edges = [("HS2017", "HS2022", "880330", "880730")]
    found = stable_products(edges, {"HS2017": ["880330"], "HS2022": ["880730"]}, level=6)
    assert found.codes_of == {"880730": ("880330", "880730")}


def test_parts_that_the_data_never_hold_are_named():
    found = stable_products(SPLIT, {"HS2017": ["852580"], "HS2022": ["852589"]}, level=6)
    assert found.codes_of == {"852589+": ("852580", "852589")}
    assert found.unseen_of["852589+"] == ("852581",)


def test_revisions_without_data_are_passed_through():
    edges = [("HS2012", "HS2017", "100001", "200001"), ("HS2017", "HS2022", "200001", "300001")]
    found = stable_products(edges, {"HS2012": ["100001"], "HS2022": ["300001"]}, level=6)
    assert found.codes_of == {"300001": ("100001", "300001")}


def test_changes_outside_the_window_do_not_matter():
    edges = [("HS2007", "HS2012", "111111", "222222"), ("HS2007", "HS2012", "333333", "222222")]
    found = stable_products(edges, {"HS2012": ["222222"], "HS2017": ["222222"]}, level=6)
    assert found.codes_of == {"222222": ("222222",)}


def test_a_code_used_again_for_other_goods_is_two_products():
    edges = [("CN2021", "CN2022", "11110000", "22220000")]
    found = stable_products(edges, {"CN2021": ["11110000"], "CN2022": ["11110000", "22220000"]}, level=8)
    assert found.product_of[("CN2021", "11110000")] == found.product_of[("CN2022", "22220000")] == "22220000"
    assert found.product_of[("CN2022", "11110000")] == "11110000"


def test_two_products_never_share_an_id():
    edges = [("CN2021", "CN2022", "11110000", "33330000")]
    found = stable_products(edges, {"CN2021": ["11110000"], "CN2022": ["11110000"]}, level=8)
    assert found.product_of[("CN2021", "11110000")] == "11110000@CN2021"
    assert found.product_of[("CN2022", "11110000")] == "11110000@CN2022"


def test_coarser_levels_cut_codes_first():
    found = stable_products(SPLIT, {"HS2017": ["852580"], "HS2022": ["852589"]}, level=4)
    assert found.codes_of == {"8525": ("8525",)}
    assert found.product_of[("HS2017", "852580")] == found.product_of[("HS2017", "8525")] == "8525"


def test_national_codes_stay_where_their_heading_stays():
    edges = [*SPLIT, ("HS2017", "HS2022", "870323", "870323")]
    codes = {"HS2017": ["87032310", "85258011"], "HS2022": ["87032310", "85258011"]}
    found = stable_products(edges, codes, level=8)
    assert found.product_of[("HS2017", "87032310")] == found.product_of[("HS2022", "87032310")]
    assert found.product_of[("HS2017", "85258011")] != found.product_of[("HS2022", "85258011")]


def test_yearly_and_five_yearly_chains_meet_at_equal_codes():
    found = stable_products([], {"HS2017": ["8703"], "CN2021": ["8703"]}, level=6)
    assert found.codes_of == {"8703": ("8703",)}


def test_total_and_unknown_revisions_are_kept():
    found = stable_products(SPLIT, {"HS2017": ["TOTAL"], "HS2022": ["TOTAL"], "": ["870323"]}, level=6)
    assert found.codes_of == {"TOTAL": ("TOTAL",), "870323": ("870323",)}


def test_nothing_in_nothing_out():
    assert stable_products([], {}, level=6) == StableProducts({}, {}, frozenset(), {})
    assert stable_products(SPLIT, {"HS2017": []}, level=6).codes_of == {}


def hub(size: int) -> list[tuple[str, str, str, str]]:
    """Waste of many headings gathers in one new code; each old code stays, one moves away whole."""
    old = [f"{84 + i // 50}{i % 50 + 10}10" for i in range(size)]
    gathers = [("HS2017", "HS2022", code, "854921") for code in old]
    return [*gathers, *(("HS2017", "HS2022", c, c) for c in old), ("HS2017", "HS2022", old[0], "990110")]


def test_a_large_component_is_cut_at_headings():
    edges = hub(50)
    codes = {"HS2017": {e[2] for e in edges}, "HS2022": {e[3] for e in edges}}
    found = stable_products(edges, codes, level=6, largest=40)
    assert found.codes_of["854921"] == ("854921",)
    assert found.cut == frozenset(found.codes_of)
    assert max(map(len, found.codes_of.values())) == 2


def test_a_code_renumbered_out_of_a_large_component_keeps_its_past():
    edges = hub(50)
    codes = {"HS2017": {e[2] for e in edges}, "HS2022": {e[3] for e in edges}}
    found = stable_products(edges, codes, level=6, largest=40)
    assert found.product_of[("HS2017", edges[0][2])] == found.product_of[("HS2022", "990110")]


def test_a_component_of_the_largest_size_is_not_cut():
    edges = hub(38)
    codes = {"HS2017": {e[2] for e in edges}, "HS2022": {e[3] for e in edges}}
    assert stable_products(edges, codes, level=6, largest=40).cut == frozenset()
    assert stable_products(edges, codes, level=6, largest=39).cut != frozenset()


two = st.text("12", min_size=6, max_size=6)
tables = st.lists(st.tuples(st.just("HS2017"), st.just("HS2022"), two, two), max_size=30)


@given(tables, st.sets(two, max_size=20), st.sets(two, max_size=20))
def test_products_divide_the_codes(edges, old, new):
    codes = {"HS2017": old, "HS2022": new}
    found = stable_products(edges, codes, level=6)
    assert set(found.product_of) == {(r, code) for r, held in codes.items() for code in held}
    grouped = defaultdict(set)
    for (_, code), product in found.product_of.items():
        grouped[product].add(code)
    assert {p: tuple(sorted(held)) for p, held in grouped.items()} == found.codes_of


@given(tables, st.randoms())
def test_the_order_of_the_table_does_not_matter(edges, random):
    codes = {"HS2017": [e[2] for e in edges], "HS2022": [e[3] for e in edges]}
    mixed = random.sample(edges, len(edges))
    assert stable_products(edges, codes, level=6) == stable_products(mixed, codes, level=6)


@given(tables)
def test_linked_codes_share_a_product(edges):
    codes = {"HS2017": [e[2] for e in edges], "HS2022": [e[3] for e in edges]}
    found = stable_products(edges, codes, level=6, largest=1000)
    assert all(found.product_of[a, c] == found.product_of[b, d] for a, b, c, d in edges)


@pytest.fixture(scope="module")
def hs_edges(shared_data) -> list[tuple[str, str, str, str]]:
    file = shared_data / "trade/reference/hs_concordances_adjacent_revisions.csv.gz"
    query = """
        SELECT 'HS' || right(adjustment, 4), 'HS' || left(adjustment, 4), "code.before", "code.after"
        FROM read_csv(?, all_varchar = true)
        WHERE right(adjustment, 4)::INT >= 1992 AND length("code.after") = 6
    """
    return duckdb.execute(query, [str(file)]).fetchall()


def held(edges, *revisions: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {revision: set() for revision in revisions}
    for before, after, old, new in edges:
        if before in found:
            found[before].add(old)
        if after in found:
            found[after].add(new)
    return found


def test_cameras_of_hs_2017_and_2022_are_one_product(hs_edges):
    found = stable_products(hs_edges, held(hs_edges, "HS2017", "HS2022"), level=6)
    product = found.product_of[("HS2022", "852589")]
    assert found.product_of[("HS2017", "852580")] == product == "852581+"
    assert found.codes_of[product] == ("852580", "852581", "852582", "852583", "852589")


@pytest.mark.parametrize(
    ("new", "old"),
    [("852589", "852580"), ("854149", "854140"), ("854800", "854890"), ("880730", "880330")],
)
def test_priority_codes_born_in_2022_keep_their_past(hs_edges, new, old):
    found = stable_products(hs_edges, held(hs_edges, "HS2017", "HS2022"), level=6)
    assert found.product_of[("HS2022", new)] == found.product_of[("HS2017", old)]


def test_real_components_stay_small(hs_edges):
    window = held(hs_edges, "HS2017", "HS2022")
    found = stable_products(hs_edges, window, level=6, largest=40)
    assert max(map(len, found.codes_of.values())) <= 40
    assert len(stable_products(hs_edges, window, level=6, largest=10**6).codes_of) < len(found.codes_of)
    assert found.product_of[("HS2022", "870323")] == "870323" not in found.cut


def test_all_seven_revisions_chain(hs_edges):
    revisions = ("HS1992", "HS1996", "HS2002", "HS2007", "HS2012", "HS2017", "HS2022")
    found = stable_products(hs_edges, held(hs_edges, *revisions), level=6)
    assert set(found.codes_of) == set(found.product_of.values())
    assert found.product_of[("HS1992", "010511")] == found.product_of[("HS2022", "010511")]


def test_real_combined_nomenclature_joins_births_to_their_past(shared_data):
    file = shared_data / "trade/reference/cn8_concordances_1988-2025.csv.gz"
    flows = shared_data / "trade/eurostat-cn8-sanctioned/eu27_exports_cn8_monthly.parquet"
    query = """
        SELECT 'CN' || left(period, 4), 'CN' || right(period, 4), origin, destination
        FROM read_csv(?, all_varchar = true)
    """
    edges = duckdb.execute(query, [str(file)]).fetchall()
    codes: dict[str, set[str]] = defaultdict(set)
    for revision, code in duckdb.sql(f"SELECT DISTINCT 'CN' || left(period, 4), cn8 FROM '{flows}'").fetchall():
        codes[revision].add(code)
    found = stable_products(edges, codes, level=8)
    before = {found.product_of[r, c] for r in ("CN2020", "CN2021") for c in codes[r]}
    born = codes["CN2022"] - codes["CN2021"] - codes["CN2020"]
    kept = [code for code in born if found.product_of["CN2022", code] in before]
    assert len(born) == 67 and len(kept) >= 40
