"""UN/EDIFACT CUSDEC: one shipment a goods item, marks released, broken files refused."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from entrepot.errors import SourceError
from entrepot.sources import convert

# Made after the public description of the message.
CUSDEC = """UNA:+.? '
UNB+UNOC:3+SENDER+RECEIVER+250301:1200+1'
UNH+1+CUSDEC:D:96B:UN'
BGM+929+DECL??1?'7+9'
DTM+137:20250301:102'
LOC+35+DE'
LOC+28+KG'
NAD+EX+EX1++Made Exporter GmbH:und Söhne'
NAD+CN+CN9+Ornek ?+ Ticaret'
SEL+SEAL7'
UNS+D'
CST+1+85423110:122:95'
FTX+AAA+++Integrated circuits:second line'
LOC+27+CN'
MEA+WT+AAL+KGM:12.5'
MEA+WT+AAB+TNE:0.014'
PAC+3++CT'
MOA+40:2000:EUR'
MOA+38:1234.5:EUR'
CST+2+0805.10:122:95'
MOA+63:10:USD'
UNS+S'
CNT+5:2'
UNT+21+1'
UNZ+1+1'
"""


def items(tmp_path: Path, text: str) -> list[dict[str, str]]:
    path, out = tmp_path / "d.edi", tmp_path / "o.csv"
    path.write_bytes(text.encode("latin-1"))
    convert("shipment", [path], out)
    with out.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_declaration_becomes_its_goods_items(tmp_path: Path) -> None:
    first, second = items(tmp_path, CUSDEC)
    assert (first["shipment_id"], first["declaration_date"], first["hs_code"]) == (
        "DECL?1'7-1",
        "2025-03-01",
        "85423110",
    )
    assert (first["exporter_name"], first["consignee_name"], first["consignee_id"]) == (
        "Made Exporter GmbH und Söhne", "Ornek + Ticaret", "CN9",
    )  # fmt: skip
    assert (first["origin_country"], first["dispatch_country"], first["destination_country"]) == ("CHN", "DEU", "KGZ")
    assert (first["net_weight_kg"], first["gross_weight_kg"], first["packages"], first["seal_id"]) == (
        "12.5", "14", "3", "SEAL7",
    )  # fmt: skip
    assert (first["amount"], first["currency"], first["valuation"]) == ("1234.5", "EUR", "")
    assert (second["hs_code"], second["origin_country"], second["amount"], second["valuation"]) == (
        "080510",
        "",
        "10",
        "fob",
    )
    assert "arrival_date" not in first


def test_other_marks_are_those_that_the_file_names(tmp_path: Path) -> None:
    turned = CUSDEC.replace("UNA:+.? '", "UNA|^,? ~").replace("?'", "\0").replace("?+", "\1")
    for old, new in (("'\n", "~\n"), (":", "|"), ("+", "^"), ("\0", "'"), ("\1", "+"), ("1234.5", "1234,5")):
        turned = turned.replace(old, new)
    first, _ = items(tmp_path, turned)
    assert (first["amount"], first["consignee_name"], first["shipment_id"]) == (
        "1234.5",
        "Ornek + Ticaret",
        "DECL?1'7-1",
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (CUSDEC[:300], "no end"),
        (CUSDEC.replace("CUSDEC", "INVOIC"), "no goods item of a CUSDEC"),
        ("UNA:", "UNA is cut"),
        ("UNB+UNOC:3+" + "x" * 400_000, "without an end"),
    ],
)
def test_what_is_no_whole_declaration_is_refused(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(SourceError, match=told):
        items(tmp_path, text)
