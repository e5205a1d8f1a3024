"""Who is signed in, for pages."""

from django.http import HttpRequest

from hub.people.models import Person


def signed_in_person(request: HttpRequest) -> Person:
    """Who is signed in, in a view that only such people reach."""
    person = request.user
    assert isinstance(person, Person)
    return person
