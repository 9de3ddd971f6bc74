"""Cases: the desk's store of alerts, decisions and people; case files that anybody can replay.

Needs the extra ``entrepot[desk]``; names are imported when first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from entrepot.cases.audit import verify_store
    from entrepot.cases.bundle import manifest_of
    from entrepot.cases.casework import (
        Case,
        CaseStory,
        Item,
        add_document,
        add_note,
        add_query,
        add_to_case,
        close_case,
        get_case,
        hand_over,
        list_cases,
        new_case,
        publish,
    )
    from entrepot.cases.desk import (
        AlertFilter,
        AlertStory,
        assign,
        close_alert,
        count_alerts,
        escalate,
        get_alert,
        list_alerts,
        refuse_closing,
        suppress,
    )
    from entrepot.cases.folding import Added, add_findings
    from entrepot.cases.freezing import Frozen, freeze
    from entrepot.cases.news import NEWS, alerts_diff
    from entrepot.cases.people import User, add_user, deactivate_user, get_user, is_password, users
    from entrepot.cases.policy import ROLES, Policy, default_policy, read_policy
    from entrepot.cases.queries import Query
    from entrepot.cases.replaying import Replayed, replay, verify_case_file
    from entrepot.cases.rows import STATES, Alert, Decision, Recorded
    from entrepot.cases.store import Store, open_store

_HOMES = {
    "Added": "folding",
    "Alert": "rows",
    "AlertFilter": "desk",
    "AlertStory": "desk",
    "Case": "casework",
    "CaseStory": "casework",
    "Decision": "rows",
    "Frozen": "freezing",
    "Item": "casework",
    "NEWS": "news",
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
    "alerts_diff": "news",
    "assign": "desk",
    "close_alert": "desk",
    "close_case": "casework",
    "count_alerts": "desk",
    "deactivate_user": "people",
    "default_policy": "policy",
    "escalate": "desk",
    "freeze": "freezing",
    "get_alert": "desk",
    "get_case": "casework",
    "get_user": "people",
    "hand_over": "casework",
    "is_password": "people",
    "list_alerts": "desk",
    "list_cases": "casework",
    "manifest_of": "bundle",
    "new_case": "casework",
    "open_store": "store",
    "publish": "casework",
    "read_policy": "policy",
    "refuse_closing": "desk",
    "replay": "replaying",
    "suppress": "desk",
    "users": "people",
    "verify_case_file": "replaying",
    "verify_store": "audit",
}

__all__ = [
    "NEWS",
    "ROLES",
    "STATES",
    "Added",
    "Alert",
    "AlertFilter",
    "AlertStory",
    "Case",
    "CaseStory",
    "Decision",
    "Frozen",
    "Item",
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
    "alerts_diff",
    "assign",
    "close_alert",
    "close_case",
    "count_alerts",
    "deactivate_user",
    "default_policy",
    "escalate",
    "freeze",
    "get_alert",
    "get_case",
    "get_user",
    "hand_over",
    "is_password",
    "list_alerts",
    "list_cases",
    "manifest_of",
    "new_case",
    "open_store",
    "publish",
    "read_policy",
    "refuse_closing",
    "replay",
    "suppress",
    "users",
    "verify_case_file",
    "verify_store",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
