"""Who is signed in, for pages."""

import time
from collections.abc import Callable
from typing import TypeVar

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import get_authentication_records
from django.http import HttpRequest, HttpResponseBase, QueryDict

from hub.people.models import Person

FRESH_S = 300

ViewT = TypeVar("ViewT", bound=Callable[..., HttpResponseBase])


def sure_it_is_you(view: ViewT) -> ViewT:
    """Password or second factor once more when the last time was five minutes ago: an open computer isn't enough."""
    guarded: ViewT = reauthentication_required(app="allauth.account")(view)
    return guarded


def second_factor_just_shown(request: HttpRequest) -> bool:
    """Whether the second factor itself was shown within the last five minutes, at the sign-in or once more."""
    shown = [record for record in get_authentication_records(request, request.user) if record["method"] == "mfa"]
    return any(time.time() - record["at"] < FRESH_S for record in shown)


def signed_in_person(request: HttpRequest) -> Person:
    """Who is signed in, in a view that only such people reach."""
    person = request.user
    assert isinstance(person, Person)
    return person


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form brought, be it nothing; None when the page is only asked for."""
    return request.POST if request.method == "POST" else None
