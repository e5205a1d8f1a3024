"""Whose bell rings for what is written on a ticket."""

import pytest

from hub.notifications.models import Notification
from hub.people.models import Person
from hub.tickets.actions import add_answer
from hub.tickets.models import Watcher
from hub.towns.models import Town
from tests.tickets.making import make_service, make_staff, make_ticket

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]


def told() -> set[Person]:
    """Since the last time."""
    people = {one.person for one in Notification.objects.filter(kind="tickets").select_related("person")}
    Notification.objects.all().delete()
    return people


def test_the_service_or_who_has_it_and_who_watches_it_and_may_still_see_it(town: Town, citizen: Person) -> None:
    ticket = make_ticket(town, requester=citizen)
    assert ticket.service is not None
    one, other = make_staff(town, ticket.service), make_staff(town, ticket.service)
    watcher, elsewhere = make_staff(town), make_staff(town, make_service(town, "Loisirs"))
    for person in (watcher, elsewhere, one):
        Watcher.objects.create(ticket=ticket, person=person)
    make_staff(town)  # who has nothing to do with it
    add_answer(actor=citizen, number=ticket.number, body="Au 14.")
    assert told() == {one, other, watcher}
    ticket.assignee = other
    ticket.save(update_fields=["assignee"])
    Watcher.objects.filter(person=one).delete()
    add_answer(actor=citizen, number=ticket.number, body="Et au 16.")
    assert told() == {other, watcher}
    watcher.memberships.all().delete()
    add_answer(actor=citizen, number=ticket.number, body="Et au 18.")
    assert told() == {other}
