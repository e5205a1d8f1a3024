"""Every address says who may open it."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from hub.api import api
from hub.core.access import access_of
from hub.people.models import Person
from hub.towns.models import Town

PART = re.compile(r"<(\w+):(\w+)>")


def _views(patterns: list[Any], prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _views(pattern.url_patterns, address)
        else:
            yield address, pattern


def _pages() -> list[tuple[str, URLPattern]]:
    found = _views(get_resolver().url_patterns)
    return [(address, pattern) for address, pattern in found if not address.startswith("api/v1/")]


def test_every_page_says_who_may_open_it() -> None:
    pages = _pages()
    assert len(pages) > 10
    assert [address for address, pattern in pages if access_of(pattern.callback) is None] == []


def test_the_desk_is_for_staff() -> None:
    desk = [(address, pattern.callback) for address, pattern in _pages() if address.startswith("mairie/")]
    assert desk
    assert [address for address, view in desk if access_of(view) != "staff"] == []


def test_the_desk_is_not_there_for_citizens(client: Client, town: Town, citizen: Person) -> None:
    values = {"town_slug": town.slug, "slug": "x", "int": "1", "uuid": str(UUID(int=1)), "str": "x"}
    desk = [address for address, _ in _pages() if address.startswith("mairie/")]
    client.force_login(citizen)
    for address in desk:
        path = "/" + PART.sub(lambda part: values.get(part[2]) or values[part[1]], address)
        answer = client.get(path)
        if answer.status_code == 405:
            answer = client.post(path)
        assert answer.status_code == 404, path


def test_every_operation_of_the_api_asks_who_is_there_or_says_it_is_public() -> None:
    operations = [
        (f"{operation.methods} {path}", operation)
        for router in api._get_bound_routers()
        for path, view in router.path_operations.items()
        for operation in view.operations
    ]
    assert len(operations) > 5
    silent = [
        name
        for name, operation in operations
        if not operation.auth_callbacks and access_of(operation.view_func) != "public"
    ]
    assert silent == []
