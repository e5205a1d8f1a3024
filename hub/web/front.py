"""The front pages: home, the towns, a town's portal, and what a reader chooses for this device."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hub.alerts.actions import subscribe_newcomer
from hub.community.links import queries as links
from hub.conversations import group_cards
from hub.conversations.queries import participations, town_habit
from hub.conversations.rules import part_in_group
from hub.core.access import public, signed_in
from hub.notifications.standing import standing_of
from hub.people import rules
from hub.people.actions import follow_town, unfollow_town, update_profile
from hub.people.lacking import lacks
from hub.people.models import Language, Person, Role
from hub.people.queries import mayor_of, roles_in, towns_of
from hub.tickets.queries import desk_settings
from hub.tickets.tracking.mine import on_portal
from hub.towns.models import Town
from hub.towns.queries import all_towns, town_by_slug
from hub.web import choices
from hub.web.context import Frame

GROUPS = 2  # on the portal
TOWNS = 60  # on a page


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """A welcome; who is signed in goes to the town they were in last, or are in alone."""
    if not isinstance(request.user, Person):
        return render(request, "front/welcome.html", {"towns": all_towns()[:6]})
    mine = list(towns_of(request.user))
    slug = choices.last_town(request)
    last = next((town for town in mine if town.slug == slug), mine[0] if len(mine) == 1 else None)
    return redirect("town", last.slug) if last else redirect("towns")


@public
@require_safe
def towns(request: HttpRequest) -> HttpResponse:
    """« Choisir ma commune »: mine first, then the others page by page, narrowed by words of the name."""
    search = request.GET.get("q", "").strip()[:80]
    mine = towns_of(request.user) if isinstance(request.user, Person) else {}
    others = all_towns(search).exclude(pk__in=[town.pk for town in mine])
    page = Paginator(others, TOWNS).get_page(request.GET.get("page"))
    return render(request, "front/towns.html", {"search": search, "mine": mine, "page": page})


@public
@require_safe
def town(request: HttpRequest, slug: str) -> HttpResponse:
    """A town's portal: its mayor, how to write to them, how to reach the town hall. Open to everyone."""
    shown = town_by_slug(slug)
    request.town = shown  # type: ignore[attr-defined]
    person = request.user if isinstance(request.user, Person) else None
    roles = roles_in(person, shown) if person else rules.roles_of(())
    talks = participations(person, town=shown).filter(conversation__citizen=person) if person else None
    spoken = _discussions(request, person, shown) if person and part_in_group(roles) else {}
    response = render(
        request,
        "front/town.html",
        {
            "town": shown,
            "mayor": mayor_of(shown),
            "habit": town_habit(shown),
            "services": shown.services.all(),
            "links": links.on_portal(shown),
            "follows": Role.CITIZEN in roles,
            "works_here": rules.is_staff(roles),
            "talk": talks.first() if talks is not None else None,
            "tickets": on_portal(person, shown),
            "public_list": desk_settings(shown).public_list,
            "lacks": lacks(person) if person and Role.CITIZEN in roles else (),
            **spoken,
        },
    )
    choices.keep(response, choices.TOWN_COOKIE, shown.slug)
    return response


def _discussions(request: HttpRequest, person: Person, town: Town) -> dict[str, Any]:
    """The town's latest groups, and its live chat while it is open: for who may enter them."""
    standing_of(request, person)  # first: what comes after it is told live
    found, live = group_cards.latest_groups(person, town, most=GROUPS), group_cards.open_live(person, town)
    state = group_cards.live_state(person, found, address=request.path, town=town)
    return {"discussions": found, "live": live, "groups": state}


@signed_in
@require_POST
def follow(request: HttpRequest, slug: str) -> HttpResponse:
    """Become a citizen of the town (S18), then go on to `next`."""
    followed = town_by_slug(slug)
    follow_town(person=_signed_in(request), town=followed)
    subscribe_newcomer(person=_signed_in(request), town=followed)
    messages.success(
        request,
        _("Vous suivez maintenant %(town)s, et ses alertes. Choisissez lesquelles dans « Mes notifications ».")
        % {"town": followed.name},
    )
    return redirect(_next(request, reverse("town", args=[slug])))


@signed_in
@require_POST
def unfollow(request: HttpRequest, slug: str) -> HttpResponse:
    """Stop being one. Conversations stay where they are."""
    left = town_by_slug(slug)
    unfollow_town(person=_signed_in(request), town=left)
    messages.success(request, _("Vous ne suivez plus %(town)s. Vos messages sont gardés.") % {"town": left.name})
    return redirect("town", slug)


def _signed_in(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)  # @signed_in stands before every caller
    return request.user


@public
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """The language of the pages: of the account when signed in, and of this device."""
    response = redirect(_next(request, reverse("home")))
    language = request.POST.get("language", "")
    if language in Language.values:
        if isinstance(request.user, Person):
            update_profile(person=request.user, fields={"language": language})
        choices.keep(response, settings.LANGUAGE_COOKIE_NAME, language)
    return response


@public
@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Light, dark, or what the device says (empty)."""
    response = redirect(_next(request, reverse("home")))
    theme = request.POST.get("theme", "")
    choices.keep(response, choices.THEME_COOKIE, theme if theme in choices.THEMES else "")
    return response


def _next(request: HttpRequest, otherwise: str) -> str:
    """Where the reader was or goes on to, when that is on this site."""
    url = request.POST.get("next", "")
    here = url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
    return url if here else otherwise


@public
@require_safe
def legal(request: HttpRequest) -> HttpResponse:
    """« Mentions légales »."""
    context = {
        "towns": _concerned(request),
        "publisher": settings.LEGAL_PUBLISHER,
        "hosting": settings.LEGAL_HOSTING,
        "session_cookie": settings.SESSION_COOKIE_NAME,
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
    }
    return render(request, "front/legal.html", context)


@public
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """« Accessibilité »."""
    return render(request, "front/accessibility.html", {"towns": _concerned(request)})


def _concerned(request: HttpRequest) -> list[Town]:
    """The town that the reader comes from; without one, the first of this site."""
    seen = Frame(request).town
    return [seen] if seen else list(all_towns()[:20])
