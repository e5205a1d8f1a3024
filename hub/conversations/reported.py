"""Guarded reads for moderators: what is reported, hidden or removed in a town's groups and live chats, who is silent.

Nothing here ever shows a private conversation.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef, Prefetch, QuerySet

from hub.audit.models import Entry
from hub.conversations import rules
from hub.conversations.models import SHARED, Attachment, Message, Participant, Removal, Report, Silence
from hub.core.clock import now
from hub.core.errors import Forbidden, NotFound
from hub.files.models import StoredFile
from hub.people.models import Membership, Person
from hub.people.queries import access_desk
from hub.people.rules import Roles, is_staff, roles_of
from hub.towns.models import Town

DECISIONS = ("message.hide", "message.remove", "message.restore", "message.keep")  # in the trail
AROUND = 2  # so many messages before and after a reported one are shown with it


def access_moderated_town(actor: Person, slug: str) -> Town:
    """A town where the actor moderates. Raises `NotFound` for who doesn't work there, `Forbidden` for other staff."""
    town, roles = access_desk(actor, slug)
    if not rules.may_moderate(roles):
        raise Forbidden
    return town


def to_moderate(town: Town) -> int:
    """How many messages wait for a moderator's decision: reported ones, and hidden ones."""
    return _reported(town).values("message").distinct().count() + _hidden(town).count()


def waiting(town: Town) -> list[int]:
    """The same messages, by id: the one reported last first, then those that are hidden, the last one first."""
    reported = _reported(town).values_list("message").annotate(last=Max("at")).order_by("-last", "-message")
    return [pk for pk, _last in reported] + list(_hidden(town).values_list("pk", flat=True))


def _reported(town: Town) -> QuerySet[Report]:
    return Report.objects.filter(town=town, handled_at=None).exclude(message__removal=Removal.HIDDEN)


def _spoken(town: Town) -> QuerySet[Message]:
    """What people said in the town's groups and live chats."""
    said = Message.objects.filter(conversation__town=town, author__isnull=False, seq__isnull=False)
    return said.filter(conversation__kind__in=SHARED)


def _hidden(town: Town) -> QuerySet[Message]:
    return _spoken(town).filter(removal=Removal.HIDDEN).order_by("-removed_at", "-pk")


def handled(town: Town) -> QuerySet[Any, tuple[int, datetime]]:
    """What was decided, the latest first: each message's id, and when its reports were closed, or it was removed."""
    closed = Report.objects.filter(town=town, handled_at__isnull=False).exclude(message__removal=Removal.HIDDEN)
    again = Report.objects.filter(message=OuterRef("message"), handled_at=None)
    of_reports = closed.filter(~Exists(again)).values_list("message").annotate(decided=Max("handled_at"))
    unreported = _spoken(town).filter(~Exists(Report.objects.filter(message=OuterRef("pk"))))
    removed = unreported.filter(removal=Removal.MODERATION).values_list("pk", "removed_at")
    rows: QuerySet[Any, tuple[int, datetime]] = of_reports.union(removed, all=True).order_by("-decided")
    return rows


def reports(town: Town, *, handled: bool) -> QuerySet[Report]:
    """The town's reports, one by one, the newest first: those that wait, or those that were decided of."""
    found = Report.objects.filter(town=town, handled_at__isnull=not handled)
    return found.select_related("message__author", "message__conversation", "reporter", "handled_by").order_by(
        "-handled_at" if handled else "-at", "-pk"
    )


def silences(town: Town) -> QuerySet[Silence]:
    """Who may not write for a while: those in force, the one that ends first first."""
    found = Silence.objects.filter(town=town, lifted_at=None, until__gt=now())
    return found.select_related("person", "by", "conversation").order_by("until", "pk")


def access_case(town: Town, conversation_id: int, seq: int) -> Message:
    """One message that moderators may look at. Raises `NotFound`: another town's, private, or none.

    What its author took back before anybody reported it is nobody's business either.
    """
    found = _spoken(town).filter(conversation=conversation_id, seq=seq).first()
    if found is None or (found.removal == Removal.AUTHOR and not found.reports.exists()):
        raise NotFound
    return found


def access_case_file(town: Town, conversation_id: int, seq: int, file_id: UUID) -> StoredFile:
    """A file of such a message, be it removed. Raises `NotFound`."""
    message = access_case(town, conversation_id, seq)
    found = Attachment.objects.filter(message=message, file_id=file_id).select_related("file").first()
    if found is None:
        raise NotFound
    return found.file


def access_member(town: Town, person_id: int) -> Person:
    """Somebody of the town. Raises `NotFound` for anybody else."""
    person = Person.objects.filter(pk=person_id, memberships__town=town).distinct().first()
    if person is None:
        raise NotFound
    return person


@dataclass(frozen=True)
class Case:
    """One message as moderators see it: with what was said around it, and all that is known of it.

    `roles`: its author's in the town; `silence`: the author's own that ends last; `removed`: how many other messages
    of theirs moderators removed; `part`: the moderator's own in the conversation, if any; `decision`: the number of the
    last decision of it, 0 for none.
    """

    message: Message
    author: Person
    roles: Roles
    before: list[Message]
    after: list[Message]
    silence: Silence | None
    removed: int
    part: Participant | None
    decision: int
    reports: list[Report] = field(default_factory=list)

    @property
    def waiting(self) -> list[Report]:
        """The reports that nobody has decided of."""
        return [report for report in self.reports if report.handled_at is None]

    @property
    def official(self) -> bool:
        """Whether its author speaks for the town hall."""
        return is_staff(self.roles)

    @property
    def may_silence(self) -> bool:
        """Whether its author can be kept from writing: not who is of the town hall, nor who has left the town."""
        return bool(self.roles) and not self.official


def cases(town: Town, message_ids: Sequence[int], reader: Person) -> list[Case]:
    """These messages of the town, in this order, with what moderators want to know of each."""
    found = {message.pk: message for message in _with_details(_spoken(town).filter(pk__in=message_ids))}
    messages = [found[pk] for pk in message_ids if pk in found]
    authors = {message.author_id for message in messages if message.author_id}
    roles = _roles(town, authors)
    silent = _silences(town, authors)
    removed = _removed(town, authors)
    parts = _parts(reader, {message.conversation_id for message in messages})
    decisions = decisions_of(message_ids)
    return [
        Case(
            message=message,
            author=message.author,
            roles=roles.get(message.author.pk, roles_of(())),
            before=_before(message),
            after=_after(message),
            silence=silent.get(message.author.pk),
            removed=removed.get(message.author.pk, 0) - (message.removal == Removal.MODERATION),
            part=parts.get(message.conversation_id),
            decision=decisions.get(message.pk, 0),
            reports=list(message.reports.all()),
        )
        for message in messages
        if message.author is not None
    ]


def decisions_about(message_ids: Sequence[int]) -> QuerySet[Entry]:
    """What moderators decided of these messages, in order; as the trail has it."""
    subjects = [f"message.{pk}" for pk in message_ids]
    return Entry.objects.filter(subject__in=subjects, act__in=DECISIONS).order_by("number")


def decisions_of(message_ids: Sequence[int]) -> dict[int, int]:
    """The number of the last decision of each, by the message's; those without any are left out."""
    return {int(one.subject.removeprefix("message.")): one.number for one in decisions_about(message_ids)}


def _with_details(found: QuerySet[Message]) -> QuerySet[Message]:
    """Each with its author, its reports (the newest first), its former words and its files."""
    reports = Report.objects.select_related("reporter", "handled_by").order_by("-at", "-pk")
    return found.select_related("author", "conversation__town", "removed_by", "reply_to__author").prefetch_related(
        Prefetch("reports", reports), "versions", Prefetch("attachments", Attachment.objects.select_related("file"))
    )


def _roles(town: Town, people: Collection[int]) -> dict[int, Roles]:
    held: dict[int, set[str]] = {}
    for person_id, role in Membership.objects.filter(town=town, person__in=people).values_list("person_id", "role"):
        held.setdefault(person_id, set()).add(role)
    return {person_id: roles_of(names) for person_id, names in held.items()}


def _silences(town: Town, people: Collection[int]) -> dict[int, Silence]:
    """Each one's that ends last."""
    return {silence.person_id: silence for silence in silences(town).filter(person__in=people)}


def _removed(town: Town, people: Collection[int]) -> dict[int, int]:
    said = _spoken(town).filter(author__in=people, removal=Removal.MODERATION).order_by()
    return dict(said.values_list("author_id").annotate(count=Count("pk")))


def _parts(reader: Person, conversation_ids: Collection[int]) -> dict[int, Participant]:
    mine = Participant.objects.filter(person=reader, conversation__in=conversation_ids, left_at=None)
    return {part.conversation_id: part for part in mine.select_related("conversation__town")}


def _around(message: Message) -> QuerySet[Message]:
    said = Message.objects.filter(conversation=message.conversation_id, author__isnull=False)
    return said.select_related("author")


def _before(message: Message) -> list[Message]:
    """Oldest first."""
    return list(_around(message).filter(seq__lt=message.seq).order_by("-seq")[:AROUND])[::-1]


def _after(message: Message) -> list[Message]:
    return list(_around(message).filter(seq__gt=message.seq).order_by("seq")[:AROUND])


def places_of(message_ids: Sequence[int], town: Town) -> dict[int, tuple[int, int]]:
    """Where these messages of the town are read: their conversation and number, by id. Private ones are left out."""
    found = _spoken(town).filter(pk__in=message_ids).values_list("pk", "conversation_id", "seq")
    return {pk: (conversation_id, seq or 0) for pk, conversation_id, seq in found}
