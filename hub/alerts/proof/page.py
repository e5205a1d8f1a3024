"""The proof of an alert, to be kept: each that is given out is written in the town's trail with its digest."""

import hashlib

from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from hub.alerts.alert_queries import alerts_of
from hub.alerts.models import Alert
from hub.alerts.proof.facts import facts_of
from hub.audit.actions import note
from hub.core.access import staff
from hub.core.clock import now
from hub.core.errors import NotFound
from hub.people.desk.entry import enter
from hub.people.models import Person

# It brings libraries that nothing else needs: loaded when the first proof is asked for.
_WRITE = "hub.alerts.proof.paper.write"


@never_cache
@require_safe
@staff
def alert_proof(request: HttpRequest, town_slug: str, number: str) -> HttpResponse:
    """PDF, for who decides of alerts there. 404 for an alert that is not this town's."""
    person, town, _roles = enter(request, town_slug)
    alert = alerts_of(person, town).select_related("stopper").filter(number=number).first()
    if alert is None:
        raise NotFound
    paper = b"" if request.method == "HEAD" else give_proof(actor=person, alert=alert)
    headers = {"Content-Disposition": f'inline; filename="preuve-{town.slug}-{alert.number}.pdf"'}
    return HttpResponse(paper, content_type="application/pdf", headers=headers)


def give_proof(*, actor: Person, alert: Alert) -> bytes:
    """The document; that it was given, to whom, and its SHA-256 stand in the trail."""
    paper: bytes = import_string(_WRITE)(facts_of(alert), at=now())
    what = {"number": alert.number, "sha256": hashlib.sha256(paper).hexdigest()}
    note(town_id=alert.town_id, actor=actor, act="alert.proof", subject=f"alert.{alert.pk}", what=what)
    return paper
