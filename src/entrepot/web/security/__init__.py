"""Security: who comes in, from where, how much, and what a browser may do with the pages. See docs/security.md."""

from entrepot.web.security.forgery import refuse_forged
from entrepot.web.security.guard import Guard
from entrepot.web.security.sessions import Session, Sessions
from entrepot.web.security.users import ROLES, User, Users, hash_password, read_users, write_user

__all__ = [
    "ROLES",
    "Guard",
    "Session",
    "Sessions",
    "User",
    "Users",
    "hash_password",
    "read_users",
    "refuse_forged",
    "write_user",
]
