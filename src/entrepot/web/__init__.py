"""Web: the HTTP API and the pages, over the same functions as the command line. It computes nothing."""

from entrepot.web.app import create_app
from entrepot.web.options import Limits, Question, WebOptions
from entrepot.web.security.users import User, hash_password, with_key, write_user

__all__ = ["Limits", "Question", "User", "WebOptions", "create_app", "hash_password", "with_key", "write_user"]
