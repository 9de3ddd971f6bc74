"""Web: the HTTP API and the pages, over the same functions as the command line. It computes nothing."""

from entrepot.web.app import create_app
from entrepot.web.options import Limits, Question, WebOptions

__all__ = ["Limits", "Question", "WebOptions", "create_app"]
