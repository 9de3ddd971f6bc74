"""Red flags of kind claim read the lines that reading and testing write."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from entrepot.alerts import Check, CheckOptions, answer_table
from entrepot.alerts import test_claims as put_to_data
from entrepot.ledger import open_ledger
from entrepot.redflags import shipped_flags

AS_OF = "2026-11-01"


def line(number: int, **other: Any) -> dict[str, Any]:
    place = {"text": "Kazakhstan", "type": "territory", "id": "KAZ"}
    given = {"id": f"C-{number}", "quote": "Exports of drones are barred", "start": 0, "end": 28, "speaker": "per:x",
             "speaker_role": "deputy", "via": [], "is_negated": False, "quantities": [], "hedge": "certain",
             "topic": "export_monitoring", "topics_secondary": [], "entities": [place], "date": None}  # fmt: skip
    return {**given, **other}


def day(edtf: str) -> dict[str, str]:
    return {"text": edtf, "edtf": edtf, "status": "stated"}


def fired(folder: Path, lines: list[dict[str, Any]]) -> set[tuple[str, str]]:
    ledger = open_ledger()
    path = folder / "claims.jsonl"
    tested = put_to_data(lines, ledger=ledger, as_of=AS_OF)
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in tested), "utf-8")
    with Check("claim", shipped_flags(), ledger, CheckOptions(AS_OF)) as check:
        check.read("claim", path)
        check.outcomes()
        rows = answer_table(check).rows()
        return {(row["record_id"], row["flag_id"]) for row in rows if row["outcome"] == "fired"}


def test_entities_that_are_objects_are_compared_by_their_ids(tmp_path: Path) -> None:
    capital = {"text": "Astana", "type": "territory", "id": "KAZ"}
    who = "spokesman of the ministry"
    denial = line(2, is_negated=True, speaker_role=who, date=day("2023-10-20"), entities=[capital])
    found = fired(tmp_path, [line(1, date=day("2023-10-18")), denial])
    assert {("C-1", "I06"), ("C-2", "I06"), ("C-1", "I05")} <= found


def test_a_wrong_membership_fires_and_a_supported_measure_clears(tmp_path: Path) -> None:
    union = [{"text": "Uzbekistan", "type": "territory", "id": "UZB"}, {"text": "EAEU", "type": "bloc", "id": "EAEU"}]
    member = line(1, quote="Uzbekistan is a member of the EAEU", topic="membership", entities=union)
    mir = line(2, quote="Kyrgyzstan stopped accepting Mir cards on 3 April 2024", topic="payment_system", entities=[])
    found = fired(tmp_path, [member, mir])
    assert ("C-1", "I07") in found and ("C-1", "I01") in found and ("C-2", "I01") not in found
