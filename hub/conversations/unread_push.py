"""Messages that stay unread for half a minute are shown on the devices of who wants that: once, until they have read.

The dispatch is named after the part and how far it has read (`unread.PART.SEQ`): two clocks show nothing twice, and
what comes while something is unread shows nothing more. What still waits, as at night, goes when it has been read.
"""

from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone, translation

from hub.conversations import queries
from hub.conversations.inbox import url_of
from hub.conversations.models import Kind, Message, Part, Participant
from hub.core.clock import now
from hub.deliveries.actions import Note, queue_notes
from hub.deliveries.models import Channel, Delivery, Dispatch, State
from hub.notifications import words
from hub.notifications.models import Kind as News
from hub.notifications.queries import wants
from hub.notifications.words import Said
from hub.people.models import Device, Membership
from hub.people.queries import devices_of

log = structlog.get_logger(__name__)

CAUSE = "unread_push"
AFTER = timedelta(seconds=20)  # who reads the page just now is not rung for
WORTH = timedelta(hours=12)
AT_ONCE = 500
_NAMED = Concat(Value("unread."), Cast("pk", CharField()), Value("."), Cast("read_seq", CharField()))


def push_unread() -> int:
    """Show it to everybody who has not read meanwhile. Returns to how many. Safe to call twice at once."""
    _drop_what_was_read()
    at = now()
    ready = _waiting().filter(_unread_since(at - WORTH, at - AFTER)).annotate(name=_NAMED)
    untold = ready.exclude(Exists(Dispatch.objects.filter(key=OuterRef("name"))))
    parts = untold.select_related("person", "conversation__town").order_by("pk")[:AT_ONCE]
    shown = sum(_try_show(part) for part in parts)
    if shown:
        log.info("conversations.unread_pushed", people=shown)
    return shown


def _waiting() -> QuerySet[Participant]:
    """Who has something to read, a device, and wants it shown there; staff only while nobody else answers."""
    devices = Device.objects.filter(person=OuterRef("person"), retired_at=None)
    answering = Q(conversation__answered_by=None) | Q(conversation__answered_by=F("person"))
    private = Q(unread__gt=0) & wants(News.PRIVATE_MESSAGES, "push") & (Q(part=Part.CITIZEN) | answering)
    follows = Membership.objects.filter(person=OuterRef("person"), town=OuterRef("conversation__town"))
    behind = Q(conversation__kind=Kind.GROUP, muted=False, conversation__posts__gt=F("read_posts"))
    group = behind & wants(News.GROUP_MESSAGES, "push") & Q(Exists(follows))
    return Participant.objects.filter(private | group, Exists(devices), left_at=None, person__is_active=True)


def _unread_since(after: datetime, before: datetime) -> Q:
    """Whether the first of it came in that time."""
    said = _said_to(OuterRef("person"), OuterRef("conversation"), OuterRef("read_seq"))
    in_group = Q(Exists(said.filter(at__gt=after, at__lte=before)), conversation__kind=Kind.GROUP)
    return Q(unread__gt=0, unread_since__gt=after, unread_since__lte=before) | in_group


def _said_to(person: Any, conversation: Any, read_seq: Any) -> QuerySet[Message]:
    """What others wrote there behind that number."""
    found = Message.objects.filter(conversation=conversation, seq__gt=read_seq, author__isnull=False, automatic=False)
    return found.filter(removed_at=None).exclude(author=person)


def _try_show(part: Participant) -> bool:
    """One that can't be shown keeps no other back; it is tried again at the next ring."""
    try:
        return _show(part)
    except Exception:
        log.exception("conversations.unread_push_failed", part=part.pk)
        return False


def _show(part: Participant) -> bool:
    messages = list(
        _said_to(part.person_id, part.conversation_id, part.read_seq).select_related("author").order_by("seq")
    )
    if not messages:
        return False
    town, person = part.conversation.town, part.person
    with translation.override(person.language), timezone.override(town.time_zone):
        told = said(part, messages)
    text = " ".join(words for words in (told.sentence, told.detail) if words)
    notes = [Note(device, town.name, text) for device in devices_of(person)]
    key = f"unread.{part.pk}.{part.read_seq}"
    return queue_notes(cause=CAUSE, key=key, notes=notes, link=url_of(part), town=town, expires_in=WORTH)


def said(part: Participant, messages: list[Message]) -> Said:
    """What the device shows, in the language that is active."""
    last = messages[-1]
    what = {"excerpt": queries.first_words(last)}
    if part.conversation.kind == Kind.GROUP:
        code, what["title"] = "group_message", part.conversation.subject
    else:
        code = "private_message"
    author = last.author.name if last.author else ""
    return words.said(code, town=part.conversation.town, actor=author, what=what, count=len(messages))


def _drop_what_was_read() -> None:
    """What has not left yet, of who has read it since."""
    queued = Delivery.objects.filter(channel=Channel.PUSH, state=State.QUEUED, dispatch__cause=CAUSE)
    if not queued.exists():
        return
    still = _waiting().annotate(name=_NAMED).values("name")
    queued.exclude(dispatch__key__in=still).update(state=State.SUPPRESSED, reason="read", ended_at=now())
