"""Audit: the log of every decision, and whether it holds, as ``entrepot case verify`` looks."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel
from starlette.responses import Response

from entrepot.cases import (
    audit_trail,
    verify_store,
)
from entrepot.web.api.common import responses
from entrepot.web.desk import AtDesk
from entrepot.web.sending import json_response

router = APIRouter(tags=["Audit"])

Latest = Annotated[int, Query(ge=0, le=10_000, description="How many entries, the latest first.")]


class Audit(BaseModel):
    """Entries of the audit log, its last number and hash, and what of the store does not hold: table, row, problem."""

    holds: bool
    problems: list[dict[str, Any]]
    last: dict[str, Any] | None
    entries: list[dict[str, Any]]


@router.get("/audit", responses=responses(Audit))
def audit(turn: AtDesk, limit: Latest = 100) -> Response:
    """Verify the whole store: every entry's hash, every row it recorded, every state; and list the latest entries.

    An entry names alerts, cases and users by their ids alone. Keep the last hash elsewhere: it shows a log that was
    written anew.
    """
    entries = [asdict(one) for one in audit_trail(turn.found, limit=max(limit, 1))]
    problems = verify_store(turn.found).rows()
    last = {name: entries[0][name] for name in ("n", "at", "hash")} if entries else None
    return json_response({"holds": not problems, "problems": problems, "last": last, "entries": entries[:limit]})
