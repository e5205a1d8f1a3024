"""Who has shown a ticket's secret in this browser: they act as its requester, on that ticket and no other (S133).

The session remembers it; but where somebody is signed in the session is their account's, and whose account an anonymous
ticket is opened from is nobody's to find (S99): there a cookie alone does, which means something with that session
only, and which nothing keeps here.
"""

from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from hub.people.models import Person
from hub.tickets.models import Ticket

SESSION_KEY = "tickets"  # [[number, the requester's id], …], the latest last
MOST = 20
COOKIE = "parvis-demande"


def prove(request: HttpRequest, ticket: Ticket, response: HttpResponse) -> None:
    """Remember, in this browser, that the ticket's secret was shown. `response`: what it is answered."""
    if keeps_apart(request, ticket):
        _prove_apart(request, ticket, response)
    else:
        prove_in_session(request, ticket)


def keeps_apart(request: HttpRequest, ticket: Ticket) -> bool:
    """Whether the session must not know of it."""
    return ticket.anonymous and isinstance(request.user, Person)


def prove_in_session(request: HttpRequest, ticket: Ticket) -> None:
    """Remember it in the session, which a socket reads, too. Never where it is to be kept apart."""
    known, pair = request.session.get(SESSION_KEY, []), [ticket.number, ticket.requester_id]
    if pair not in known and not isinstance(request.user, Person):
        request.session.cycle_key()  # as signing in does: who knew the session before can't read with it what it opens
    request.session[SESSION_KEY] = [*(one for one in known if one[0] != ticket.number), pair][-MOST:]


def _prove_apart(request: HttpRequest, ticket: Ticket, response: HttpResponse) -> None:
    """Until the browser is closed or they sign out, on the ticket's own pages."""
    said = _signer(request).sign(f"{ticket.number}.{ticket.requester_id}")
    response.set_cookie(
        COOKIE, said, path=reverse("ticket", args=[ticket.number]), secure=settings.SESSION_COOKIE_SECURE,
        httponly=True, samesite="Lax",
    )  # fmt: skip


def _signer(request: HttpRequest) -> signing.Signer:
    return signing.Signer(salt=f"tickets.proof.{request.session.session_key}")


def _proven_apart(request: HttpRequest, number: str) -> int | None:
    try:
        said, _, requester = _signer(request).unsign(request.COOKIES.get(COOKIE, "")).rpartition(".")
    except signing.BadSignature:
        return None
    return int(requester) if said == number else None


def forget_anonymous(*, request: HttpRequest, **_signal: Any) -> None:
    """Who signs in goes on with the session that they had before: it forgets what it must not tell of an account."""
    known = request.session.get(SESSION_KEY, [])
    if known:
        numbers = [number for number, _ in known]
        apart = set(Ticket.objects.filter(number__in=numbers, anonymous=True).values_list("number", flat=True))
        request.session[SESSION_KEY] = [one for one in known if one[0] not in apart]


def reader_of(request: HttpRequest, number: str) -> Person | None:
    """Who reads a ticket here: the requester whose secret was shown, else who is signed in; None for nobody.

    Who is signed in reads their own tickets as themselves; the secret opens the others.
    """
    user = request.user if isinstance(request.user, Person) else None
    proven = dict(request.session.get(SESSION_KEY, [])).get(number)
    if proven is None and user is not None:
        proven = _proven_apart(request, number)
    if proven is None or (user is not None and user.pk == proven):
        return user
    return Person.objects.filter(pk=proven, is_active=True).first() or user
