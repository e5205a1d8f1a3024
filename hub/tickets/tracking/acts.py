"""What a requester does on the page of their ticket: answer, say whether it is settled, mend what they gave."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods

from hub.core.access import public
from hub.core.errors import Invalid, NotFound, ParvisError
from hub.core.ids import new_key
from hub.core.phones import readable_phone
from hub.core.unkept import unkept
from hub.deliveries.models import Channel
from hub.deliveries.queries import channel_is_open
from hub.people.models import Person
from hub.tickets import actions
from hub.tickets.actions import Changes
from hub.tickets.drafts import Contact, Place
from hub.tickets.models import Ticket
from hub.tickets.places import asked_place, read_place
from hub.tickets.tracking.page import show
from hub.tickets.tracking.visit import Visit, enter_mine


@public
@require_http_methods(["GET", "HEAD", "POST"])
@unkept
def answer(request: HttpRequest, number: str) -> HttpResponse:
    """« Ajouter une précision »: the requester's words (S116, S118). A module sends them, and is answered in JSON."""
    visit, person = enter_mine(request, number)
    if request.method != "POST":
        return redirect("ticket", number)
    in_page = not request.accepts("text/html")
    try:
        actions.add_answer(
            actor=person, number=number, body=request.POST.get("body", ""), key=request.POST.get("key", ""),
            files=[(given.name or "", given) for given in request.FILES.getlist("files")],
        )  # fmt: skip
    except ParvisError as error:
        if in_page:
            return JsonResponse({"code": error.code, "message": str(error)}, status=error.status)
        return show(request, visit, error=error, part="answer")
    if in_page:
        return JsonResponse({"key": new_key()})
    messages.success(request, _("C’est envoyé à la mairie."))
    return redirect("ticket", number)


@public
@require_http_methods(["GET", "HEAD", "POST"])
@unkept
def settle(request: HttpRequest, number: str) -> HttpResponse:
    """« C’est réglé ? »: yes; no; no, and take it up again."""
    visit, person = enter_mine(request, number)
    said = request.POST.get("settled", "")
    if request.method != "POST":
        return redirect(f"{reverse('ticket', args=[number])}#regle")
    try:
        if said not in {"yes", "no", "reopen"}:
            raise Invalid(_("Choisissez une réponse."), field="settled")
        comment = request.POST.get("comment", "")
        actions.settle(
            actor=person, number=number, settled=said == "yes", comment=comment, reopen=said == "reopen"
        )  # fmt: skip
    except Invalid as error:
        return show(request, visit, error=error, part="settle")
    messages.success(request, _thanks(said))
    return redirect("ticket", number)


def _thanks(said: str) -> str:
    if said == "yes":
        return _("Merci : la mairie sait que c’est réglé.")
    if said == "reopen":
        return _("La demande est rouverte : la mairie la reprend.")
    return _("Merci : la mairie sait que ce n’est pas réglé.")


# What the requester gave, mended (S81, S96).


class DetailsForm(forms.Form):
    """How to reach the requester. The action says what is wrong."""

    first_name = forms.CharField(
        label=lazy("Prénom"), max_length=80, required=False, widget=forms.TextInput({"autocomplete": "given-name"})
    )
    last_name = forms.CharField(
        label=lazy("Nom"), max_length=80, required=False, widget=forms.TextInput({"autocomplete": "family-name"})
    )
    email = forms.CharField(
        label=lazy("Courriel"), max_length=254, required=False,
        widget=forms.EmailInput({"autocomplete": "email"}),
    )  # fmt: skip
    phone = forms.CharField(
        label=lazy("Téléphone"), max_length=30, required=False,
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}),
    )  # fmt: skip
    phone2 = forms.CharField(
        label=lazy("Autre téléphone"), max_length=30, required=False, widget=forms.TextInput({"type": "tel"})
    )
    wants_follow_ups = forms.BooleanField(label=lazy("Recevoir les réponses par courriel"), required=False)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if channel_is_open(Channel.SMS):
            self.fields["wants_follow_ups"].label = _("Recevoir les réponses par courriel ou, sans courriel, par SMS")


@public
@require_http_methods(["GET", "HEAD", "POST"])
@unkept
def details(request: HttpRequest, number: str) -> HttpResponse:
    """« Coordonnées et lieu »: what the requester may mend at any time."""
    visit, person = enter_mine(request, number)
    ticket = visit.ticket
    if ticket.anonymous or ticket.merged:
        raise NotFound
    form = DetailsForm(request.POST if request.method == "POST" else None, initial=_given(ticket))
    wrong: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            _mend(person, ticket, form.cleaned_data, request)
        except Invalid as error:
            if error.field in form.fields:
                form.add_error(error.field, str(error))
            elif error.field in {"place", "address"}:
                wrong.append(str(error))
            else:
                form.add_error(None, str(error))
        else:
            messages.success(request, _("C’est corrigé."))
            return redirect("ticket", number)
    return _details(request, visit, form, wrong)


def _details(request: HttpRequest, visit: Visit, form: DetailsForm, wrong: list[str]) -> HttpResponse:
    ticket = visit.ticket
    kept = {"address": ticket.address, "lat": ticket.lat, "lon": ticket.lon}
    place = asked_place(ticket.town, request.POST if form.is_bound else kept, errors=wrong)
    context = {"ticket": ticket, "town": ticket.town, "form": form, "place": place}
    return render(request, "tickets/tracking/details.html", context, status=400 if form.is_bound else 200)


def _given(ticket: Ticket) -> dict[str, Any]:
    return {
        "first_name": ticket.first_name,
        "last_name": ticket.last_name,
        "email": ticket.email,
        "phone": readable_phone(ticket.phone),
        "phone2": readable_phone(ticket.phone2),
        "wants_follow_ups": ticket.wants_follow_ups,
    }


def _mend(person: Person, ticket: Ticket, given: dict[str, Any], request: HttpRequest) -> None:
    """All in one act. Raises `Invalid`."""
    place = read_place(request.POST)
    moved = place.address != ticket.address
    if moved and (place.lat, place.lon) == (ticket.lat, ticket.lon):
        place = Place(place.address)  # the point was of the former address
    wants = given.pop("wants_follow_ups")
    changes = Changes(place=place, contact=Contact(**given), wants_follow_ups=wants, sms_will_do=True)
    actions.change_ticket(actor=person, number=ticket.number, changes=changes)
