"""Rules: which permission an address needs. The first that fits counts; what no rule names needs to be read only."""

from __future__ import annotations

from collections.abc import Mapping

# What a role may do: read pages and answers; screen parties and check records; work on alerts and cases; be the second
# person of a decision; read the audit log; see who is a user.
PERMISSIONS: Mapping[str, frozenset[str]] = {
    "analyst": frozenset({"read", "screen", "propose"}),
    "reviewer": frozenset({"read", "screen", "propose", "decide"}),
    "auditor": frozenset({"read", "audit"}),
    "admin": frozenset({"read", "users"}),
}
# For everybody, and for whoever is logged in.
OPEN, ANYBODY = "open", ""

_RULES: tuple[tuple[str, str, str], ...] = (
    ("*", "/healthz", OPEN),
    ("*", "/readyz", OPEN),
    ("*", "/login", OPEN),
    ("GET", "/static/", OPEN),
    ("GET", "/favicon.ico", OPEN),
    ("GET", "/robots.txt", OPEN),
    ("*", "/logout", ANYBODY),
    ("*", "/users", "users"),
    ("*", "/match", "screen"),
    ("*", "/search", "screen"),
    ("*", "/entities", "screen"),
    ("*", "/reconcile", "screen"),
    ("*", "/names", "screen"),
    ("*", "/check", "screen"),
    ("*", "/record", "screen"),
    ("*", "/read", "screen"),
    ("*", "/article", "screen"),
    ("*", "/alerts", "propose"),
    ("*", "/cases", "propose"),
    ("*", "/desk/audit", "audit"),
    ("*", "/desk", "propose"),
    ("*", "/audit", "audit"),
)


def permission_of(method: str, path: str) -> str:
    """Return the permission that a request needs."""
    for wanted, start, permission in _RULES:
        is_there = path == start or path.startswith(start if start.endswith("/") else f"{start}/")
        if is_there and (wanted == "*" or wanted == method or (wanted == "GET" and method == "HEAD")):
            return permission
    return "read"
