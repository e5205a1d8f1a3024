"""Tickets of who gave a phone and no email, and the SMS that leave about them."""

from html import unescape
from typing import Any

from django.test import Client

from hub.conversations.models import Visibility
from hub.deliveries.models import Delivery
from hub.people.models import Person
from hub.tickets.actions import add_follow_up
from hub.tickets.models import Ticket
from hub.towns.models import Town
from tests.tickets.making import make_ticket

MOBILE, OTHER, LANDLINE = "+33612345642", "+33698765407", "+33247000000"
BASE = "https://hub.saint-test.example"
OPEN = {"email": ["smtp"], "sms": ["capture"]}


def by_phone(town: Town, **fields: Any) -> Ticket:
    return make_ticket(town, **{"email": "", "phone": MOBILE, "wants_follow_ups": True, **fields})


def sms(to: str = "") -> list[Delivery]:
    """In the order of their queueing; to one number."""
    found = Delivery.objects.filter(channel="sms").order_by("pk")
    return list(found.filter(address=to) if to else found)


def say(agent: Person, ticket: Ticket, body: str, **more: Any) -> None:
    """An external follow-up."""
    add_follow_up(actor=agent, number=ticket.number, visibility=Visibility.EXTERNAL, body=body, **more)


def page(client: Client, ticket: Ticket, more: str = "") -> str:
    """The ticket's panel at the desk."""
    return unescape(client.get(f"/mairie/{ticket.town.slug}/requetes/{ticket.number}/{more}").content.decode())
