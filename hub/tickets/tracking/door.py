"""How one comes to a ticket: by its number, by the code of its receipt, by the receipt's link (S133).

Numbers follow each other. A number alone opens what is public, and what is one's own; whether there is a ticket behind
any other, nobody learns here.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hub.core import limits
from hub.core.access import public
from hub.core.client_address import client_address
from hub.core.errors import NotFound
from hub.core.unkept import unkept
from hub.tickets import proof, queries, rules
from hub.tickets.tracking.visit import AtTheDesk, enter


@public
@require_http_methods(["GET", "HEAD", "POST"])
@unkept
def search(request: HttpRequest) -> HttpResponse:
    """« Suivre une demande »: its number, and the code of its receipt unless it is public."""
    error = ""
    if request.method == "POST":
        number, code = rules.read_number(request.POST.get("number", "")), request.POST.get("code", "")
        if opened := _opens(request, number, code):
            return opened
        error = no_such_ticket()
    typed = {"number": request.POST.get("number", ""), "code": request.POST.get("code", ""), "error": error}
    return render(request, "tickets/tracking/search.html", typed, status=404 if error else 200)


def _opens(request: HttpRequest, number: str, code: str) -> HttpResponse | None:
    if code.strip():
        return _shown(request, number, code)
    limits.hit(limits.SECRETS, client_address(request))
    try:
        enter(request, number)
    except AtTheDesk:
        pass
    except NotFound:
        return None
    return redirect("ticket", number)


def by_link(request: HttpRequest, number: str) -> HttpResponse:
    """The link of a receipt: its secret is shown once, and leaves the address bar."""
    asked = request.GET.get("regle", "")
    more = f"?regle={asked}" if asked in {"oui", "non"} else ""
    response = _shown(request, number, request.GET["c"], more)
    if response is None:
        messages.warning(request, no_such_ticket())
        response = redirect(reverse("ticket", args=[number]) + more)
    response["Referrer-Policy"] = "no-referrer"
    return response


def by_code(request: HttpRequest, number: str) -> HttpResponse:
    """The code, typed at the door."""
    return _shown(request, number, request.POST.get("code", "")) or closed(request, no_such_ticket())


def _shown(request: HttpRequest, number: str, secret: str, more: str = "") -> HttpResponse | None:
    """To the ticket, if this is its secret: this browser may read it from now on. Raises `RateLimited`."""
    limits.hit(limits.SECRETS, client_address(request))
    try:
        found = queries.ticket_by_secret(number, secret)
    except NotFound:
        return None
    response = redirect(reverse("ticket", args=[number]) + more)
    proof.prove(request, found, response)
    return response


def closed(request: HttpRequest, error: str = "") -> HttpResponse:
    """Where the code is asked for, whether there is such a ticket or not: 404."""
    request.town = None  # type: ignore[attr-defined]
    return render(request, "tickets/tracking/door.html", {"error": error}, status=404)


def no_such_ticket() -> str:
    """The same of a number that is none, of a code that is wrong, of a ticket that is not to be seen."""
    return _("Aucune demande ne correspond à ce numéro et à ce code. Vérifiez-les sur votre reçu.")
