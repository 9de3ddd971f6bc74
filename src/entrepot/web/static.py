"""Static: the stylesheet and the script, from the package and under fixed names; no address reaches a file."""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from importlib.resources import files

from fastapi import APIRouter, Request
from starlette.responses import Response

from entrepot.report import stylesheet

router = APIRouter(include_in_schema=False)

_DAY = "public, max-age=86400"
_ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#0b6a75"/>'
    '<path d="M4 9c10 0 14 7 24 7M4 16h24M4 23c10 0 14-7 24-7" fill="none" stroke="#fff" stroke-width="3"/></svg>'
)


@cache
def _asset(name: str) -> tuple[bytes, str]:
    text = (files("entrepot.web") / "assets" / name).read_text("utf-8")
    data = (stylesheet() + text if name == "web.css" else text).encode()
    return data, f'"{blake2b(data, digest_size=8).hexdigest()}"'


@router.get("/static/web.css")
async def css(request: Request) -> Response:
    """Send the report's stylesheet with what the pages add to it."""
    return _sent(request, "web.css", "text/css")


@router.get("/static/web.js")
async def js(request: Request) -> Response:
    """Send the one script; every page reads without it."""
    return _sent(request, "web.js", "text/javascript")


@router.get("/favicon.ico")
@router.get("/static/icon.svg")
async def icon() -> Response:
    """Send the icon."""
    return Response(_ICON, media_type="image/svg+xml", headers={"Cache-Control": _DAY})


@router.get("/robots.txt")
async def robots() -> Response:
    """Ask machines to stay out."""
    return Response("User-agent: *\nDisallow: /\n", media_type="text/plain")


def _sent(request: Request, name: str, media_type: str) -> Response:
    data, tag = _asset(name)
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(data, media_type=media_type, headers=headers)
