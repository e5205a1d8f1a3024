"""« Nouvelle alerte »: what happens, whom to tell, in which words, by which means; it is kept as one writes."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hub.alerts import alerting, composing, trying
from hub.alerts.composing import Fields
from hub.alerts.desk import compose_page
from hub.alerts.desk.entry import enter_alerts, live, opened
from hub.alerts.models import Alert, Status
from hub.core.access import staff
from hub.core.errors import Conflict, Invalid, ParvisError
from hub.deliveries import meter
from hub.people.models import Person
from hub.towns.models import Town


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def new(request: HttpRequest, town_slug: str) -> HttpResponse:
    """An empty form; what it sends becomes a draft."""
    person, town, _roles = enter_alerts(request, town_slug)
    if request.method != "POST":
        return compose_page.page(request, person, town, Fields(), None)
    return take(request, person, town, None)


def take(request: HttpRequest, person: Person, town: Town, alert: Alert | None) -> HttpResponse:
    """What the form sent: `act` is try, submit, leave, delete, fill or nothing; `sms_plain`, `sms_plain_en` write
    an SMS for less."""
    fields = composing.of_post(request.POST)
    if not live(request) and _rewritten(request, fields, town):
        return compose_page.page(request, person, town, fields, alert)
    try:
        alert = _kept(person, town, alert, fields)
        return _acted(request, person, town, alert, fields)
    except ParvisError as error:
        if live(request):
            return compose_page.state(request, town, fields, alert, error=error)
        return compose_page.page(request, person, town, fields, alert, error=error)


def _rewritten(request: HttpRequest, fields: Fields, town: Town) -> bool:
    """Without a script the server writes into the form, and keeps nothing yet."""
    for name, text in ((meter.FIELD, "sms_fr"), (f"{meter.FIELD}_en", "sms_en")):
        if how := request.POST.get(name):
            fields.words[text] = meter.rewritten(fields.words[text], how)
            return True
    if request.POST.get("act") == "fill":
        composing.fill(fields, town)
        return True
    return False


def _kept(person: Person, town: Town, alert: Alert | None, fields: Fields) -> Alert:
    draft = composing.draft_of(fields, town)
    if alert is None and fields.key:  # sent again, from a page that did not learn its address
        alert = Alert.objects.filter(town=town, key=fields.key, status=Status.DRAFT).first()
    if alert is None:
        return alerting.create_alert(actor=person, slug=town.slug, draft=draft)
    return alerting.change_alert(actor=person, alert_id=alert.pk, draft=draft)


def _acted(request: HttpRequest, person: Person, town: Town, alert: Alert, fields: Fields) -> HttpResponse:
    act = request.POST.get("act", "")
    if act == "try":
        left = trying.send_to_me(actor=person, alert_id=alert.pk)
        told = _("Parti pour vous seul : %(means)s.") % {"means": ", ".join(str(one.label).lower() for one in left)}
        if live(request):
            return compose_page.state(request, town, fields, alert, told=told)
        messages.success(request, told)
    elif act == "submit":
        if fields.nobody and alert.about_id is None:
            raise Invalid(_("Choisissez qui prévenir, ou toute la commune."), field="whole")
        alerting.submit_alert(actor=person, alert_id=alert.pk)
        messages.success(request, _("Votre demande d’accord est partie. Rien ne part sans lui."))
    elif live(request):
        return compose_page.state(request, town, fields, alert)
    elif act == "leave":
        messages.success(request, _("Le brouillon %(number)s est gardé.") % {"number": alert.number})
        return redirect("desk_alerts", town.slug)
    return redirect("desk_alert", town.slug, alert.pk)


@require_POST
@staff
def delete(request: HttpRequest, town_slug: str, alert_id: int) -> HttpResponse:
    """Throw a draft away."""
    person, town, alert = opened(request, town_slug, alert_id)
    try:
        alerting.delete_draft(actor=person, alert_id=alert.pk)
    except Conflict as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Le brouillon %(number)s est supprimé.") % {"number": alert.number})
    return redirect("desk_alerts", town.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def further(request: HttpRequest, town_slug: str, alert_id: int, purpose: str) -> HttpResponse:
    """A further word to the same people (`purpose`: update, end), begun as a draft. Asked for, it only says so."""
    person, town, alert = opened(request, town_slug, alert_id)
    shown: dict[str, Any] = {"town": town, "alert": alert, "purpose": purpose}
    if request.method != "POST":
        return render(request, "alerts/desk/further.html", shown)
    try:
        draft = composing.begin_further(alert, purpose)
        begun = alerting.write_further(actor=person, alert_id=alert.pk, purpose=purpose, draft=draft)
    except ParvisError as error:
        messages.error(request, str(error))
        return redirect(reverse("desk_alert", args=[town.slug, alert.pk]))
    return redirect("desk_alert", town.slug, begun.pk)
