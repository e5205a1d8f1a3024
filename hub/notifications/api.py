"""The API of notifications: one's own list, and what one wants to be told."""

from typing import Annotated, Any

from ninja import Query, Router

from hub.core.shapes import MAX_NUMBER, Limit
from hub.notifications import queries, rules, words
from hub.notifications.actions import catch_up, delete_all, mark_read, set_preferences, set_rhythm
from hub.notifications.models import Kind, Notification
from hub.notifications.rules import Wish
from hub.notifications.shapes import NotificationOut, ReadIn, RhythmBoth, UnreadOut, WishIn, WishOut
from hub.people.identity import ApiRequest
from hub.people.models import Person

router = Router(tags=["notifications"])


@router.get("me/notifications", response=list[NotificationOut], summary="What I was told")
def list_notifications(
    request: ApiRequest,
    limit: Limit = 50,
    before: Annotated[
        int | None, Query(ge=1, le=MAX_NUMBER, description="Only what is older than the one with this `id`.")
    ] = None,
) -> list[dict[str, Any]]:
    """The newest first. What comes about the same thing while it is unread renews its row, and adds to `count`."""
    catch_up(request.auth)
    return [_described(told) for told in queries.notifications_of(request.auth, before=before)[:limit]]


@router.post("me/notifications/read", response=UnreadOut, summary="Mark as read")
def read_notifications(request: ApiRequest, payload: ReadIn) -> dict[str, int]:
    """Those with these `ids`, or all when there are none given. My open pages follow at once."""
    mark_read(actor=request.auth, notification_ids=payload.ids)
    return _unread(request.auth)


@router.delete("me/notifications", response=UnreadOut, summary="Delete all")
def delete_notifications(request: ApiRequest) -> dict[str, int]:
    """Takes away all that I was told, read or not. There is no way back."""
    delete_all(actor=request.auth)
    return _unread(request.auth)


@router.get("me/notification-preferences", response=list[WishOut], summary="What I want to be told")
def get_preferences(request: ApiRequest) -> list[dict[str, Any]]:
    """One row for each kind of news, whether it was chosen or is the default."""
    return _wishes(request.auth)


@router.put("me/notification-preferences", response=list[WishOut], summary="Choose what I want to be told")
def put_preferences(request: ApiRequest, payload: list[WishIn]) -> list[dict[str, Any]]:
    """Kinds that are left out stay as they are; the answer tells all of them."""
    wishes = {Kind(wish.kind): Wish(wish.site, wish.email, wish.push) for wish in payload}
    set_preferences(actor=request.auth, wishes=wishes)
    return _wishes(request.auth)


@router.get("me/notification-rhythm", response=RhythmBoth, summary="How often I get mails of news")
def get_rhythm(request: ApiRequest) -> dict[str, bool]:
    """Each at once, unless I chose one a day."""
    return {"daily": queries.gathers(request.auth)}


@router.put("me/notification-rhythm", response=RhythmBoth, summary="Choose how often I get mails of news")
def put_rhythm(request: ApiRequest, payload: RhythmBoth) -> dict[str, bool]:
    """What was gathered before I go back to « at once » comes at its hour all the same."""
    set_rhythm(actor=request.auth, daily=payload.daily)
    return {"daily": queries.gathers(request.auth)}


def _described(told: Notification) -> dict[str, Any]:
    said = words.of(told)
    return {
        "id": told.pk,
        "town": told.town.slug,
        "kind": told.kind,
        "code": told.code,
        "actor": {"id": told.actor.pk, "name": told.actor.name} if told.actor else None,
        "what": told.what,
        "sentence": said.sentence,
        "detail": said.detail,
        "path": told.path,
        "count": told.count,
        "at": told.at,
        "read_at": told.read_at,
    }


def _unread(person: Person) -> dict[str, int]:
    return {"unread": queries.total_unread(person.pk)}


def _wishes(person: Person) -> list[dict[str, Any]]:
    daily = queries.gathers(person)
    return [
        {
            "kind": kind.value, "site": wish.site, "email": wish.email,
            "push": rules.wanted_on_devices(kind, wish.push), "daily": daily and kind in rules.GATHERED,
        }
        for kind, wish in queries.wishes_of(person).items()
    ]  # fmt: skip
