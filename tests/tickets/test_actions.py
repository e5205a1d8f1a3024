"""Tickets from their making to « C'est réglé ? »: what each act leaves behind, and what is refused."""

from datetime import timedelta

import pytest

from hub.audit.models import Entry
from hub.audit.queries import first_broken
from hub.conversations.models import Via, Visibility
from hub.core.errors import Conflict, Forbidden, Invalid, NotFound
from hub.notifications.models import Notification
from hub.people.models import Person, Role
from hub.streams.models import Event
from hub.tickets import queries
from hub.tickets.actions import (
    Changes,
    add_answer,
    add_follow_up,
    change_ticket,
    confirm_follow,
    create_ticket,
    follow,
    group_under,
    note_words,
    settle,
    split_ticket,
    unfollow,
    ungroup,
)
from hub.tickets.actions.trail import note_seen
from hub.tickets.drafts import Contact, Draft, Place
from hub.tickets.models import Category, DeskSettings, Follower, Priority, Source, Status, Ticket
from hub.towns.models import Service, Town
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]


@pytest.fixture
def roads(town: Town) -> Service:
    return Service.objects.create(town=town, name="Voirie", email="voirie@saint-test.example")


@pytest.fixture
def holes(town: Town, roads: Service) -> Category:
    public_works = Category.objects.create(town=town, name="Travaux", service=roads, delay_days=3)
    return Category.objects.create(
        town=town, name="Nids-de-poule", parent=public_works, delay_days=5, public_allowed=True
    )


@pytest.fixture
def agent(town: Town, roads: Service) -> Person:
    person = factories.make_agent(town, "agente@saint-test.example")
    person.memberships.get(role=Role.AGENT).services.add(roads)
    return person


@pytest.fixture
def operator(town: Town) -> Person:
    person = factories.make_person("standard@operateur.example")
    person.memberships.create(town=town, role=Role.OPERATOR)
    return person


def draft(category: Category, **fields: object) -> Draft:
    return Draft(**{"category_id": category.pk, "description": "Un trou devant l’école. Il grandit.", **fields})  # type: ignore[arg-type]


def events(topic: str) -> list[str]:
    return list(Event.objects.filter(topic=topic).order_by("seq").values_list("name", flat=True))


# Making.


def test_a_citizen_with_an_account_makes_one(citizen: Person, town: Town, holes: Category, roads: Service) -> None:
    ticket = create_ticket(actor=citizen, town=town, draft=draft(holes, public=True, wants_follow_ups=True))
    code = DeskSettings.objects.get(town=town).code
    assert ticket.number.startswith(code)
    assert ticket.number.endswith("-00001")
    assert (ticket.status, ticket.priority, ticket.service) == (Status.TRANSFERRED, Priority.IMPORTANT, roads)
    assert (ticket.title, ticket.email, ticket.requester) == ("Un trou devant l’école", citizen.email, citizen)
    calendar = queries.calendar_of(queries.desk_settings(town), town)
    assert ticket.due_on == calendar.add_days(queries.today_in(town), 5)  # the longest delay of its way
    assert events(f"desk.{town.slug}") == ["ticket.created"]
    second = create_ticket(actor=citizen, town=town, draft=draft(holes))
    assert second.number.endswith("-00002")


def test_the_same_key_makes_one_ticket(citizen: Person, town: Town, holes: Category) -> None:
    first = create_ticket(actor=citizen, town=town, draft=draft(holes, key="abc"))
    assert create_ticket(actor=citizen, town=town, draft=draft(holes, key="abc")).pk == first.pk
    with pytest.raises(Conflict):
        create_ticket(actor=citizen, town=town, draft=draft(holes, key="abc", description="Autre chose"))
    stranger = factories.make_person("bruno@citoyen.example", town=town)
    with pytest.raises(Conflict):
        create_ticket(actor=stranger, town=town, draft=draft(holes, key="abc"))
    assert Ticket.objects.count() == 1


def test_without_an_account_one_says_who_one_is(town: Town, holes: Category) -> None:
    for contact in (Contact(), Contact(last_name="Roy"), Contact(email="roy@example.org")):
        with pytest.raises(Invalid):
            create_ticket(actor=None, town=town, draft=draft(holes, contact=contact))
    made = create_ticket(
        actor=None, town=town, draft=draft(holes, contact=Contact("Ève", "Roy", phone="01 99 00 01 10"), key="k")
    )
    assert (made.phone, made.requester.email, made.requester.has_usable_password()) == ("+33199000110", "", False)
    again = create_ticket(
        actor=None, town=town, draft=draft(holes, contact=Contact("Ève", "Roy", phone="0199000110"), key="k")
    )
    assert again.pk == made.pk


def test_anonymous_only_where_the_town_allows_it(citizen: Person, town: Town, holes: Category) -> None:
    with pytest.raises(Invalid) as refused:
        create_ticket(actor=citizen, town=town, draft=draft(holes, anonymous=True))
    assert refused.value.field == "anonymous"
    DeskSettings.objects.filter(town=town).update(anonymous_allowed=True)
    with pytest.raises(Invalid):
        create_ticket(actor=citizen, town=town, draft=draft(holes, anonymous=True, wants_follow_ups=True))
    made = create_ticket(actor=citizen, town=town, draft=draft(holes, anonymous=True, contact=Contact("Alice", "M")))
    assert (made.requester_name, made.email, made.phone) == ("", "", "")
    assert citizen.pk not in {made.requester_id, made.created_by_id}


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"description": "  "}, "description"),
        ({"description": "x" * 10_001}, "description"),
        ({"place": Place(lat=48.0)}, "place"),
        ({"place": Place(lat=95.0, lon=2.0)}, "place"),
        ({"contact": Contact("A", "B", email="nulle part"), "wants_follow_ups": True}, "email"),
        ({"answers": {999_999: "oui"}}, "answers"),
        ({"category_id": 999_999}, "category"),
    ],
)
def test_bad_input_names_its_field(
    citizen: Person, town: Town, holes: Category, fields: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        create_ticket(actor=citizen, town=town, draft=draft(holes, **fields))
    assert refused.value.field == field
    assert not Ticket.objects.exists()


@pytest.mark.parametrize(
    "fields", [{"internal": True}, {"hold": True}, {"priority": "urgent"}, {"source": Source.PHONE}]
)
def test_what_is_the_town_halls_is_not_a_citizens_to_ask(
    citizen: Person, town: Town, holes: Category, fields: dict[str, object]
) -> None:
    with pytest.raises(Forbidden):
        create_ticket(actor=citizen, town=town, draft=draft(holes, **fields))


def test_staff_type_in_a_call(agent: Person, town: Town, holes: Category) -> None:
    contact = Contact("Marie-Ève", "Roy", email="roy@example.org")
    made = create_ticket(
        actor=agent, town=town, draft=draft(holes, source=Source.PHONE, contact=contact, wants_follow_ups=True)
    )
    assert (made.source, made.created_by, made.requester_name) == ("phone", agent, "Marie-Ève Roy")
    assert made.requester != agent
    assert queries.access_ticket(agent, made.number).stance == "staff"


# Following up.


def test_the_first_act_of_the_town_begins_the_treatment(
    citizen: Person, agent: Person, town: Town, holes: Category
) -> None:
    ticket = create_ticket(actor=citizen, town=town, draft=draft(holes))
    add_follow_up(actor=agent, number=ticket.number, visibility=Visibility.INTERNAL, body="Vu hier aussi.")
    ticket.refresh_from_db()
    assert ticket.status == Status.IN_PROGRESS
    assert list(ticket.changes.values_list("field", flat=True)) == ["created", "status"]
    assert "follow_up.added" not in events(ticket.topic)
    assert events(ticket.staff_topic) == ["follow_up.added"]
    assert Notification.objects.get(person=citizen).code == "ticket_started"


def test_a_requester_reads_what_is_external_and_no_more(
    citizen: Person, agent: Person, town: Town, holes: Category
) -> None:
    ticket = create_ticket(actor=citizen, town=town, draft=draft(holes, public=True))
    add_follow_up(actor=agent, number=ticket.number, visibility=Visibility.INTERNAL, body="Entre nous.")
    add_follow_up(actor=agent, number=ticket.number, visibility=Visibility.EXTERNAL, body="Nous passons demain.")
    add_answer(actor=citizen, number=ticket.number, body="Merci !")
    note_words(actor=agent, number=ticket.number, body="Elle rappelle : c’est urgent.", via=Via.PHONE)

    def read(person: Person | None) -> list[str]:
        return [one.message.body for one in queries.follow_ups_of(queries.access_ticket(person, ticket.number))]

    assert read(agent) == ["Entre nous.", "Nous passons demain.", "Merci !", "Elle rappelle : c’est urgent."]
    assert read(citizen) == ["Nous passons demain.", "Merci !", "Elle rappelle : c’est urgent."]
    assert read(None) == ["Nous passons demain."]
    noted = queries.follow_ups_of(queries.access_ticket(citizen, ticket.number))[-1]
    assert (noted.by_requester, noted.noted_by, noted.name) == (True, agent.name, citizen.name)
    ticket.refresh_from_db()
    assert (ticket.external_count, ticket.internal_count, ticket.conversation.posts) == (3, 1, 4)
    assert ticket.answered_at is not None


def test_the_same_key_says_it_once(citizen: Person, agent: Person, town: Town, holes: Category) -> None:
    number = create_ticket(actor=citizen, town=town, draft=draft(holes)).number
    said = {"actor": agent, "number": number, "visibility": Visibility.EXTERNAL, "key": "k1"}
    assert add_follow_up(**said, body="Bonjour.").pk == add_follow_up(**said, body="Bonjour.").pk  # type: ignore[arg-type]
    with pytest.raises(Conflict):
        add_follow_up(**said, body="Bonsoir.")  # type: ignore[arg-type]


def test_nobody_else_writes(citizen: Person, agent: Person, operator: Person, town: Town, holes: Category) -> None:
    public = create_ticket(actor=citizen, town=town, draft=draft(holes, public=True))
    other = factories.make_person("bruno@citoyen.example", town=town)
    with pytest.raises(NotFound):
        add_follow_up(actor=other, number=public.number, visibility=Visibility.EXTERNAL, body="Moi aussi.")
    with pytest.raises(Forbidden):
        add_answer(actor=other, number=public.number, body="Moi aussi.")
    internal = create_ticket(actor=agent, town=town, draft=draft(holes, internal=True))
    for reader in (operator, other, None):
        with pytest.raises(NotFound):
            queries.access_ticket(reader, internal.number)
    with pytest.raises(Invalid):
        add_follow_up(actor=agent, number=internal.number, visibility=Visibility.EXTERNAL, body="À qui ?")


# Changing.


def test_a_refusal_says_why_and_the_requester_reads_it(
    citizen: Person, agent: Person, town: Town, holes: Category
) -> None:
    ticket = create_ticket(actor=citizen, town=town, draft=draft(holes))
    with pytest.raises(Invalid) as refused:
        change_ticket(actor=agent, number=ticket.number, changes=Changes(status="closed_refused"))
    assert refused.value.field == "reason"
    closed = change_ticket(
        actor=agent, number=ticket.number, changes=Changes(status="closed_refused", reason="Route du département.")
    )
    assert (closed.status, closed.refusal_reason) == (Status.CLOSED_REFUSED, "Route du département.")
    told = Notification.objects.get(person=citizen)
    assert (told.code, told.what["excerpt"]) == ("ticket_refused", "Route du département.")


def test_changes_are_kept_with_who_and_when(citizen: Person, agent: Person, town: Town, holes: Category) -> None:
    number = create_ticket(actor=citizen, town=town, draft=draft(holes)).number
    ticket = change_ticket(
        actor=agent, number=number, changes=Changes(priority="urgent", assignee_id=agent.pk, public=True)
    )
    assert (ticket.priority_name, ticket.assignee, ticket.public, ticket.status) == (
        "urgent",
        agent,
        True,
        "in_progress",
    )
    kept = ticket.changes.filter(field="priority").get()
    assert (kept.before, kept.after, kept.actor) == ("important", "urgent", agent)


def test_after_the_transfer_it_is_not_the_call_centres(operator: Person, town: Town, holes: Category) -> None:
    caller = Contact("Ève", "Roy", phone="0199000110")
    held = create_ticket(actor=operator, town=town, draft=draft(holes, source=Source.PHONE, contact=caller, hold=True))
    assert held.status == Status.NOT_TRANSFERRED
    with pytest.raises(Forbidden):
        change_ticket(actor=operator, number=held.number, changes=Changes(priority="urgent"))
    moved = change_ticket(actor=operator, number=held.number, changes=Changes(status="transferred"))
    assert moved.status == Status.TRANSFERRED
    with pytest.raises(Forbidden):
        change_ticket(actor=operator, number=held.number, changes=Changes(status="closed_done"))
    add_follow_up(actor=operator, number=held.number, visibility=Visibility.INTERNAL, body="Elle a rappelé.")
    held.refresh_from_db()
    assert held.status == Status.TRANSFERRED  # not the town's act


def test_a_requester_corrects_place_and_contact_only(citizen: Person, town: Town, holes: Category) -> None:
    number = create_ticket(actor=citizen, town=town, draft=draft(holes)).number
    changed = change_ticket(actor=citizen, number=number, changes=Changes(place=Place("2, rue du Four")))
    assert changed.address == "2, rue du Four"
    assert "four" in Ticket.objects.get(number=number).words
    assert changed.status == Status.TRANSFERRED
    with pytest.raises(Forbidden):
        change_ticket(actor=citizen, number=number, changes=Changes(priority="urgent"))
    with pytest.raises(Forbidden):
        change_ticket(actor=citizen, number=number, changes=Changes(status="closed_done"))


# Many that are one.


def test_one_answer_reaches_a_hundred_neighbours(citizen: Person, agent: Person, town: Town, holes: Category) -> None:
    incident = create_ticket(actor=citizen, town=town, draft=draft(holes))
    english = create_ticket(
        actor=None, town=town, draft=draft(holes, contact=Contact("Ann", "Lee", "lee@example.org"), language="en")
    )
    group_under(actor=agent, number=english.number, parent=incident.number)
    assert set(Ticket.objects.values_list("status", flat=True)) == {Status.IN_PROGRESS}  # S106
    add_follow_up(
        actor=agent,
        number=incident.number,
        visibility=Visibility.EXTERNAL,
        body="C’est réparé.",
        body_en="It is fixed.",
    )
    add_follow_up(actor=agent, number=incident.number, visibility=Visibility.INTERNAL, body="Facture à venir.")
    said = [one.message.body for one in queries.follow_ups_of(queries.access_ticket(agent, english.number))]
    assert said == ["It is fixed."]
    change_ticket(actor=agent, number=incident.number, changes=Changes(status="closed_done"))
    english.refresh_from_db()
    assert english.status == Status.CLOSED_DONE


def test_a_duplicate_goes_on_in_the_other(citizen: Person, agent: Person, town: Town, holes: Category) -> None:
    first = create_ticket(actor=citizen, town=town, draft=draft(holes))
    second = create_ticket(actor=citizen, town=town, draft=draft(holes))
    group_under(actor=agent, number=second.number, parent=first.number, merged=True)
    second.refresh_from_db()
    assert (second.merged, second.status) == (True, Status.CLOSED_DONE)
    with pytest.raises(Conflict):
        change_ticket(actor=agent, number=second.number, changes=Changes(priority="urgent"))
    for number, parent in ((first.number, first.number), (first.number, second.number)):
        with pytest.raises((Invalid, Forbidden)):
            group_under(actor=agent, number=number, parent=parent)
    assert ungroup(actor=agent, number=second.number).status == Status.IN_PROGRESS


def test_one_demand_that_is_two(citizen: Person, agent: Person, town: Town, holes: Category) -> None:
    origin = create_ticket(actor=citizen, town=town, draft=draft(holes, place=Place("2, rue du Four")))
    part = split_ticket(actor=agent, number=origin.number, draft=draft(holes, description="Et un lampadaire éteint."))
    assert (part.split_from, part.requester, part.address) == (origin, citizen, "2, rue du Four")
    assert Ticket.objects.get(pk=origin.pk).status == Status.IN_PROGRESS  # S106


# After closing, and following.


def test_is_it_settled(citizen: Person, agent: Person, town: Town, holes: Category) -> None:
    number = create_ticket(actor=citizen, town=town, draft=draft(holes)).number
    with pytest.raises(Forbidden):
        settle(actor=citizen, number=number, settled=True)
    change_ticket(actor=agent, number=number, changes=Changes(status="closed_done"))
    ticket = settle(actor=citizen, number=number, settled=False, comment="Le trou est revenu.", reopen=True)
    assert (ticket.settled, ticket.status) == (False, Status.IN_PROGRESS)
    change_ticket(actor=agent, number=number, changes=Changes(status="closed_done"))
    Ticket.objects.update(closed_at=Ticket.objects.get().closed_at - timedelta(days=15))
    with pytest.raises(Forbidden):
        settle(actor=citizen, number=number, settled=True)


def test_following_what_is_public(citizen: Person, town: Town, holes: Category) -> None:
    private = create_ticket(actor=citizen, town=town, draft=draft(holes))
    with pytest.raises(NotFound):
        follow(ticket=private, email="x@example.org")
    public = create_ticket(actor=citizen, town=town, draft=draft(holes, public=True))
    other = factories.make_person("bruno@citoyen.example", town=town)
    follow(ticket=public, person=other)
    follow(ticket=public, person=other)
    with pytest.raises(Invalid):
        follow(ticket=public, email="nulle part")
    waiting = follow(ticket=public, email="X@example.org")
    public.refresh_from_db()
    assert public.follower_count == 1
    confirm_follow(secret=waiting.secret)
    confirm_follow(secret=waiting.secret)
    public.refresh_from_db()
    assert public.follower_count == 2
    unfollow(ticket=public, person=None)  # nobody: no follower by an address is meant
    assert Follower.objects.count() == 2
    unfollow(secret=waiting.secret)
    unfollow(ticket=public, person=other)
    public.refresh_from_db()
    assert (public.follower_count, Follower.objects.count()) == (0, 0)
    with pytest.raises(NotFound):
        confirm_follow(secret=waiting.secret)


def test_the_trail_tells_who_did_what_and_no_details(
    citizen: Person, agent: Person, town: Town, holes: Category
) -> None:
    number = create_ticket(actor=citizen, town=town, draft=draft(holes)).number
    add_follow_up(actor=agent, number=number, visibility=Visibility.EXTERNAL, body="Nous passons demain.")
    changes = Changes(priority="urgent", contact=Contact("Alice", "Secret", email="secret@example.org"))
    change_ticket(actor=agent, number=number, changes=changes)
    for _ in range(2):
        note_seen(Ticket.objects.get(number=number), agent)
    trail = Entry.objects.filter(subject=f"ticket.{number}").order_by("number")
    assert [(entry.act, entry.actor_id) for entry in trail] == [
        ("ticket.created", citizen.pk), ("ticket.status", agent.pk), ("ticket.said", agent.pk),
        ("ticket.priority", agent.pk), ("ticket.contact", agent.pk), ("ticket.seen", agent.pk),
    ]  # fmt: skip
    assert "ecret" not in str(list(trail.values_list("what", flat=True)))
    assert first_broken(town) is None
