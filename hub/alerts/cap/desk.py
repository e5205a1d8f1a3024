"""« Alertes reçues »: other authorities' alerts, brought as a file or sent by their programs; the secret for these."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from hub.alerts import lifecycle
from hub.alerts.alert_queries import alerts_of
from hub.alerts.cap.origin import origins_of, short
from hub.alerts.cap.taking import close_door, open_door, take_cap
from hub.alerts.cap.vocabulary import SIZE_MAX
from hub.alerts.models import CapDoor
from hub.core.access import staff
from hub.core.errors import Forbidden, Invalid
from hub.people.desk.entry import enter
from hub.people.models import Person
from hub.people.rules import Roles, may_manage_town
from hub.towns.models import Town

SHOWN = 20


class CapForm(forms.Form):
    """A document from the device."""

    file = forms.FileField(
        label=gettext_lazy("Fichier CAP (XML)"),
        widget=forms.FileInput(attrs={"accept": ".xml,.cap,application/cap+xml,application/xml,text/xml"}),
        help_text=gettext_lazy("1 Mo au plus. L’alerte devient un brouillon : rien ne part sans deux personnes."),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff
def received(request: HttpRequest, town_slug: str) -> HttpResponse:
    """The latest that came in; bring one as a file."""
    person, town, roles = _enter(request, town_slug)
    form = CapForm(request.POST, request.FILES) if request.method == "POST" else CapForm()
    if form.is_valid():
        try:
            return _taken(request, form, person, town)
        except Invalid as refusal:
            form.add_error("file", str(refusal))
    return _page(request, person, town, roles, form)


@never_cache
@require_POST
@staff
def cap_door(request: HttpRequest, town_slug: str) -> HttpResponse:
    """Make a secret, which is shown this once, or (`close`) have none."""
    person, town, roles = _enter(request, town_slug)
    if "close" in request.POST:
        close_door(actor=person, slug=town.slug)
        messages.success(request, _("Plus aucun programme n’envoie d’alertes ici."))
        return redirect("desk_cap", town.slug)
    secret = open_door(actor=person, slug=town.slug)
    return _page(request, person, town, roles, CapForm(), secret)


def _enter(request: HttpRequest, town_slug: str) -> tuple[Person, Town, Roles]:
    person, town, roles = enter(request, town_slug)
    if not lifecycle.may_alert(roles):
        raise Forbidden
    return person, town, roles


def _taken(request: HttpRequest, form: CapForm, person: Person, town: Town) -> HttpResponse:
    file = form.cleaned_data["file"]
    if file.size > SIZE_MAX:
        raise Invalid(_("Ce fichier dépasse 1 Mo."), field="file")
    alert, new = take_cap(actor=person, town=town, document=file.read())
    said = _("L’alerte reçue est le brouillon %(number)s.") if new else _("Cette alerte est déjà là : %(number)s.")
    messages.success(request, said % {"number": alert.number})
    return redirect("desk_alert", town.slug, alert.pk)


def _page(
    request: HttpRequest, person: Person, town: Town, roles: Roles, form: CapForm, secret: str = ""
) -> HttpResponse:
    alerts = list(alerts_of(person, town).filter(key__startswith="cap.")[:SHOWN])
    origins = origins_of(alerts)
    signatures = ((alert, one.signature if (one := origins.get(alert.pk)) else None) for alert in alerts)
    context = {
        "town": town, "form": form, "secret": secret, "may_open": may_manage_town(roles),
        "door": CapDoor.objects.filter(town=town).first(),
        "address": f"{settings.LINK_BASE}{reverse('cap_hook', args=[town.slug])}",
        "alerts": [(alert, signature and short(signature)) for alert, signature in signatures],
        "trusts": bool(settings.CAP_TRUSTED),
    }  # fmt: skip
    return render(request, "alerts/desk/received.html", context, status=400 if form.errors else 200)
