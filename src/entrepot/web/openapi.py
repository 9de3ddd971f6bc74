"""OpenAPI: the document of the API, with the shapes of bodies that are read by hand."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from entrepot.web.shapes import MatchQuery

_PLACE = "#/components/schemas/{model}"


def documented(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document, made once."""
    if app.openapi_schema is None:
        made = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        shape = MatchQuery.model_json_schema(ref_template=_PLACE)
        schemas = made.setdefault("components", {}).setdefault("schemas", {})
        schemas.update(shape.pop("$defs", {}))
        schemas["MatchQuery"] = shape
        app.openapi_schema = made
    return app.openapi_schema
