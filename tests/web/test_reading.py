"""An article over HTTP, and how its text is cut."""

from __future__ import annotations

import pytest

from entrepot.web.reading import Piece, pieces
from tests.web.client import Client

TEXT = "The ministry said on Monday that exports had doubled. Experts believe that banks closed accounts.\n"


def test_a_text_is_cut_where_claims_begin_and_end_and_nothing_is_lost() -> None:
    found = pieces("abcdefgh", [{"start": 5, "end": 7}, {"start": 1, "end": 3}, {"start": 2, "end": 6}])
    assert found == [Piece("a", 0), Piece("bc", 2), Piece("de", 0), Piece("fg", 1), Piece("h", 0)]


def test_an_article_is_read_and_its_claims_are_marked(client: Client) -> None:
    found = client.post("/read", json={"text": TEXT}).json()
    assert found["claims"] and all(TEXT[c["start"] : c["end"]] == c["quote"] for c in found["claims"])
    page = client.post("/article", data={"text": TEXT, "csrf": client.token("/article")})
    assert '<mark id="mark-1">' in page.text


@pytest.mark.parametrize("text", ["", " ", "<script>alert(1)</script>", "\x00" * 10, "«" * 5000])
def test_a_hostile_text_fails_nothing(client: Client, text: str) -> None:
    assert client.post("/read", json={"text": text}).status_code in (200, 422)
    page = client.post("/article", data={"text": text, "csrf": client.token("/article")})
    assert page.status_code in (200, 422) and "<script>alert" not in page.text
