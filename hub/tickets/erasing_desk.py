"""« Effacer l’identité » (S98): a page of its own, since there is no way back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from hub.core.access import staff
from hub.core.errors import Conflict, Invalid
from hub.people.models import Role
from hub.tickets.actions import erase_requester
from hub.tickets.identity import check_erasable, is_known, theirs
from hub.tickets.panel_desk import access


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def erase(request: HttpRequest, town_slug: str, number: str) -> HttpResponse:
    """What goes, what stays, on which tickets; and then it goes."""
    person, seen = access(request, town_slug, number)
    try:
        check_erasable(seen)
    except (Conflict, Invalid) as refusal:
        messages.warning(request, str(refusal))
        return redirect(_facts(town_slug, number))
    if request.method == "POST" and request.POST.get("sure") == "on":
        count = erase_requester(actor=person, number=number)
        messages.success(request, _done(count))
        return redirect(_facts(town_slug, number))
    requester = seen.ticket.requester
    on_file = requester.memberships.filter(town=seen.ticket.town, role=Role.CITIZEN).exists()
    context = {
        "ticket": seen.ticket,
        "town": seen.ticket.town,
        "known": is_known(seen.ticket),
        "others": list(theirs(seen.ticket).exclude(pk=seen.ticket.pk).order_by("pk")),
        "record": requester if on_file else None,
        "unsure": request.method == "POST",
    }
    return render(request, "tickets/desk/erase.html", context)


def _facts(town_slug: str, number: str) -> str:
    return reverse("desk_ticket", args=[town_slug, number]) + "?onglet=informations"


def _done(count: int) -> str:
    if not count:
        return _("Plus rien ne disait qui a fait cette demande.")
    said = ngettext(
        "L’identité est effacée de %(count)d requête.", "L’identité est effacée de %(count)d requêtes.", count
    )
    return said % {"count": count}
