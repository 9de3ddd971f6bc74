"""Sending: answers as JSON, with unknown numbers as null."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

JSON = "application/json"
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=str).encode


def json_text(value: Any) -> str:
    """Return a value as JSON; NaN and infinity are unknown, so null."""
    try:
        return _encode(value)
    except ValueError:
        return _encode(known(value))


def json_response(value: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return a value as a JSON answer."""
    return Response(_bytes(json_text(value)), status, dict(headers or {}), JSON)


def raw_json(text: str, headers: Mapping[str, str] | None = None) -> Response:
    """Return JSON text that is made already as an answer."""
    return Response(_bytes(text), 200, dict(headers or {}), JSON)


def known(value: Any) -> Any:
    """Return a value with None wherever a number is not finite."""
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else None
    if isinstance(value, Mapping):
        return {str(name): known(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [known(one) for one in value]
    return value


def _bytes(text: str) -> bytes:
    # A lone half of a surrogate pair, as JSON can carry, is no text.
    return text.encode("utf-8", "replace")
