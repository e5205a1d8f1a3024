"""Every address says who may open it."""

import inspect
from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from hub.api import api
from hub.core.access import access_of


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


def test_the_desk_is_for_staff_and_asks_which_town() -> None:
    desk = [(address, pattern.callback) for address, pattern in _pages() if address.startswith("mairie/")]
    assert [address for address, view in desk if access_of(view) != "staff"] == []
    modules = {inspect.getmodule(inspect.unwrap(view)) for _, view in desk}
    assert [module for module in modules if "access_desk" not in inspect.getsource(module)] == []  # type: ignore[arg-type]


def test_every_operation_of_the_api_asks_who_is_there_or_says_it_is_public() -> None:
    operations = [
        (f"{prefix}{path} {operation.methods}", operation)
        for prefix, router in api._routers
        for path, view in router.path_operations.items()
        for operation in view.operations
    ]
    assert operations
    silent = [
        name
        for name, operation in operations
        if not operation.auth_callbacks and access_of(operation.view_func) != "public"
    ]
    assert silent == []
