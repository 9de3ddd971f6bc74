"""The OpenAPI document holds: what schemathesis makes of it is answered as it says."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.client import Client
from tests.web.conftest import made  # noqa: F401


def test_every_operation_says_what_it_does_and_how_it_fails(client: Client) -> None:
    document = client.get("/openapi.json").json()
    operations = [one for methods in document["paths"].values() for one in methods.values()]
    assert len(operations) > 20 and all(one["description"].endswith(".") for one in operations)
    assert all({"200", "401", "422", "429"} <= set(one["responses"]) for one in operations)


@pytest.mark.slow
def test_made_requests_are_answered_as_the_document_says(made: Any) -> None:  # noqa: F811
    schemathesis = pytest.importorskip("schemathesis", reason="the package schemathesis is not installed")
    from hypothesis import HealthCheck, given, settings
    from schemathesis.specs.openapi import checks

    made.openapi()
    schema = schemathesis.openapi.from_asgi("/openapi.json", made)
    # What a server must not do: fail, answer with a status, type or body that its document does not name.
    wanted = [
        schemathesis.checks.not_a_server_error,
        checks.status_code_conformance,
        checks.content_type_conformance,
        checks.response_schema_conformance,
    ]
    for operation in schema.get_all_operations():
        one = operation.ok()

        @given(case=one.as_strategy())
        @settings(
            max_examples=15, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
        )
        def hold(case: Any) -> None:
            case.call_and_validate(checks=wanted, base_url="http://127.0.0.1", headers={"host": "127.0.0.1"})

        hold()
