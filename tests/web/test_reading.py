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
    assert all(claim["checks"] and claim["checks"][0]["verdict"] for claim in found["claims"])
    assert client.post("/read", json={"text": TEXT, "as_of": "soon"}).status_code == 422


def test_claims_that_data_speak_to_are_put_on_the_desk(client: Client) -> None:
    text = "The ministry said that exports from Germany to Kazakhstan rose after March 2022.\n"
    claims = client.post("/read", json={"text": text}).json()["claims"]
    kept = client.post("/article", data={"text": text, "keep": "1", "csrf": client.token("/article")})
    assert (kept.status_code, kept.headers["location"]) == (303, "/desk?source=read")
    is_told = any(check["verdict"] in ("supported", "contradicted") for one in claims for check in one["checks"])
    assert is_told and "trade through" in client.page("/desk?source=read&status=all").text


@pytest.mark.parametrize("text", ["", " ", "<script>alert(1)</script>", "\x00" * 10, "«" * 5000])
def test_a_hostile_text_fails_nothing(client: Client, text: str) -> None:
    assert client.post("/read", json={"text": text}).status_code in (200, 422)
    page = client.post("/article", data={"text": text, "csrf": client.token("/article")})
    assert page.status_code in (200, 422) and "<script>alert" not in page.text
