"""Trade: routes, both sides' reports and effects of measures, as their commands answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel
from starlette.responses import Response

from entrepot.errors import ConfigError
from entrepot.web.api.common import Bench, responses
from entrepot.web.asked import Answer
from entrepot.web.question import day, level, mirror_question, products, routes_question, territories
from entrepot.web.sending import json_response

router = APIRouter(tags=["Trade"])

Codes = Annotated[str | None, Query(max_length=400)]
Month = Annotated[str | None, Query(max_length=7, examples=["2022-03"])]
Digits = Annotated[str, Query(max_length=1, description="Digits of the goods code: 4, 6 or 8.")]
Size = Annotated[int, Query(ge=1, le=10_000, description="Rows to send.")]
From = Annotated[int, Query(ge=0, le=1_000_000, description="Rows to leave out first.")]


class Rows(BaseModel):
    """A table: its rows, how many there are in all, the question as it was understood, and what caveats mean."""

    rows: list[dict[str, Any]]
    total: int
    offset: int
    parameters: dict[str, Any]
    caveats: dict[str, str]
    is_simulated: bool
    lake_version: int


class Effect(BaseModel):
    """What happened to trade at a date: ``answer`` as `entrepot effect --json` writes it, and one sentence."""

    answer: dict[str, Any]
    sentence: str
    is_simulated: bool
    lake_version: int


@router.get("/routes", responses=responses(Rows, 400))
def routes(
    bench: Bench,
    destination: Annotated[str, Query(max_length=12, examples=["RUS"])] = "",
    event: Month = None,
    until: Month = None,
    via: Codes = None,
    products: Codes = None,
    origins: Codes = None,
    level: Digits = "6",
    is_alert: bool | None = None,
    limit: Size = 1000,
    offset: From = 0,
) -> Response:
    """Rank routes by unexplained trade, as `entrepot routes` does; what is not asked for is as on the first page."""
    given = {"destination": destination, "event": event, "until": until, "via": via, "products": products}
    asked = {name: value or "" for name, value in {**given, "origins": origins, "level": level}.items()}
    question = routes_question(asked, bench.options.question)
    found: Answer = bench.estimates.get("routes", bench.version, question)
    rows = [row for row in found.rows if is_alert is None or bool(row["is_alert"]) == is_alert]
    return _table(bench, found, rows, limit, offset)


@router.get("/mirror", responses=responses(Rows, 400))
def mirror(
    bench: Bench,
    exporter: Annotated[str, Query(max_length=12, examples=["DEU"])],
    importer: Annotated[str, Query(max_length=12, examples=["KAZ"])],
    products: Codes = None,
    event: Month = None,
    level: Digits = "6",
    limit: Size = 1000,
    offset: From = 0,
) -> Response:
    """Compare both sides' reports of the same trade; the columns are those of `entrepot mirror`."""
    given = {"exporter": exporter, "importer": importer, "products": products, "event": event, "level": level}
    question = mirror_question({name: value or "" for name, value in given.items()})
    found: Answer = bench.estimates.get("mirror", bench.version, question)
    return _table(bench, found, found.rows, limit, offset)


@router.get("/effects", responses=responses(Effect, 400))
def effects(
    bench: Bench,
    exporter: Annotated[str, Query(max_length=200, examples=["EU27"])],
    importer: Annotated[str, Query(max_length=200, examples=["RUS"])],
    products: Codes = None,
    measure: Annotated[str | None, Query(max_length=200)] = None,
    date: Annotated[str | None, Query(max_length=10, examples=["2022-03"])] = None,
    level: Digits = "6",
) -> Response:
    """Estimate how trade changed at a measure's date, against other importers; name a measure or a date."""
    question = effect_question(
        {
            "exporter": exporter,
            "importer": importer,
            "products": products,
            "measure": measure,
            "date": date,
            "level": level,
        }
    )
    found: Answer = bench.estimates.get("effect", bench.version, question)
    return json_response(
        {
            "answer": found.value,
            "sentence": found.page["sentence"],
            "is_simulated": bench.options.is_simulated,
            "lake_version": bench.version,
        }
    )


def effect_question(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of ``effect``.

    Raises:
        ConfigError: a part is malformed, or neither or both of measure and date are named.
    """
    if (given["measure"] is None) == (given["date"] is None):
        raise ConfigError("neither or both of measure and date", remedy="Name one of them.")
    return {
        "exporters": territories(given["exporter"], "exporter"),
        "importers": territories(given["importer"], "importer"),
        # Those of the measure where nobody names any.
        "products": products(given["products"]) if given["products"] else None,
        "measure": given["measure"],
        "date": None if given["date"] is None else day(given["date"], "date"),
        "level": level(given["level"]),
    }


def _table(bench: Bench, found: Answer, rows: list[dict[str, Any]], limit: int, offset: int) -> Response:
    sent = rows[offset : offset + limit]
    used = {part.strip() for row in sent for part in str(row.get("caveats") or "").split(";")}
    return json_response(
        {
            "rows": sent,
            "total": len(rows),
            "offset": offset,
            "parameters": found.parameters,
            "caveats": {name: text for name, text in found.texts.items() if name in used},
            "is_simulated": bench.options.is_simulated,
            "lake_version": bench.version,
        }
    )
