"""What all who look at a ticket learn at once: open pages, the bell, other programs."""

from collections.abc import Collection
from datetime import datetime

from hub.conversations.models import Message, Side, Visibility
from hub.core.clock import now
from hub.notifications.actions import notify
from hub.notifications.models import Kind as Told
from hub.people.models import Person
from hub.streams import topics
from hub.streams.actions import Unit, restate
from hub.tickets import events, queries, webhooks
from hub.tickets.models import Change, Ticket

EXCERPT = 110


def keep_change(
    ticket: Ticket, actor: Person | None, field: str, before: str = "", after: str = "", *, reason: str = "",
    at: datetime | None = None,
) -> Change:  # fmt: skip
    """One line of the ticket's history (S95, S108, S110)."""
    return Change.objects.create(
        ticket=ticket, actor=actor, field=field, before=before[:200], after=after[:200], reason=reason, at=at or now()
    )


def tell_created(work: Unit, ticket: Ticket) -> None:
    """The desk lights up."""
    work.publish(topics.desk(ticket.town.slug), lambda _number: events.TicketCreated(number=ticket.number))
    webhooks.enqueue(ticket, "ticket.created", {})


def tell_changed(work: Unit, ticket: Ticket) -> None:
    """The board's row, open panels, the requester's open page."""
    work.publish(topics.desk(ticket.town.slug), lambda _number: events.TicketChanged(number=ticket.number))
    work.publish(
        ticket.topic,
        lambda _number: events.TicketStood(
            number=ticket.number, status=ticket.status, due_on=ticket.due_on, public=ticket.public, at=now()
        ),
    )
    webhooks.enqueue(ticket, "ticket.changed", {})


def _voice(ticket: Ticket, message: Message, name: str) -> str:
    """Whom the requester's page names: of the town its service, and no agent."""
    if message.side != Side.TOWN or message.visibility == Visibility.INTERNAL:
        return name
    return (message.system or {}).get("service") or ticket.town.name


def tell_follow_up(work: Unit, ticket: Ticket, message: Message) -> None:
    """What was written, to those who may read it; to the desk, that something was."""
    event = _follow_up(ticket, message)
    internal = message.visibility == Visibility.INTERNAL
    work.publish(ticket.staff_topic if internal else ticket.topic, lambda _number: event)
    desk = events.DeskFollowUp(number=ticket.number, side=message.side)
    work.publish(topics.desk(ticket.town.slug), lambda _number: desk)
    if not internal:
        # The requester's words stay in the house, as their title and description do.
        words = message.body if message.side == Side.TOWN else ""
        webhooks.enqueue(ticket, "follow_up.added", {"id": message.pk, "side": message.side, "body": words})


def renew_follow_up(ticket: Ticket, message: Message) -> None:
    """Whoever reads an external one again from the stream gets it as it is told now."""
    event, beginning = _follow_up(ticket, message), f'{{"number":"{ticket.number}","id":{message.pk},'
    restate(ticket.topic, [event.event_name], beginning, event)


def _follow_up(ticket: Ticket, message: Message) -> events.FollowUpAdded:
    said = queries.describe(ticket, message)
    return events.FollowUpAdded(
        number=ticket.number,
        id=message.pk,
        visibility=message.visibility,
        body=message.body,
        author=events.Voice(side=message.side, name=_voice(ticket, message, said.name)),
        via=message.via,
        at=message.at,
        files=[
            events.TicketFileRef(
                id=str(one.file_id), name=one.file.name, content_type=one.file.content_type,
                size_bytes=one.file.size_bytes,
            )
            for one in said.files
        ],
    )  # fmt: skip


def ring_requester(work: Unit, ticket: Ticket, code: str, actor: Person | None, excerpt: str = "") -> None:
    """The bell of the requester, when they have an account; never for what they did themselves.

    It is the town that rings: no agent is named to them.
    """
    if ticket.internal or not ticket.requester.email or (actor and actor.pk == ticket.requester_id):
        return
    _ring(work, ticket, code, {ticket.requester_id}, None, excerpt, f"/suivi/{ticket.number}/", subject=ticket.topic)


def ring_staff(
    work: Unit, ticket: Ticket, code: str, people: Collection[int], actor: Person | None, excerpt: str = ""
) -> None:
    """The bell of those of the town hall whom it concerns. `actor` None: nobody here did it."""
    path = f"/mairie/{ticket.town.slug}/requetes/{ticket.number}/"
    others = set(people) - {actor.pk if actor else 0}
    _ring(work, ticket, code, others, actor, excerpt, path, subject=ticket.staff_topic)


def _ring(
    work: Unit, ticket: Ticket, code: str, people: set[int], actor: Person | None, excerpt: str, path: str, *,
    subject: str,
) -> None:  # fmt: skip
    if not people:
        return
    what = {"number": ticket.number, "title": ticket.title, "excerpt": excerpt[:EXCERPT]}
    notify(
        work, town_id=ticket.town_id, kind=Told.TICKETS, code=code, people=people, actor=actor, what=what, path=path,
        subject=subject,
    )  # fmt: skip


def is_from_requester(message: Message) -> bool:
    """Whether these are the requester's words, whoever wrote them down."""
    return message.side == Side.REQUESTER
