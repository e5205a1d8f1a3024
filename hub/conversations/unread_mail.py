"""Messages that stay unread are told by mail, to who wants such mails: once, several in one.

A message is ripe when it has been unread for `UNREAD_MAIL_AFTER_S`. A ripe one takes along all that the same person
has not read yet in the same town, so that a lively conversation gives one mail in ten minutes at most.
`Participant.mailed_seq` says how far one has been told; it moves in the transaction that queues the mail, and only
from where it was seen: two clocks can't tell twice.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet

from hub.conversations import unread_words
from hub.conversations.actions.reply_addresses import give_reply_addresses
from hub.conversations.inbox import url_of
from hub.conversations.models import Attachment, Kind, Message, Part, Participant
from hub.conversations.reply_addresses import thread_of
from hub.conversations.unread_words import Told
from hub.core.clock import now
from hub.notifications import digest
from hub.notifications.mail import Reader, queue_letter, written_for
from hub.notifications.models import Gathered
from hub.notifications.models import Kind as News
from hub.notifications.queries import wants
from hub.people.models import Membership, Person
from hub.people.queries import has_proven_address
from hub.towns.models import Town

log = structlog.get_logger(__name__)

CAUSE = "unread_messages"
WORTH = timedelta(days=1)
_SHOWN = ("person", "conversation__town", "conversation__citizen")


def mail_unread() -> int:
    """Tell everybody whose private messages have stayed unread. Returns how many mails. Safe to call twice at once."""
    ripe = _telling(before=now() - timedelta(seconds=settings.UNREAD_MAIL_AFTER_S))
    pairs = list(ripe.order_by().values_list("person", "conversation__town").distinct())
    people = Person.objects.in_bulk({person for person, _town in pairs})
    towns = Town.objects.in_bulk({town for _person, town in pairs})
    mails = sum(_try_mail(people[person], towns[town]) for person, town in pairs)
    if mails:
        log.info("conversations.unread_mailed", mails=mails)
    return mails


def _telling(*, before: datetime) -> QuerySet[Participant]:
    """Participants with an unread message, written before then, of which no mail has told.

    Whoever works at the town hall is told of the citizen's words only, and only while nobody else answers.
    """
    for_citizen = Q(Exists(_untold().filter(at__lte=before)), part=Part.CITIZEN)
    for_staff = Q(Exists(_untold().filter(at__lte=before, author=OuterRef("conversation__citizen"))))
    answering = Q(conversation__answered_by=None) | Q(conversation__answered_by=F("person"))
    private = Q(unread__gt=0, unread_since__lte=before) & wants(News.PRIVATE_MESSAGES, "email")
    return Participant.objects.filter(
        (private & (for_citizen | (for_staff & answering & ~Q(part=Part.CITIZEN)))) | _in_groups(before),
        conversation__last_seq__gt=F("mailed_seq"),
        left_at=None,
        person__is_active=True,
    ).exclude(person__email="")


def _in_groups(before: datetime) -> Q:
    """A group is told of once until one has read it: it may go on all day. Only to who asks for such mails."""
    untold = Q(conversation__kind=Kind.GROUP, muted=False, mailed_seq__lte=F("read_seq"))
    behind = Q(conversation__posts__gt=F("read_posts"))
    follows = Membership.objects.filter(person=OuterRef("person"), town=OuterRef("conversation__town"))
    said = Exists(_untold().filter(at__lte=before))
    return untold & behind & wants(News.GROUP_MESSAGES, "email") & Q(said) & Q(Exists(follows))


def _untold() -> QuerySet[Message]:
    """For a query of participants: what others wrote that this one has neither read nor been told of."""
    fresh = Message.objects.filter(conversation=OuterRef("conversation"), seq__gt=OuterRef("mailed_seq"))
    readable = fresh.filter(seq__gt=OuterRef("read_seq"), author__isnull=False, removed_at=None, automatic=False)
    return readable.exclude(author=OuterRef("person"))


def _try_mail(person: Person, town: Town) -> bool:
    """One mail that can't be written keeps nobody else's back; it is tried again at the next ring."""
    try:
        return _mail(person, town)
    except Exception:
        log.exception("conversations.unread_mail_failed", person=person.pk, town=town.pk)
        return False


def _mail(person: Person, town: Town) -> bool:
    """One mail to one person about one town, unless another clock was quicker or they have read all meanwhile."""
    if person.self_registered and not has_proven_address(person):
        return False  # the address may be a stranger's
    with transaction.atomic():
        # Always in this order: two clocks then wait for each other instead of locking each other out.
        parts = _telling(before=now()).filter(person=person, conversation__town=town).order_by("pk")
        talks = [(part, messages) for part in parts.select_related(*_SHOWN) if (messages := _claim(part))]
        at_once = _keep_for_the_day(person, town, talks)
        if at_once:
            # What waits longest comes first.
            _queue(Reader(person, town), sorted(at_once, key=lambda talk: talk[1][0].at))
    return bool(at_once)


def _keep_for_the_day(person: Person, town: Town, talks: Sequence[Told]) -> list[Told]:
    """What groups said waits for the mail of the day of who wants one. Returns what is told at once."""
    groups = [talk for talk in talks if talk[0].conversation.kind == Kind.GROUP]
    if not groups or not digest.who_gathers(News.GROUP_MESSAGES, [person.pk]):
        return list(talks)
    for part, messages in groups:
        last, authors = messages[-1], {message.author_id for message in messages}
        # No words: they may be withdrawn before the evening.
        what = {"title": part.conversation.subject, "others": str(len(authors) - 1), **read_up_to(last)}
        digest.gather(
            [person.pk], town=town, kind=News.GROUP_MESSAGES, code="group_message", actor_id=last.author_id,
            what=what, path=url_of(part), at=last.at,
        )  # fmt: skip
    return [talk for talk in talks if talk not in groups]


def read_up_to(message: Message) -> dict[str, str]:
    """What is kept with news of a conversation, to know later whether it was read (`read_since`)."""
    return {"conversation": str(message.conversation_id), "seq": str(message.seq)}


def read_since(person_id: int, waiting: Sequence[Gathered]) -> list[int]:
    """Of what waits for the person's mail of the day, what they have read in the conversation itself."""
    asked = [one for one in waiting if "seq" in one.what]
    numbers = {int(one.what["conversation"]) for one in asked}
    mine = (
        Participant.objects.filter(person=person_id, conversation__in=numbers)
        if numbers
        else Participant.objects.none()
    )
    read = dict(mine.values_list("conversation", "read_seq"))
    return [one.pk for one in asked if read.get(int(one.what["conversation"]), 0) >= int(one.what["seq"])]


def _claim(part: Participant) -> list[Message]:
    """What this part has not been told of, oldest first, now told. Empty when somebody was quicker."""
    found = Message.objects.filter(
        conversation=part.conversation_id,
        seq__gt=max(part.read_seq, part.mailed_seq),
        author__isnull=False,
        removed_at=None,
        automatic=False,
    ).exclude(author=part.person_id)
    if part.part != Part.CITIZEN and not part.conversation.shared:
        found = found.filter(author=part.conversation.citizen_id)
    files = Prefetch("attachments", Attachment.objects.select_related("file"))
    messages = list(found.select_related("author").prefetch_related(files).order_by("seq"))
    seen = Participant.objects.filter(pk=part.pk, mailed_seq=part.mailed_seq, read_seq=part.read_seq, left_at=None)
    return messages if messages and seen.update(mailed_seq=messages[-1].seq) else []


def _queue(reader: Reader, talks: Sequence[Told]) -> None:
    with written_for(reader):
        queue_letter(
            cause=CAUSE, reader=reader, letter=unread_words.letter(reader, talks), expires_in=WORTH,
            headers=_headers(reader, talks),
        )  # fmt: skip


def _headers(reader: Reader, talks: Sequence[Told]) -> Mapping[str, str]:
    """Mails about one conversation stand together in mail programs, and may be answered."""
    if len(talks) > 1:
        return {}
    conversation = talks[0][0].conversation
    root = thread_of(conversation.pk)
    given = give_reply_addresses(conversation.pk, [(reader.person.email, reader.person)])
    answers = {"Reply-To": given[reader.person.email.lower()]} if given else {}
    return {"In-Reply-To": root, "References": root, **answers}
