"""The demo's tickets are what the hub's own actions would have left; the same each time, whatever the day."""

from collections import Counter as Tally
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import transaction

from hub.audit.queries import first_broken
from hub.conversations.models import Kind, Message, Side, Via, Visibility
from hub.conversations.rules import excerpt
from hub.core.clock import standing_at
from hub.deliveries.models import Delivery
from hub.demo import seed, tickets
from hub.demo.tickets import opening, seeding
from hub.demo.tickets.plans import Plan
from hub.demo.tickets.stock import FRANCE, QUEBEC
from hub.demo.tickets.storing import store
from hub.demo.tickets.world import World
from hub.people.models import Person
from hub.tickets import actions, queries, rules
from hub.tickets.actions import Changes
from hub.tickets.drafts import Contact, Draft, Place
from hub.tickets.models import CLOSED, OPEN, Change, Counter, Favourite, SavedView, Source, Status, Ticket
from hub.tickets.tree import Tree
from hub.towns.models import Town

LATE_IN_AUTUMN = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)
NEW_YEAR = datetime(2027, 1, 1, 4, 30, tzinfo=UTC)  # still last year in Québec
SUMMER = datetime(2027, 7, 18, 2, 10, tzinfo=UTC)  # a night before Sunday
SPRING = datetime(2027, 4, 5, 9, 0, tzinfo=UTC)  # Easter Monday
FEW = 70  # the stories, and about as many others

Settled = tuple[dict[str, Person], dict[str, Person], dict[str, Town]]


@pytest.fixture
def settled(db: None) -> Settled:
    return seed.settle()


def _fill(settled: Settled, at: datetime, count: int) -> None:
    with standing_at(at):
        tickets.fill(*settled, count=count)


def test_there_is_much_to_write_about_and_something_to_say_to_it() -> None:
    for stock in (QUEBEC, FRANCE):
        assert sum(not subject.internal for subject in stock.subjects) >= 60
        assert [subject for subject in stock.subjects if not subject.done or not stock.notes(subject)] == []
        from_outside = [subject for subject in stock.subjects if not subject.internal]
        assert [subject for subject in from_outside if not stock.answers(subject) or not stock.says(subject)] == []


def test_300_tickets_in_each_town_are_what_the_actions_would_have_left(settled: Settled) -> None:
    _fill(settled, LATE_IN_AUTUMN, tickets.COUNT)
    for town in settled[2].values():
        seen = Seen(town, LATE_IN_AUTUMN)
        assert len(seen.rows) == 300
        seen.check()
        _check_shares(seen.rows)
        assert first_broken(town) is None
        assert Favourite.objects.filter(ticket__town=town).exists()
        assert SavedView.objects.filter(town=town, name="Tournée du matin").exists()
    assert not Delivery.objects.exists()
    _check_accounts(settled[0])


def test_the_same_moment_makes_the_same_tickets(settled: Settled) -> None:
    def made() -> list[tuple[Any, ...]]:
        with transaction.atomic():
            _fill(settled, LATE_IN_AUTUMN, FEW)
            fields = ("number", "title", "status", "priority", "created_at", "closed_at", "last_name", "due_on")
            found = list(Ticket.objects.order_by("number").values_list(*fields))
            transaction.set_rollback(True)
        return found

    first = made()
    assert len(first) == 2 * FEW
    assert made() == first


@pytest.mark.parametrize("at", [NEW_YEAR, SUMMER, SPRING], ids=["new year", "summer", "spring"])
def test_it_is_so_on_any_day(settled: Settled, at: datetime) -> None:
    _fill(settled, at, FEW)
    for town in settled[2].values():
        Seen(town, at).check()


def _check_shares(rows: list[Ticket]) -> None:
    """Of each thing, as much as the desk's pages need to be looked at."""
    states = Tally(ticket.status for ticket in rows)
    assert states[Status.NOT_TRANSFERRED] == 3
    assert 50 <= sum(states[status] for status in OPEN) <= 75
    assert states[Status.CLOSED_REFUSED] >= 5
    assert 8 <= sum(rules.is_late(ticket, LATE_IN_AUTUMN.date()) for ticket in rows) <= 25
    least: dict[str, tuple[int, Callable[[Ticket], object]]] = {
        "public": (80, lambda ticket: ticket.public),
        "internal": (12, lambda ticket: ticket.internal),
        "photos": (30, lambda ticket: ticket.requester_photos),
        "files of the town": (10, lambda ticket: ticket.town_files),
        "settled": (20, lambda ticket: ticket.settled),
        "not settled": (2, lambda ticket: ticket.settled is False),
        "followed": (20, lambda ticket: ticket.follower_count),
        "grouped": (6, lambda ticket: ticket.parent_id),
        "tasks": (2, lambda ticket: ticket.task_of_id),
        "answered": (5, lambda ticket: ticket.answered_at),
    }
    few = {name: n for name, (least_of, of) in least.items() if (n := sum(bool(of(one)) for one in rows)) < least_of}
    assert few == {}
    assert {ticket.source for ticket in rows} >= set(Source) - {Source.API, Source.SMS}
    assert len({ticket.title for ticket in rows[-50:]}) == 50
    assert sum(ticket.title.endswith("…") for ticket in rows) < 5
    assert rows[0].created_at < LATE_IN_AUTUMN - timedelta(days=340)
    snow = {ticket.created_at.month for ticket in rows if ticket.category.name == "Déneigement"}
    assert snow.isdisjoint({6, 7, 8, 9, 10})
    in_quebec = rows[0].town.slug == "saint-aurele"
    assert any(ticket.anonymous for ticket in rows) == any(ticket.language == "en" for ticket in rows) == in_quebec


def _check_accounts(people: dict[str, Person]) -> None:
    """« Mes demandes » of those whom one may be: a fresh answer, and one to say « C'est réglé » of."""
    at = LATE_IN_AUTUMN
    for key in ("alice", "bruno", "chloe"):
        mine = list(queries.tickets_of(people[f"{key}@citoyen.example"]))
        assert len(mine) >= 5
        answered = [one for one in mine if one.status == Status.IN_PROGRESS and not one.answered_at]
        assert any(at - one.conversation.last_at < timedelta(hours=4) for one in answered)
        assert any(rules.may_settle(one, at, days=14) and one.settled is None for one in mine)


class Seen:
    """The tickets of a town, in order, with all that stands about them."""

    def __init__(self, town: Town, at: datetime) -> None:
        self.town, self.at, self.tree = town, at, Tree(town)
        self.settings = queries.desk_settings(town)
        self.calendar = queries.calendar_of(self.settings, town)
        found = Ticket.objects.filter(town=town).select_related("town", "category", "conversation", "requester")
        self.rows = list(found.prefetch_related("changes", "files__file", "files__message", "followers").order_by("pk"))
        self.said: dict[int, list[Message]] = {row.conversation_id: [] for row in self.rows}
        messages = Message.objects.filter(conversation__town=town, conversation__kind=Kind.TICKET)
        for message in messages.order_by("conversation", "seq"):
            self.said[message.conversation_id].append(message)

    def check(self) -> None:
        self.check_numbers()
        for ticket in self.rows:
            said = self.said[ticket.conversation_id]
            self.check_row(ticket)
            self.check_due(ticket)
            check_files(ticket)
            check_words(ticket, said)
            check_history(ticket, list(ticket.changes.all()), self.at)
            check_privacy(ticket, said)
        self.check_neighbours()

    def check_numbers(self) -> None:
        code = {"saint-aurele": "SA", "valbourg": "VB"}[self.town.slug]
        given: Tally[int] = Tally()
        for ticket in sorted(self.rows, key=lambda ticket: ticket.created_at):
            year = queries.today_in(self.town, ticket.created_at).year
            given[year] += 1
            assert ticket.number == rules.number_of(code, year, given[year])
        assert dict(Counter.objects.filter(town=self.town).values_list("year", "last")) == dict(given)

    def check_row(self, ticket: Ticket) -> None:
        assert ticket.title == rules.title_of(ticket.description)
        assert ticket.words == rules.search_words(ticket, [one.name for one in self.tree.path(ticket.category)])
        assert self.tree.usable(ticket.category, by_citizens=not ticket.internal)
        assert (ticket.lat is None) == (ticket.lon is None)
        assert self.at - timedelta(days=366) < ticket.created_at <= ticket.changed_at <= self.at
        assert ticket.follower_count == sum(one.confirmed_at is not None for one in ticket.followers.all())

    def check_due(self, ticket: Ticket) -> None:
        moved = [change.after for change in ticket.changes.all() if change.field == "due_on"]
        delay = rules.longest_delay(self.tree.delays(ticket.category), self.settings.default_delay_days)
        first = self.calendar.add_days(queries.today_in(self.town, ticket.created_at), delay)
        assert str(ticket.due_on) == (moved[-1] if moved else str(first))

    def check_neighbours(self) -> None:
        """What is said to one of them was said to all."""
        by_id = {row.pk: row for row in self.rows}
        for ticket in self.rows:
            if ticket.parent_id:
                over = by_id[ticket.parent_id]
                theirs = {message.key for message in self.said[over.conversation_id]}
                heard = {message.key for message in self.said[ticket.conversation_id] if message.side == Side.TOWN}
                assert heard
                assert heard <= theirs
                assert (ticket.status == over.status) or ticket.merged


def check_files(ticket: Ticket) -> None:
    files = list(ticket.files.all())
    pictures = [one for one in files if not one.by_town and one.file.is_picture]
    assert (ticket.requester_photos, ticket.town_files) == (len(pictures), sum(one.by_town for one in files))
    for one in files:
        assert one.sent == bool(one.by_town and one.message and one.message.visibility == Visibility.EXTERNAL)
        assert one.file.content.size == one.file.size_bytes


def check_words(ticket: Ticket, said: list[Message]) -> None:
    talk = ticket.conversation
    assert [message.seq for message in said] == list(range(1, len(said) + 1))
    assert talk.posts == talk.last_seq == len(said)
    external = [message for message in said if message.visibility == Visibility.EXTERNAL]
    assert (ticket.external_count, ticket.internal_count) == (len(external), len(said) - len(external))
    assert all(first.at <= later.at for first, later in pairwise(said))
    if said:
        assert (talk.last_author_id, talk.last_excerpt) == (said[-1].author_id, excerpt(said[-1].body))
        assert ticket.created_at <= said[0].at <= talk.last_at == said[-1].at <= ticket.changed_at
    waits = external[-1].at if external and external[-1].side == Side.REQUESTER else None
    assert ticket.answered_at == (None if waits and ticket.closed_at and waits < ticket.closed_at else waits)


def check_history(ticket: Ticket, changes: list[Change], present: datetime) -> None:
    first = changes[0]
    assert (first.field, first.at, first.actor_id) == ("created", ticket.created_at, ticket.created_by_id)
    assert all(one.at <= later.at for one, later in pairwise(changes))
    assert changes[-1].at <= ticket.changed_at
    status, moved = first.after, [change for change in changes if change.field == "status"]
    for change in moved:
        assert change.before == status
        assert change.after in rules.next_statuses(Ticket(status=status))
        status = change.after
    assert status == ticket.status
    closing = [change for change in moved if change.after in CLOSED]
    assert (ticket.closed_at, ticket.refusal_reason) == (
        (closing[-1].at, closing[-1].reason) if ticket.closed else (None, "")
    )
    assert bool(ticket.refusal_reason) == (ticket.status == Status.CLOSED_REFUSED)
    assert ticket.started_at == next((change.at for change in moved if change.after == Status.IN_PROGRESS), None)
    assert (ticket.transferred_at is None) == (ticket.status == Status.NOT_TRANSFERRED)
    given = [change.after for change in changes if change.field == "priority"]
    assert given[-1:] in ([], [ticket.priority_name])
    if ticket.settled_at and ticket.closed_at:
        assert timedelta(0) < ticket.settled_at - ticket.closed_at <= timedelta(days=14)


def check_privacy(ticket: Ticket, said: list[Message]) -> None:
    who = ticket.requester
    assert who.email or not (who.has_usable_password() or who.first_name)
    assert not ticket.wants_follow_ups or (ticket.email and not ticket.anonymous)
    assert not ticket.public or (ticket.category.public_allowed and not ticket.internal)
    if ticket.anonymous:
        assert [ticket.requester_name, ticket.email, ticket.phone, who.email] == [""] * 4
    else:
        assert ticket.requester_name
        assert ticket.email or ticket.phone
    if ticket.anonymous or ticket.internal:
        assert {message.visibility for message in said} <= {Visibility.INTERNAL}


# A dossier beside the actions: the same days, told both ways.


def test_a_dossier_is_stored_as_the_actions_leave_a_ticket(settled: Settled) -> None:
    _fill(settled, LATE_IN_AUTUMN, FEW)
    people, _others, towns = settled
    town, agent = towns["saint-aurele"], people["agente@saint-aurele.example"]
    operator = people["standard@operateur.example"]
    lived = _by_actions(town, operator, agent)
    assert _stored(_by_dossier(town, lived, operator, agent)) == _stored(lived)


def _at(hours: int) -> datetime:
    return LATE_IN_AUTUMN + timedelta(hours=hours)


def _by_actions(town: Town, operator: Person, agent: Person) -> Ticket:
    category = next(one for one in Tree(town).leaves() if one.name == "Voies de circulation")
    draft = Draft(
        category_id=category.pk, description="Trou devant le 12. Profond.", source=Source.PHONE, public=True,
        hold=True, wants_follow_ups=True, place=Place("12, rue Dionne", 47.7, -69.2), language="fr",
        contact=Contact("Lise", "Roy", "lise.roy@courriel.example", "+14185550101"),
    )  # fmt: skip
    with standing_at(_at(0)):
        number = actions.create_ticket(actor=operator, town=town, draft=draft).number

    def change(actor: Person, **wanted: Any) -> Callable[[], object]:
        return lambda: actions.change_ticket(actor=actor, number=number, changes=Changes(**wanted))

    def follow_up(visibility: Visibility, body: str) -> Callable[[], object]:
        return lambda: actions.add_follow_up(actor=agent, number=number, visibility=visibility, body=body)

    steps = (
        change(operator, status="transferred"),
        change(agent, priority="urgent"),
        change(agent, assignee_id=agent.pk),
        follow_up(Visibility.INTERNAL, "Vu."),
        follow_up(Visibility.EXTERNAL, "Bonjour, demain."),
        lambda: actions.note_words(actor=agent, number=number, body="Merci.", via=Via.PHONE),
        change(agent, status="closed_done"),
    )
    for hours, step in enumerate(steps, 1):
        with standing_at(_at(hours)):
            step()
    return Ticket.objects.get(number=number)


def _by_dossier(town: Town, lived: Ticket, operator: Person, agent: Person) -> Ticket:
    setting = seeding.SETTINGS["saint-aurele"]
    with standing_at(_at(9)):
        world = World(town, setting.land, setting.stock, queries.desk_settings(town), seeding.staff_of(town), {})
    subject, variant = setting.stock.about("Nid-de-poule profond")
    plan = Plan(_at(0), subject, variant, Source.PHONE, story="dossier", words=lived.description)
    dossier, _wording = opening.open_dossier(world, plan, "SA26-09999", world.rng("dossier"))
    for name in ("first_name", "last_name", "email", "phone", "address", "lat", "lon", "answers", "public"):
        setattr(dossier.ticket, name, getattr(lived, name))
    dossier.ticket.wants_follow_ups = True
    dossier.transfer(_at(1), operator)
    dossier.prioritise(_at(2), agent, rules.priority_named("urgent"))
    dossier.assign(_at(3), agent, agent)
    dossier.tell(_at(4), agent, "Vu.", internal=True)
    dossier.tell(_at(5), agent, "Bonjour, demain.")
    dossier.hear(_at(6), "Merci.", via=Via.PHONE, noted_by=agent)
    dossier.close(_at(7), agent)
    store(world, [dossier], {})
    return Ticket.objects.get(number="SA26-09999")


# What one ticket does not share with another.
_OWN = {"id", "number", "secret", "key", "conversation_id", "requester_id", "words", "ticket_id"}


def _stored(ticket: Ticket) -> dict[str, list[dict[str, Any]]]:
    def shared(rows: Iterable[Any]) -> list[dict[str, Any]]:
        return [{name: value for name, value in row.items() if name not in _OWN} for row in rows]

    talk = ticket.conversation
    return {
        "ticket": shared(Ticket.objects.filter(pk=ticket.pk).values()),
        "talk": shared(type(talk).objects.filter(pk=talk.pk).values()),
        "messages": shared(talk.messages.order_by("seq").values()),
        "changes": shared(ticket.changes.order_by("pk").values()),
    }
