"""What stands beside a ticket, what is filled in, what bells and trails tell: no more than its reader may know."""

from html import unescape
from typing import Any

import pytest
from django.test import Client

from hub.audit.models import Entry
from hub.conversations.actions import open_conversation
from hub.conversations.models import Visibility
from hub.notifications.models import Notification
from hub.people.models import Membership, Person, Role
from hub.tickets.actions import (
    Changes,
    add_answer,
    add_follow_up,
    change_ticket,
    create_ticket,
    settle,
    ticket_of_talk,
    watch,
)
from hub.tickets.drafts import Draft, Place
from hub.tickets.models import CannedReply, DeskSettings, Ticket
from hub.towns.models import Town
from tests import factories
from tests.tickets.making import make_category, make_service, make_ticket

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]


def page(person: Person, ticket: Ticket, more: str = "") -> str:
    client = Client()
    client.force_login(person)
    answer = client.get(f"/mairie/{ticket.town.slug}/requetes/{ticket.number}/{more}")
    assert answer.status_code == 200
    return unescape(answer.content.decode())


# Beside a ticket at the desk.


def test_the_call_centre_reads_nothing_of_a_tickets_internal_tasks(town: Town, mayor: Person, agent: Person) -> None:
    operator = factories.make_person(town=town, roles=[Role.OPERATOR])
    ticket = make_ticket(town)
    task = make_ticket(town, internal=True, task_of=ticket, title="Enquête sur un collègue")
    for tab in ("?onglet=informations", "fermeture/"):
        assert task.title in page(agent, ticket, tab)
        shown = page(operator, ticket, tab)
        assert task.title not in shown
        assert task.number not in shown


def test_beside_a_ticket_agents_read_of_others_what_is_in_their_reach(town: Town, mayor: Person, agent: Person) -> None:
    library = make_service(town, "Médiathèque")
    theirs: dict[str, Any] = {"service": library, "title": "Plainte contre une lectrice"}
    parent, split = make_ticket(town, **theirs), make_ticket(town, **theirs)
    ticket = make_ticket(town, parent=parent, split_from=split)
    make_ticket(town, **theirs, split_from=ticket)
    top = make_ticket(town)
    make_ticket(town, **theirs, parent=top)
    make_ticket(town, parent=top, title="Lampadaire du quai")
    for one in (ticket, top):
        assert theirs["title"] in page(mayor, one, "?onglet=informations")
        assert theirs["title"] not in page(agent, one, "?onglet=informations")
    shown = page(agent, top, "?onglet=informations")
    assert "Lampadaire du quai" in shown
    assert "2 requêtes réunies" in shown  # what one writes goes to all of them


# Filled in.


def test_what_many_read_is_not_filled_in_with_the_requesters_name(town: Town, agent: Person) -> None:
    reply = CannedReply.objects.create(town=town, title="Vu", body="Bonjour {prenom} {nom}, « {titre} » : demain.")
    names = {"first_name": "Zénobie", "last_name": "Quatrefages", "title": "Devant chez moi"}
    private, public, incident = (make_ticket(town, **names, public=one == 1) for one in range(3))
    make_ticket(town, parent=incident)
    asked = f"?reponse={reply.pk}"
    assert "Bonjour Zénobie Quatrefages, « Devant chez moi »" in page(agent, private, asked)
    for one in (public, incident):
        filled = page(agent, one, asked).split('name="body"')[1].split("</textarea>")[0]
        assert "Bonjour, « Éclairage, 12, rue du Four » : demain." in filled


# The bell.


def test_who_can_no_longer_open_it_is_told_no_more(town: Town, citizen: Person, agent: Person) -> None:
    roads = make_service(town)
    left, moved = (factories.make_agent(town) for _ in range(2))
    operator = factories.make_person(town=town, roles=[Role.OPERATOR])
    Membership.objects.get(person=operator).services.add(roads)
    ticket, internal = make_ticket(town, requester=citizen), make_ticket(town, internal=True)
    for person in (left, moved):
        watch(actor=person, number=ticket.number, on=True)
    Membership.objects.filter(person=left).delete()
    Membership.objects.get(person=moved).services.add(make_service(town, "Médiathèque"))
    colleague = factories.make_agent(town)
    for one in (ticket, internal):
        add_follow_up(actor=colleague, number=one.number, visibility=Visibility.INTERNAL, body="Entre nous.")
    add_answer(actor=citizen, number=ticket.number, body="C’est chez moi.")
    told = Notification.objects.filter(subject__endswith=".staff")
    assert set(told.filter(subject=internal.staff_topic).values_list("person", flat=True)) == {agent.pk}
    assert set(told.filter(subject=ticket.staff_topic).values_list("person", flat=True)) == {agent.pk, operator.pk}


# The trail, which nobody can change afterwards.


def test_the_trail_keeps_neither_who_asked_nor_their_words(town: Town, citizen: Person, agent: Person) -> None:
    draft = Draft(make_category(town).pk, "Un trou devant chez moi.", place=Place("12, rue du Four"))
    number = create_ticket(actor=citizen, town=town, draft=draft).number
    change_ticket(actor=citizen, number=number, changes=Changes(place=Place("14, rue du Four")))
    add_answer(actor=citizen, number=number, body="Le 14, pardon.")
    change_ticket(actor=agent, number=number, changes=Changes(title="Nid-de-poule"))
    change_ticket(actor=agent, number=number, changes=Changes(status="closed_done"))
    settle(actor=citizen, number=number, settled=True, comment="Merci, dit Alice.")
    trail = list(Entry.objects.filter(subject=f"ticket.{number}").order_by("number"))
    own = {"ticket.created", "ticket.place", "ticket.said", "ticket.settled"}
    assert {entry.act for entry in trail if entry.actor_id == citizen.pk} == own
    assert {entry.actor_name for entry in trail if entry.act in own} == {""}
    assert {entry.actor_name for entry in trail if entry.act not in own} == {agent.name}
    kept = str([(entry.actor_name, entry.what) for entry in trail])
    for theirs in ("Alice", "Moreau", "Four", "Un trou", "Nid-de-poule"):
        assert theirs not in kept


# Anonymous (S99).


def test_a_conversation_has_a_citizen_whatever_the_form_says(town: Town, mayor: Person, citizen: Person) -> None:
    DeskSettings.objects.create(town=town, code="ST", anonymous_allowed=True)
    talk = open_conversation(actor=citizen, town=town)
    lights = make_category(town)
    for number, odd in enumerate(({"anonymous": True}, {"internal": True}, {"requester_id": mayor.pk})):
        draft = Draft(lights.pk, f"Lampadaire éteint, {number}.", **odd)  # type: ignore[arg-type]
        made = ticket_of_talk(actor=mayor, conversation_id=talk.pk, draft=draft)
        assert (made.requester, made.anonymous, made.internal) == (citizen, False, False)
        assert made.email == citizen.email
