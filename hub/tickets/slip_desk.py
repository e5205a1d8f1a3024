"""A receipt on paper, for who comes to the counter or writes letters: a scan of it finds its request again (S77)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hub.core.access import staff
from hub.core.errors import NotFound
from hub.tickets import queries, rules
from hub.tickets.panel_desk import access


@require_safe
@staff
def slip(request: HttpRequest, town_slug: str, number: str) -> HttpResponse:
    """Number, date, who answers for it, and the code; never the secret, nor what was said."""
    _person, seen = access(request, town_slug, number)
    ticket = seen.ticket
    if not rules.may_write_to_requester(ticket) and not ticket.anonymous:
        raise NotFound  # internal: nobody's to hold
    accountable = queries.accountable(ticket.town, queries.desk_settings(ticket.town))
    received = queries.today_in(ticket.town, ticket.created_at)
    given = {"ticket": ticket, "town": ticket.town, "accountable": accountable, "received": received}
    return render(request, "tickets/desk/slip.html", given)
