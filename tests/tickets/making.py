"""Tickets for tests that are not about how one is made: rows written directly, as an action would leave them."""

import itertools
import secrets
from typing import Any

from hub.conversations.models import Conversation, Kind, Message, Side, Via, Visibility
from hub.core.clock import now
from hub.core.ids import new_key, new_secret
from hub.people.models import Person, Role
from hub.tickets import rules
from hub.tickets.models import Category, Follower, Status, Ticket
from hub.towns.models import Service, Town
from tests import factories

_numbers = itertools.count(1)


def make_service(town: Town, name: str = "Travaux publics", *members: Person, **fields: Any) -> Service:
    """A service of the town with an address of its own; `members` are agents there."""
    email = f"{name.lower().replace(' ', '-')}@{town.slug}.example"
    service, _made = Service.objects.get_or_create(town=town, name=name, defaults={"email": email, **fields})
    for person in members:
        membership, _new = person.memberships.get_or_create(town=town, role=Role.AGENT)
        membership.services.add(service)
    return service


def make_category(town: Town, name: str = "Éclairage", **fields: Any) -> Category:
    """A category of the town at the root of its tree, unless `parent` is given; it may be public."""
    defaults = {"public_allowed": True, "icon": "lamp", **fields}
    parent = defaults.pop("parent", None)
    category, _made = Category.objects.get_or_create(town=town, parent=parent, name=name, defaults=defaults)
    return category


def make_requester(**fields: Any) -> Person:
    """Who is known by one ticket alone: a person without an address of theirs, who can't sign in."""
    return Person.objects.create_user("", None, **fields)


def new_code() -> str:
    """The secret of a receipt, as people can type it."""
    return "".join(secrets.choice(rules.SECRET_LETTERS) for _ in range(rules.SECRET_LENGTH))


def make_ticket(town: Town, **fields: Any) -> Ticket:
    """A ticket of `town`: transferred, to « Travaux publics », by who gave an address and wants follow-ups.

    `fields` are `Ticket`'s own and replace these. `requester`: a person with an account lends name and address.
    An anonymous or internal one has no contact details unless they are given.
    """
    number, requester = next(_numbers), fields.get("requester")
    contact = {"first_name": "Alice", "last_name": "Moreau", "email": f"demandeur-{number}@citoyen.example"}
    if requester is not None:
        contact = {name: getattr(requester, name) for name in contact}
    if fields.get("anonymous") or fields.get("internal"):
        contact = {}
    values: dict[str, Any] = {
        "number": f"TE26-{number:05}", "secret": new_code(), "key": new_key(), "title": "Lampadaire éteint",
        "description": "Le lampadaire devant le 12 est éteint depuis lundi.", "address": "12, rue du Four",
        "status": Status.TRANSFERRED, "wants_follow_ups": bool(contact), "transferred_at": now(), **contact, **fields,
    }  # fmt: skip
    if requester is None:
        values["requester"] = make_requester(first_name=values.get("first_name", ""))
    if "category" not in values:
        values["category"] = make_category(town)
    if "service" not in values:
        values["service"] = make_service(town)
    if "conversation" not in values:
        values["conversation"] = Conversation.objects.create(town=town, kind=Kind.TICKET, subject=values["title"])
    ticket = Ticket(town=town, **values)
    ticket.words = values.get("words") or rules.search_words(ticket, [ticket.category.name])
    ticket.save(force_insert=True)
    return ticket


def add_message(ticket: Ticket, author: Person | None, body: str = "C’est noté.", **fields: Any) -> Message:
    """Words on the ticket, external and the town's unless `visibility` and `side` say otherwise."""
    last = ticket.conversation.messages.order_by("-seq").values_list("seq", flat=True).first()
    values = {"visibility": Visibility.EXTERNAL, "side": Side.TOWN, "via": Via.WEB, "key": new_key(), **fields}
    return Message.objects.create(
        conversation=ticket.conversation, author=author, body=body, seq=(last or 0) + 1, **values
    )


def make_staff(town: Town, *services: Service, email: str = "", **fields: Any) -> Person:
    """An agent of the town, in these services."""
    return factories.make_person(email, town=town, roles=[Role.AGENT], services=services, **fields)


def make_follower(ticket: Ticket, email: str = "", *, person: Person | None = None, **fields: Any) -> Follower:
    """Somebody who follows it, confirmed: by an address, or with an account."""
    values = {"email": email, "person": person, "secret": new_secret(), "confirmed_at": now(), **fields}
    return Follower.objects.create(ticket=ticket, **values)
