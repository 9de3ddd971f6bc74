"""The language of conditions: what it holds, and everything that it refuses."""

from __future__ import annotations

import pytest

from entrepot.errors import ConfigError
from entrepot.redflags.language import parse, qualified


@pytest.mark.parametrize(
    "text",
    [
        "x in (select 1)",
        "(select max(amount) from r_payment) > 3",
        "read_csv('/etc/passwd')",
        "a; drop table r_card",
        "1), (2",
        "1) from r_card --",
        "rank() over (order by a)",
        "a::blob",
        "getenv('HOME')",
        "query('select 1')",
        "_row > 3",
        "",
        "a" * 5000,
        "abs(" * 400 + "a" + ")" * 400,
    ],
)
def test_what_is_no_plain_expression_is_refused(text: str) -> None:
    with pytest.raises(ConfigError):
        parse(text)


def test_names_are_told_apart_by_whose_they_are() -> None:
    found = parse("it.amount > most and contract.contract_date < list_filter(codes, lambda c: c = '1')[1]::DATE")
    assert found.own == {"most", "codes"}
    assert found.of == {"it": {"amount"}, "contract": {"contract_date"}}


def test_every_alternative_of_an_or_is_seen() -> None:
    assert set(parse("(a = 1 or b.c = 2) and d > 3").branches) == {frozenset("ad"), frozenset(("b.c", "d"))}


def test_own_names_are_qualified_and_others_stay() -> None:
    text = qualified("it.amount > amount and next.country <> country", "p")
    assert "it.amount > p.amount" in text and 'p."next".country' in text.replace("p.next.country", 'p."next".country')
