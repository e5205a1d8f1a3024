"""A conversation with the mayor becomes a ticket, and keeps the link both ways."""

from dataclasses import replace

from hub.conversations.actions.told import say_what_happened
from hub.conversations.models import Kind, Part
from hub.conversations.queries import access_conversation
from hub.core.errors import Forbidden
from hub.people.models import Person
from hub.streams.actions import unit
from hub.tickets.actions.making import create_ticket
from hub.tickets.drafts import Contact, Draft
from hub.tickets.models import Source, Ticket


def ticket_of_talk(*, actor: Person, conversation_id: int, draft: Draft) -> Ticket:
    """Make a ticket of a private conversation, for its citizen: category and description are the actor's.

    Whoever talks with the mayor is known, and reads the number there: it is neither anonymous nor internal.

    Raises `NotFound` (no part in it), `Forbidden` (the citizen themselves; a group), and as `create_ticket`.
    """
    part = access_conversation(actor, conversation_id)
    talk = part.conversation
    if talk.kind != Kind.PRIVATE or part.part == Part.CITIZEN or talk.citizen is None:
        raise Forbidden
    citizen = talk.citizen
    phones = [phone.number for phone in citizen.phones.all()[:2]] + ["", ""]
    contact = Contact(citizen.first_name, citizen.last_name, citizen.email, phones[0], phones[1])
    asked = replace(
        draft, contact=contact, source=Source.WEB, language=citizen.language, wants_follow_ups=bool(citizen.email),
        anonymous=False, internal=False, requester_id=None,
    )  # fmt: skip
    with unit() as work:
        made = create_ticket(actor=actor, town=talk.town, draft=asked)
        if made.talk_id is None:
            made.talk, made.requester = talk, citizen
            made.save(update_fields=["talk", "requester"])
            say_what_happened(work, talk, {"code": "ticket", "person": actor.pk, "name": made.number})
    return made
