"""Security: who comes in, from where, how much, and what a browser may do with the pages. See docs/security.md."""

from entrepot.web.security.forgery import refuse_forged
from entrepot.web.security.guard import Guard
from entrepot.web.security.rules import PERMISSIONS
from entrepot.web.security.sessions import Session, Sessions

__all__ = ["PERMISSIONS", "Guard", "Session", "Sessions", "refuse_forged"]
