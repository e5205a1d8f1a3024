"""« Alertes »: what waits for a yes, what leaves, drafts, and what has been."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hub.alerts.alert_queries import alerts_of
from hub.alerts.desk.entry import enter_alerts
from hub.alerts.models import Status
from hub.core.access import staff

PAST = 50
_PART = {
    Status.PENDING: "waiting", Status.SCHEDULED: "leaving", Status.SENDING: "leaving", Status.DRAFT: "drafts",
    Status.DONE: "past", Status.STOPPED: "past",
}  # fmt: skip


@require_safe
@staff
def alerts(request: HttpRequest, town_slug: str) -> HttpResponse:
    """What asks for somebody first."""
    person, town, _roles = enter_alerts(request, town_slug)
    parts: dict[str, list[object]] = {name: [] for name in ("waiting", "leaving", "drafts", "past")}
    found = alerts_of(person, town)
    at_work = found.exclude(status__in=(Status.DONE, Status.STOPPED))
    for alert in [*at_work[:200], *found.filter(status__in=(Status.DONE, Status.STOPPED))[:PAST]]:
        parts[_PART[Status(alert.status)]].append(alert)
    return render(request, "alerts/desk/list.html", {"town": town, **parts})
