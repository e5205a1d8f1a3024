"""Tickets as citizens made them, and their pages: for tests of what is shown and done there."""

import re
from typing import Any

from django.http import HttpResponse
from django.test import Client

from hub.people.models import Person
from hub.tickets.actions import create_ticket
from hub.tickets.drafts import Contact, Draft, Place
from hub.tickets.models import Category, Ticket
from hub.towns.models import Town
from tests.files import samples
from tests.tickets import making

# What nobody but the requester and the town may read of a public ticket.
FIRST, LAST, EMAIL, PHONE = "Zénobie", "Quatrefages", "zenobie@courriel.example", "01 99 00 01 77"
WORDS = "Devant chez moi, ma belle-mère a trébuché. Le lampadaire ne marche plus."
SECRETS = (FIRST, LAST, "zenobie@", "0199000177", "+33199000177", "belle-mère", "Devant chez moi", "trottoir.jpg")


def make_lights(town: Town) -> Category:
    """« Éclairage », of a service with a phone."""
    return making.make_category(town, service=making.make_service(town, "Service technique", phone="+33199000150"))


def make(category: Category, actor: Person | None = None, **fields: Any) -> Ticket:
    """Public, with a photo, by somebody without an account unless `actor` and `contact=None` are given."""
    contact = Contact(FIRST, LAST, EMAIL, PHONE)
    values = {
        "description": WORDS, "contact": contact, "wants_follow_ups": True, "public": True,
        "place": Place("12, rue du Four", 48.1, 2.2), "files": [("trottoir.jpg", samples.picture())], **fields,
    }  # fmt: skip
    return create_ticket(actor=actor, town=category.town, draft=Draft(category_id=category.pk, **values))


def url(ticket: Ticket, rest: str = "") -> str:
    return f"/suivi/{ticket.number}/{rest}"


def prove(client: Client, ticket: Ticket) -> None:
    """By the receipt's link."""
    assert client.get(url(ticket), {"c": ticket.secret}).status_code == 302


def text(answer: HttpResponse) -> str:
    return answer.content.decode()


def steps(answer: HttpResponse) -> list[str]:
    """The titles of a page's steps; all spaces plain."""
    return [re.sub(r"\s+", " ", found) for found in re.findall(r"<h3>(.*?)</h3>", text(answer), re.DOTALL)]
