"""Guarded reads of conversations. Whoever is not a participant gets the same answer as for a missing one."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet, Sum

from hub.conversations import rules, statements
from hub.conversations.events import Author, FileRef, MessagePosted
from hub.conversations.models import Answer, Attachment, Conversation, Message, Participant
from hub.core.clock import now
from hub.core.errors import Forbidden, NotFound
from hub.files.models import StoredFile
from hub.people.models import Person
from hub.people.queries import needs_second_factor
from hub.towns.models import Town

HABIT_DAYS = 90


def access_conversation(actor: Person, conversation_id: int) -> Participant:
    """The actor's own part in a conversation, with the conversation and its town.

    Raises `NotFound`; `Forbidden` for staff who lack the second factor that their town asks for.
    """
    part = (
        Participant.objects.filter(
            conversation_id=conversation_id, person_id=actor.pk, left_at=None, person__is_active=True
        )
        .select_related("conversation__town")
        .first()
    )
    if part is None:
        raise NotFound
    if rules.answers_for_town(part.part) and needs_second_factor(actor):
        raise Forbidden(code="second_factor_required")
    part.person = actor
    return part


def part_of(actor: Person, conversation_id: int) -> str:
    """What the actor is in a conversation (citizen, mayor, agent). Raises `NotFound`."""
    found = statements.part_of(actor.pk, conversation_id)
    if found is None:
        raise NotFound
    return found


def gone(pairs: Collection[tuple[int, int]]) -> set[tuple[int, int]]:
    """Those of these (person, conversation) pairs that may not be read any more; one query for all."""
    return statements.gone(list(pairs))


def participants_of(conversation_ids: Collection[int]) -> dict[int, dict[int, str]]:
    """Who may read these conversations, and as what: by conversation, by person. One query for all."""
    found: dict[int, dict[int, str]] = {}
    rows = Participant.objects.filter(
        conversation_id__in=conversation_ids, left_at=None, person__is_active=True
    ).values_list("conversation_id", "person_id", "part")
    for conversation_id, person_id, part in rows:
        found.setdefault(conversation_id, {})[person_id] = part
    return found


def participations(person: Person, *, town: Town | None = None) -> QuerySet[Participant]:
    """The person's parts in conversations, the latest first."""
    found = (
        Participant.objects.filter(person=person, left_at=None)
        .select_related(
            "conversation__town",
            "conversation__citizen",
            "conversation__answered_by",
            "conversation__last_author",
        )
        .order_by("-conversation__last_at", "-conversation_id")
    )
    return found.filter(conversation__town=town) if town else found


def search(found: QuerySet[Participant], words: str) -> QuerySet[Participant]:
    """Those whose citizen's name, subject or any message holds all the words."""
    for word in words.split()[:6]:
        in_messages = Message.objects.filter(body__icontains=word, removed_at=None).values("conversation")
        found = found.filter(
            Q(conversation__citizen__first_name__icontains=word)
            | Q(conversation__citizen__last_name__icontains=word)
            | Q(conversation__town__name__icontains=word)
            | Q(conversation__subject__icontains=word)
            | Q(conversation__in=in_messages)
        )
    return found


def total_unread(person_id: int) -> int:
    """How many messages wait to be read by this person: what the bell counts."""
    counted = Participant.objects.filter(person_id=person_id, unread__gt=0, left_at=None)
    return counted.aggregate(total=Sum("unread"))["total"] or 0


@dataclass(frozen=True)
class Page:
    """Messages of a conversation, oldest first, and whether there are older ones."""

    messages: list[MessagePosted]
    has_older: bool


def page_of_messages(conversation: Conversation, *, before: int | None = None, limit: int = 50) -> Page:
    """The `limit` messages before number `before` (None: the latest)."""
    found = Message.objects.filter(conversation=conversation, seq__isnull=False, removed_at=None)
    if before is not None:
        found = found.filter(seq__lt=before)
    rows = list(_with_details(found.order_by("-seq"))[: limit + 1])
    kept = rows[:limit]
    return Page(describe_all(conversation, reversed(kept)), has_older=len(rows) > limit)


def _with_details(found: QuerySet[Message]) -> QuerySet[Message]:
    files = Attachment.objects.select_related("file")
    return found.select_related("author").prefetch_related(Prefetch("attachments", files))


def describe_all(conversation: Conversation, messages: Iterable[Message]) -> list[MessagePosted]:
    """Messages as clients get them."""
    parts = dict(conversation.participants.values_list("person_id", "part"))
    return [describe(message, parts.get(message.author_id or 0, "")) for message in messages]


def describe(message: Message, part: str, files: Sequence[StoredFile] | None = None) -> MessagePosted:
    """One message as clients get it. `part`: its author's in the conversation."""
    if files is None:
        files = [attachment.file for attachment in message.attachments.all()]
    return MessagePosted(
        id=message.pk,
        seq=message.seq or 0,
        key=message.key,
        author=author(message.author, part) if message.author else None,
        body=message.body,
        via=message.via,
        at=message.at,
        attachments=[file_ref(message.conversation_id, file) for file in files],
        system=message.system,
    )


def author(person: Person, part: str) -> Author:
    return Author(id=person.pk, name=person.name, part=part)


def file_ref(conversation_id: int, file: StoredFile) -> FileRef:
    """Where a participant finds the file."""
    url = f"/messages/{conversation_id}/fichiers/{file.pk}/"
    return FileRef(
        id=str(file.pk),
        name=file.name,
        content_type=file.content_type,
        size_bytes=file.size_bytes,
        url=url,
        thumbnail_url=f"{url}vignette/" if file.thumbnail else None,
        width_px=file.width_px,
        height_px=file.height_px,
    )


def access_attachment(actor: Person, conversation_id: int, file_id: UUID) -> StoredFile:
    """A file of a conversation that the actor takes part in. Raises `NotFound`."""
    access_conversation(actor, conversation_id)
    found = Attachment.objects.filter(
        file_id=file_id, message__conversation_id=conversation_id, message__removed_at=None
    ).select_related("file")
    attachment = found.first()
    if attachment is None:
        raise NotFound
    return attachment.file


def files_of(conversation: Conversation, *, limit: int = 20) -> list[tuple[StoredFile, datetime]]:
    """The files exchanged, the latest first, with when."""
    found = Attachment.objects.filter(message__conversation=conversation, message__removed_at=None)
    rows = found.select_related("file", "message").order_by("-message__at")[:limit]
    return [(attachment.file, attachment.message.at) for attachment in rows]


def town_habit(town: Town) -> str:
    """How fast this town hall usually answers, from its answers of the last 90 days (`rules.habit`)."""
    since = now() - timedelta(days=HABIT_DAYS)
    rows = Answer.objects.filter(town=town, answered_at__gte=since).order_by("-answered_at")[:500]
    return rules.habit([answer.answered_at - answer.asked_at for answer in rows])
