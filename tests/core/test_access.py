"""Marks on views: who may open them."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from hub.core.access import access_of, public, signed_in, staff


def page(request: HttpRequest, **found: Any) -> HttpResponse:
    return HttpResponse("open")


class Account:
    is_authenticated = True


@pytest.fixture
def request_of(rf: RequestFactory) -> Any:
    def build(user: object) -> HttpRequest:
        request = rf.get("/messages/?q=banc")
        request.user = user  # type: ignore[assignment]
        return request

    return build


def test_a_stranger_is_sent_to_sign_in_and_back(request_of: Any) -> None:
    for mark in (signed_in, staff):
        answer = mark(page)(request_of(AnonymousUser()))
        assert answer.status_code == 302
        assert answer["Location"].endswith("?next=/messages/%3Fq%3Dbanc")


def test_who_has_an_account_gets_in(request_of: Any) -> None:
    assert signed_in(page)(request_of(Account())).content == b"open"


def test_a_view_says_who_may_open_it() -> None:
    assert access_of(page) is None
    assert access_of(public(lambda request: HttpResponse())) == "public"
    assert access_of(signed_in(page)) == "signed_in"
    assert access_of(staff(page)) == "staff"
