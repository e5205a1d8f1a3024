"""The board of a town's desk: which tickets it shows to whom, in which order, how many (S126 to S129).

A town has 100,000 tickets after ten years, of which some thousands are open. Whatever is asked, few rows are read:
indexes give the tabs and the orders, and what a row does not show is not fetched.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from django.db.models import Case, F, IntegerField, Q, QuerySet, When
from django.db.models.expressions import OrderBy

from hub.people.models import STAFF_ROLES, Person, Role
from hub.people.rules import Roles
from hub.tickets import queries
from hub.tickets.filters import NOBODY_ID, STATUSES, Filters, Known, Order, Tab
from hub.tickets.finding import In, holding
from hub.tickets.models import BoardMemory, Category, Favourite, SavedView, Ticket
from hub.tickets.taxonomy import walk
from hub.tickets.tree import Tree
from hub.towns.models import Service, Town

PAGE = 50
MOST_PAGES = 100  # further on nobody reads: a filter finds what is there
MOST_COUNTED = 1_000
_UNSEEN = ("words", "description", "answers", "refusal_reason", "settled_comment", "secret", "key")


@dataclass(frozen=True)
class Page:
    """Some rows of the board. `more`: there are others after them."""

    tickets: list[Ticket]
    number: int
    more: bool


class Board:
    """What one member of staff sees of one town. The caller has asked `access_desk`."""

    def __init__(self, actor: Person, town: Town) -> None:
        self.actor = actor
        self.town = town
        self.who = queries.reader_of(actor, town)
        self.today = queries.today_in(town)

    @property
    def roles(self) -> Roles:
        return self.who.roles

    @property
    def of_call_centre(self) -> bool:
        """Of the call centre alone: what they look at first is not transferred yet."""
        return _of_call_centre(self.roles)

    @cached_property
    def tree(self) -> Tree:
        return Tree(self.town)

    @cached_property
    def categories(self) -> list[Category]:
        """All of the tree, each before what stands below it; those out of use too: old tickets are in them."""
        return list(walk(self.tree))

    @cached_property
    def services(self) -> list[Service]:
        """By name."""
        return list(Service.objects.filter(town=self.town).order_by("name", "pk"))

    @cached_property
    def staff(self) -> list[Person]:
        """Who works here, by name: tickets are theirs."""
        working = Person.objects.filter(memberships__town=self.town, memberships__role__in=STAFF_ROLES, is_active=True)
        return list(working.distinct().order_by("last_name", "first_name", "pk"))

    @property
    def known(self) -> Known:
        """What filters may name here."""
        return Known(
            services=frozenset(service.pk for service in self.services),
            categories=frozenset(category.pk for category in self.categories),
            people=frozenset(person.pk for person in self.staff),
        )

    @property
    def unfiltered(self) -> Filters:
        """The board of who has chosen nothing yet."""
        return Filters(tab=Tab.HELD if self.of_call_centre else Tab.OPEN)

    # Which tickets.

    def matching(self, filters: Filters) -> QuerySet[Ticket]:
        """The tickets in the actor's reach that the filters let through, in no order."""
        found = Ticket.objects.filter(queries.in_reach(self.who), In("status", STATUSES[filters.tab]), town=self.town)
        for condition in self._conditions(filters):
            found = found.filter(condition)
        return found.order_by()

    def _conditions(self, filters: Filters) -> Iterator[Q]:
        yield from self._said(filters)
        yield from self._dates(filters)
        if filters.services:
            nobody = Q(service=None) if NOBODY_ID in filters.services else Q(pk__in=())
            yield Q(service__in=filters.services) | nobody
        if filters.categories:
            yield Q(category__in=self._below(filters.categories))
        if filters.internal:
            yield Q(internal=filters.internal == "only")
        if filters.public:
            yield Q(public=filters.public == "yes")
        if filters.answered:
            yield Q(answered_at__isnull=False)
        if filters.starred:
            yield Q(pk__in=Favourite.objects.filter(person=self.actor).values("ticket"))
        if filters.assignee:
            mine = {"me": self.actor.pk, "nobody": None}
            yield Q(assignee=mine[filters.assignee] if filters.assignee in mine else int(filters.assignee))
        chosen = {"priority": filters.priorities, "source": filters.sources, "kind": filters.kinds}
        yield from (Q(**{f"{name}__in": values}) for name, values in chosen.items() if values)
        if statuses := [one for one in filters.statuses if one in STATUSES[filters.tab]]:
            yield Q(In("status", statuses))

    def _said(self, filters: Filters) -> Iterator[Q]:
        """Words that it must hold: all of them."""
        asked = [*filters.words, *([filters.text] if filters.text else [])]
        code = queries.desk_settings(self.town).code if any(_holds_digit(text) for text in asked) else ""
        few = filters.tab != Tab.CLOSED
        yield from (holding(text, code, few=few) for text in asked)

    def _dates(self, filters: Filters) -> Iterator[Q]:
        if filters.created_from:
            yield Q(created_at__gte=self._midnight(filters.created_from))
        if filters.created_to:
            yield Q(created_at__lt=self._midnight(filters.created_to + timedelta(days=1)))
        if filters.due_from:
            yield Q(due_on__gte=filters.due_from)
        if filters.due_to:
            yield Q(due_on__lte=filters.due_to)
        if filters.late:
            yield Q(due_on__lt=self.today) if filters.tab != Tab.CLOSED else Q(pk__in=())

    def _midnight(self, day: date) -> datetime:
        """When that day begins by the town's clocks."""
        return datetime.combine(day, time.min, ZoneInfo(self.town.time_zone))

    def _below(self, categories: Sequence[int]) -> set[int]:
        """These, and all that stands below them."""
        nodes = [node for one in categories if (node := self.tree.get(one)) is not None]
        return {pk for node in nodes for pk in self.tree.below(node)}

    # In which order.

    def page(self, filters: Filters, number: int) -> Page:
        """Page `number`, from 1 on."""
        start = (number - 1) * PAGE
        found = self.matching(filters)
        if filters.order == Order.SERVICE and filters.tab == Tab.CLOSED:
            chosen = self._by_service(found, filters, start, PAGE + 1)
        else:
            chosen = list(self._ordered(found, filters)[start : start + PAGE + 1])
        rows = Ticket.objects.defer(*_UNSEEN).in_bulk(chosen[:PAGE])
        tickets = [rows[pk] for pk in chosen[:PAGE] if pk in rows]
        return Page(tickets, number, more=len(chosen) > PAGE and number < MOST_PAGES)

    def _ordered(self, found: QuerySet[Ticket], filters: Filters) -> QuerySet[Ticket, int]:
        """Their ids, in order: often an index alone is read. Each order is the other one backwards: one index gives
        both."""
        back = filters.reverse
        if filters.order == Order.DUE:
            due = F("due_on").desc(nulls_first=True) if back else F("due_on").asc(nulls_last=True)
            return found.order_by(due, OrderBy(F("pk"), descending=back)).values_list("pk", flat=True)
        if filters.order == Order.PRIORITY:
            return _by_age(found, OrderBy(F("priority"), descending=not back), back=back)
        if filters.order == Order.SERVICE:
            ranks = [When(service=pk, then=rank) for pk, rank in self._ranks.items()]
            rank = Case(*ranks, default=len(ranks), output_field=IntegerField())
            return _by_age(found, OrderBy(rank, descending=back), back=back)
        return _by_age(found, back=back)

    def _by_service(self, found: QuerySet[Ticket], filters: Filters, start: int, many: int) -> list[int]:
        """One service after the other until there are enough: sorting all tickets by a name would read them all."""
        names = [*(service.pk for service in self.services), None]
        if filters.services:
            names = [name for name in names if (name or NOBODY_ID) in filters.services]
        rows: list[int] = []
        for service in reversed(names) if filters.reverse else names:
            if len(rows) == many:
                break
            theirs = found.filter(service=service)
            rows += _by_age(theirs, back=filters.reverse)[start : start + many - len(rows)]
            if start:  # what this service would have filled of the pages before
                start = 0 if rows else max(0, start - theirs.count())
        return rows

    @cached_property
    def _ranks(self) -> dict[int | None, int]:
        return {service.pk: rank for rank, service in enumerate(self.services)}

    def order_key(self, ticket: Ticket, filters: Filters) -> list[int]:
        """Where the ticket stands: what has the smaller list comes first. For pages that put rows in by themselves."""
        age = [-int(ticket.created_at.timestamp() * 1_000_000), -ticket.pk]
        key = {
            Order.CREATED: age,
            Order.DUE: [ticket.due_on.toordinal() if ticket.due_on else date.max.toordinal() + 1, ticket.pk],
            Order.PRIORITY: [-ticket.priority, *age],
            Order.SERVICE: [self._ranks.get(ticket.service_id, len(self.services)), *age],
        }[filters.order]
        return [-part for part in key] if filters.reverse else key

    # How many.

    def count(self, filters: Filters) -> int:
        """How many it would show, counted up to `MOST_COUNTED`."""
        return self.matching(filters)[:MOST_COUNTED].count()

    def among(self, filters: Filters, numbers: Sequence[str]) -> list[Ticket]:
        """Those of these tickets that the board shows under these filters."""
        return list(self.matching(filters).filter(number__in=numbers).defer(*_UNSEEN))

    def starred(self, tickets: Sequence[Ticket]) -> set[int]:
        """Which of them are the actor's favourites (S120)."""
        stars = Favourite.objects.filter(person=self.actor, ticket__in=[ticket.pk for ticket in tickets])
        return set(stars.values_list("ticket_id", flat=True))

    # What the actor keeps.

    def remembered(self) -> dict[str, object]:
        """How the actor left this board (S128); empty the first time."""
        kept = BoardMemory.objects.filter(person=self.actor, town=self.town).values_list("filters", flat=True).first()
        return kept if isinstance(kept, dict) else {}

    def views(self) -> list[SavedView]:
        """The views that the actor has saved, by name."""
        return list(SavedView.objects.filter(person=self.actor, town=self.town))


def waiting_tickets(actor: Person, town: Town, roles: Roles) -> int:
    """How many tickets wait for somebody like the actor: for the call centre, those that it has not transferred; for
    the town hall, open ones whose requester wrote last. Counted up to `MOST_COUNTED`."""
    if _of_call_centre(roles):
        found = Ticket.objects.filter(In("status", STATUSES[Tab.HELD]), town=town, internal=False)
    else:
        reach = queries.in_reach(queries.reader_of(actor, town))
        open_ones = Ticket.objects.filter(In("status", STATUSES[Tab.OPEN]), town=town, answered_at__isnull=False)
        found = open_ones.filter(reach)
    return found.order_by()[:MOST_COUNTED].count()


def _of_call_centre(roles: Roles) -> bool:
    return roles & STAFF_ROLES == {Role.OPERATOR}


def _holds_digit(text: str) -> bool:
    return any(letter.isdigit() for letter in text)


def _by_age(found: QuerySet[Ticket], *first: OrderBy, back: bool) -> QuerySet[Ticket, int]:
    """Their ids, the latest first, or last with `back`; before that in the order of `first`."""
    age = (OrderBy(F(name), descending=not back) for name in ("created_at", "pk"))
    return found.order_by(*first, *age).values_list("pk", flat=True)
