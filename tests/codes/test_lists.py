from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from entrepot.codes import find_hs_code, product_list, product_list_ids, read_product_list
from entrepot.errors import CodeError, EntrepotError, NotFound, SourceError, UnexpectedLayout, UnknownCode


@pytest.fixture
def write(tmp_path: Path):
    def written(text: str, encoding: str = "utf-8") -> Path:
        path = tmp_path / "mine.csv"
        path.write_bytes(text.encode(encoding))
        return path

    return written


def test_priority_list_has_fifty_codes_in_six_tiers():
    items = product_list("chpl").items
    tiers = Counter(item.tier for item in items)
    assert tiers == {"1": 4, "2": 5, "3.A": 16, "3.B": 9, "4.A": 11, "4.B": 5}
    assert all(find_hs_code(item.hs_code) == item.hs_code and len(item.hs_code) == 6 for item in items)


def test_priority_list_is_the_published_one(shared_data):
    published = read_product_list(shared_data / "trade/reference/chpl_2024-02-23.csv")
    assert published.items == product_list("chpl").items


def test_a_list_has_no_version_before_its_first():
    assert product_list("chpl", on="2024-02-23").version == "2024-02-23"
    with pytest.raises(NotFound, match="2024-02-23"):
        product_list("chpl", on="2024-02-22")


def test_unknown_list_names_the_known_ones():
    with pytest.raises(NotFound, match=", ".join(product_list_ids())):
        product_list("wassenaar")


def test_full_list_is_read(write):
    text = (
        "\ufeff# title: Cars and parts\n# hs_revision: HS2022\n"
        "hs_code;tier;valid_from;valid_to;coverage;price_above;note\r\n"
        '8708;2;;;full;;\r\n8703;1;2022-03-16;2023-06-24;;50000;"above 50,000;\neach"\r\n\r\n'
    )
    found = read_product_list(write(text))
    assert (found.list_id, found.title, found.hs_revision) == ("mine", "Cars and parts", "HS2022")
    assert [item.hs_code for item in found.items] == ["8703", "8708"]
    assert (found.items[0].coverage, found.items[0].price_above) == ("part", 50000.0)


def test_version_of_a_user_list_follows_its_bytes(write):
    first = read_product_list(write("hs_code\n8703\n")).version
    assert first == read_product_list(write("hs_code\n8703\n")).version
    assert first != read_product_list(write("hs_code\n8704\n")).version


def test_same_code_may_return_with_another_date(write):
    text = "hs_code,valid_from,valid_to\n8703,2022-01-01,2022-06-01\n8703,2023-01-01,\n8703,2023-01-01,\n"
    assert len(read_product_list(write(text)).items) == 2


@pytest.mark.parametrize(
    ("text", "error", "says"),
    [
        ("", SourceError, "empty"),
        ("\n\n# nothing\n", SourceError, "empty"),
        ("hs_code,tier\n", SourceError, "no entries"),
        ("name,tier\ncars,1\n", UnexpectedLayout, "no column hs_code"),
        ("hs_code,colour\n8703,red\n", UnexpectedLayout, "colour"),
        ("hs_code,hs6\n8703,8703\n", UnexpectedLayout, "doubled"),
        ("hs_code\n8703\n90121\n", UnknownCode, r"row 3.*'90121'.*leading zero"),
        ("hs_code\n8703XX\n", UnknownCode, "row 2"),
        ("hs_code\nTOTAL\n", UnknownCode, "row 2"),
        ("hs_code,tier\n,1\n", UnknownCode, "row 2"),
        ("hs_code,tier\n8703,1,2\n", UnexpectedLayout, "row 2"),
        ("hs_code,valid_from\n8703,March\n", CodeError, "row 2.*valid_from"),
        ("hs_code,valid_from\n8703,2022-02-30\n", CodeError, "row 2.*valid_from"),
        ("hs_code,valid_from,valid_to\n8703,2022-02-03,2022-02-03\n", CodeError, "row 2.*not after"),
        ("hs_code,coverage\n8703,half\n", CodeError, "row 2.*half"),
        ('hs_code,price_above\n8703,"50,000"\n', CodeError, "row 2.*price"),
        ("hs_code,tier\n8703,1\n8703,2\n", CodeError, "row 3.*row 2"),
    ],
)
def test_wrong_lists_are_refused_with_the_row(write, text, error, says):
    with pytest.raises(error, match=says):
        read_product_list(write(text))


def test_a_list_that_is_no_utf8_text_is_refused(write):
    with pytest.raises(SourceError, match="UTF-8"):
        read_product_list(write("hs_code,note\n8703,voiture électrique\n", "cp1252"))


def test_a_missing_file_or_a_folder_is_refused(tmp_path):
    for path in (tmp_path, tmp_path / "absent.csv"):
        with pytest.raises(NotFound):
            read_product_list(path)


def test_a_real_list_with_labels_is_read(shared_data):
    found = read_product_list(shared_data / "trade/reference/eu_export_sanctioned_cn8_2023-01.csv")
    assert len(found.items) == 2223


def test_every_error_says_what_to_do(write):
    with pytest.raises(EntrepotError) as caught:
        read_product_list(write("hs_code\nx\n"))
    assert caught.value.remedy and "mine.csv row 2" in caught.value.where
