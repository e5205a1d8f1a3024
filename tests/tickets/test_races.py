"""Two at the same ticket at one moment: nobody locks anybody out, and the rules hold for what the first one left."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from hub.audit.models import Entry, Trail
from hub.conversations.models import Message, Visibility
from hub.core.errors import Conflict, Invalid
from hub.people.models import Person
from hub.tickets.actions import (
    Changes,
    add_answer,
    add_follow_up,
    change_ticket,
    create_ticket,
    group_under,
    split_ticket,
)
from hub.tickets.drafts import Contact, Draft
from hub.tickets.models import Status, Ticket
from hub.towns.models import Town
from tests.at_once import Act, ended, start
from tests.tickets.making import make_category, make_ticket

pytestmark = pytest.mark.django_db(transaction=True)


def hold(*tickets: Ticket) -> None:
    """As whoever works on them does."""
    found = Ticket.objects.filter(pk__in=[one.pk for one in tickets])
    list(found.select_for_update(of=("self",), no_key=True).order_by("pk"))


def test_an_incident_is_closed_while_somebody_answers_all_neighbours(town: Town, agent: Person) -> None:
    neighbour, incident = make_ticket(town), make_ticket(town)
    Ticket.objects.filter(pk=neighbour.pk).update(parent=incident)
    closing = Act(change_ticket, actor=agent, number=incident.number, changes=Changes(status="closed_done"))
    with transaction.atomic():
        hold(neighbour)
        start(closing)
        hold(incident)
    assert ended(closing) == [None]
    assert set(Ticket.objects.values_list("status", flat=True)) == {Status.CLOSED_DONE}


def test_a_ticket_is_split_while_somebody_changes_it(town: Town, agent: Person) -> None:
    ticket = make_ticket(town)
    draft = Draft(ticket.category_id, "Et un banc cassé.")
    splitting = Act(split_ticket, actor=agent, number=ticket.number, draft=draft)
    changing = Act(change_ticket, actor=agent, number=ticket.number, changes=Changes(priority="urgent"))
    Trail.objects.get_or_create(town=town)
    with transaction.atomic():
        Trail.objects.select_for_update().get(town=town)
        start(splitting, changing)
    assert ended(splitting, changing) == [None, None]
    assert Ticket.objects.get(split_from=ticket).requester == ticket.requester
    assert Entry.objects.filter(act="ticket.priority").count() == 1


def test_two_that_are_put_under_each_other_make_no_circle(town: Town, agent: Person) -> None:
    one, other = make_ticket(town), make_ticket(town)
    pairs = ((one, other), (other, one))
    acts = [Act(group_under, actor=agent, number=child.number, parent=top.number) for child, top in pairs]
    with transaction.atomic():
        hold(one, other)
        start(*acts)
    failed = ended(*acts)
    assert {type(error) for error in failed} == {type(None), Invalid}  # whoever comes first
    assert Ticket.objects.filter(parent=None).count() == 1


def test_an_answer_on_its_way_to_what_becomes_a_duplicate_is_told_where_it_goes_on(
    town: Town, agent: Person, citizen: Person
) -> None:
    ticket, top = make_ticket(town, requester=citizen), make_ticket(town)
    merging = Act(group_under, actor=agent, number=ticket.number, parent=top.number, merged=True)
    answering = Act(add_answer, actor=citizen, number=ticket.number, body="Et encore ceci.")
    changing = Act(change_ticket, actor=agent, number=ticket.number, changes=Changes(priority="urgent"))
    with transaction.atomic():
        hold(top)  # so that who merges has the ticket already, and the others wait for them
        start(merging, answering, changing)
    failed = ended(merging, answering, changing)
    assert [type(error) for error in failed] == [type(None), type(None), Conflict]
    assert Message.objects.get().conversation_id == ticket.conversation_id
    top.refresh_from_db()
    assert top.answered_at is not None
    assert not ticket.changes.filter(field="priority").exists()


def test_where_it_goes_on_is_held_before_anything_is_written(town: Town, citizen: Person) -> None:
    """Whoever holds a ticket waits for later ones only: the one where it goes on may be older."""
    top, ticket = make_ticket(town), make_ticket(town, requester=citizen)
    before = Ticket.objects.get(pk=ticket.pk)
    Ticket.objects.filter(pk=ticket.pk).update(parent=top, merged=True)
    with CaptureQueriesContext(connection) as said:
        add_answer(actor=citizen, number=ticket.number, body="Au 14.", known=before)
    found = [one["sql"] for one in said if "tickets_ticket" in one["sql"]]
    held = [at for at, sql in enumerate(found) if "FOR NO KEY UPDATE" in sql]
    written = [at for at, sql in enumerate(found) if sql.startswith("UPDATE")]
    assert (len(held), held[-1] < written[0]) == (2, True)  # once more, with both
    top.refresh_from_db()
    assert top.answered_at is not None


def test_the_same_words_sent_twice_at_once_are_one(town: Town, agent: Person) -> None:
    """By who has no account, whose second attempt overtakes the first."""
    draft = Draft(make_category(town).pk, "Un trou.", key="k", contact=Contact("Ève", "Roy", "eve@citoyen.example"))
    twice = [Act(create_ticket, actor=None, town=town, draft=draft) for _ in range(2)]
    Trail.objects.get_or_create(town=town)
    with transaction.atomic():
        Trail.objects.select_for_update().get(town=town)
        start(*twice)
    assert ended(*twice) == [None, None]
    assert twice[0].made == twice[1].made == Ticket.objects.get()
    answers = [
        Act(
            add_follow_up, actor=agent, number=twice[0].made.number, visibility=Visibility.EXTERNAL, body="Vu.", key="k"
        )
        for _ in range(2)
    ]
    with transaction.atomic():
        hold(twice[0].made)
        start(*answers)
    assert ended(*answers) == [None, None]
    assert Message.objects.get() == answers[0].made == answers[1].made
