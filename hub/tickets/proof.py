"""Who has shown a ticket's secret in this browser: they act as its requester, on that ticket and no other (S133)."""

from django.http import HttpRequest

from hub.people.models import Person
from hub.tickets.models import Ticket

SESSION_KEY = "tickets"  # [[number, the requester's id], …], the latest last
MOST = 20


def prove(request: HttpRequest, ticket: Ticket) -> None:
    """Remember, in this browser's session, that the ticket's secret was shown."""
    known, pair = request.session.get(SESSION_KEY, []), [ticket.number, ticket.requester_id]
    if pair not in known and not isinstance(request.user, Person):
        request.session.cycle_key()  # as signing in does: who knew the session before can't read with it what it opens
    request.session[SESSION_KEY] = [*(one for one in known if one[0] != ticket.number), pair][-MOST:]


def reader_of(request: HttpRequest, number: str) -> Person | None:
    """Who reads a ticket here: the requester whose secret was shown, else who is signed in; None for nobody.

    Who is signed in reads their own tickets as themselves; the secret opens the others.
    """
    user = request.user if isinstance(request.user, Person) else None
    proven = dict(request.session.get(SESSION_KEY, [])).get(number)
    if proven is None or (user is not None and user.pk == proven):
        return user
    return Person.objects.filter(pk=proven, is_active=True).first() or user
