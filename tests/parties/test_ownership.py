"""Ownership: laws that hold for any holdings, and successors. Firms are invented."""

from __future__ import annotations

import json
import random
from typing import Any

from entrepot.ledger import Ledger
from entrepot.parties import party_of
from entrepot.parties.addresses import address_key
from entrepot.parties.ownership import (
    Holding,
    OwnershipOptions,
    holdings_of_parties,
    listed_on_lists,
    owned,
    successors,
)

DAY = "2026-01-15"
EMPTY = Ledger(())


def statuses(holdings: list[Holding], listed: set[str], regime: str = "OFAC") -> dict[str, str]:
    found = owned(holdings, {"": listed}, as_of=DAY, ledger=EMPTY, options=OwnershipOptions((regime,)))
    return {row["party_id"]: row["status"] for row in found}


def drawn(draw: random.Random, n: int = 25, *, unknown: float = 0.0) -> list[Holding]:
    """Holdings among ten firms, loops and all; the shares of a firm add up to 100 at most."""
    left = dict.fromkeys(range(10), 100.0)
    made = []
    for _ in range(n):
        owner, asset = draw.sample(range(10), 2)
        share = min(left[asset], draw.choice([10.0, 20.0, 25.0, 30.0, 50.0]))
        left[asset] -= share
        if share:
            made.append(Holding(str(owner), str(asset), None if draw.random() < unknown else share))
    return made


def by_hand(holdings: list[Holding], listed: set[str]) -> set[str]:
    """OFAC's line, worked out slowly: add firms until none is added."""
    inside = set(listed)
    while True:
        sums: dict[str, float] = {}
        for one in dict.fromkeys(holdings):
            if one.owner_id in inside:
                sums[one.asset_id] = sums.get(one.asset_id, 0.0) + (one.percentage or 0.0)
        more = {asset for asset, share in sums.items() if share >= 50} - inside
        if not more:
            return inside - listed
        inside |= more


def test_a_slow_second_way_gives_the_same_firms() -> None:
    draw = random.Random(11)
    for _ in range(200):
        holdings, listed = drawn(draw), {"0", "1"}
        found = statuses(holdings, listed)
        assert {p for p, s in found.items() if s == "blocked_by_ownership"} == by_hand(holdings, listed)
        assert set(found.values()) <= {"blocked_by_ownership", "not"}


def test_more_listed_owners_never_free_a_firm() -> None:
    draw = random.Random(12)
    for _ in range(100):
        holdings = drawn(draw)
        for regime in ("OFAC", "UK"):
            few, many = (statuses(holdings, listed, regime) for listed in ({"0"}, {"0", "1", "2"}))
            blocked = {party for party, status in few.items() if status == "blocked_by_ownership"}
            assert all(many[party] == "blocked_by_ownership" for party in blocked - {"1", "2"})


def test_an_unknown_share_never_hides_the_true_answer() -> None:
    """What is decided with some percentages hidden is what the full records say."""
    draw = random.Random(13)
    n_unknown = 0
    for _ in range(200):
        full = list(dict.fromkeys(drawn(draw)))
        hidden = [Holding(h.owner_id, h.asset_id, None) if draw.random() < 0.3 else h for h in full]
        if len(set(hidden)) < len(full):
            continue  # Two hidden holdings of one owner in one firm have become one.
        truth, told = statuses(full, {"0", "1"}), statuses(hidden, {"0", "1"})
        decided = {party: status for party, status in told.items() if status != "unknown"}
        n_unknown += len(told) - len(decided)
        assert all(truth.get(party, "not") == status for party, status in decided.items())
    assert n_unknown > 50


def test_paths_end_in_loops() -> None:
    ring = [Holding("A", "X", 50.0), Holding("X", "Y", 50.0), Holding("Y", "X", 50.0), Holding("Y", "Z", 60.0)]
    found = owned(ring, {"": {"A"}}, as_of=DAY, ledger=EMPTY, options=OwnershipOptions(("OFAC",)))
    paths = {row["party_id"]: [path["parties"] for path in json.loads(row["via"])] for row in found}
    assert paths == {"X": [["A", "X"]], "Y": [["A", "X", "Y"]], "Z": [["A", "X", "Y", "Z"]]}


def test_what_was_recorded_later_was_not_known() -> None:
    late = [Holding("A", "X", 60.0, recorded_at="2026-01-10T00:00:00Z")]
    options = OwnershipOptions(("OFAC",), known="2026-01-09")
    assert len(owned(late, {"": {"A"}}, as_of=DAY, ledger=EMPTY, options=options)) == 0
    assert statuses(late, {"A"}) == {"X": "blocked_by_ownership"}


def test_a_rule_that_the_ledger_does_not_hold_is_asked_about() -> None:
    found = owned([Holding("A", "X", 60.0)], {"": {"A"}}, as_of=DAY, ledger=EMPTY, options=OwnershipOptions(("BIS",)))
    assert found["status"] == ["unknown"] and "usa-20250929-affiliates-rule" in found["ask"][0]


def test_holdings_are_read_from_lists() -> None:
    edge = party_of("o1", "Ownership", {"owner": ["A"], "asset": ["X", "Y"], "percentage": ["51,5 %"]})
    vague = party_of("o2", "Ownership", {"owner": ["B"], "asset": ["X"], "percentage": ["majority"]})
    found = {(h.owner_id, h.asset_id): h.percentage for h in holdings_of_parties([edge, vague])}
    assert found == {("A", "X"): 51.5, ("A", "Y"): 51.5, ("B", "X"): None}


def company(company_id: str, founded: str, **other: str) -> dict[str, Any]:
    return {"company_id": company_id, "name": company_id, "incorporation_date": founded, **other}


LISTING = [{"listing_id": "l", "entity_id": "old", "listing_date": "2024-02-01", "directors": "Sadyk Alymbekov"}]


def test_a_firm_founded_in_the_window_that_shares_something_is_paired() -> None:
    address = {"address": "ул. Киевская, д. 95, Бишкек"}
    firms = [company("old", "2010-01-01", **address), company("new", "2024-05-01", address="Бишкек, Киевская 95")]
    firms += [company("late", "2025-05-01", **address), company("far", "2024-05-01", address="Чуй 1, Бишкек")]
    found = successors(firms, LISTING, as_of=DAY)
    assert [(row["company_id"], row["days"], row["event"]) for row in found] == [("new", 90, "listing")]
    assert len(successors(firms, LISTING, as_of="2024-04-30")) == 0
    assert len(successors(firms, LISTING, as_of=DAY, days=30)) == 0


def test_directors_count_by_id_and_by_name() -> None:
    firms = [company("old", "2010-01-01"), company("a", "2024-05-01"), company("b", "2024-05-01")]
    people = [{"company_id": "old", "person_id": "p1"}, {"company_id": "a", "person_id": "p1"}]
    people += [{"company_id": "b", "person_id": "p9", "person_name": "Алымбеков Садык"}]
    found = {row["company_id"]: row["evidence"] for row in successors(firms, LISTING, as_of=DAY, directorships=people)}
    assert set(found) == {"a", "b"}
    assert "p1" in found["a"] and "Алымбеков Садык" in found["b"]


def test_an_address_of_mass_registration_makes_no_pair() -> None:
    shared = {"address": "Manasa 40, office 1, Bishkek"}
    firms = [company("old", "2010-01-01", **shared), *(company(f"f{n}", "2024-03-01", **shared) for n in range(20))]
    assert len(successors(firms, LISTING, as_of=DAY)) == 0


def test_a_dissolved_firm_has_successors_too() -> None:
    firms = [company("old", "2010-01-01", dissolution_date="2024-02-01", email="a@example.org")]
    firms += [company("new", "2023-12-15", email="A@example.org")]
    found = successors(firms, [], as_of=DAY)
    assert [(row["event"], row["days"]) for row in found] == [("dissolution", -48)]


def test_addresses_are_compared_without_order_and_small_words() -> None:
    assert address_key("ул. Киевская, д. 95, Бишкек") == address_key("Бишкек Киевская 95")
    assert address_key("Bishkek") == address_key("") == ""


def test_a_party_counts_only_for_the_regime_that_lists_it() -> None:
    def on_list(party_id: str, authority: str, program: str = "", dataset: str = "csl") -> list[Any]:
        sanction = {"entity": [party_id], "authority": [authority], "programId": [program]}
        return [
            party_of(party_id, "Organization", {"name": [party_id]}, dataset=dataset),
            party_of(f"{party_id}-s", "Sanction", sanction, dataset=dataset),
        ]

    listed = listed_on_lists(
        [
            *on_list("a", "Treasury Department", "RUSSIA-EO14024"),
            *on_list("b", "Bureau of Industry and Security", "EL"),
            *on_list("c", "Bureau of Industry and Security", "UVL"),
            *on_list("d", "Office of Financial Sanctions Implementation, HM Treasury", dataset="ftm"),
            *on_list("e", "Council of the European Union", dataset="ftm"),
            party_of("f", "Company", {"name": ["a relative's firm"]}, dataset="ftm"),
            party_of("g", "Company", {"name": ["own"]}, dataset="records"),
            party_of("h", "Company", {"name": ["goods"], "topics": ["export.control"]}, dataset="eu-oj"),
        ]
    )
    ours = {regime: ids for regime, ids in listed.items() if regime in ("OFAC", "BIS", "UK", "EU", "")}
    assert ours == {"OFAC": {"a"}, "BIS": {"b"}, "UK": {"d"}, "EU": {"e"}, "": {"g"}}
    assert listed.keys() - ours.keys() == {"Bureau of Industry and Security", "EU, export controls"}
