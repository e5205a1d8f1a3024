"""The same form in a frame on the town's own site, and the script that puts it there (docs/embedding.md).

Nobody is signed in here, whoever the browser knows; no cookie is set; only the origins of `PARVIS_EMBED_ORIGINS` may
surround these pages, and no others of this site. What a form brings is believed by its own token and its origin.
"""

from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from hub.core.access import public
from hub.core.errors import NotFound
from hub.tickets.models import Ticket
from hub.tickets.reporting.door import Door, is_token, new_token, number_of_receipt
from hub.tickets.reporting.portal import choosing, receipt
from hub.tickets.reporting.sending import Report, wants_json
from hub.towns.queries import town_by_slug

View = Callable[..., HttpResponse]
_CACHE_S = 3600


def framed(view: View) -> View:
    """Its page may stand in a frame on the sites that are allowed to; nobody is signed in there."""

    @wraps(view)
    def wrapped(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        request.user = AnonymousUser()
        response = view(request, *arguments, **named)
        origins = settings.EMBED_ORIGINS
        if origins:
            response.xframe_options_exempt = True
            response._csp_replace = {"frame-ancestors": list(origins)}  # type: ignore[attr-defined]
        return response

    return wrapped


def _enter(request: HttpRequest, slug: str) -> Door:
    town = town_by_slug(slug)
    request.town = town  # type: ignore[attr-defined]
    return Door(town, framed=True)


@public
@require_safe
@framed
def choose(request: HttpRequest, slug: str) -> HttpResponse:
    """Which category."""
    return render(
        request, "tickets/report/choose_framed.html", choosing(_enter(request, slug), request.GET.get("q", ""))
    )


@public
@csrf_exempt  # cookies don't reach a frame of another site: `_is_ours` asks instead
@require_http_methods(["GET", "HEAD", "POST"])
@framed
def report(request: HttpRequest, slug: str, category_id: int) -> HttpResponse:
    """The form."""
    door = _enter(request, slug)
    asked = Report(request, door, category_id)
    token = new_token(request, door.town)
    if request.method == "POST":
        if _is_ours(request, door):
            ticket = asked.send()
            if ticket is not None:
                url = door.done_url(ticket)
                return JsonResponse({"url": url, "number": ticket.number}) if wants_json(request) else redirect(url)
        else:
            asked.status = 403
            asked.form.add_error(None, _("Ce formulaire a trop attendu. Rien n’est perdu : envoyez de nouveau."))
        if wants_json(request):
            return asked.refusal(token=token)
    shown = {**asked.context(), "token": token}
    return render(request, "tickets/report/form_framed.html", shown, status=asked.status)


def _is_ours(request: HttpRequest, door: Door) -> bool:
    """Whether a form that we gave to this address of the net came back, and from our own page."""
    origin = request.headers.get("Origin")
    return origin in {None, *settings.SITE_ORIGINS} and is_token(request, door.town, request.POST.get("token", ""))


@public
@require_safe
@framed
def done(request: HttpRequest, slug: str, kept: str) -> HttpResponse:
    """What was sent, for whom the address was given to, for an hour."""
    door, number = _enter(request, slug), number_of_receipt(kept)
    ticket = Ticket.objects.select_related("town", "service").filter(town=door.town, number=number).first()
    if ticket is None:
        raise NotFound
    return render(request, "tickets/report/done_framed.html", {**receipt(ticket), "choose": door.choose_url})


# For the town's web site.


@public
@require_safe
def embedding(request: HttpRequest, slug: str) -> HttpResponse:
    """How a town puts the form on its own site: the line to copy."""
    town = town_by_slug(slug)
    request.town = town  # type: ignore[attr-defined]
    label = _("Signaler un problème")
    told = f'data-commune="{town.slug}" data-texte="{label}"'
    tag = f'<script src="{settings.PUBLIC_URL}/integrer.js" {told} async></script>'
    shown = {"town": town, "tag": tag, "origins": settings.EMBED_ORIGINS, "choose": Door(town).choose_url}
    return render(request, "tickets/report/embedding.html", shown)


@public
@require_safe
def script(request: HttpRequest) -> HttpResponse:
    """`/integrer.js`: the same address for ever, since it stands on other sites."""
    response = HttpResponse(_script(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = f"public, max-age={_CACHE_S}"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@cache
def _script() -> bytes:
    return (Path(__file__).parent.parent / "static" / "tickets" / "integrer.js").read_bytes()
