"""What one wants of a town's alerts; a form of the page « Mes notifications »."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from hub.alerts import wishes
from hub.alerts.actions import set_subscription
from hub.alerts.queries import access_followed
from hub.core.access import signed_in
from hub.core.clock import now
from hub.notifications.words import saved_at
from hub.people.visitor import signed_in_person


@require_POST
@signed_in
def alert_wishes(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep it. A module saves by itself, and is answered in JSON."""
    person = signed_in_person(request)
    town = access_followed(person, slug)
    set_subscription(actor=person, person=person, town=town, wanted=wishes.said(request.POST))
    saved = saved_at(now(), town)
    if not request.accepts("text/html"):
        return JsonResponse({"saved": saved})
    messages.success(request, saved)
    return redirect(f"{reverse('notification_preferences')}#alertes-{town.slug}")
