"""Nothing that tells who asked is read by everybody unawares (S100): staff are told first, and may publish it still."""

from collections.abc import Sequence

from django.db.models import Q

from hub.conversations.models import Message, Side, Visibility
from hub.people.models import Person
from hub.tickets import attached, naming, queries, rules
from hub.tickets.models import Ticket, TicketFile
from hub.tickets.revealing import NamesRequester, Reveal, revealed, revealed_of_others


def check_unnamed(actor: Person, ticket: Ticket, texts: Sequence[str], others: Sequence[Ticket] = ()) -> None:
    """Raises `NamesRequester` when these texts of the town are public and tell who asked.

    `others`: the tickets under it on which they will stand too. Who asked for those that are not in the actor's reach
    is not theirs to know, nor to be told.
    """
    if not any(texts) or not any(rules.shows_everybody(one) for one in (ticket, *others)):
        return
    if found := _found(actor, ticket, texts, others):
        raise NamesRequester(found)


def _found(actor: Person, ticket: Ticket, texts: Sequence[str], others: Sequence[Ticket]) -> list[Reveal]:
    who = queries.reader_of(actor, ticket.town)
    known = [one for one in others if rules.works_on(rules.stance(one, who))]
    return [*revealed(ticket, texts), *revealed_of_others(known, texts)]


def check_opening(ticket: Ticket) -> None:
    """The same of all that everybody would read of a ticket, now that it becomes public."""
    title = ticket.title if naming.titled_by_town([ticket.pk]) else ""
    written = revealed(ticket, [title, ticket.address])
    said = [one for one in revealed(ticket, _said(ticket)) if one not in written]
    if written or said:
        raise NamesRequester([*written, *said], mendable=not said)


def _said(ticket: Ticket) -> list[str]:
    """What the town has told the requester: follow-ups, the names of their files, why it is refused."""
    told = Message.objects.filter(conversation=ticket.conversation_id, removed_at=None, side=Side.TOWN)
    told = told.filter(visibility=Visibility.EXTERNAL)
    sent = Q(ticket=ticket, by_town=True, sent=True) | attached.lent_to(ticket)
    files = TicketFile.objects.filter(sent).values_list("file__name", flat=True)
    return [*told.values_list("body", flat=True), *files, ticket.refusal_reason]
