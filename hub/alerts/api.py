"""The API of alerts: the same actions as a click."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router

from hub.alerts.actions import set_subscription
from hub.alerts.queries import access_followed, themes_of, wanted_of
from hub.alerts.rules import Wanted
from hub.alerts.shapes import SubscriptionIn, SubscriptionOut, ThemeOut
from hub.core.access import public
from hub.people.identity import ApiRequest
from hub.people.models import Person
from hub.towns.models import Town
from hub.towns.queries import town_by_slug

router = Router(tags=["alerts"])

TownName = Annotated[str, Query(max_length=60, description="The short name of a town that I follow.")]


@router.get("towns/{slug}/themes", response=list[ThemeOut], auth=None, summary="What a town alerts about")
@public
def list_themes(request: HttpRequest, slug: str) -> list[dict[str, Any]]:
    """Those in use, in the order in which people see them. Nobody needs to sign in for it."""
    return [{"id": theme.pk, "name": theme.label} for theme in themes_of(town_by_slug(slug))]


@router.get("me/subscriptions", response=SubscriptionOut, summary="What I want to be told of a town's alerts")
def get_subscriptions(request: ApiRequest, town: TownName) -> dict[str, Any]:
    """Who never said is told of nothing but emergencies, by the means that are known of them; `channels` says which."""
    return _described(request.auth, access_followed(request.auth, town))


@router.put("me/subscriptions", response=SubscriptionOut, summary="Choose what I want to be told of a town's alerts")
def put_subscriptions(request: ApiRequest, payload: SubscriptionIn, town: TownName) -> dict[str, Any]:
    """In place of what I wanted before. No means: I am told nothing, not even in an emergency. An unknown theme or
    means: 422."""
    followed = access_followed(request.auth, town)
    wanted = Wanted(frozenset(payload.themes), payload.all_themes, frozenset(payload.channels))
    set_subscription(actor=request.auth, person=request.auth, town=followed, wanted=wanted)
    return _described(request.auth, followed)


def _described(person: Person, town: Town) -> dict[str, Any]:
    wanted = wanted_of(person, town)
    return {"themes": sorted(wanted.themes), "all_themes": wanted.all_themes, "channels": wanted.in_order}
