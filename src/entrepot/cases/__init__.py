"""Cases: the desk's store of alerts, decisions and people; case files that anybody can replay.

Needs the extra ``entrepot[desk]``; names are imported when first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from entrepot.cases.audit import AuditEntry, audit_trail, verify_store
    from entrepot.cases.bundle import manifest_of
    from entrepot.cases.casedecisions import close_case, hand_over, publish
    from entrepot.cases.casework import (
        Case,
        CaseStory,
        Item,
        add_document,
        add_note,
        add_query,
        add_to_case,
        get_case,
        list_cases,
        new_case,
        query_of,
    )
    from entrepot.cases.credentials import is_password, key_hash, new_key
    from entrepot.cases.desk import (
        AlertFilter,
        AlertStory,
        assign,
        close_alert,
        comment,
        count_alerts,
        escalate,
        get_alert,
        list_alerts,
        refuse_closing,
        suppress,
    )
    from entrepot.cases.erasing import Erased, erase_due, erase_subject
    from entrepot.cases.exporting import (
        case_content,
        case_entities,
        case_table,
        read_case_file,
        write_bytes,
        write_entities,
    )
    from entrepot.cases.folding import Added, add_findings
    from entrepot.cases.freezing import Frozen, freeze
    from entrepot.cases.goaml import Filer, goaml_draft
    from entrepot.cases.news import NEWS, alerts_diff
    from entrepot.cases.people import User, add_user, adopt_user, deactivate_user, get_user, users
    from entrepot.cases.policy import ROLES, Policy, default_policy, read_policy
    from entrepot.cases.proposals import Outcome, file_report, filings, judge_pair, record_draft
    from entrepot.cases.queries import Query
    from entrepot.cases.replaying import DIFFERENCES, Replayed, replay, verify_case_file
    from entrepot.cases.rows import STATES, Alert, Decision, Recorded
    from entrepot.cases.sharing import alert_json
    from entrepot.cases.store import Store, open_store
    from entrepot.cases.writer import check_instant

_HOMES = {
    "adopt_user": "people",
    "new_key": "credentials",
    "key_hash": "credentials",
    "comment": "desk",
    "audit_trail": "audit",
    "AuditEntry": "audit",
    "Added": "folding",
    "Alert": "rows",
    "AlertFilter": "desk",
    "AlertStory": "desk",
    "Case": "casework",
    "CaseStory": "casework",
    "DIFFERENCES": "replaying",
    "Decision": "rows",
    "Erased": "erasing",
    "Filer": "goaml",
    "Frozen": "freezing",
    "Item": "casework",
    "NEWS": "news",
    "Outcome": "proposals",
    "Policy": "policy",
    "Query": "queries",
    "ROLES": "policy",
    "Recorded": "rows",
    "Replayed": "replaying",
    "STATES": "rows",
    "Store": "store",
    "User": "people",
    "add_document": "casework",
    "add_findings": "folding",
    "add_note": "casework",
    "add_query": "casework",
    "add_to_case": "casework",
    "add_user": "people",
    "alert_json": "sharing",
    "alerts_diff": "news",
    "assign": "desk",
    "case_content": "exporting",
    "case_entities": "exporting",
    "case_table": "exporting",
    "check_instant": "writer",
    "close_alert": "desk",
    "close_case": "casedecisions",
    "count_alerts": "desk",
    "deactivate_user": "people",
    "default_policy": "policy",
    "erase_due": "erasing",
    "erase_subject": "erasing",
    "escalate": "desk",
    "file_report": "proposals",
    "filings": "proposals",
    "freeze": "freezing",
    "get_alert": "desk",
    "get_case": "casework",
    "get_user": "people",
    "goaml_draft": "goaml",
    "hand_over": "casedecisions",
    "is_password": "credentials",
    "judge_pair": "proposals",
    "list_alerts": "desk",
    "list_cases": "casework",
    "manifest_of": "bundle",
    "new_case": "casework",
    "open_store": "store",
    "publish": "casedecisions",
    "query_of": "casework",
    "read_case_file": "exporting",
    "read_policy": "policy",
    "record_draft": "proposals",
    "refuse_closing": "desk",
    "replay": "replaying",
    "suppress": "desk",
    "users": "people",
    "verify_case_file": "replaying",
    "verify_store": "audit",
    "write_bytes": "exporting",
    "write_entities": "exporting",
}

__all__ = [
    "DIFFERENCES",
    "NEWS",
    "ROLES",
    "STATES",
    "Added",
    "Alert",
    "AlertFilter",
    "AlertStory",
    "AuditEntry",
    "Case",
    "CaseStory",
    "Decision",
    "Erased",
    "Filer",
    "Frozen",
    "Item",
    "Outcome",
    "Policy",
    "Query",
    "Recorded",
    "Replayed",
    "Store",
    "User",
    "add_document",
    "add_findings",
    "add_note",
    "add_query",
    "add_to_case",
    "add_user",
    "adopt_user",
    "alert_json",
    "alerts_diff",
    "assign",
    "audit_trail",
    "case_content",
    "case_entities",
    "case_table",
    "check_instant",
    "close_alert",
    "close_case",
    "comment",
    "count_alerts",
    "deactivate_user",
    "default_policy",
    "erase_due",
    "erase_subject",
    "escalate",
    "file_report",
    "filings",
    "freeze",
    "get_alert",
    "get_case",
    "get_user",
    "goaml_draft",
    "hand_over",
    "is_password",
    "judge_pair",
    "key_hash",
    "list_alerts",
    "list_cases",
    "manifest_of",
    "new_case",
    "new_key",
    "open_store",
    "publish",
    "query_of",
    "read_case_file",
    "read_policy",
    "record_draft",
    "refuse_closing",
    "replay",
    "suppress",
    "users",
    "verify_case_file",
    "verify_store",
    "write_bytes",
    "write_entities",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
