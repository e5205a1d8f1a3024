"""Where a person lands after signing in."""

from django.urls import reverse

from hub.people.models import Person
from hub.people.queries import towns_of
from hub.people.rules import is_staff


def landing_page(person: Person) -> str:
    """Staff at their desk (S2), who follows no town where one is chosen, everyone else at home."""
    towns = towns_of(person)
    for town, roles in towns.items():
        if is_staff(roles):
            return reverse("desk_home", args=[town.slug])
    return reverse("home" if towns else "towns")
