"""What a town tells, for other programs: each alert as CAP, and the list of them as Atom (RFC 4287)."""

from xml.etree import ElementTree

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.module_loading import import_string
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from hub.alerts.alert_queries import access_alert, access_published, published
from hub.alerts.cap import vocabulary
from hub.alerts.models import Alert, Status
from hub.core.access import public
from hub.core.errors import Forbidden, NotFound
from hub.people.models import Person
from hub.towns.models import Town
from hub.towns.queries import town_by_slug

# It brings libraries that nothing else needs: loaded when the first document is asked for.
_SIGN = "hub.alerts.cap.document.signed"
_ATOM = "http://www.w3.org/2005/Atom"
LISTED = 50


@public
@require_safe
def alert_cap(request: HttpRequest, slug: str, number: str) -> HttpResponse:
    """One alert, signed. An exercise is shown to those who decide of alerts there, and is not there for others."""
    alert = _asked(request, town_by_slug(slug), number)
    response = HttpResponse(signed(alert), content_type=vocabulary.CONTENT_TYPE)
    patch_cache_control(response, private=True) if alert.exercise else patch_cache_control(response, max_age=60)
    return response


def signed(alert: Alert) -> bytes:
    """Its document."""
    first = alert.about_id or alert.pk
    thread = Alert.objects.select_related("town").filter(town=alert.town_id, started_at__lt=alert.started_at)
    former = [one for one in thread.order_by("started_at", "pk") if first in (one.pk, one.about_id)]
    found: bytes = import_string(_SIGN)(alert, former)
    return found


def _asked(request: HttpRequest, town: Town, number: str) -> Alert:
    try:
        found = access_published(town, number)
    except NotFound:
        found = _exercise(request, town, number)
    return Alert.objects.select_related("town", "theme", "about__theme", "about__town").get(pk=found.pk)


def _exercise(request: HttpRequest, town: Town, number: str) -> Alert:
    left = Alert.objects.filter(town=town, number=number, exercise=True, started_at__isnull=False)
    alert = left.exclude(status=Status.STOPPED, expanded_at=None).first()
    if alert is None or not isinstance(request.user, Person):
        raise NotFound
    try:
        return access_alert(request.user, alert.pk)
    except Forbidden:
        raise NotFound from None


@public
@require_safe
def alerts_feed(request: HttpRequest, slug: str) -> HttpResponse:
    """The latest first, each with its page and its CAP document."""
    town = town_by_slug(slug)
    told = list(published(town)[:LISTED])
    page = f"{settings.LINK_BASE}{reverse('alerts', args=[town.slug])}"
    feed = ElementTree.Element("feed", {"xmlns": _ATOM, "xml:lang": get_language() or "fr"})
    _add(feed, "id", page)
    _add(feed, "title", town.name)
    _add(feed, "updated", max((one.started_at for one in told if one.started_at), default=town.created_at).isoformat())
    ElementTree.SubElement(ElementTree.SubElement(feed, "author"), "name").text = town.name
    _link(feed, "self", f"{settings.LINK_BASE}{request.path}", "application/atom+xml")
    _link(feed, "alternate", page, "text/html")
    for alert in told:
        _entry(feed, town, alert)
    body = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    response = HttpResponse(body, content_type="application/atom+xml; charset=utf-8")
    patch_cache_control(response, max_age=60)
    return response


def _entry(feed: ElementTree.Element, town: Town, alert: Alert) -> None:
    assert alert.started_at is not None
    entry = ElementTree.SubElement(feed, "entry")
    page = f"{settings.LINK_BASE}{reverse('alert', args=[town.slug, alert.number])}"
    _add(entry, "id", page)
    _add(entry, "title", alert.heading)
    for name in ("published", "updated"):
        _add(entry, name, alert.started_at.isoformat())
    _add(entry, "summary", alert.said("body", get_language() or "fr"))
    _link(entry, "alternate", page, "text/html")
    cap = reverse("alert_cap", args=[town.slug, alert.number])
    _link(entry, "related", f"{settings.LINK_BASE}{cap}", vocabulary.CONTENT_TYPE)


def _add(parent: ElementTree.Element, tag: str, words: str) -> None:
    ElementTree.SubElement(parent, tag).text = "".join(one for one in words if one in "\t\n\r" or one >= " ")


def _link(parent: ElementTree.Element, rel: str, address: str, kind: str) -> None:
    ElementTree.SubElement(parent, "link", {"rel": rel, "href": address, "type": kind})
