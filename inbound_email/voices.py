"""In whose name a box speaks that several of the town hall read."""

from django.db import transaction

from hub.people.models import Person
from hub.tickets.models import Ticket
from hub.tickets.naming import town_hall
from hub.towns.models import Service, Town
from inbound_email.addresses import same_email
from inbound_email.models import Voice


def voice_of(ticket: Ticket, box: str) -> Person:
    """The service's, when it is the service's address; else the town hall's. Made when there is none yet; it has the
    name that they have now."""
    service = ticket.service if ticket.service and same_email(ticket.service.email, box) else None
    name = (service.name if service else town_hall(ticket.town))[:80]
    with transaction.atomic():
        person = _known(ticket.town, service) or _made(ticket.town, service)
        if person.last_name != name:
            person.last_name = name
            person.save(update_fields=["last_name"])
    return person


def _known(town: Town, service: Service | None) -> Person | None:
    found = Voice.objects.filter(town=town, service=service).select_related("person").first()
    return found.person if found is not None else None


def _made(town: Town, service: Service | None) -> Person:
    Town.objects.select_for_update().get(pk=town.pk)  # of two at once, the second finds the first one's
    person = _known(town, service)
    if person is None:
        person = Person.objects.create_user("")
        Voice.objects.create(town=town, service=service, person=person)
    return person
