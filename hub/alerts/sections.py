"""« Alertes de la commune » on the page « Mes notifications »: one part per town that the person follows."""

from django.urls import reverse

from hub.alerts import wishes
from hub.alerts.queries import towns_followed
from hub.notifications.sections import Section
from hub.people.models import Person


def sections(person: Person) -> list[Section]:
    """In the order of the towns' names."""
    return [
        Section(
            "alerts/section.html",
            wishes.shown(person, town, whose="own", path=reverse("alert_wishes", args=[town.slug])),
        )
        for town in towns_followed(person)
    ]
