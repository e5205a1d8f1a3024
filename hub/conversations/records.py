"""What conversations keep about a person: what they wrote, and what the town hall answered them."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F, Q, QuerySet

from hub.conversations.models import (
    Attachment,
    Conversation,
    Kind,
    Message,
    Participant,
    Reaction,
    ReplyAddress,
    Report,
    Silence,
)
from hub.people.models import Person
from hub.people.records import Asked, Kept, KeptFile


def collect(asked: Asked) -> Kept:
    """Their words and files in conversations; of their private ones also the answers, whose authors go unnamed.

    For a town: of its own conversations, and of private ones those that its member of staff takes part in. Words on
    tickets are told with the tickets.
    """
    messages = _written(asked).select_related("conversation__town").prefetch_related("attachments__file")
    data: dict[str, Any] = {
        "written": [_message(one) for one in messages.order_by("at", "pk")],
        "answers_of_town_halls": [_answer(one) for one in _answers(asked)],
    }
    if asked.town is None:
        data |= _own(asked)
    return Kept(data, list(_files(messages)))


def _readable(asked: Asked) -> Q:
    """Of conversations, those that may be told about."""
    if asked.town is None:
        return ~Q(conversation__kind=Kind.TICKET)
    theirs = Participant.objects.filter(person=asked.actor, left_at=None).values("conversation")
    shared = Q(conversation__kind__in=(Kind.GROUP, Kind.LIVE)) | Q(conversation__in=theirs)
    return Q(conversation__town=asked.town) & ~Q(conversation__kind=Kind.TICKET) & shared


def _written(asked: Asked) -> QuerySet[Message]:
    return Message.objects.filter(_readable(asked), author=asked.person)


def _answers(asked: Asked) -> QuerySet[Message]:
    """What others wrote to them in their private conversations, and is still there."""
    said = Message.objects.filter(_readable(asked), conversation__citizen=asked.person, removed_at=None)
    return said.exclude(author=asked.person).exclude(author=None).order_by("at", "pk")


def _message(message: Message) -> dict[str, Any]:
    talk = message.conversation
    return {
        "conversation": talk.pk,
        "kind": talk.kind,
        "town": talk.town.slug,
        "subject": talk.subject,
        "number": message.seq,
        "at": message.at,
        "via": message.via,
        "body": message.body,
        "automatic": message.automatic,
        "edited_at": message.edited_at,
        "removed_at": message.removed_at,
        "files": [_name(one) for one in message.attachments.all()],
    }


def _answer(message: Message) -> dict[str, Any]:
    return {"conversation": message.conversation_id, "number": message.seq, "at": message.at, "body": message.body}


def _files(messages: Iterable[Message]) -> Iterable[KeptFile]:
    for message in messages:
        for one in message.attachments.all():
            yield KeptFile(_name(one), one.file.size_bytes, one.file.content)


def _name(one: Attachment) -> str:
    return f"{one.file_id}-{one.file.name}"


def _own(asked: Asked) -> dict[str, Any]:
    """Where they take part, what they sign, report, and were asked to keep silent about."""
    person = asked.person
    parts = Participant.objects.filter(person=person).order_by("pk")
    signs = Reaction.objects.filter(person=person).order_by("pk")
    silences = Silence.objects.filter(person=person).order_by("pk")
    return {
        "takes_part_in": list(parts.values("conversation", "part", "joined_at", "left_at", "read_at", "muted")),
        "private_conversations": list(
            Conversation.objects.filter(citizen=person)
            .order_by("pk")
            .values("id", "subject", town_name=F("town__name"))
        ),
        "reactions": list(signs.values("sign", conversation=F("message__conversation"), number=F("message__seq"))),
        "reports": list(
            Report.objects.filter(reporter=person).order_by("pk").values("at", "reason", "words", "outcome")
        ),
        "silences": list(
            silences.values("conversation", "at", "until", "reason", "lifted_at", town_name=F("town__name"))
        ),
    }


def forget(person: Person) -> None:
    """Mails that they still have lead nowhere."""
    ReplyAddress.objects.filter(person=person).delete()
