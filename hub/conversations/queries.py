"""Guarded reads of conversations. Whoever is not a participant gets the same answer as for a missing one."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Concat, Lower, Trim

from hub.conversations import rules, statements
from hub.conversations.events import Author, FileRef, MessageChanged, MessagePosted, Quote, Reacted
from hub.conversations.finding import holding
from hub.conversations.models import (
    SHARED,
    Answer,
    Attachment,
    Conversation,
    Kind,
    Message,
    Part,
    Participant,
    Reaction,
    Removal,
)
from hub.core.clock import now
from hub.core.errors import Forbidden, NotFound
from hub.files.models import StoredFile
from hub.people.models import Membership, Person, Role
from hub.people.queries import needs_second_factor, works_in
from hub.towns.models import Town

HABIT_DAYS = 90


def _still_in() -> Q:
    """Of participants: in a group or a live chat, who still is of the town what they are there."""
    held = Membership.objects.filter(person=OuterRef("person"), town=OuterRef("conversation__town"))
    as_mayor = Q(Exists(held.filter(role=Role.MAYOR)), part=Part.MAYOR)
    as_agent = Q(Exists(held.exclude(role__in=(Role.CITIZEN, Role.OPERATOR))), part=Part.AGENT)
    as_citizen = Q(Exists(held.exclude(role=Role.OPERATOR)), part=Part.CITIZEN)
    return Q(conversation__kind=Kind.PRIVATE) | as_mayor | as_agent | as_citizen


def access_conversation(actor: Person, conversation_id: int) -> Participant:
    """The actor's own part in a conversation, with the conversation and its town.

    Raises `NotFound`; `Forbidden` for staff who lack the second factor that their town asks for.
    """
    part = (
        Participant.objects.filter(
            _still_in(), conversation_id=conversation_id, person_id=actor.pk, left_at=None, person__is_active=True
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


def access_shared(actor: Person, conversation_id: int) -> Conversation:
    """A group or live chat of a town that the actor belongs to, whether they are in it or not. Raises `NotFound`.

    Staff who lack the second factor that their town asks for: `Forbidden`.
    """
    shared = Conversation.objects.filter(pk=conversation_id, kind__in=SHARED, town__memberships__person=actor)
    found = shared.select_related("town").distinct().first()
    if found is None or not actor.is_active:
        raise NotFound
    if works_in(actor, found.town) and needs_second_factor(actor):
        raise Forbidden(code="second_factor_required")
    return found


def groups_of(town: Town) -> QuerySet[Conversation]:
    """The town's groups: the open ones first, then by their last message (S50)."""
    found = Conversation.objects.filter(town=town, kind=Kind.GROUP).select_related("town")
    return found.order_by(F("closed_at").desc(nulls_first=True), "-last_at", "-pk")


def open_live_of(town: Town) -> Conversation | None:
    """The town's live chat, while it is open."""
    return Conversation.objects.filter(town=town, kind=Kind.LIVE, closed_at=None).select_related("town").first()


def parts_in(person: Person, conversations: Iterable[Conversation]) -> dict[int, Participant]:
    """The person's own parts in these, by conversation."""
    found = Participant.objects.filter(_still_in(), person=person, conversation__in=list(conversations), left_at=None)
    return {part.conversation_id: part for part in found}


def place_of(actor: Person, conversation_id: int) -> statements.Place:
    """What the actor is in a conversation, and what sort of conversation it is. Raises `NotFound`."""
    found = statements.place_of(actor.pk, conversation_id)
    if found is None:
        raise NotFound
    return found


def gone(pairs: Collection[tuple[int, int]]) -> set[tuple[int, int]]:
    """Those of these (person, conversation) pairs that may not be read any more; one query for all."""
    return statements.gone(list(pairs))


@dataclass(frozen=True)
class Inside:
    """Who may read a conversation, of those who were asked about: their parts, by person; whose presence is shown."""

    parts: dict[int, str]
    shown: frozenset[int]


def inside(conversation_ids: Collection[int], person_ids: Collection[int]) -> dict[int, Inside]:
    """Which of these people may read which of these conversations. One query for all.

    In a private conversation everybody's presence is shown, elsewhere the mayor's: thousands are not told of each
    other.
    """
    asked = Q(conversation__kind=Kind.PRIVATE) | Q(person_id__in=person_ids) | Q(part=Part.MAYOR)
    rows = Participant.objects.filter(
        _still_in(), asked, conversation_id__in=conversation_ids, left_at=None, person__is_active=True
    ).values_list("conversation_id", "person_id", "part", "conversation__kind")
    parts: dict[int, dict[int, str]] = {}
    shown: dict[int, set[int]] = {}
    for conversation_id, person_id, part, kind in rows:
        parts.setdefault(conversation_id, {})[person_id] = part
        if kind == Kind.PRIVATE or part == Part.MAYOR:
            shown.setdefault(conversation_id, set()).add(person_id)
    return {key: Inside(found, frozenset(shown.get(key, ()))) for key, found in parts.items()}


def participations(person: Person, *, town: Town | None = None) -> QuerySet[Participant]:
    """The person's parts in conversations, the latest first."""
    found = (
        Participant.objects.filter(_still_in(), person=person, left_at=None)
        .exclude(conversation__kind=Kind.LIVE)
        .select_related(
            "conversation__town",
            "conversation__citizen",
            "conversation__answered_by",
            "conversation__last_author",
        )
        .order_by("-conversation__last_at", "-conversation_id")
    )
    return found.filter(conversation__town=town) if town else found


def with_news() -> Q:
    """Of participants: those with something to read."""
    behind = Q(conversation__kind=Kind.GROUP, conversation__posts__gt=F("read_posts"))
    return Q(unread__gt=0) | behind


def search(found: QuerySet[Participant], words: str) -> QuerySet[Participant]:
    """Those where each of the words stands in the citizen's name, the title or a message."""
    mine = Message.objects.filter(conversation__in=found.order_by().values("conversation"))
    for word in words.split()[:6]:
        found = found.filter(
            Q(conversation__citizen__first_name__icontains=word)
            | Q(conversation__citizen__last_name__icontains=word)
            | Q(conversation__town__name__icontains=word)
            | Q(conversation__subject__icontains=word)
            | Q(conversation__in=holding(mine, word).values("conversation"))
        )
    return found


def strangers() -> QuerySet[Participant]:
    """Parts in groups and live chats of those who are no longer of the town what they were there, or of nowhere."""
    parts = Participant.objects.filter(left_at=None).exclude(conversation__kind=Kind.PRIVATE)
    return parts.filter(~_still_in() | Q(person__is_active=False))


def _inside(conversation_id: int) -> QuerySet[Participant]:
    """Those who take part in a conversation now."""
    parts = Participant.objects.filter(_still_in(), conversation=conversation_id)
    return parts.filter(left_at=None, person__is_active=True)


def takes_part(person_id: int, conversation_id: int) -> bool:
    """Whether somebody takes part in a conversation now: who is out is told of nothing that is said there."""
    return _inside(conversation_id).filter(person=person_id).exists()


def people_named(conversation_id: int, names: Collection[str], *, besides: int) -> list[tuple[int, str]]:
    """Who takes part in a conversation under one of these names (folded to lower case), with their numbers."""
    full = Trim(Concat("person__first_name", Value(" "), "person__last_name"))
    rows = _inside(conversation_id).exclude(person=besides).annotate(name=Lower(full)).filter(name__in=names)
    return list(rows.values_list("person_id", "name")[: rules.MAX_MENTIONS])


def people_beginning(part: Participant, text: str, *, limit: int = 8) -> list[Person]:
    """Who else takes part there and has a first or last name that begins so."""
    inside = _inside(part.conversation_id).exclude(person=part.person_id)
    begins = Q(first_name__istartswith=text) | Q(last_name__istartswith=text)
    return list(Person.objects.filter(begins, pk__in=inside.values("person"))[:limit])


def title_of(conversation_id: int) -> str:
    """The title of a group or live chat."""
    return Conversation.objects.values_list("subject", flat=True).get(pk=conversation_id)


def found_messages(person: Person, words: str, *, town: Town | None = None, limit: int = 30) -> list[Message]:
    """The latest messages of the person's own conversations and groups that hold all the words."""
    mine = participations(person, town=town).order_by().values("conversation")
    found = holding(Message.objects.filter(conversation__in=mine, seq__isnull=False), words)
    return list(found.select_related("author", "conversation__town").order_by("-at", "-pk")[:limit])


def total_unread(person_id: int) -> int:
    """How many private messages wait to be read by this person: what « Messages » counts."""
    counted = Participant.objects.filter(person_id=person_id, unread__gt=0, left_at=None)
    return counted.aggregate(total=Sum("unread"))["total"] or 0


@dataclass(frozen=True)
class Page:
    """Messages of a conversation, oldest first, and whether there are older ones."""

    messages: list[MessagePosted]
    has_older: bool


def page_of_messages(conversation: Conversation, *, reader: Person, before: int | None = None, limit: int = 50) -> Page:
    """The `limit` messages before number `before` (None: the latest), as `reader` sees them."""
    found = Message.objects.filter(conversation=conversation, seq__isnull=False)
    if before is not None:
        found = found.filter(seq__lt=before)
    rows = list(_with_details(found.order_by("-seq"))[: limit + 1])
    kept = rows[:limit]
    return Page(describe_all(conversation, kept[::-1], reader), has_older=len(rows) > limit)


def _with_details(found: QuerySet[Message]) -> QuerySet[Message]:
    files = Attachment.objects.select_related("file")
    return found.select_related("author", "reply_to__author").prefetch_related(Prefetch("attachments", files))


def people_of(conversation: Conversation, messages: Sequence[MessagePosted]) -> list[Participant]:
    """Whose faces a page shows: all in a private conversation; elsewhere the authors, and who speaks for the town."""
    found = conversation.participants.select_related("person").order_by("joined_at", "pk")
    if conversation.shared:
        authors = {message.author.id for message in messages if message.author}
        found = found.filter(Q(person__in=authors) | Q(part=Part.MAYOR))
    return list(found)


def members_of(conversation: Conversation, *, limit: int) -> list[Participant]:
    """Who is in a group: the town hall first, then by name."""
    inside = conversation.participants.filter(_still_in(), left_at=None, person__is_active=True)
    rank = Case(When(part=Part.MAYOR, then=0), When(part=Part.AGENT, then=1), default=2)
    return list(inside.select_related("person").order_by(rank, "person__last_name", "person__first_name", "pk")[:limit])


def pinned_of(conversation: Conversation) -> Quote | None:
    """What stands above the conversation."""
    if conversation.pinned_id is None:
        return None
    return quote(Message.objects.select_related("author").get(pk=conversation.pinned_id))


def access_message(part: Participant, seq: int) -> Message:
    """One message of a conversation that the reader has a part in, by its number. Raises `NotFound`."""
    found = _with_details(Message.objects.filter(conversation=part.conversation_id, seq=seq)).first()
    if found is None:
        raise NotFound
    found.conversation = part.conversation
    return found


def describe_all(conversation: Conversation, messages: Sequence[Message], reader: Person) -> list[MessagePosted]:
    """Messages as clients get them."""
    authors = {message.author_id for message in messages}
    parts = dict(conversation.participants.filter(person__in=authors).values_list("person_id", "part"))
    reactions = _reactions([message.pk for message in messages], reader)
    return [
        MessagePosted(**_described(message, parts.get(message.author_id or 0, ""), reactions.get(message.pk, [])))
        for message in messages
    ]


def describe(message: Message, part: str) -> MessagePosted:
    """One message as clients get it. `part`: its author's in the conversation."""
    return MessagePosted(**_described(message, part, []))


def describe_changed(message: Message, part: str) -> MessageChanged:
    """The same, as it is now: with how many people put which sign on it."""
    return MessageChanged(**_described(message, part, _reactions([message.pk], None).get(message.pk, [])))


def _described(message: Message, part: str, reactions: list[Reacted]) -> dict[str, Any]:
    told = {
        "id": message.pk,
        "seq": message.seq or 0,
        "key": message.key,
        "author": author(message.author, part) if message.author else None,
        "body": "",
        "via": message.via,
        "at": message.at,
    }
    if message.removed_at is not None:
        return {**told, "removal": message.removal or Removal.MODERATION}
    return {
        **told,
        "body": message.body,
        "attachments": [file_ref(message.conversation_id, one.file) for one in message.attachments.all()],
        "system": message.system,
        "reply_to": quote(message.reply_to) if message.reply_to else None,
        "mentions": message.mentions or [],
        "automatic": message.automatic,
        "edited_at": message.edited_at,
        "reactions": reactions,
    }


def quote(message: Message) -> Quote:
    """What stands above an answer to this message, and where it is pinned."""
    shown = message.removed_at is None
    name = message.author.name if message.author else ""
    return Quote(seq=message.seq or 0, author=name, excerpt=first_words(message) if shown else "")


def first_words(message: Message) -> str:
    """One line of a message for lists; the name of its first file when it has no words."""
    if line := rules.excerpt(message.body):
        return line
    attachment = message.attachments.select_related("file").first()
    return attachment.file.name[: rules.EXCERPT] if attachment else ""


def _reactions(message_ids: Sequence[int], reader: Person | None) -> dict[int, list[Reacted]]:
    """By message, in the order of the signs."""
    mine = Count("pk", filter=Q(person=reader.pk if reader else None))
    rows = Reaction.objects.filter(message__in=message_ids).values("message_id", "sign")
    found: dict[int, list[Reacted]] = {}
    for message_id, sign, count, own in rows.annotate(count=Count("pk"), mine=mine).values_list(
        "message_id", "sign", "count", "mine"
    ):
        found.setdefault(message_id, []).append(Reacted(sign, count, bool(own)))
    order = list(rules.REACTIONS)
    for reacted in found.values():
        reacted.sort(key=lambda one: order.index(one.sign))
    return found


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
