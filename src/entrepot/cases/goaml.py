"""A draft of a report in goAML's XML, for a person to complete, to check and to file. Nothing here files anything.

Written from the public description of goAML's schema: report, reporting person, reason, transactions or an activity,
parties. ``data/goaml.xsd`` states the part that is written; the unit that receives it has a schema and lists of codes
of its own, and only these count.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as Xml

from entrepot.cases.casework import get_case
from entrepot.cases.desk import get_alert
from entrepot.errors import ConfigError, DeskError

if TYPE_CHECKING:
    from entrepot.cases.store import Store

DRAFT = "DRAFT - not filed - to be completed and checked by a person"
_UNKNOWN = "UNKNOWN"
_SPACES = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Filer:
    """Who would file.

    Attributes:
        rentity_id: number of the reporting entity, as the unit gave it.
        first_name, last_name: the reporting person.
        report_code: the unit's code of the kind of report.
        currency: local currency, ISO 4217.
        reason: why it is suspicious, in a person's own words.
        action: what was done about it.
    """

    rentity_id: int
    first_name: str
    last_name: str
    reason: str
    report_code: str = "STR"
    currency: str = "EUR"
    action: str = ""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[A-Z]{3}", self.currency):
            raise ConfigError(f"currency {self.currency!r}", remedy="Write it as in ISO 4217, such as EUR.")
        lacking = [name for name in ("first_name", "last_name", "reason") if not getattr(self, name).strip()]
        if lacking or self.rentity_id < 1:
            raise ConfigError(f"no {lacking[0] if lacking else 'rentity_id'}", remedy="A report names who files it.")


def goaml_draft(
    store: Store, case_id: str, filer: Filer, *, at: str, payments: Sequence[Mapping[str, Any]] = ()
) -> bytes:
    """Return a draft of a report about a case, as XML.

    Args:
        payments: rows of RECORDS payment that are reported as transactions; without any, the parties of the case are
            reported as an activity.

    Raises:
        NotFound: there is no such case.
        DeskError: it names nobody and there is no payment: there is nothing to report.
        ConfigError: a payment lacks amount, currency or date; the row is named.
    """
    story = get_case(store, case_id)
    alerts = [get_alert(store, str(item.target), day=at[:10]).alert for item in story.of_kind("alert")]
    parties = [alert for alert in alerts if alert.kind in ("person", "company")]
    if not parties and not payments:
        remedy = "Add an alert about a person or a firm, or give --payments."
        raise DeskError(f"case {case_id} names nobody", remedy=remedy)
    report = Xml.Element("report")
    report.append(Xml.Comment(f" {DRAFT} "))
    head = {
        "rentity_id": str(filer.rentity_id),
        "submission_code": "E",
        "report_code": filer.report_code,
        "entity_reference": f"DRAFT-{story.case.case_id}",
        "submission_date": _moment(at),
        "currency_code_local": filer.currency,
    }
    _texts(report, head)
    person = Xml.SubElement(report, "reporting_person")
    _texts(person, {"first_name": filer.first_name, "last_name": filer.last_name})
    _texts(report, {"reason": f"{DRAFT}. {filer.reason}", "action": filer.action or "none yet"})
    for number, payment in enumerate(payments, 1):
        _transaction(report, payment, number, filer.currency)
    if not payments:
        activity = Xml.SubElement(report, "activity")
        listed = Xml.SubElement(activity, "report_parties")
        for alert in parties:
            one = Xml.SubElement(listed, "report_party")
            _party(one, alert.kind, alert.label)
            _texts(one, {"significance": "1", "reason": alert.because, "comments": f"alert {alert.alert_id}"})
    Xml.indent(report)
    written: bytes = Xml.tostring(report, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _transaction(report: Xml.Element, payment: Mapping[str, Any], number: int, local: str) -> None:
    where = f"payments, row {number}"
    for name in ("payment_id", "value_date", "amount", "currency"):
        if payment.get(name) in (None, ""):
            raise ConfigError(f"no {name}", where=where, remedy="A transaction has an id, a date and money.")
    amount = _money(payment, "amount", where)
    is_local = payment["currency"] == local
    if not is_local and payment.get("amount_local") in (None, ""):
        remedy = "Add a column amount_local: nothing is converted here."
        raise ConfigError(f"no amount in {local}", where=where, remedy=remedy)
    one = Xml.SubElement(report, "transaction")
    said = {
        "transactionnumber": str(payment["payment_id"]),
        "transaction_description": f"{payment.get('purpose') or 'purpose unknown'} ({payment['currency']} {amount})",
        "date_transaction": _moment(str(payment["value_date"])),
        "transmode_code": _UNKNOWN,
        "transmode_comment": str(payment.get("rail") or "rail unknown"),
        "amount_local": amount if is_local else _money(payment, "amount_local", where),
    }
    _texts(one, said)
    for side, role in (("payer", "from"), ("beneficiary", "to")):
        way = Xml.SubElement(one, f"t_{role}")
        _texts(way, {f"{role}_funds_code": _UNKNOWN})
        if not is_local:
            money = Xml.SubElement(way, f"{role}_foreign_currency")
            rate = float(_money(payment, "amount_local", where)) / float(amount) if float(amount) else 1.0
            currency = {"foreign_currency_code": str(payment["currency"]), "foreign_amount": amount}
            _texts(money, {**currency, "foreign_exchange_rate": f"{rate:.6f}"})
        # Whether a payer is a person or a firm is not in a payment: a firm's name takes any text whole.
        name = str(payment.get(f"{side}_name") or payment.get(f"{side}_id") or "unknown")
        _texts(Xml.SubElement(way, f"{role}_entity"), {"name": name})
        _texts(way, {f"{role}_country": str(payment.get(f"{side}_country") or _UNKNOWN)})


def _money(payment: Mapping[str, Any], name: str, where: str) -> str:
    try:
        return f"{float(payment[name]):.2f}"
    except ValueError as error:
        raise ConfigError(f"{name} {payment[name]!r}", where=where, remedy="Write a number.") from error


def _party(parent: Xml.Element, kind: str, label: str) -> None:
    if kind == "company":
        _texts(Xml.SubElement(parent, "entity"), {"name": label})
        return
    first, _, last = label.rpartition(" ")
    _texts(Xml.SubElement(parent, "person"), {"first_name": first or "unknown", "last_name": last})


def _texts(parent: Xml.Element, texts: Mapping[str, str]) -> None:
    for name, text in texts.items():
        Xml.SubElement(parent, name).text = _SPACES.sub(" ", text)[:4000]


def _moment(text: str) -> str:
    return f"{text[:19]}" if "T" in text else f"{text[:10]}T00:00:00"
