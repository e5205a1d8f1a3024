"""Everything that changes conversations. Pages, the API, sockets and mail all come here.

Rows that belong to a number are written in `build`, while the conversation's number is held: writers of one
conversation wait for each other there, and nowhere else.
"""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import IntegrityError
from django.utils.translation import gettext as _

from hub.conversations import events, queries, rules, statements
from hub.conversations.models import (
    Attachment,
    Conversation,
    Kind,
    Message,
    Part,
    Participant,
    Via,
)
from hub.core import limits
from hub.core.clock import now
from hub.core.errors import Conflict, Forbidden, Invalid, NotFound
from hub.core.ids import new_key
from hub.files.models import StoredFile
from hub.people.models import Person, Role
from hub.people.queries import mayor_of, roles_in
from hub.streams import topics
from hub.streams.actions import Unit, unit
from hub.towns.models import Town


@dataclass(frozen=True)
class Posted:
    """A message that is stored: its id and its number in the conversation's stream."""

    id: int
    seq: int


def open_conversation(*, actor: Person, town: Town, subject: str = "") -> Conversation:
    """The private conversation of a citizen with their town's mayor; made when there is none yet (S39, S40).

    Raises `Forbidden` when the actor does not follow the town, or is its mayor.
    """
    roles = roles_in(actor, town)
    if not roles or Role.MAYOR in roles:
        raise Forbidden
    return _private_conversation(town, actor, subject)


def write_to_citizen(*, actor: Person, town: Town, citizen: Person) -> Conversation:
    """The same conversation, begun by the mayor. Raises `Forbidden` for anybody else, `NotFound` for a stranger."""
    if Role.MAYOR not in roles_in(actor, town):
        raise Forbidden
    if citizen.pk == actor.pk or not roles_in(citizen, town):
        raise NotFound
    return _private_conversation(town, citizen, "")


def _private_conversation(town: Town, citizen: Person, subject: str) -> Conversation:
    known = Conversation.objects.filter(town=town, citizen=citizen, kind=Kind.PRIVATE).first()
    if known is None:
        limits.hit(limits.NEW_CONVERSATIONS, citizen.pk)
        known, _made = Conversation.objects.get_or_create(
            town=town, citizen=citizen, kind=Kind.PRIVATE, defaults={"subject": subject[:160]}
        )
    _ensure_participant(known, citizen, Part.CITIZEN)
    if (mayor := mayor_of(town)) is not None:
        _ensure_participant(known, mayor, Part.MAYOR)
    return known


def _ensure_participant(conversation: Conversation, person: Person, part: Part) -> None:
    Participant.objects.get_or_create(conversation=conversation, person=person, defaults={"part": part})


def post_message(
    *,
    actor: Person,
    conversation_id: int,
    key: str,
    body: str,
    file_ids: Sequence[str] = (),
    via: Via = Via.WEB,
) -> Posted:
    """Say something. Safe to call again with the same key: the same answer, and no second message.

    Raises `NotFound` (not a participant), `Invalid` (empty, too long, unknown file), `Conflict` (the key stands
    for other words), `RateLimited`.
    """
    limits.hit(limits.MESSAGES, actor.pk)
    part = queries.part_of(actor, conversation_id)
    text = rules.clean_body(body, has_files=bool(file_ids))
    new = _New(conversation_id, actor, part, rules.clean_key(key), text, _files(actor, file_ids), via, now())
    try:
        with unit() as work:
            posted = work.publish(topics.conversation(conversation_id), partial(_posted, work, new))
    except IntegrityError:
        return _posted_before(new)
    return Posted(new.id, posted.seq)


@dataclass(slots=True)
class _New:
    """A message on its way in; `id` once it is stored."""

    conversation_id: int
    author: Person
    part: str
    key: str
    body: str
    files: list[StoredFile]
    via: Via
    at: datetime
    id: int = 0


def _posted_before(new: _New) -> Posted:
    """The answer that was given to the same key. Raises `Conflict` when it came with other content."""
    known = Message.objects.filter(conversation=new.conversation_id, author=new.author, key=new.key).first()
    if known is None:  # not the key: a file was taken by another message meanwhile
        raise Conflict(_("Un de ces fichiers accompagne déjà un autre message."))
    same_files = list(known.attachments.values_list("file_id", flat=True)) == [file.pk for file in new.files]
    if known.body != new.body or not same_files:
        raise Conflict(_("Cette clé désigne déjà un autre message."))
    return Posted(known.pk, known.seq or 0)


def _files(actor: Person, file_ids: Sequence[str]) -> list[StoredFile]:
    """What the author has uploaded under these ids. Raises `Invalid`."""
    if not file_ids:
        return []
    if len(file_ids) > rules.MAX_ATTACHMENTS:
        raise Invalid(_("Joignez dix fichiers au plus."), field="attachments")
    found = {str(file.pk): file for file in StoredFile.objects.filter(pk__in=_uuids(file_ids), owner=actor)}
    if sorted(found) != sorted(file_ids):
        raise Invalid(_("Un des fichiers joints n’existe plus. Joignez-le de nouveau."), field="attachments")
    return [found[file_id] for file_id in file_ids]


def _uuids(file_ids: Sequence[str]) -> list[UUID]:
    """Those that can be a file's id."""
    found = []
    for file_id in file_ids:
        with contextlib.suppress(ValueError):
            found.append(UUID(file_id))
    return found


def _posted(work: Unit, new: _New, seq: int) -> events.MessagePosted:
    """Store the message under its number; the lists and counters that follow from it."""
    new.id = statements.insert_message(
        conversation_id=new.conversation_id, seq=seq, author_id=new.author.pk, key=new.key, body=new.body,
        via=new.via, at=new.at,
    )  # fmt: skip
    if new.files:
        Attachment.objects.bulk_create(
            Attachment(message_id=new.id, file=file, position=position) for position, file in enumerate(new.files)
        )
    answers = rules.answers_for_town(new.part)
    if answers:
        statements.remember_answer(conversation_id=new.conversation_id, at=new.at)
    line = rules.excerpt(new.body) or (new.files[0].name[: rules.EXCERPT] if new.files else "")
    statements.set_latest(
        conversation_id=new.conversation_id, seq=seq, author_id=new.author.pk, excerpt=line, at=new.at,
        waiting=not answers,
    )  # fmt: skip
    _count_unread(work, new, line, seq)
    return events.MessagePosted(
        id=new.id, seq=seq, key=new.key, author=queries.author(new.author, new.part), body=new.body,
        via=new.via, at=new.at, attachments=[queries.file_ref(new.conversation_id, file) for file in new.files],
    )  # fmt: skip


def _count_unread(work: Unit, new: _New, line: str, seq: int) -> None:
    unread = statements.count_unread(conversation_id=new.conversation_id, author_id=new.author.pk, at=new.at)
    totals: dict[int, int] = {}

    def changed(person_id: int, _number: int) -> events.ConversationChanged:
        # With the number taken: whoever writes to the same inbox at the same time has committed, or waits.
        if not totals:
            totals.update(dict.fromkeys(unread, 0) | statements.total_unread(list(unread)))
        return events.ConversationChanged(
            id=new.conversation_id, seq=seq, unread=unread[person_id], total_unread=totals[person_id], excerpt=line,
            author=new.author.pk, at=new.at, waiting=not rules.answers_for_town(new.part),
        )  # fmt: skip

    for person_id in unread:
        work.publish(topics.inbox(person_id), partial(changed, person_id))


def mark_read(*, actor: Person, conversation_id: int, up_to: int) -> int:
    """The actor has read all up to number `up_to`. Returns how far they have now read. Never goes back.

    Raises `NotFound`.
    """
    part = queries.access_conversation(actor, conversation_id)
    if up_to <= part.read_seq:
        return part.read_seq
    with unit() as work:
        work.publish(part.conversation.topic, lambda seq: _read(work, part, min(up_to, seq - 1)))
    return Participant.objects.values_list("read_seq", flat=True).get(pk=part.pk)


def _read(work: Unit, part: Participant, up_to: int) -> events.MessageRead | None:
    mine = Participant.objects.filter(pk=part.pk, read_seq__lt=up_to)
    before = mine.values_list("read_seq", "read_at").first()
    if before is None:
        return None
    conversation = Conversation.objects.get(pk=part.conversation_id)
    others = Message.objects.filter(conversation=conversation, removed_at=None, author__isnull=False).exclude(
        author_id=part.person_id
    )
    to_read = others.filter(seq__gt=up_to)
    unread = to_read.count()
    oldest = to_read.order_by("seq").values_list("at", flat=True).first() if unread else None
    # Who passes nothing but their own words has read the others' when they did.
    at = before[1] or now()
    if others.filter(seq__gt=before[0], seq__lte=up_to).exists():
        at = now()
    if not mine.update(read_seq=up_to, delivered_seq=up_to, read_at=at, unread=unread, unread_since=oldest):
        return None
    _tell_row(work, conversation, part.person_id, unread=unread)
    return events.MessageRead(person=part.person_id, up_to=up_to, at=at)


def _tell_row(work: Unit, conversation: Conversation, person_id: int, *, unread: int) -> None:
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


def invite_agent(*, actor: Person, conversation_id: int, agent: Person, hand_over: bool = False) -> None:
    """The mayor brings an agent in; with `hand_over`, it is the agent who answers from now on.

    The citizen sees who. Raises `NotFound`, `Forbidden` (not the mayor), `Invalid` (not of this town hall).
    """
    part = queries.access_conversation(actor, conversation_id)
    if not rules.may_invite(part.part):
        raise Forbidden
    conversation = part.conversation
    if not rules.may_be_invited(roles_in(agent, conversation.town)):
        raise Invalid(_("Cette personne ne travaille pas pour cette mairie."), field="agent")
    with unit() as work:
        _join(conversation, agent)
        if hand_over:
            Conversation.objects.filter(pk=conversation.pk).update(answered_by=agent)
        code = "handed_over" if hand_over else "joined"
        _say_what_happened(work, conversation, {"code": code, "person": agent.pk, "name": agent.name})
        answering = queries.author(agent, Part.AGENT) if hand_over else _answering(conversation)
        work.publish(conversation.topic, lambda seq: events.ParticipantsChanged(answered_by=answering))
        _tell_row(work, conversation, agent.pk, unread=0)


def take_back(*, actor: Person, conversation_id: int) -> None:
    """The mayor answers again. Agents stay in the conversation. Raises `NotFound`, `Forbidden`."""
    part = queries.access_conversation(actor, conversation_id)
    if not rules.may_invite(part.part):
        raise Forbidden
    conversation = part.conversation
    if conversation.answered_by_id is None:
        return
    with unit() as work:
        Conversation.objects.filter(pk=conversation.pk).update(answered_by=None)
        _say_what_happened(work, conversation, {"code": "taken_back", "person": actor.pk, "name": actor.name})
        work.publish(conversation.topic, lambda seq: events.ParticipantsChanged(answered_by=None))


def remove_agent(*, actor: Person, conversation_id: int, agent: Person) -> None:
    """The mayor takes an agent out: their open pages stop getting what is said within seconds."""
    part = queries.access_conversation(actor, conversation_id)
    if not rules.may_invite(part.part):
        raise Forbidden
    conversation = part.conversation
    inside = Participant.objects.filter(conversation=conversation, person=agent, part=Part.AGENT, left_at=None)
    with unit() as work:
        if not inside.update(left_at=now(), unread=0, unread_since=None):
            raise NotFound
        Conversation.objects.filter(pk=conversation.pk, answered_by=agent).update(answered_by=None)
        _say_what_happened(work, conversation, {"code": "left", "person": agent.pk, "name": agent.name})
        answering = None if conversation.answered_by_id == agent.pk else _answering(conversation)
        work.publish(conversation.topic, lambda seq: events.ParticipantsChanged(answered_by=answering))
        _tell_row(work, conversation, agent.pk, unread=0)


def _join(conversation: Conversation, agent: Person) -> None:
    Participant.objects.update_or_create(
        conversation=conversation,
        person=agent,
        defaults={"left_at": None},
        create_defaults={"part": Part.AGENT},
    )


def _answering(conversation: Conversation) -> events.Author | None:
    person = conversation.answered_by
    return queries.author(person, Part.AGENT) if person else None


def _say_what_happened(work: Unit, conversation: Conversation, what: dict[str, object]) -> None:
    """A line of the hub itself in the thread; readers' pages say it in their language."""
    message = Message.objects.create(conversation=conversation, key=new_key(), system=what, at=now())

    def numbered(seq: int) -> events.MessagePosted:
        Message.objects.filter(pk=message.pk).update(seq=seq)
        message.seq = seq
        return queries.describe(message, "", [])

    work.publish(conversation.topic, numbered)
