"""Forgery: a form counts only with the token that its page carried, bound to the browser by a cookie."""

from __future__ import annotations

import hashlib
import hmac

from fastapi import Request

from entrepot.web.errors import Refused


def form_token(secret: bytes, cookie: str) -> str:
    """Return the token of the forms that are shown to the holder of a cookie."""
    return hmac.new(secret, cookie.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def refuse_forged(request: Request, token: str) -> None:
    """Refuse a form that did not come from a page of this server.

    Raises:
        Refused: the token is missing or another one's.
    """
    wanted: str = getattr(request.state, "csrf", "")
    if not wanted or not hmac.compare_digest(wanted.encode(), token.encode("utf-8", "replace")):
        raise Refused(403, "the form is out of date", "Open the page again and send it once more.")
