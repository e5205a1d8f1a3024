"""Who is signed in, for pages."""

from django.http import HttpRequest, QueryDict

from hub.people.models import Person


def signed_in_person(request: HttpRequest) -> Person:
    """Who is signed in, in a view that only such people reach."""
    person = request.user
    assert isinstance(person, Person)
    return person


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form brought, be it nothing; None when the page is only asked for."""
    return request.POST if request.method == "POST" else None
