"""What has been read, and what has reached a device."""

from hub.conversations import events, queries, rules
from hub.conversations.actions.told import tell_row
from hub.conversations.models import Conversation, Kind, Message, Participant
from hub.core.clock import now
from hub.notifications.actions import settle
from hub.people.models import Person
from hub.streams import topics
from hub.streams.actions import Unit, unit
from hub.towns.models import Town


def mark_read(*, actor: Person, conversation_id: int, up_to: int) -> int:
    """The actor has read all up to number `up_to`. Returns how far they have now read. Never goes back.

    In a private conversation the others are told; in a group only the reader's other pages are, and in a live chat
    nobody: what thousands read is not worth thousands of events each. Raises `NotFound`.
    """
    part = queries.access_conversation(actor, conversation_id)
    if up_to <= part.read_seq or part.conversation.kind == Kind.LIVE:
        return part.read_seq
    with unit() as work:
        if part.conversation.kind == Kind.GROUP:
            return _read_in_group(work, part, up_to)
        work.publish(part.conversation.topic, lambda seq: _read(work, part, min(up_to, seq - 1)))
    return Participant.objects.values_list("read_seq", flat=True).get(pk=part.pk)


def _read_in_group(work: Unit, part: Participant, up_to: int) -> int:
    """How many posts that is: all, or all but those that came after."""
    group = Conversation.objects.get(pk=part.conversation_id)
    reached = min(up_to, group.last_seq)
    later = Message.objects.filter(conversation=group, seq__gt=reached, author__isnull=False).count()
    read = group.posts - later
    mine = Participant.objects.filter(pk=part.pk, read_seq__lt=reached)
    if mine.update(read_seq=reached, read_posts=read, read_at=now()):
        settle(work, person_id=part.person_id, subject=group.topic)
        work.publish(
            topics.inbox(part.person_id),
            lambda _number: events.GroupRead(id=group.pk, unread=later),
        )
    return max(reached, part.read_seq)


def _read(work: Unit, part: Participant, up_to: int) -> events.MessageRead | None:
    mine = Participant.objects.filter(pk=part.pk, read_seq__lt=up_to)
    before = mine.values_list("read_seq", "read_at").first()
    if before is None:
        return None
    conversation = Conversation.objects.get(pk=part.conversation_id)
    others = Message.objects.filter(
        conversation=conversation, removed_at=None, author__isnull=False, automatic=False
    ).exclude(author_id=part.person_id)
    to_read = others.filter(seq__gt=up_to)
    unread = to_read.count()
    oldest = to_read.order_by("seq").values_list("at", flat=True).first() if unread else None
    # Who passes nothing but their own words has read the others' when they did.
    at = before[1] or now()
    if others.filter(seq__gt=before[0], seq__lte=up_to).exists():
        at = now()
    if not mine.update(read_seq=up_to, delivered_seq=up_to, read_at=at, unread=unread, unread_since=oldest):
        return None
    if not unread:
        settle(work, person_id=part.person_id, subject=conversation.topic)
    tell_row(work, conversation, part.person_id, unread=unread)
    return events.MessageRead(person=part.person_id, up_to=up_to, at=at)


def see_reports(*, actor: Person, town: Town) -> None:
    """The actor has looked at what is reported in the town: they are told of the next report anew. Safe to repeat."""
    with unit() as work:
        settle(work, person_id=actor.pk, subject=rules.reports_subject(town.pk))


def mark_delivered(*, actor: Person, conversation_id: int, up_to: int) -> None:
    """All up to number `up_to` has reached a device of the actor. Never goes back. Raises `NotFound`."""
    part = queries.access_conversation(actor, conversation_id)
    if up_to <= part.delivered_seq:
        return

    def delivered(seq: int) -> events.MessageDelivered | None:
        reached = min(up_to, seq - 1)
        mine = Participant.objects.filter(pk=part.pk, delivered_seq__lt=reached)
        if not mine.update(delivered_seq=reached):
            return None
        return events.MessageDelivered(person=part.person_id, up_to=reached)

    with unit() as work:
        work.publish(part.conversation.topic, delivered)
