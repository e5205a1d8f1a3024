"""What a town tells everybody of dangers: for all to read."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from hub.alerts.alert_queries import access_published, published
from hub.alerts.composing import LANGUAGES
from hub.alerts.current import KEPT_S, Current, current
from hub.core.access import public
from hub.towns.models import Town
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
def current_alerts(request: HttpRequest, slug: str) -> HttpResponse:
    """What stands at the top of the town's pages just now, for pages of who is not signed in: they ask once a minute.

    The same for everybody who reads one language (`langue`): whoever stands between may keep it for a moment.
    """
    town, language = town_by_slug(slug), request.GET.get("langue", "fr")[:2]
    with override(language if language in LANGUAGES else "fr"):
        html = render_to_string("alerts/told/current.html", {"frame": _Stranger(town, current(town))})
    etag = f'"{hashlib.sha256(html.encode()).hexdigest()[:32]}"'
    answer = HttpResponse(html, headers={"ETag": etag, "Cache-Control": f"public, max-age={KEPT_S}"})
    return get_conditional_response(request, etag=etag, response=answer) or answer


@dataclass(frozen=True)
class _Stranger:
    """What the banners need of a page's frame, when nobody is signed in."""

    town: Town
    alerts: Sequence[Current]
    person: None = None


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
