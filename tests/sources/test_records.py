"""Records in: messages, mapped tables, proposals, hidden names."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import duckdb
import pytest

from entrepot.errors import ConfigError, EntrepotError, SourceError, UnexpectedLayout
from entrepot.lake import get_kind
from entrepot.sources import convert, propose, read_record_mapping

PACS = """<?xml version="1.0"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pacs.008.001.08"><FIToFICstmrCdtTrf>
<GrpHdr><MsgId>M1</MsgId><CreDtTm>2025-03-01T10:00:00+06:00</CreDtTm><NbOfTxs>1</NbOfTxs></GrpHdr>
<CdtTrfTxInf><PmtId><EndToEndId>E1</EndToEndId><UETR>u-1</UETR></PmtId>
<IntrBkSttlmAmt Ccy="USD">12500.50</IntrBkSttlmAmt><IntrBkSttlmDt>2025-03-03</IntrBkSttlmDt>
<Dbtr><Nm>Made Trading LLP</Nm><PstlAdr><Ctry>KZ</Ctry></PstlAdr>
<Id><OrgId><Othr><Id>B77</Id></Othr></OrgId></Id></Dbtr>
<DbtrAcct><Id><IBAN>KZ000000000000000001</IBAN></Id></DbtrAcct>
<DbtrAgt><FinInstnId><BICFI>AAAAKZKA</BICFI></FinInstnId></DbtrAgt>
<IntrmyAgt1><FinInstnId><BICFI>BBBBDEFF</BICFI></FinInstnId></IntrmyAgt1>
<CdtrAgt><FinInstnId><BICFI>CCCCTRIS</BICFI></FinInstnId></CdtrAgt>
<Cdtr><Nm>Ornek Makina</Nm><PstlAdr><Ctry>TR</Ctry></PstlAdr></Cdtr>
<CdtrAcct><Id><Othr><Id>987</Id></Othr></Id></CdtrAcct>
<UltmtCdtr><Nm>Other Firm</Nm></UltmtCdtr><Purp><Cd>GDDS</Cd></Purp>
<RmtInf><Ustrd>Contract No 17/25 HS code 8542.31 integrated circuits</Ustrd></RmtInf>
</CdtTrfTxInf></FIToFICstmrCdtTrf></Document>"""

CAMT = """<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt>
<Acct><Id><IBAN>KG01</IBAN></Id></Acct>
<Ntry><NtryRef>N1</NtryRef><Amt Ccy="KGS">100</Amt><CdtDbtInd>CRDT</CdtDbtInd><ValDt><Dt>2025-01-05</Dt></ValDt>
<NtryDtls><TxDtls><Amt Ccy="KGS">60</Amt><RltdPties><Dbtr><Pty><Nm>A</Nm></Pty></Dbtr></RltdPties></TxDtls>
<TxDtls><Amt Ccy="KGS">40</Amt><RltdPties><Dbtr><Pty><Nm>B</Nm></Pty></Dbtr></RltdPties></TxDtls></NtryDtls></Ntry>
</Stmt></BkToCstmrStmt></Document>"""


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def made(tmp_path: Path, text: str, name: str = "a.xml") -> Path:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return path


def test_a_customer_transfer_becomes_a_payment(tmp_path: Path) -> None:
    convert("payment", [made(tmp_path, PACS)], tmp_path / "out.csv")
    (row,) = rows(tmp_path / "out.csv")
    assert (row["payment_id"], row["value_date"], row["amount"], row["currency"]) == (
        "u-1",
        "2025-03-03",
        "12500.50",
        "USD",
    )
    assert (row["payer_country"], row["payer_id"], row["beneficiary_country"], row["intermediary_bics"]) == (
        "KAZ", "B77", "TUR", "BBBBDEFF",
    )  # fmt: skip
    assert (row["hs_codes"], row["contract_id"], row["ultimate_creditor"], row["ultimate_debtor"]) == (
        "854231", "17/25", "Other Firm", "",
    )  # fmt: skip
    assert "is_refund_of" not in row


def test_an_entry_of_a_statement_becomes_its_transactions(tmp_path: Path) -> None:
    convert("payment", [made(tmp_path, CAMT)], tmp_path / "out.csv")
    found = rows(tmp_path / "out.csv")
    assert [(row["payment_id"], row["amount"], row["payer_name"]) for row in found] == [
        ("N1", "60", "A"),
        ("N1-2", "40", "B"),
    ]
    assert {row["beneficiary_account"] for row in found} == {"KG01"}


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE d [<!ENTITY a "b">]><Document>&a;</Document>',
        '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><Document><Ntry>&x;</Ntry></Document>',
        "<Document><CdtTrfTxInf></Document>",
        "<Document>" + "<a>" * 5000 + "</a>" * 5000 + "</Document>",
        "<Document></Document>",
    ],
    ids=["entity", "external", "broken", "deep", "empty"],
)
def test_hostile_or_broken_messages_are_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(EntrepotError):
        convert("payment", [made(tmp_path, text)], tmp_path / "out.csv")
    assert not (tmp_path / "out.csv").exists()


def test_a_mapping_reads_banners_decimals_dates_and_names_of_countries(tmp_path: Path) -> None:
    table = made(
        tmp_path,
        "Отчёт\n\nНомер;Дата;Страна назначения;Стоимость;Вес\nД1;03.02.2025;Россия;1 234,5;NULL\n",
        "a.csv",
    )
    mapping = made(
        tmp_path,
        """
        [columns]
        shipment_id = "Номер"
        declaration_date = "Дата"
        destination_country = "Страна назначения"
        amount = ["Цена", "Стоимость"]
        net_weight_kg = "Вес"
        [constants]
        currency = "USD"
        [read]
        banner_lines = 2
        decimal = ","
        thousands = " "
        date_format = "%d.%m.%Y"
        null_words = ["NULL"]
        """,
        "m.toml",
    )
    convert("shipment", [table], tmp_path / "out.csv", mapping=read_record_mapping(mapping))
    (row,) = rows(tmp_path / "out.csv")
    assert row == {
        "shipment_id": "Д1", "declaration_date": "2025-02-03", "destination_country": "RUS", "net_weight_kg": "",
        "amount": "1234.5", "currency": "USD",
    }  # fmt: skip


def test_a_mapping_to_a_column_that_is_not_there_says_so(tmp_path: Path) -> None:
    table = made(tmp_path, "a;b\n1;2\n", "a.csv")
    with pytest.raises(UnexpectedLayout, match="no column 'c', mapped to shipment_id"):
        convert(
            "shipment",
            [table],
            tmp_path / "o.csv",
            mapping=read_record_mapping(made(tmp_path, '[columns]\nshipment_id = "c"\n', "m.toml")),
        )
    with pytest.raises(ConfigError, match="no column 'colour'"):
        convert(
            "shipment",
            [table],
            tmp_path / "o.csv",
            mapping=read_record_mapping(made(tmp_path, '[columns]\ncolour = "a"\n', "m.toml")),
        )


def test_an_event_column_that_one_file_lacks_is_left_out_of_all(tmp_path: Path) -> None:
    first = made(tmp_path, "shipment_id,arrival_date\n1,\n", "a.csv")
    second = made(tmp_path, "shipment_id,amount\n2,5\n", "b.csv")
    convert("shipment", [first, second], tmp_path / "o.csv")
    assert rows(tmp_path / "o.csv") == [{"shipment_id": "1"}, {"shipment_id": "2"}]


def test_hashed_names_keep_their_links_and_need_a_key(tmp_path: Path) -> None:
    table = made(tmp_path, "person_id,name\n1,Made  Person\n2,made person\n3,Other\n", "a.csv")
    convert("person", [table], tmp_path / "o.csv", names="hash", key=b"k" * 16)
    found = [row["name"] for row in rows(tmp_path / "o.csv")]
    assert found[0] == found[1] != found[2] and len(found[0]) == 32
    convert("person", [table], tmp_path / "p.csv", names="hash", key=b"j" * 16)
    assert rows(tmp_path / "p.csv")[0]["name"] != found[0]
    with pytest.raises(ConfigError, match="no key"):
        convert("person", [table], tmp_path / "q.csv", names="hash")


@pytest.mark.parametrize(
    ("kind", "header", "expected"),
    [
        ("card", ["Номер карты", "Дата выдачи", "Срок действия"], {"card_id": 0, "issue_date": 1, "expiry_date": 2}),
        ("payment", ["İşlem No", "Tutar", "Alıcı Ülke"], {"payment_id": 0, "amount": 1, "beneficiary_country": 2}),
        ("person", ["Customer ID", "Full Name", "Date of Birth"], {"person_id": 0, "name": 1, "birth_date": 2}),
    ],
)
def test_headers_of_three_languages_are_known(kind: str, header: list[str], expected: dict[str, int]) -> None:
    assert propose(get_kind(kind), header).columns == {ours: header[place] for ours, place in expected.items()}


def test_every_real_layout_gets_its_goods_parties_and_dates(shared_data: Path) -> None:
    layouts = json.loads((shared_data / "trade/formats/shipment_column_headers.json").read_text("utf-8"))
    for header in layouts.values():
        found = propose(get_kind("shipment"), header)
        assert {"hs_code", "exporter_name", "declaration_date", "amount"} <= set(found.columns)
        assert all(found.sure.values())


def test_a_proposal_is_a_mapping_that_is_read(tmp_path: Path) -> None:
    found = propose(get_kind("shipment"), ["RECORD_ID", 'HS "CODE"', "TOTAL_VALUE_USD"])
    mapping = read_record_mapping(made(tmp_path, found.toml(), "m.toml"))
    assert mapping.columns["shipment_id"] == "RECORD_ID" and mapping.constants == {"currency": "USD"}


def test_another_kind_is_not_read_from_xml(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="read as payments"):
        convert("card", [made(tmp_path, PACS)], tmp_path / "o.csv")


def test_parquet_comes_out_as_text(tmp_path: Path) -> None:
    convert("payment", [made(tmp_path, PACS)], tmp_path / "o.parquet")
    assert duckdb.sql(f"SELECT amount FROM '{tmp_path / 'o.parquet'}'").fetchall() == [("12500.50",)]
