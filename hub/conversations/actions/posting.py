"""Saying something: the one way in for words, whoever brings them.

Rows that belong to a number are written in `build`, while the conversation's number is held: writers of one
conversation wait for each other there, and nowhere else.
"""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import IntegrityError
from django.utils.translation import gettext as _

from hub.conversations import events, queries, rules, statements
from hub.conversations.actions.away import answer_for_absent
from hub.conversations.actions.talkers import check_may_write, check_pace
from hub.conversations.models import Attachment, Kind, Message, Participant, Via
from hub.core import limits
from hub.core.clock import now
from hub.core.errors import Conflict, Invalid
from hub.files.models import StoredFile
from hub.notifications.actions import notify
from hub.notifications.models import Kind as Told
from hub.people.models import Person
from hub.streams import topics
from hub.streams.actions import Unit, unit


@dataclass(frozen=True)
class Posted:
    """A message that is stored: its id and its number in the conversation's stream."""

    id: int
    seq: int


@dataclass(slots=True)
class New:
    """A message on its way in; `id` once it is stored."""

    conversation_id: int
    author: Person
    place: statements.Place
    key: str
    body: str
    files: list[StoredFile]
    via: Via
    at: datetime
    reply_to: Message | None = None
    mentions: list[int] = field(default_factory=list)
    id: int = 0

    @property
    def topic(self) -> str:
        return topics.conversation(self.conversation_id)

    @property
    def line(self) -> str:
        """Its first words, for lists."""
        return rules.excerpt(self.body) or (self.files[0].name[: rules.EXCERPT] if self.files else "")


def post_message(
    *,
    actor: Person,
    conversation_id: int,
    key: str,
    body: str,
    file_ids: Sequence[str] = (),
    via: Via = Via.WEB,
    reply_to: int | None = None,
) -> Posted:
    """Say something. Safe to call again with the same key: the same answer, and no second message.

    `reply_to`: the number of the message that it answers. Raises `NotFound` (not a participant), `Invalid` (empty, too
    long, unknown file or message), `Conflict` (the key stands for other words), `RateLimited`, `Forbidden` (the group
    is closed, or the actor may not write there for a while).
    """
    limits.hit(limits.MESSAGES, actor.pk)
    place = queries.place_of(actor, conversation_id)
    text = rules.clean_body(body, has_files=bool(file_ids), kind=place.kind)
    new = New(conversation_id, actor, place, rules.clean_key(key), text, _files(actor, file_ids), via, now())
    if place.kind != Kind.PRIVATE:
        if known := _known(new):  # sent again: it was taken when the author might still write
            return _same(new, known)
        check_may_write(new)
        new.mentions = _mentioned(new)
    if reply_to is not None:
        new.reply_to = _answered(conversation_id, reply_to)
    try:
        with unit() as work:
            posted = work.publish(new.topic, partial(_posted, work, new))
    except IntegrityError:
        return _posted_before(new)
    return Posted(new.id, posted.seq)


def _known(new: New) -> Message | None:
    return Message.objects.filter(conversation=new.conversation_id, author=new.author, key=new.key).first()


def _posted_before(new: New) -> Posted:
    """The answer that was given to the same key."""
    known = _known(new)
    if known is None:  # not the key: a file was taken by another message meanwhile
        raise Conflict(_("Un de ces fichiers accompagne déjà un autre message."))
    return _same(new, known)


def _same(new: New, known: Message) -> Posted:
    """Raises `Conflict` when the key came with other content."""
    same_files = list(known.attachments.values_list("file_id", flat=True)) == [file.pk for file in new.files]
    first = known.versions.first()  # its author may have changed it since
    if (first.body if first else known.body) != new.body or not same_files:
        raise Conflict(_("Cette clé désigne déjà un autre message."))
    return Posted(known.pk, known.seq or 0)


def _answered(conversation_id: int, seq: int) -> Message:
    found = Message.objects.filter(conversation=conversation_id, seq=seq, removed_at=None, author__isnull=False)
    message = found.select_related("author").first()
    if message is None:
        raise Invalid(_("Le message auquel vous répondez n’est plus là."), field="reply_to")
    return message


def _mentioned(new: New) -> list[int]:
    """The participants whom the words name."""
    names = rules.names_after_at(new.body)
    if not names:
        return []
    return rules.mentioned(new.body, queries.people_named(new.conversation_id, names, besides=new.author.pk))


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


def _posted(work: Unit, new: New, seq: int) -> events.MessagePosted:
    """Store the message under its number; the lists and counters that follow from it."""
    if new.place.slow_s:
        check_pace(new)
    new.id = statements.insert_message(
        conversation_id=new.conversation_id, seq=seq, author_id=new.author.pk, key=new.key, body=new.body,
        via=new.via, at=new.at, reply_to_id=new.reply_to.pk if new.reply_to else None, mentions=new.mentions,
    )  # fmt: skip
    if new.files:
        Attachment.objects.bulk_create(
            Attachment(message_id=new.id, file=file, position=position) for position, file in enumerate(new.files)
        )
    if new.place.kind == Kind.PRIVATE:
        _follow_private(work, new, seq)
    else:
        _follow_shared(work, new, seq)
    return events.MessagePosted(
        id=new.id, seq=seq, key=new.key, author=queries.author(new.author, new.place.part), body=new.body,
        via=new.via, at=new.at, attachments=[queries.file_ref(new.conversation_id, file) for file in new.files],
        reply_to=queries.quote(new.reply_to) if new.reply_to else None, mentions=new.mentions,
    )  # fmt: skip


# In a private conversation: who waits, what each has to read.


def _follow_private(work: Unit, new: New, seq: int) -> None:
    answers = rules.answers_for_town(new.place.part)
    if answers:
        statements.remember_answer(conversation_id=new.conversation_id, at=new.at)
    latest = statements.set_latest(
        conversation_id=new.conversation_id, seq=seq, author_id=new.author.pk, excerpt=new.line, at=new.at,
        waiting=not answers,
    )  # fmt: skip
    _count_unread(work, new, seq)
    if latest.may_be_away:
        answer_for_absent(work, conversation_id=new.conversation_id, citizen=new.author, at=new.at)


def _count_unread(work: Unit, new: New, seq: int) -> None:
    unread = statements.count_unread(conversation_id=new.conversation_id, author_id=new.author.pk, at=new.at)
    totals: dict[int, int] = {}

    def changed(person_id: int, _number: int) -> events.ConversationChanged:
        # With the number taken: whoever writes to the same inbox at the same time has committed, or waits.
        if not totals:
            totals.update(dict.fromkeys(unread, 0) | statements.total_unread(list(unread)))
        return events.ConversationChanged(
            id=new.conversation_id, seq=seq, unread=unread[person_id], total_unread=totals[person_id],
            excerpt=new.line, author=new.author.pk, at=new.at, waiting=not rules.answers_for_town(new.place.part),
        )  # fmt: skip

    for person_id in unread:
        work.publish(topics.inbox(person_id), partial(changed, person_id))
    _tell(work, new, Told.PRIVATE_MESSAGES, "private_message", unread.keys() - {new.author.pk}, subject=new.topic)


# In a group or a live chat: nothing is written for each reader, however many they are.


def _follow_shared(work: Unit, new: New, seq: int) -> None:
    latest = statements.set_latest(
        conversation_id=new.conversation_id, seq=seq, author_id=new.author.pk, excerpt=new.line, at=new.at,
        waiting=False,
    )  # fmt: skip
    # Who had read all before has read all still.
    Participant.objects.filter(conversation=new.conversation_id, person=new.author, read_posts=latest.posts - 1).update(
        read_posts=latest.posts, read_seq=seq
    )
    _tell(work, new, Told.GROUP_MESSAGES, "mention", set(new.mentions))
    answered = new.reply_to.author_id if new.reply_to else None
    if answered and answered not in new.mentions and queries.takes_part(answered, new.conversation_id):
        _tell(work, new, Told.GROUP_MESSAGES, "reply", {answered})


def _tell(work: Unit, new: New, kind: Told, code: str, people: set[int], *, subject: str = "") -> None:
    if not people:
        return
    what = {"excerpt": new.line}
    if kind != Told.PRIVATE_MESSAGES:
        what |= {"title": queries.title_of(new.conversation_id), "message": str(new.id)}
    notify(
        work, town_id=new.place.town_id, kind=kind, code=code, people=people, actor=new.author, what=what,
        path=f"/messages/{new.conversation_id}/", subject=subject,
    )  # fmt: skip
