from __future__ import annotations

import csv
import gzip
from pathlib import Path

import pytest

from entrepot.codes import goods_name, product_list
from entrepot.codes.facts import rows

NAMES = {row["hs_code"]: row["name"] for row in rows("goods")}


def test_every_code_of_the_priority_list_has_its_own_name():
    codes = {item.hs_code for item in product_list("chpl").items}
    assert codes <= NAMES.keys()
    assert len({goods_name(code) for code in codes}) == 50


def test_every_chapter_with_goods_is_named():
    chapters = {f"{number:02}" for number in range(1, 98)} - {"77"}
    assert chapters <= NAMES.keys()


@pytest.mark.parametrize(
    ("code", "named_by"),
    [
        ("870323", "870323"),
        ("8703.23.19", "870323"),
        ("8703231900", "870323"),
        ("870899", "8708"),
        ("87089", "8708"),
        ("8798", "87"),
        ("879", "87"),
        ("87", "87"),
    ],
)
def test_the_longest_named_prefix_gives_the_name(code: str, named_by: str):
    assert goods_name(code) == NAMES[named_by]


@pytest.mark.parametrize("code", ["", "8", "77", "770000", "000000", "TOTAL", "TOTALS", "cars", "09YYY123", "870323+"])
def test_an_unknown_code_has_no_name(code: str):
    assert goods_name(code) is None


def test_each_code_is_listed_once_in_order():
    codes = [row["hs_code"] for row in rows("goods")]
    assert codes == sorted(set(codes))
    assert all(code.isdigit() and len(code) in (2, 4, 6) for code in codes)


def test_no_two_codes_share_a_name():
    assert len(set(NAMES.values())) == len(NAMES)


def is_plain(name: str) -> bool:
    return name == name.lower().strip() and name.isascii() and ";" not in name


def test_names_are_short_plain_and_lower_case():
    assert [name for name in NAMES.values() if len(name) > 60] == []
    assert [name for name in NAMES.values() if not 2 <= len(name.split()) <= 6] == []
    assert [name for name in NAMES.values() if not is_plain(name)] == []


def test_no_name_repeats_an_official_label(shared_data: Path):
    path = shared_data / "trade" / "reference" / "harmonized_system_labels.csv.gz"
    if not path.is_file():
        pytest.skip("the table of official labels is not here")
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        labels = {row["description"].strip(" .").casefold() for row in csv.DictReader(file)}
    assert not labels & {name.casefold() for name in NAMES.values()}
