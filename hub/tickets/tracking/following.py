"""Following a public ticket (S75): with an account, or by a confirmed address; and what a requester is sent."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from hub.core import limits
from hub.core.access import public
from hub.core.client_address import client_address
from hub.core.errors import Invalid, NotFound
from hub.core.unkept import unkept
from hub.people.models import Person
from hub.tickets import actions, naming, rules
from hub.tickets.actions import Changes
from hub.tickets.models import Follower, Ticket
from hub.tickets.tracking import words
from hub.tickets.tracking.page import show
from hub.tickets.tracking.visit import Visit, enter


@public
@require_http_methods(["GET", "HEAD", "POST"])
@unkept
def follow(request: HttpRequest, number: str) -> HttpResponse:
    """« Suivre cette demande »; a requester receives the town's answers again."""
    visit = enter(request, number)
    if request.method != "POST":
        return redirect("ticket", number)
    try:
        if visit.mine:
            _send_follow_ups(visit, wanted=True)
        else:
            _follow(request, visit)
    except Invalid as error:
        return show(request, visit, error=error, part="follow")
    return redirect("ticket", number)


def _send_follow_ups(visit: Visit, *, wanted: bool) -> None:
    """What the requester is sent. Raises `Invalid`: there is no address to send it to."""
    assert visit.reader is not None
    changes = Changes(wants_follow_ups=wanted, sms_will_do=True)
    actions.change_ticket(actor=visit.reader, number=visit.ticket.number, changes=changes)


def _follow(request: HttpRequest, visit: Visit) -> None:
    if isinstance(request.user, Person):
        limits.hit(limits.FOLLOWS, request.user.pk)
        actions.follow(ticket=visit.ticket, person=request.user)
        messages.success(request, _("Vous suivez cette demande."))
        return
    address = request.POST.get("email", "").strip()
    limits.hit(limits.FOLLOWS, client_address(request))
    actions.follow(ticket=visit.ticket, email=address)
    sent = _("Si %(email)s ne suit pas encore cette demande, un courriel y arrive : son lien confirme le suivi.")
    messages.success(request, sent % {"email": address})


@public
@require_http_methods(["GET", "HEAD", "POST"])
@unkept
def unfollow(request: HttpRequest, number: str) -> HttpResponse:
    """« Ne plus suivre »; a requester finds the town's answers on the page alone."""
    visit = enter(request, number)
    if request.method == "POST":
        if visit.mine:
            _send_follow_ups(visit, wanted=False)
            messages.success(request, _stopped(visit.ticket))
        elif isinstance(request.user, Person):
            actions.unfollow(ticket=visit.ticket, person=request.user)
            messages.success(request, _("Vous ne suivez plus cette demande."))
    return redirect("ticket", number)


def _stopped(ticket: Ticket) -> str:
    if ticket.email:
        return _("Vous ne recevrez plus les réponses par courriel. Elles restent sur cette page.")
    return _("Vous ne recevrez plus les réponses par SMS. Elles restent sur cette page.")


@public
@csrf_exempt  # mail programs leave by a press of their own button (RFC 8058); the secret says whose it is
@require_http_methods(["GET", "HEAD", "POST"])
@unkept
def subscription(request: HttpRequest, secret: str) -> HttpResponse:
    """The link of a follower's mails: confirm that the address is theirs, or stop. Opening it changes nothing.

    Who has left, and leaves again, is told the same again: mail programs press twice.
    """
    found = Follower.objects.select_related("ticket__town", "ticket__category").filter(secret=secret).first()
    act = request.POST.get("act", "leave") if request.method == "POST" else ""
    if found is None and act != "leave":
        raise NotFound
    if act == "confirm":
        actions.confirm_follow(secret=secret)
    elif act:
        actions.unfollow(secret=secret)
    context: dict[str, Any] = {"done": {"": "", "confirm": "confirmed"}.get(act, "left")}
    if found is not None:
        request.town = found.ticket.town  # type: ignore[attr-defined]
        context |= {"confirmed": found.confirmed_at is not None, **_shown_of(found.ticket)}
    return render(request, "tickets/tracking/subscription.html", context)


def _shown_of(ticket: Ticket) -> dict[str, Any]:
    """What has become private is nobody else's to read."""
    still_public = rules.is_open_to_all(ticket)
    return {
        "ticket": ticket,
        "town": ticket.town,
        "still_public": still_public,
        "title": naming.public_title(ticket) if still_public else "",
        "state": words.state_of(ticket) if still_public else None,
    }
