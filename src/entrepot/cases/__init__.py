"""Cases: the desk's store of alerts, decisions and people; case files that anybody can replay.

Needs the extra ``entrepot[desk]``; names are imported when first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from entrepot.cases.audit import verify_store
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
    from entrepot.cases.news import NEWS, alerts_diff
    from entrepot.cases.policy import ROLES, Policy, default_policy, read_policy
    from entrepot.cases.rows import STATES, Alert, Decision, Recorded
    from entrepot.cases.store import Store, open_store
    from entrepot.cases.users import User, add_user, deactivate_user, get_user, is_password, users

_HOMES = {
    "Added": "folding",
    "Alert": "rows",
    "AlertFilter": "desk",
    "AlertStory": "desk",
    "Decision": "rows",
    "NEWS": "news",
    "Policy": "policy",
    "ROLES": "policy",
    "Recorded": "rows",
    "STATES": "rows",
    "Store": "store",
    "User": "users",
    "add_findings": "folding",
    "add_user": "users",
    "alerts_diff": "news",
    "assign": "desk",
    "close_alert": "desk",
    "count_alerts": "desk",
    "deactivate_user": "users",
    "default_policy": "policy",
    "escalate": "desk",
    "get_alert": "desk",
    "get_user": "users",
    "is_password": "users",
    "list_alerts": "desk",
    "open_store": "store",
    "read_policy": "policy",
    "refuse_closing": "desk",
    "suppress": "desk",
    "verify_store": "audit",
    "users": "users",
}

__all__ = [
    "NEWS",
    "ROLES",
    "STATES",
    "Added",
    "Alert",
    "AlertFilter",
    "AlertStory",
    "Decision",
    "Policy",
    "Recorded",
    "Store",
    "User",
    "add_findings",
    "add_user",
    "alerts_diff",
    "assign",
    "close_alert",
    "count_alerts",
    "deactivate_user",
    "default_policy",
    "escalate",
    "get_alert",
    "get_user",
    "is_password",
    "list_alerts",
    "open_store",
    "read_policy",
    "refuse_closing",
    "suppress",
    "users",
    "verify_store",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
