"""Who is signed in, for pages."""

from collections.abc import Callable
from typing import TypeVar

from allauth.account.decorators import reauthentication_required
from django.http import HttpRequest, HttpResponseBase, QueryDict

from hub.people.models import Person

ViewT = TypeVar("ViewT", bound=Callable[..., HttpResponseBase])


def sure_it_is_you(view: ViewT) -> ViewT:
    """Password or second factor once more when the last time was five minutes ago: an open computer isn't enough."""
    guarded: ViewT = reauthentication_required(app="allauth.account")(view)
    return guarded


def signed_in_person(request: HttpRequest) -> Person:
    """Who is signed in, in a view that only such people reach."""
    person = request.user
    assert isinstance(person, Person)
    return person


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form brought, be it nothing; None when the page is only asked for."""
    return request.POST if request.method == "POST" else None
