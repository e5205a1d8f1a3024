"""The API of groups and live chats: the same actions as a click."""

from collections.abc import Sequence
from typing import Any

from ninja import Router

from hub.conversations import queries
from hub.conversations.actions import (
    change_group,
    close,
    create_group,
    join,
    leave,
    mute,
    open_live,
    pin_message,
    reopen,
    set_pace,
)
from hub.conversations.api import ConversationId
from hub.conversations.group_shapes import GroupChanges, GroupOut, Muted, NewGroup, NewLive
from hub.conversations.models import Conversation, Participant
from hub.core.errors import NotFound
from hub.core.shapes import Limit, Offset
from hub.people.identity import ApiRequest
from hub.people.models import Person
from hub.people.queries import access_town
from hub.streams.actions import unit

router = Router(tags=["groups"])


@router.get("towns/{slug}/groups", response=list[GroupOut], summary="The groups of a town of mine")
def list_groups(request: ApiRequest, slug: str, limit: Limit = 50, offset: Offset = 0) -> list[dict[str, Any]]:
    """Those where people write first, by their last message; then those that are closed."""
    town, _roles = access_town(request.auth, slug)
    found = queries.groups_of(town).select_related("pinned__author")
    return _described(list(found[offset : offset + limit]), request.auth)


@router.post("towns/{slug}/groups", response={201: GroupOut}, summary="Make a group")
def make_group(request: ApiRequest, slug: str, payload: NewGroup) -> tuple[int, dict[str, Any]]:
    """For the mayor, and who manages for them. Everybody who follows the town is told."""
    town, _roles = access_town(request.auth, slug)
    made = create_group(actor=request.auth, town=town, title=payload.title, about=payload.about)
    return 201, _group(request.auth, made.pk)


@router.post("conversations/{conversation_id}/join", response=GroupOut, summary="Enter a group or a live chat")
def enter(request: ApiRequest, conversation_id: ConversationId) -> dict[str, Any]:
    """Of a town of mine. Again changes nothing."""
    join(actor=request.auth, conversation_id=conversation_id)
    return _group(request.auth, conversation_id)


@router.post("conversations/{conversation_id}/leave", response=GroupOut, summary="Go out of a group")
def go_out(request: ApiRequest, conversation_id: ConversationId) -> dict[str, Any]:
    """What I said there stays. Again changes nothing."""
    leave(actor=request.auth, conversation_id=conversation_id)
    return _group(request.auth, conversation_id)


@router.put("conversations/{conversation_id}/mute", response=GroupOut, summary="Hear less of a group")
def hear_less(request: ApiRequest, conversation_id: ConversationId, payload: Muted) -> dict[str, Any]:
    """Only of what names me, or answers me; or of everything again."""
    mute(actor=request.auth, conversation_id=conversation_id, on=payload.on)
    return _group(request.auth, conversation_id)


@router.patch("conversations/{conversation_id}", response=GroupOut, summary="Change a group or a live chat")
def change(request: ApiRequest, conversation_id: ConversationId, payload: GroupChanges) -> dict[str, Any]:
    """Title and purpose: for the mayor, and who manages for them. The rest: for moderators too.

    A live chat that is closed is over.
    """
    group = queries.access_shared(request.auth, conversation_id)
    with unit():  # all of it, or nothing
        _change(request.auth, group, payload)
    return _group(request.auth, conversation_id)


def _change(actor: Person, group: Conversation, payload: GroupChanges) -> None:
    given = payload.model_fields_set
    if given & {"title", "about"}:
        title = payload.title if "title" in given else group.subject
        about = payload.about if "about" in given else group.about
        change_group(actor=actor, conversation_id=group.pk, title=title, about=about)
    if "closed" in given:
        (close if payload.closed else reopen)(actor=actor, conversation_id=group.pk)
    if "slow_s" in given:
        set_pace(actor=actor, conversation_id=group.pk, slow_s=payload.slow_s)
    if "pinned" in given:
        pin_message(actor=actor, conversation_id=group.pk, seq=payload.pinned)


@router.get("towns/{slug}/live", response=GroupOut, summary="The live chat of a town of mine")
def get_live(request: ApiRequest, slug: str) -> dict[str, Any]:
    """The one that is open; 404 when none is. To write there, enter it first."""
    town, _roles = access_town(request.auth, slug)
    chat = queries.open_live_of(town)
    if chat is None:
        raise NotFound
    return _group(request.auth, chat.pk)


@router.post("towns/{slug}/live", response={201: GroupOut}, summary="Open a live chat")
def begin_live(request: ApiRequest, slug: str, payload: NewLive) -> tuple[int, dict[str, Any]]:
    """For the mayor, and who manages for them. Everybody who follows the town is told. One at a time (409)."""
    town, _roles = access_town(request.auth, slug)
    chat = open_live(actor=request.auth, town=town, title=payload.title, slow_s=payload.slow_s)
    return 201, _group(request.auth, chat.pk)


def _group(reader: Person, conversation_id: int) -> dict[str, Any]:
    """One group or live chat as it is now."""
    return _described([queries.access_shared(reader, conversation_id)], reader)[0]


def _described(groups: Sequence[Conversation], reader: Person) -> list[dict[str, Any]]:
    parts = queries.parts_in(reader, groups)
    return [_one(group, parts.get(group.pk)) for group in groups]


def _one(group: Conversation, part: Participant | None) -> dict[str, Any]:
    if part is not None:
        part.conversation = group  # loaded already
    return {
        "id": group.pk,
        "topic": group.topic,
        "town": group.town.slug,
        "kind": group.kind,
        "title": group.subject,
        "about": group.about,
        "members": group.members,
        "posts": group.posts,
        "closed": group.closed_at is not None,
        "slow_s": group.slow_s,
        "pinned": queries.quote(group.pinned) if group.pinned else None,
        "last_excerpt": group.last_excerpt,
        "last_at": group.last_at,
        "part": part.part if part else None,
        "unread": part.news if part else 0,
        "muted": part.muted if part else False,
    }
