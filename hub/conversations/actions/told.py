"""What the hub itself says of a conversation: in its thread, and in the lists of those who take part."""

from hub.conversations import events, queries
from hub.conversations.models import Conversation, Message, Removal
from hub.core.clock import now
from hub.core.ids import new_key
from hub.notifications.actions import unsay
from hub.people.models import Person
from hub.streams import topics
from hub.streams.actions import Unit, restate

_WITH_WORDS = (events.MessagePosted.event_name, events.MessageChanged.event_name)


def tell_row(work: Unit, conversation: Conversation, person_id: int, *, unread: int) -> None:
    """The conversation's row in one person's list is not what it was: read, come, or gone."""
    work.publish(
        topics.inbox(person_id),
        lambda _number: events.ConversationChanged(
            id=conversation.pk,
            seq=conversation.last_seq,
            unread=unread,
            total_unread=queries.total_unread(person_id),
            excerpt=conversation.last_excerpt,
            author=conversation.last_author_id,
            at=conversation.last_at,
            waiting=conversation.waiting_since is not None,
        ),
    )


def say_what_happened(work: Unit, conversation: Conversation, what: dict[str, object]) -> None:
    """A line of the hub itself in the thread; readers' pages say it in their language."""
    message = Message.objects.create(conversation=conversation, key=new_key(), system=what, at=now())

    def numbered(seq: int) -> events.MessagePosted:
        Message.objects.filter(pk=message.pk).update(seq=seq)
        message.seq = seq
        return queries.describe(message, "")

    work.publish(conversation.topic, numbered)


def hide_words(work: Unit, message: Message, *, actor: Person, removal: Removal, reason: str) -> None:
    """A message is not shown any more: in threads, lists, above the conversation, in quotes. It stays stored.

    What its author took back while a moderator decided, or the other way round, stays as the first of them left it.
    """
    conversation = message.conversation

    def removed(_number: int) -> events.MessageRemoved | None:
        there = Message.objects.filter(pk=message.pk, removal=message.removal)
        if not there.update(removed_at=now(), removed_by=actor, removal=removal, removal_reason=reason):
            return None
        Conversation.objects.filter(pk=conversation.pk, pinned=message).update(pinned=None)
        Conversation.objects.filter(pk=conversation.pk, last_seq=message.seq or 0).update(last_excerpt="")
        _forget_words(message)
        return events.MessageRemoved(id=message.pk, seq=message.seq or 0, removal=removal)

    work.publish(conversation.topic, removed)
    if conversation.pinned_id == message.pk:
        work.publish(conversation.topic, lambda _number: events.MessagePinned(message=None))


def _forget_words(message: Message) -> None:
    """Nobody finds them in what they were told, nor gets them again from the stream by coming back."""
    named = [*(message.mentions or [])]
    if message.reply_to is not None and message.reply_to.author_id:
        named.append(message.reply_to.author_id)
    unsay(people=named, message_id=message.pk)
    part = message.conversation.participants.filter(person=message.author).values_list("part", flat=True).first()
    gone = Message.objects.select_related("author").get(pk=message.pk)
    beginning = f'{{"id":{message.pk},'
    restate(message.conversation.topic, _WITH_WORDS, beginning, queries.describe(gone, part or ""))


def show_words(work: Unit, message: Message) -> None:
    """It is shown again, as it was."""
    part = message.conversation.participants.filter(person=message.author).values_list("part", flat=True).first()

    def shown(_number: int) -> events.MessageChanged:
        message.removed_at, message.removed_by, message.removal, message.removal_reason = None, None, "", ""
        message.save(update_fields=["removed_at", "removed_by", "removal", "removal_reason"])
        latest = Conversation.objects.filter(pk=message.conversation_id, last_seq=message.seq or 0)
        latest.update(last_excerpt=queries.first_words(message))
        return queries.describe_changed(message, part or "")

    work.publish(message.conversation.topic, shown)


def tell_closed(work: Unit, conversation: Conversation, *, closed: bool, slow_s: int) -> None:
    """Open pages take away the place where one writes, or give it back; and say how often one may."""
    work.publish(conversation.topic, lambda _number: events.RulesChanged(closed=closed, slow_s=slow_s))
