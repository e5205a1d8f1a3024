"""Messages of groups are told by notifications: one for each group and member, renewed while it is unread.

Nothing is written for members when somebody writes. The clock looks which groups grew, and tells those who have not
read, some hundreds at a time; a worker that dies half-way is made good by the next ring, since telling twice is
telling once.
"""

from collections.abc import Iterator

import structlog
from django.db.models import F

from hub.conversations.models import Conversation, Kind, Message, Participant
from hub.conversations.queries import first_words
from hub.notifications.actions import notify
from hub.notifications.models import Kind as Told
from hub.streams.actions import unit

log = structlog.get_logger(__name__)

AT_ONCE = 250


def tell_group_news() -> int:
    """Tell members what groups have said since the last time. Returns how many groups. Safe to call twice at once."""
    grown = Conversation.objects.filter(kind=Kind.GROUP, posts__gt=F("told_posts")).select_related("town")
    told = sum(_try_tell(group) for group in grown.order_by("last_at"))
    if told:
        log.info("conversations.groups_told", groups=told)
    return told


def _try_tell(group: Conversation) -> bool:
    """One group that can't be told of keeps no other back; it is tried again at the next ring."""
    try:
        _tell(group)
    except Exception:
        log.exception("conversations.group_news_failed", conversation=group.pk)
        return False
    return True


def _tell(group: Conversation) -> None:
    said = Message.objects.filter(conversation=group, author__isnull=False, removed_at=None)
    latest = said.select_related("author").order_by("-seq").first()
    if latest is not None:
        what = {"title": group.subject, "excerpt": first_words(latest)}
        for people in _behind(group):
            with unit() as work:
                notify(
                    work, town_id=group.town_id, kind=Told.GROUP_MESSAGES, code="group_message", people=people,
                    actor=latest.author, what=what, path=f"/messages/{group.pk}/", subject=group.topic,
                )  # fmt: skip
    Conversation.objects.filter(pk=group.pk, told_posts__lt=group.posts).update(told_posts=group.posts)


def _behind(group: Conversation) -> Iterator[list[int]]:
    """Who has not read all and wants to hear of it, by number, some at a time."""
    behind = Participant.objects.filter(
        conversation=group, left_at=None, muted=False, read_posts__lt=group.posts, person__is_active=True,
        person__memberships__town=group.town_id,
    ).order_by("person_id").distinct().values_list("person_id", flat=True)  # fmt: skip
    reached = 0
    while people := list(behind.filter(person_id__gt=reached)[:AT_ONCE]):
        reached = people[-1]
        yield people
