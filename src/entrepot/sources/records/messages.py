"""Payment messages of ISO 20022 (pacs.008, pacs.009, camt.053) as records of payments: no DTD, no entities, bounded."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

from entrepot.errors import SourceError, UnexpectedLayout
from entrepot.sources.records.countries import alpha3
from entrepot.sources.xml_records import elements_of, root_of

_HEAD = 4096
_RECORDS = frozenset(("GrpHdr", "CdtTrfTxInf", "Ntry", "Acct"))
# Agents between the two banks, in the order in which a message names them.
_BETWEEN = (
    "InstgAgt", "InstdAgt", "PrvsInstgAgt1", "PrvsInstgAgt2", "PrvsInstgAgt3", "IntrmyAgt1", "IntrmyAgt2", "IntrmyAgt3",
)  # fmt: skip
# What the messages can say. A column that they cannot say is not there, so that nobody takes it for empty.
_READ = (
    "payment_id", "value_date", "booked_at", "amount", "currency", "payer_id", "payer_name", "payer_country",
    "payer_account", "payer_bic", "beneficiary_id", "beneficiary_name", "beneficiary_country", "beneficiary_account",
    "beneficiary_bic", "intermediary_bics", "ultimate_debtor", "ultimate_creditor", "rail", "purpose", "purpose_code",
    "hs_codes", "contract_id",
)  # fmt: skip
_HS = re.compile(r"\b(?:HS|HTS|ТН\s?ВЭД|TNVED|GTIP|GTİP)\W{0,8}(?:code|код)?\W{0,4}((?:\d[ .]?){4,9}\d)", re.IGNORECASE)
_CONTRACT = re.compile(
    r"\b(?:contract|agreement|договор\w*|контракт\w*|sözleşme)\s*(?:no\.?|№|nr\.?|#)?\s*([\w/.-]*\d[\w/.-]*)", re.I
)


def write_payments(path: Path, to: Path) -> int:
    """Write the payments of a message file as CSV with our columns; return how many.

    Raises:
        SourceError: the XML is broken, has entities or is nested too deep.
        UnexpectedLayout: it is none of the messages that are read.
    """
    if not path.is_file():
        raise SourceError("no such file", where=path.name, remedy="Check the path.")
    with path.open("rb") as file:
        root = root_of(file.read(_HEAD))
    number = 0
    with to.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, _READ, restval="")
        writer.writeheader()
        for row in _payments(path, root):
            number += 1
            row["payment_id"] = row.get("payment_id") or f"{path.stem}-{number}"
            writer.writerow(row)
    if not number:
        remedy = "pacs.008, pacs.009 and camt.053 are read."
        raise UnexpectedLayout("no payment in it", where=path.name, remedy=remedy)
    return number


def _payments(path: Path, root: str) -> Iterator[dict[str, str]]:
    # Elements are emptied behind us, so what counts of a header is taken out at once.
    header: dict[str, str] = {}
    account = ""
    for element in elements_of(path, root=root, records=_RECORDS, where=path.name):
        if element.tag == "GrpHdr":
            header = {name: _first(element, name) for name in ("IntrBkSttlmDt", "CreDtTm")}
        elif element.tag == "Acct":
            account = _first(element, "Id/IBAN", "Id/Othr/Id")
        elif element.tag == "CdtTrfTxInf":
            yield _transfer(element, header)
        else:
            yield from _entries(element, account)


def _transfer(element: Element, header: dict[str, str]) -> dict[str, str]:
    money = element.find("IntrBkSttlmAmt")
    if money is None:
        money = element.find("Amt/InstdAmt")
    row = {
        "payment_id": _first(element, "PmtId/UETR", "PmtId/TxId", "PmtId/EndToEndId", "PmtId/InstrId"),
        "value_date": _first(element, "IntrBkSttlmDt") or header.get("IntrBkSttlmDt") or header.get("CreDtTm", "")[:10],
        "booked_at": _first(element, "AccptncDtTm") or header.get("CreDtTm", ""),
        **_money(money),
        "rail": "swift",
    }
    agents = [_bic(element.find(name)) for name in _BETWEEN]
    ends = {_bic(element.find("DbtrAgt")), _bic(element.find("CdtrAgt"))}
    row["intermediary_bics"] = ";".join(dict.fromkeys(one for one in agents if one and one not in ends))
    return row | _sides(element)


def _entries(entry: Element, own: str) -> Iterator[dict[str, str]]:
    """An entry of a statement, one row for each of its transactions; the statement's own account is the other side."""
    is_credit = _first(entry, "CdtDbtInd") == "CRDT"
    for place, details in enumerate(entry.findall("NtryDtls/TxDtls") or [entry]):
        parties = details.find("RltdPties")
        sides = _sides(details, parties=parties if parties is not None else details, agents=details.find("RltdAgts"))
        money = details.find("Amt")
        if money is None:
            money = details.find("AmtDtls/TxAmt/Amt")
        number = _first(details, "Refs/UETR", "Refs/TxId", "Refs/AcctSvcrRef", "Refs/EndToEndId")
        row = {
            "payment_id": number or _first(entry, "NtryRef", "AcctSvcrRef") + (f"-{place + 1}" if place else ""),
            "value_date": _first(entry, "ValDt/Dt") or _first(entry, "ValDt/DtTm", "BookgDt/Dt", "BookgDt/DtTm")[:10],
            "booked_at": _first(entry, "BookgDt/DtTm", "BookgDt/Dt"),
            **_money(money if money is not None else entry.find("Amt")),
            **sides,
        }
        side = "beneficiary_account" if is_credit else "payer_account"
        row[side] = row.get(side) or own
        yield row


def _sides(element: Element, *, parties: Element | None = None, agents: Element | None = None) -> dict[str, str]:
    parties = element if parties is None else parties
    agents = element if agents is None else agents
    row: dict[str, str] = {}
    for ours, theirs in (("payer", "Dbtr"), ("beneficiary", "Cdtr")):
        party = parties.find(theirs)
        if party is not None and party.find("Pty") is not None:
            party = party.find("Pty")
        row[f"{ours}_name"] = _first(party, "Nm", "FinInstnId/Nm")
        row[f"{ours}_id"] = _first(
            party, "Id/OrgId/LEI", "Id/OrgId/Othr/Id", "Id/PrvtId/Othr/Id", "FinInstnId/LEI", "FinInstnId/BICFI"
        )
        row[f"{ours}_country"] = alpha3(_first(party, "PstlAdr/Ctry", "CtryOfRes", "FinInstnId/PstlAdr/Ctry"))
        row[f"{ours}_account"] = _account(parties.find(f"{theirs}Acct"))
        row[f"{ours}_bic"] = _bic(agents.find(f"{theirs}Agt")) or _bic(party)
    for ours, theirs in (("ultimate_debtor", "UltmtDbtr"), ("ultimate_creditor", "UltmtCdtr")):
        row[ours] = _first(parties.find(theirs), "Nm", "Pty/Nm")
    purpose = " ".join(one.text.strip() for one in element.findall("RmtInf/Ustrd") if one.text)
    row["purpose"] = purpose
    row["purpose_code"] = _first(element, "Purp/Cd", "Purp/Prtry")
    codes = (re.sub(r"\D", "", one) for one in _HS.findall(purpose))
    row["hs_codes"] = ";".join(dict.fromkeys(code for code in codes if len(code) in (4, 6, 8, 10)))
    named = _CONTRACT.search(purpose)
    row["contract_id"] = _first(element, "RmtInf/Strd/RfrdDocInf/Nb") or (named[1] if named else "")
    return row


def _money(element: Element | None) -> dict[str, str]:
    if element is None:
        return {}
    return {"amount": (element.text or "").strip(), "currency": element.get("Ccy", "")}


def _account(element: Element | None) -> str:
    return _first(element, "Id/IBAN", "Id/Othr/Id")


def _bic(element: Element | None) -> str:
    return _first(element, "FinInstnId/BICFI", "FinInstnId/BIC", "FinInstnId/Othr/Id")


def _first(element: Element | None, *paths: str) -> str:
    """The text at the first path that has any."""
    if element is None:
        return ""
    for path in paths:
        if (found := element.findtext(path)) and found.strip():
            return found.strip()
    return ""
