"""The description that programs are written from, and the page that shows it."""

import re
from typing import Any

import pytest
from django.test import Client
from openapi_spec_validator import validate

pytestmark = pytest.mark.django_db


@pytest.fixture
def described(client: Client) -> dict[str, Any]:
    told: dict[str, Any] = client.get("/api/v1/openapi.json").json()
    return told


def _operations(described: dict[str, Any]) -> list[dict[str, Any]]:
    return [operation for methods in described["paths"].values() for operation in methods.values()]


def test_it_is_valid(described: dict[str, Any]) -> None:
    validate(described)


def test_every_operation_says_what_it_does_and_what_may_go_wrong(described: dict[str, Any]) -> None:
    for operation in _operations(described):
        assert operation["summary"], operation
        assert operation["description"], operation
        assert "application/problem+json" in operation["responses"]["4XX"]["content"], operation


def test_every_body_has_an_example(described: dict[str, Any]) -> None:
    named = set(re.findall(r"#/components/schemas/(\w+)", str(described["paths"])))
    bodies = {name: described["components"]["schemas"][name] for name in named if not name.startswith("Body_")}
    assert len(bodies) > 8
    assert [name for name, schema in bodies.items() if "example" not in schema] == []


def test_both_identities_are_described(described: dict[str, Any]) -> None:
    schemes = described["components"]["securitySchemes"].values()
    assert sorted(scheme["type"] for scheme in schemes) == ["apiKey", "http"]


def test_the_page_needs_nothing_from_elsewhere_and_runs_nothing_of_its_own(client: Client) -> None:
    answer = client.get("/api/v1/docs")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert re.findall(r'(?:src|href)="(?!/static/)[^"]*"', page) == []
    assert re.findall(r"<script(?![^>]*(?: src=| type=\"application/json\"))", page) == []
    assert "'unsafe-inline'" not in answer["Content-Security-Policy"]
    for address in re.findall(r'(?:src|href)="(/static/[^"]+)"', page):
        assert client.get(address).status_code == 200, address
