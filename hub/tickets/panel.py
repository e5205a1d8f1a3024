"""What the desk's panel shows of one ticket: all of it ready for the page, nothing decided in templates."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from django.db.models import Q, QuerySet

from hub.conversations.models import Message, Side
from hub.deliveries.models import Channel
from hub.deliveries.queries import channel_is_open
from hub.people.models import STAFF_ROLES, Person, Role
from hub.tickets import panel_words, queries, reaching, rules
from hub.tickets.canned import fill
from hub.tickets.identity import is_erasable
from hub.tickets.models import (
    CLOSED,
    CannedReply,
    Category,
    Change,
    Favourite,
    Priority,
    Status,
    Ticket,
    TicketFile,
    Watcher,
)
from hub.tickets.queries import FollowUp, Seen
from hub.tickets.reaching import Means, Reach
from hub.tickets.tree import Tree
from hub.towns.models import Service


class Tab(StrEnum):
    """The four of S122, by their names in addresses."""

    FACTS = "informations"
    TALK = "suivis"
    PHOTOS = "photos"
    FILES = "fichiers"


@dataclass(frozen=True)
class Line:
    """One line of the follow-ups: words, or what happened between them."""

    at: datetime
    said: FollowUp | None = None
    happened: str = ""
    icon: str = ""


@dataclass(frozen=True)
class Canned:
    """A reply of the town, filled in for this ticket."""

    id: int
    title: str
    body: str
    body_en: str


class Panel:
    """One ticket as one member of staff sees it. The caller has asked `access_work`."""

    def __init__(self, seen: Seen, actor: Person, tab: Tab = Tab.TALK) -> None:
        self.seen = seen
        self.ticket = seen.ticket
        self.town = seen.ticket.town
        self.actor = actor
        self.tab = tab

    # Where it stands.

    @property
    def today(self) -> object:
        return queries.today_in(self.town)

    @property
    def late(self) -> bool:
        return rules.is_late(self.ticket, queries.today_in(self.town))

    @cached_property
    def tree(self) -> Tree:
        return Tree(self.town)

    @property
    def path(self) -> str:
        return self.tree.path_name(self.tree.get(self.ticket.category_id) or self.ticket.category)

    @property
    def may_change(self) -> bool:
        return rules.may_change(self.ticket, self.seen.stance)

    @property
    def may_correct(self) -> bool:
        return rules.may_correct(self.ticket, self.seen.stance)

    @property
    def may_take_out(self) -> bool:
        return rules.may_take_out(self.ticket, self.seen.stance)

    @property
    def may_set_priority(self) -> bool:
        return rules.may_set_priority(self.ticket, self.seen.stance)

    @property
    def may_write(self) -> bool:
        return rules.may_follow_up(self.ticket, self.seen.stance)

    @property
    def erasable(self) -> bool:
        return is_erasable(self.seen)

    @property
    def reaches_requester(self) -> bool:
        return rules.may_write_to_requester(self.ticket)

    @property
    def reaches_somebody(self) -> bool:
        """The requester, or those who asked for what stands under it."""
        return rules.may_write_outside(self.ticket, neighbours=bool(self.neighbours))

    @property
    def statuses(self) -> list[Status]:
        """Where it may go from here; closing has a page of its own."""
        return [status for status in rules.next_statuses(self.ticket) if status not in CLOSED]

    @property
    def closable(self) -> bool:
        return self.may_change and not self.ticket.closed

    @property
    def may_be_public(self) -> bool:
        return self.ticket.category.public_allowed and not self.ticket.internal

    @cached_property
    def starred(self) -> bool:
        return Favourite.objects.filter(ticket=self.ticket, person=self.actor).exists()

    @cached_property
    def watched(self) -> bool:
        return Watcher.objects.filter(ticket=self.ticket, person=self.actor).exists()

    # What may be chosen.

    @property
    def priorities(self) -> list[Priority]:
        return list(reversed(Priority))

    @cached_property
    def services(self) -> list[Service]:
        return list(self.town.services.all())

    @cached_property
    def staff(self) -> list[Person]:
        """Who may be entrusted with it, by name."""
        working = Person.objects.filter(
            memberships__town=self.town, memberships__role__in=STAFF_ROLES - {Role.OPERATOR}, is_active=True
        )
        return list(working.distinct().order_by("last_name", "first_name", "pk"))

    @property
    def categories(self) -> list[tuple[Category, str]]:
        return [(leaf, self.tree.path_name(leaf)) for leaf in self.tree.leaves()]

    @cached_property
    def canned(self) -> list[Canned]:
        """The town's replies, those of the ticket's service first."""
        found = CannedReply.objects.filter(town=self.town)
        mine = [one for one in found if one.service_id in {None, self.ticket.service_id}]
        fields = panel_words.fields(self.ticket, shared=self.ticket.public or bool(self.grouped_count))
        return [
            Canned(one.pk, one.title, fill(one.body, fields), fill(one.body_en, fields))
            for one in sorted(mine, key=lambda one: one.service_id is None)
        ]

    # What was said and what happened.

    @cached_property
    def follow_ups(self) -> list[FollowUp]:
        return queries.follow_ups_of(self.seen)

    @property
    def last_seq(self) -> int:
        """Up to where who writes now has read."""
        return self.ticket.conversation.posts

    @cached_property
    def changes(self) -> list[Change]:
        return list(self.ticket.changes.select_related("actor"))

    @cached_property
    def lines(self) -> list[Line]:
        """Words and changes in their order: one timeline for all ways of writing."""
        found = [*self._said(), *self._happened()]
        return sorted(found, key=lambda line: line.at)

    def _said(self) -> Iterator[Line]:
        return (Line(one.message.at, said=one) for one in self.follow_ups)

    def _happened(self) -> Iterator[Line]:
        for change in self.changes:
            if sentence := panel_words.happened(change, self.ticket):
                yield Line(change.at, happened=sentence, icon=panel_words.ICONS.get(change.field, "info"))

    @cached_property
    def history(self) -> list[tuple[Change, str]]:
        """All changes, the latest first (S108, S110)."""
        told = [(change, panel_words.happened(change, self.ticket)) for change in self.changes]
        return [(change, sentence) for change, sentence in reversed(told) if sentence]

    # Files (S122, S123, S130).

    @cached_property
    def _files(self) -> list[TicketFile]:
        return queries.files_of(self.seen)

    @property
    def photos(self) -> list[TicketFile]:
        return [one for one in self._files if one.file.is_picture]

    @property
    def documents(self) -> list[TicketFile]:
        """What is no picture, and all that the town put there."""
        return [one for one in self._files if one.by_town or not one.file.is_picture]

    @property
    def tabs(self) -> list[tuple[Tab, str, int | None]]:
        """Each with its name and how much is there; None: it is not counted."""
        names = panel_words.tabs()
        counts = {Tab.TALK: len(self.follow_ups), Tab.PHOTOS: len(self.photos), Tab.FILES: len(self.documents)}
        return [(tab, names[tab], counts.get(tab)) for tab in Tab]

    # What stands beside it: of other tickets, those that are in the actor's reach too (S97, S104).

    @cached_property
    def grouped_count(self) -> int:
        """How many stand under this one, in the actor's reach or not: they are closed with it."""
        return self.ticket.grouped.count()

    @cached_property
    def neighbours(self) -> list[Ticket]:
        """Of these, on which what is answered is said too."""
        if not self.grouped_count:
            return []
        return list(queries.neighbours_of(self.ticket).select_related("town").order_by("pk"))

    @cached_property
    def grouped(self) -> list[Ticket]:
        return list(self._in_reach.filter(parent=self.ticket)) if self.grouped_count else []

    @cached_property
    def tasks(self) -> list[Ticket]:
        return list(self._in_reach.filter(task_of=self.ticket))

    @cached_property
    def parts(self) -> list[Ticket]:
        return list(self._in_reach.filter(split_from=self.ticket))

    @cached_property
    def parent(self) -> Ticket | None:
        return self._reached(self.ticket.parent_id)

    @cached_property
    def task_of(self) -> Ticket | None:
        return self._reached(self.ticket.task_of_id)

    @cached_property
    def split_from(self) -> Ticket | None:
        return self._reached(self.ticket.split_from_id)

    @property
    def _in_reach(self) -> QuerySet[Ticket]:
        return queries.desk_tickets(self.actor, self.town).order_by("pk")

    def _reached(self, ticket_id: int | None) -> Ticket | None:
        return self._in_reach.filter(pk=ticket_id).first() if ticket_id else None

    @property
    def open_tasks(self) -> int:
        return sum(not task.closed for task in self.tasks)

    @property
    def english_readers(self) -> bool:
        """Whether somebody would read an English version of a follow-up."""
        own = [self.ticket.language] if self.reaches_requester else []
        return "en" in {*own, *(one.language for one in self.neighbours)}

    @cached_property
    def _reaches(self) -> dict[int, Reach]:
        return reaching.reaches([self.ticket, *self.neighbours])

    @property
    def ways(self) -> Sequence[tuple[str, str]]:
        """By which ways an external follow-up reaches people: (icon, words)."""
        return self._ways(most=reaching.SMS_A_DAY)

    @property
    def ending_ways(self) -> Sequence[tuple[str, str]]:
        """The same of its end."""
        return self._ways(most=reaching.WITH_ITS_END)

    def _ways(self, *, most: int) -> Sequence[tuple[str, str]]:
        own, *others = (self._reaches[one.pk] for one in (self.ticket, *self.neighbours))
        used_up = own.means is Means.SMS and reaching.is_used_up(self.ticket, most=most)
        return panel_words.ways(self.ticket, own, others, used_up=used_up)

    @property
    def wishes(self) -> str:
        """Whether and how the requester asked to be told."""
        return panel_words.wishes(self.ticket, self._reaches[self.ticket.pk])

    @property
    def sms_is_open(self) -> bool:
        """Whether follow-ups may go by SMS to who has no email."""
        return channel_is_open(Channel.SMS)


def answered_meanwhile(ticket: Ticket, actor: Person, seq: int) -> Message | None:
    """What a colleague has told the requester since the actor read up to `seq`: no two answer unawares."""
    others = Message.objects.filter(conversation=ticket.conversation_id, side=Side.TOWN)
    others = others.filter(Q(visibility="external") | Q(system__to=queries.TO_NEIGHBOURS))
    return others.filter(seq__gt=seq).exclude(author=actor).select_related("author").order_by("-seq").first()
