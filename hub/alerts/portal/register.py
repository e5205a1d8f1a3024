"""« Mon compte »: ask to be in one's town's register of vulnerable people, or to be in it no more."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hub.alerts import registering
from hub.alerts.queries import towns_followed
from hub.alerts.register_forms import RegisterForm
from hub.core.access import signed_in
from hub.people.visitor import signed_in_person


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def own_register(request: HttpRequest) -> HttpResponse:
    """A part for each town that one follows (`town`: which is meant; `leave`: no more)."""
    person = signed_in_person(request)
    chosen = request.POST.get("town", "")
    if request.method == "POST" and "leave" in request.POST:
        registering.leave_register(actor=person, slug=chosen)
        messages.success(request, _("C’est fait : vous n’êtes pas au registre."))
        return redirect("account_register")
    typed = RegisterForm(request.POST) if request.method == "POST" else None
    if typed is not None and typed.is_valid():
        registering.ask_for_register(actor=person, slug=chosen, written=typed.written)
        messages.success(request, _("Votre demande est envoyée. La mairie vous répondra."))
        return redirect("account_register")
    parts = []
    for town in towns_followed(person):
        entry, asked = registering.entry_of(town, person), registering.request_of(town, person)
        form = typed if typed is not None and town.slug == chosen else RegisterForm(known=asked)
        form.auto_id = f"{town.slug}-%s"
        parts.append({"town": town, "entry": entry, "asked": asked, "form": form})
    return render(request, "alerts/register.html", {"parts": parts})
