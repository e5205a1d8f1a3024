"""A row of the board: what it says of a ticket, in the reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from hub.core import typography
from hub.core.clock import now
from hub.core.jsons import encode_text
from hub.tickets.board import Board
from hub.tickets.filters import Filters
from hub.tickets.icons import SOURCE_ICONS
from hub.tickets.models import Priority, Source, Status, Ticket
from hub.towns.models import Town

NEW_FOR = timedelta(hours=24)
_COURSES = {
    Priority.MINOR: "priority--1", Priority.IMPORTANT: "priority--2", Priority.VERY_IMPORTANT: "priority--3",
    Priority.URGENT: "priority--4",
}  # fmt: skip


@dataclass(frozen=True)
class Due:
    """Until when: « 24 nov. », « demain ». Of a closed ticket: since when, and how it ended."""

    day: str
    note: str = ""
    late: bool = False


@dataclass(frozen=True)
class Row:
    """One ticket on the board. `order`: where it stands, as JSON (`Board.order_key`)."""

    ticket: Ticket
    url: str
    star_url: str
    category: str
    due: Due
    order: str
    starred: bool
    new: bool
    current: bool

    @property
    def source_icon(self) -> str:
        return SOURCE_ICONS[Source(self.ticket.source)]

    @property
    def source(self) -> str:
        return str(Source(self.ticket.source).label)

    @property
    def answered(self) -> bool:
        """Whether the requester wrote last."""
        return self.ticket.answered_at is not None and not self.ticket.closed

    @property
    def courses(self) -> str:
        """The class that draws its courses of stone."""
        return _COURSES[Priority(self.ticket.priority)]

    @property
    def priority(self) -> str:
        return str(Priority(self.ticket.priority).label)


def rows_of(board: Board, tickets: Sequence[Ticket], filters: Filters, *, opened: str = "") -> list[Row]:
    """The rows of these tickets. `opened`: the number of the one whose panel stands beside."""
    stars = board.starred(tickets)
    address = reverse("desk_tickets", args=[board.town.slug])
    return [
        Row(
            ticket=ticket,
            url=f"{address}{ticket.number}/",
            star_url=f"{address}{ticket.number}/favori/",
            category=_category(board, ticket),
            due=due_of(ticket, board.town, board.today),
            order=encode_text(board.order_key(ticket, filters)),
            starred=ticket.pk in stars,
            new=is_new(ticket),
            current=ticket.number == opened,
        )
        for ticket in tickets
    ]


def _category(board: Board, ticket: Ticket) -> str:
    category = board.tree.get(ticket.category_id)
    return category.label if category else ""


def is_new(ticket: Ticket) -> bool:
    """Whether nobody has begun with it, and it came (to the town hall) not long ago."""
    if ticket.status not in {Status.NOT_TRANSFERRED, Status.TRANSFERRED}:
        return False
    return now() - (ticket.transferred_at or ticket.created_at) < NEW_FOR


def due_of(ticket: Ticket, town: Town, today: date) -> Due:
    """What the row says of its due date."""
    locale = typography.locale_name((get_language() or "fr")[:2], town.country)
    if ticket.closed:
        ended = ticket.closed_at.astimezone(ZoneInfo(town.time_zone)).date() if ticket.closed_at else None
        note = _("Refusée") if ticket.status == Status.CLOSED_REFUSED else _("Traitée")
        return Due(typography.short_day(ended, locale, today=today) if ended else "", note)
    if ticket.due_on is None:
        return Due("", _("Sans échéance"))
    days = (ticket.due_on - today).days
    if days == 0:
        return Due(_("Aujourd’hui"))
    return Due(typography.short_day(ticket.due_on, locale, today=today), _distance(days), late=days < 0)


def _distance(days: int) -> str:
    """« demain », « dans 4 jours », « 3 jours de retard »."""
    if days == 1:
        return _("demain")
    if days > 1:
        return ngettext("dans %(count)d jour", "dans %(count)d jours", days) % {"count": days}
    return ngettext("%(count)d jour de retard", "%(count)d jours de retard", -days) % {"count": -days}
