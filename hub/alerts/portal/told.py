"""What a town tells everybody of dangers: for all to read."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from hub.alerts.alert_queries import access_published, published
from hub.core.access import public
from hub.towns.queries import town_by_slug

SHOWN = 50


@public
@require_safe
def alerts(request: HttpRequest, slug: str) -> HttpResponse:
    """The latest first; exercises and drafts are nobody's business."""
    town = town_by_slug(slug)
    request.town = town  # type: ignore[attr-defined]
    return render(request, "alerts/told/list.html", {"town": town, "alerts": published(town)[:SHOWN]})


@public
@require_safe
def alert(request: HttpRequest, slug: str, number: str) -> HttpResponse:
    """One of them, with what was said about it afterwards. 404 for one that was never told."""
    town = town_by_slug(slug)
    request.town = town  # type: ignore[attr-defined]
    told = access_published(town, number)
    first = told.about or told
    further = published(town).filter(about=first).exclude(pk=told.pk).order_by("started_at")
    text = told.said("body", get_language() or "fr")
    return render(request, "alerts/told/alert.html", {"town": town, "alert": told, "text": text, "further": further})
