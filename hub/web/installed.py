"""The hub as an application on a device (S22): its manifest, how to install it, what it shows without a network.

What stays on the device is fetched by the service worker, without anybody's cookies (static/js/sw_pages.js).
"""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hub.core.access import public
from hub.towns.queries import town_by_slug
from hub.web import choices
from hub.web.context import Frame

# Of tokens.css: --color-facade for the window's bar, --color-page while it opens.
COLOURS = {"light": ("#173f4a", "#efece4"), "dark": ("#10303a", "#12181a")}
ICONS = (
    ("icon-192.png", "192x192", "any"),
    ("icon-512.png", "512x512", "any"),
    ("icon-whole.png", "512x512", "maskable"),
)


@public
@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """One application for all towns of the hub, in the reader's language. W3C: Web Application Manifest."""
    bar, ground = COLOURS[choices.theme(request) or "light"]
    told = {
        "id": "/",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "lang": get_language(),
        "name": _("Parvis, l’espace des habitants"),
        "short_name": "Parvis",
        "description": _("Écrivez à votre maire, signalez un problème, soyez prévenu."),
        "theme_color": bar,
        "background_color": ground,
        "icons": [
            {"src": static(file), "sizes": size, "type": "image/png", "purpose": purpose}
            for file, size, purpose in ICONS
        ],
        "shortcuts": _shortcuts(),
    }
    return JsonResponse(told, content_type="application/manifest+json")


def _shortcuts() -> list[dict[str, Any]]:
    """What one does most, at a long press on the icon."""
    return [
        {"name": _("Signaler un problème"), "short_name": _("Signaler"), "url": reverse("report_here")},
        {"name": _("Mes demandes"), "url": reverse("my_tickets")},
        {"name": _("Messages"), "url": reverse("messages")},
    ]


@public
@require_safe
def report_here(request: HttpRequest) -> HttpResponse:
    """« Signaler un problème » in one's own town, the last one seen; who has none chooses one."""
    town = Frame(request).town
    return redirect("report", town.slug) if town else redirect("towns")


@public
@require_safe
def application(request: HttpRequest) -> HttpResponse:
    """« L’application »: how each sort of device installs it, and what it keeps there."""
    return render(request, "front/application.html")


@public
@require_safe
def offline(request: HttpRequest, slug: str = "") -> HttpResponse:
    """« Vous êtes hors connexion »: shown by the service worker in place of what it can not reach."""
    if slug:
        request.town = town_by_slug(slug)  # type: ignore[attr-defined]
    return render(request, "front/offline.html")
