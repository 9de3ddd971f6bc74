"""The OpenAPI document holds: what schemathesis makes of it is answered as it says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from entrepot.settings import Settings
from entrepot.web import Question, WebOptions, create_app
from tests.web.client import Client


def test_every_operation_says_what_it_does_and_how_it_fails(client: Client) -> None:
    document = client.get("/openapi.json").json()
    operations = [one for methods in document["paths"].values() for one in methods.values()]
    assert len(operations) > 40 and all(one["description"].endswith(".") for one in operations)
    assert all({"200", "401", "422", "429"} <= set(one["responses"]) for one in operations)


@pytest.mark.slow
def test_made_requests_are_answered_as_the_document_says(lake_folder: Path, question: Question, tmp_path: Path) -> None:
    schemathesis = pytest.importorskip("schemathesis", reason="the package schemathesis is not installed")
    from hypothesis import HealthCheck, given, settings
    from schemathesis.specs.openapi import checks

    @schemathesis.serializer("application/x-ndjson")
    def one_line(_: Any, value: Any) -> bytes:
        return str(value).encode("utf-8", "replace")

    options = WebOptions(store=tmp_path / "desk.sqlite", apart=False, question=question, hosts=("testserver",))
    schema = schemathesis.openapi.from_asgi("/openapi.json", create_app(Settings(lake=lake_folder), options))
    # What a server must not do: fail, or answer with a status, type or body that its document does not name.
    wanted = [
        schemathesis.checks.not_a_server_error,
        checks.status_code_conformance,
        checks.content_type_conformance,
        checks.response_schema_conformance,
    ]
    quick = settings(max_examples=15, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    faults: list[str] = []
    for operation in schema.get_all_operations():

        @quick
        @given(case=operation.ok().as_strategy())
        def hold(case: Any) -> None:
            case.call_and_validate(checks=wanted)

        try:
            hold()
        except Exception as error:
            faults.append(f"{operation.ok().label}: {error}"[:1500])
    assert faults == []
