"""Discussion groups and live chats: made, opened and closed by the mayor; joined and left by who follows the town."""

from functools import partial

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from hub.audit.actions import note
from hub.conversations import events, queries, rules
from hub.conversations.actions.told import say_what_happened, tell_closed
from hub.conversations.models import Conversation, Kind, Part, Participant
from hub.core.clock import now
from hub.core.errors import Conflict, Forbidden, Invalid, NotFound
from hub.notifications.actions import broadcast
from hub.notifications.models import Kind as Told
from hub.people.models import Person
from hub.people.queries import roles_in
from hub.streams import topics
from hub.streams.actions import Unit, unit
from hub.towns.models import Town

MAX_TITLE = 80
MAX_ABOUT = 500


def _check_makes(actor: Person, town: Town) -> None:
    if not rules.may_make_groups(roles_in(actor, town)):
        raise Forbidden


def _title(title: str) -> str:
    return rules.clean_line(title, field="title", most=MAX_TITLE, missing=_("Donnez un titre à la discussion."))


def create_group(*, actor: Person, town: Town, title: str, about: str = "") -> Conversation:
    """A new group (S48), which its maker is in; who follows the town is told. Raises `Forbidden`, `Invalid`."""
    _check_makes(actor, town)
    with unit() as work:
        group = Conversation.objects.create(
            town=town, kind=Kind.GROUP, subject=_title(title), created_by=actor, last_at=now(), created_at=now(),
            about=rules.clean_line(about, field="about", most=MAX_ABOUT),
        )  # fmt: skip
        _enter(group, actor, _part_of(actor, town))
        _tell_town(work, group, actor, "group_created")
    return group


def _tell_town(work: Unit, conversation: Conversation, actor: Person, code: str) -> None:
    what = {"title": conversation.subject}
    path = f"/messages/{conversation.pk}/entrer/"
    broadcast(work, town=conversation.town, kind=Told.NEW_GROUP, code=code, actor=actor, what=what, path=path)


def change_group(*, actor: Person, conversation_id: int, title: str, about: str) -> None:
    """Give a group another title, or say better what it is about. Raises `NotFound`, `Forbidden`, `Invalid`."""
    group = _managed(actor, conversation_id)
    named, told = _title(title), rules.clean_line(about, field="about", most=MAX_ABOUT)
    if (named, told) == (group.subject, group.about):
        return
    with unit() as work:
        Conversation.objects.filter(pk=group.pk).update(subject=named, about=told)
        _noted(group, actor, "conversation.change", {"now": named})
        work.publish(group.topic, lambda _number: events.GroupRenamed(title=named, about=told))


def _managed(actor: Person, conversation_id: int) -> Conversation:
    """A group or live chat of a town where the actor makes them. Raises `NotFound`, `Forbidden`."""
    conversation = queries.access_shared(actor, conversation_id)
    _check_makes(actor, conversation.town)
    return conversation


# Coming and going.


def join(*, actor: Person, conversation_id: int) -> Conversation:
    """Enter a group or a live chat of one's town. Safe to call twice; a newcomer has nothing to catch up with.

    Raises `NotFound` (another town's, or nothing for this role), `Forbidden` (the live chat is over).
    """
    conversation = queries.access_shared(actor, conversation_id)
    part = _part_of(actor, conversation.town)
    inside = Participant.objects.filter(conversation=conversation, person=actor, left_at=None)
    closed = conversation.closed_at is not None
    if not rules.may_enter(part, kind=conversation.kind, closed=closed) and not inside.exists():
        raise Forbidden(_("Cette discussion en direct est terminée."), code="closed")
    with transaction.atomic():
        _enter(conversation, actor, part)
    return conversation


def _part_of(person: Person, town: Town) -> Part:
    part = rules.part_in_group(roles_in(person, town))
    if part is None:
        raise NotFound
    return part


def _enter(conversation: Conversation, person: Person, part: Part) -> None:
    # Who comes back may be of the town hall now, or no longer.
    read = {"part": part, "read_posts": conversation.posts, "read_seq": conversation.last_seq}
    _participant, made = Participant.objects.get_or_create(conversation=conversation, person=person, defaults=read)
    mine = Participant.objects.filter(conversation=conversation, person=person)
    back = 0 if made else mine.filter(left_at__isnull=False).update(
        left_at=None, joined_at=now(), muted=False, **read
    )  # fmt: skip
    if made or back:
        Conversation.objects.filter(pk=conversation.pk).update(members=F("members") + 1)
    else:
        mine.exclude(part=part).update(part=part)


def leave(*, actor: Person, conversation_id: int) -> None:
    """Go out of a group: its words stay, one hears of it no more. Safe to call twice. Raises `NotFound`."""
    conversation = queries.access_shared(actor, conversation_id)
    with transaction.atomic():
        mine = Participant.objects.filter(conversation=conversation, person=actor, left_at=None)
        if mine.update(left_at=now()):
            Conversation.objects.filter(pk=conversation.pk).update(members=F("members") - 1)


def let_go() -> int:
    """Who has left the town, or its town hall, is counted among the members no more. Returns how many that was.

    They have been out ever since: this only closes their part. Goes group by group, and may be stopped at any time.
    """
    ended = 0
    for number in list(queries.strangers().order_by().values_list("conversation", flat=True).distinct()):
        with transaction.atomic():
            gone = list(queries.strangers().filter(conversation=number).values_list("pk", flat=True))
            closed = Participant.objects.filter(pk__in=gone, left_at=None).update(left_at=now())
            Conversation.objects.filter(pk=number).update(members=F("members") - closed)
        ended += closed
    return ended


def mute(*, actor: Person, conversation_id: int, on: bool = True) -> None:
    """Hear no more of a group's messages, but of those that name one; or again. Raises `NotFound`."""
    part = queries.access_conversation(actor, conversation_id)
    if part.conversation.kind == Kind.PRIVATE:
        raise NotFound
    Participant.objects.filter(pk=part.pk).update(muted=on)


# Open and closed.


def close(*, actor: Person, conversation_id: int, reason: str = "") -> None:
    """Nobody writes there any more; all may read. Safe to call twice. Raises `NotFound`, `Forbidden`."""
    conversation = queries.access_shared(actor, conversation_id)
    if not rules.may_moderate(roles_in(actor, conversation.town)):
        raise Forbidden
    why = rules.clean_line(reason, field="reason", most=300)
    with unit() as work:
        if Conversation.objects.filter(pk=conversation.pk, closed_at=None).update(closed_at=now()):
            _noted(conversation, actor, "conversation.close", {"reason": why})
            say_what_happened(work, conversation, {"code": "closed", "name": actor.name, "reason": why})
            tell_closed(work, conversation, closed=True, slow_s=conversation.slow_s)
            if conversation.kind == Kind.LIVE:
                _tell_live(work, conversation, is_open=False)


def reopen(*, actor: Person, conversation_id: int) -> None:
    """A group goes on. A live chat that is over is not reopened: a new one is. Raises `NotFound`, `Forbidden`."""
    group = queries.access_shared(actor, conversation_id)
    if group.kind != Kind.GROUP or not rules.may_moderate(roles_in(actor, group.town)):
        raise Forbidden
    with unit() as work:
        if Conversation.objects.filter(pk=group.pk, closed_at__isnull=False).update(closed_at=None):
            _noted(group, actor, "conversation.reopen", {})
            say_what_happened(work, group, {"code": "reopened", "name": actor.name})
            tell_closed(work, group, closed=False, slow_s=group.slow_s)


def set_pace(*, actor: Person, conversation_id: int, slow_s: int) -> None:
    """The slow mode: so many seconds between two messages of one citizen; 0: none.

    Raises `NotFound`, `Forbidden`, `Invalid` (not one of `rules.SLOW_MODES_S`).
    """
    conversation = queries.access_shared(actor, conversation_id)
    if not rules.may_moderate(roles_in(actor, conversation.town)):
        raise Forbidden
    if slow_s not in rules.SLOW_MODES_S:
        raise Invalid(_("Choisissez un des rythmes proposés."), field="slow_s")
    with unit() as work:
        if Conversation.objects.filter(pk=conversation.pk).exclude(slow_s=slow_s).update(slow_s=slow_s):
            _noted(conversation, actor, "conversation.pace", {"slow_s": str(slow_s)})
            tell_closed(work, conversation, closed=conversation.closed_at is not None, slow_s=slow_s)


def _noted(conversation: Conversation, actor: Person, act: str, what: dict[str, str]) -> None:
    what = {"title": conversation.subject, **what}
    note(town_id=conversation.town_id, actor=actor, act=act, subject=f"conversation.{conversation.pk}", what=what)


# The town's live chat.


def open_live(*, actor: Person, town: Town, title: str, slow_s: int = 0) -> Conversation:
    """Open the town's live chat (S67); everybody who follows it is told. One at a time.

    Raises `Forbidden`, `Invalid`, `Conflict` (one is open).
    """
    _check_makes(actor, town)
    if slow_s not in rules.SLOW_MODES_S:
        raise Invalid(_("Choisissez un des rythmes proposés."), field="slow_s")
    made = partial(
        Conversation.objects.create, town=town, kind=Kind.LIVE, subject=_title(title), created_by=actor, slow_s=slow_s,
        last_at=now(), created_at=now(),
    )  # fmt: skip
    try:
        with unit() as work:
            chat = made()
            _enter(chat, actor, _part_of(actor, town))
            _noted(chat, actor, "live.open", {})
            _tell_live(work, chat, is_open=True)
            _tell_town(work, chat, actor, "live_opened")
    except IntegrityError as error:
        raise Conflict(_("Une discussion en direct est déjà ouverte.")) from error
    return chat


def _tell_live(work: Unit, chat: Conversation, *, is_open: bool) -> None:
    """Pages of the town show its door, or take it away."""
    event = events.LiveChat(conversation=chat.pk, title=chat.subject, open=is_open)
    work.publish(topics.town(chat.town.slug), lambda _number: event)
