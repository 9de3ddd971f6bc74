"""The API, described on a page that needs no script and nothing from elsewhere."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from entrepot.web.pages.rendering import page

router = APIRouter(include_in_schema=False)


@router.get("/api")
def described(request: Request) -> Response:
    """Show what /openapi.json says, one line an operation."""
    document = request.app.openapi()
    operations = [
        (method.upper(), path, operation["description"], operation.get("tags", [""])[0])
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    return page(request, "api.html.j2", operations=operations, about=document["info"]["description"])
