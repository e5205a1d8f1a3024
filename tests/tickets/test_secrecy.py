"""What stands beside a ticket, what is filled in, what bells and trails tell: no more than its reader may know."""

from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db.models import ManyToOneRel
from django.test import Client

from hub.audit.models import Entry
from hub.conversations.actions import open_conversation
from hub.conversations.models import Visibility
from hub.conversations.moderation_words import trail_line
from hub.core.errors import NotFound
from hub.notifications.models import Notification
from hub.people.models import Membership, Person, Role
from hub.tickets import describing, queries
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
from hub.tickets.drafts import Contact, Draft, Place
from hub.tickets.models import CannedReply, DeskSettings, Source, Ticket
from hub.tickets.proof import COOKIE
from hub.towns.models import Town
from tests import factories
from tests.tickets.making import make_category, make_follower, make_service, make_ticket
from tests.tickets.outbox import all_of, mails

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


# A wrong address, corrected.


def test_whose_address_was_typed_by_mistake_reads_nothing_more(town: Town, citizen: Person, agent: Person) -> None:
    lights = make_category(town, service=make_service(town))
    names = Contact("Zénobie", "Quatrefages", citizen.email)
    typed = Draft(lights.pk, "Éteint devant chez moi.", source=Source.PHONE, contact=names, wants_follow_ups=True)
    ticket = create_ticket(actor=agent, town=town, draft=typed)
    add_follow_up(actor=agent, number=ticket.number, visibility=Visibility.EXTERNAL, body="Chère Zénobie.")
    assert ticket.requester == citizen
    stranger, wrong = Client(), f"/suivi/{ticket.number}/?c={ticket.secret}"
    assert "devant chez moi" in stranger.get(wrong, follow=True).content.decode()
    right = replace(names, email="zenobie@citoyen.example")
    change_ticket(actor=agent, number=ticket.number, changes=Changes(contact=right))
    for reader in (citizen, None):
        with pytest.raises(NotFound):
            queries.access_ticket(reader, ticket.number)
    assert stranger.get(f"/suivi/{ticket.number}/").status_code == stranger.get(wrong, follow=True).status_code == 404
    assert not Notification.objects.filter(person=citizen).exists()
    ticket.refresh_from_db()
    [receipt] = mails("receipt", right.email)
    assert ticket.secret in receipt.text
    # Staff's second thoughts of a name, a citizen's new address, what they sent themselves: nothing is taken away.
    mine = make_ticket(town, requester=citizen, created_by=agent)
    own = make_ticket(town, first_name="Ève")
    Ticket.objects.filter(pk=own.pk).update(created_by=own.requester)
    for one, name in ((mine, "Moreau"), (own, "Roy")):
        contact = Contact("Ève", name, "autre@citoyen.example")
        change_ticket(actor=agent, number=one.number, changes=Changes(contact=contact))
        now_is = Ticket.objects.get(pk=one.pk)
        assert (now_is.requester_id, now_is.secret) == (one.requester_id, one.secret)
    for contact in (Contact("Zoé", "Quatrefages", right.email), Contact("Zoé", "Q")):
        change_ticket(actor=agent, number=ticket.number, changes=Changes(contact=contact, wants_follow_ups=False))
    assert Ticket.objects.get(pk=ticket.pk).email == ""


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
    assert trail_line(trail[0], town).sentence.startswith("Un habitant a déposé la requête")
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


def test_no_letter_nor_bell_outside_the_house_names_the_agent(town: Town, citizen: Person) -> None:
    """Neither with a service, nor where the town hall answers by itself; colleagues are told who it was."""
    agent = factories.make_mayor(town, first_name="Maude", last_name="Lavoie")
    DeskSettings.objects.update_or_create(town=town, defaults={"accountable": "La direction", "code": "TE"})
    roads = make_service(town, "Voirie")
    for service in (roads, None):
        ticket = make_ticket(town, requester=citizen, public=True, service=service)
        make_follower(ticket, "voisine@ailleurs.example")
        say: dict[str, Any] = {"actor": agent, "number": ticket.number}
        add_follow_up(**say, visibility=Visibility.EXTERNAL, body="Demain.")
        add_follow_up(**say, visibility=Visibility.INTERNAL, body="Pour nous.")
        for status, reason in (("closed_done", ""), ("in_progress", ""), ("closed_refused", "Ce n’est pas à nous.")):
            change_ticket(**say, changes=Changes(status=status, reason=reason))
        seen = queries.access_ticket(citizen, ticket.number)
        (told,) = (describing.follow_up(seen, one) for one in queries.follow_ups_of(seen))
        assert told["author"]["name"] == (service.name if service else f"Mairie de {town.name}")
    outside = [one for one in mails() if one.address != roads.email]
    assert len(outside) == 14
    for one in outside:
        assert "Lavoie" not in all_of(one)
        assert ("Demain." in one.text) <= ("\n\nVoirie\n\n" in one.text or f"\n\nMairie de {town.name}\n\n" in one.text)
    assert "Maude Lavoie · Voirie" in mails("internal", roads.email)[0].text
    bells = Notification.objects.filter(person=citizen)
    assert bells.exists()
    assert not bells.exclude(actor=None).exists()


# Anonymous, and opened by who is signed in (S99).


def anonymous_ticket(town: Town) -> Ticket:
    DeskSettings.objects.create(town=town, code="ST", anonymous_allowed=True)
    service = make_service(town)
    draft = Draft(make_category(town, service=service).pk, "Le voisin brûle ses déchets.", anonymous=True)
    return create_ticket(actor=None, town=town, draft=draft)


def rows_about(person: Person) -> dict[str, int]:
    """How many rows of each kind name them."""
    return {
        f"{relation.related_model.__name__}.{relation.field.name}": relation.related_model._base_manager.filter(
            **{relation.field.name: person}
        ).count()
        for relation in Person._meta.get_fields(include_hidden=True)
        if isinstance(relation, ManyToOneRel)
    }


def kept_in_sessions(ticket: Ticket) -> bool:
    return any(ticket.number in str(row.get_decoded()) for row in Session.objects.all())


@pytest.mark.parametrize("way", ["link", "code", "form"])
def test_an_anonymous_ticket_opened_from_an_account_is_not_tied_to_it(
    client: Client, town: Town, citizen: Person, agent: Person, way: str
) -> None:
    ticket = anonymous_ticket(town)
    Ticket.objects.filter(pk=ticket.pk).update(secret="ABCDEFGHJK")
    client.force_login(citizen)
    page, before = f"/suivi/{ticket.number}/", rows_about(citizen)
    opened = {
        "link": lambda: client.get(page, {"c": "ABCDEFGHJK"}),
        "code": lambda: client.post(page, {"code": "ABCDEFGHJK"}),
        "form": lambda: client.post("/suivi/", {"number": ticket.number, "code": "ABCDEFGHJK"}),
    }[way]()
    assert (opened.status_code, opened["Location"]) == (302, page)
    assert "Le voisin brûle ses déchets." in client.get(page).content.decode()
    assert '"topic": null' in client.get(page).content.decode()  # a socket would be the account's
    change_ticket(actor=agent, number=ticket.number, changes=Changes(status="closed_done"))
    said = client.post(f"{page}regle/", {"settled": "reopen", "comment": "Il recommence."})
    assert (said.status_code, said["Location"]) == (302, page)
    ticket.refresh_from_db()
    assert (ticket.settled, ticket.settled_comment) == (False, "Il recommence.")
    assert rows_about(citizen) == before
    assert not kept_in_sessions(ticket)
    assert ticket.number not in client.get("/mes-demandes/").content.decode()


def test_what_opens_it_is_of_that_browser_that_session_and_that_ticket(
    client: Client, town: Town, citizen: Person
) -> None:
    ticket = anonymous_ticket(town)
    other = create_ticket(actor=None, town=town, draft=Draft(ticket.category_id, "Un autre feu.", anonymous=True))
    page = f"/suivi/{ticket.number}/"
    client.force_login(citizen)
    client.get(page, {"c": ticket.secret})
    cookie = client.cookies[COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"], cookie["expires"]) == (page, True, "Lax", "")
    assert client.get(page).status_code == 200
    assert client.get(f"/suivi/{other.number}/").status_code == 404
    client.logout()
    for person in (None, citizen, factories.make_person(town=town)):  # whoever comes after, they themselves included
        if person is not None:
            client.force_login(person)
        client.cookies[COOKIE] = cookie.value
        assert client.get(page).status_code == 404


def test_who_signs_in_afterwards_takes_no_anonymous_ticket_along(client: Client, town: Town, citizen: Person) -> None:
    ticket, named = anonymous_ticket(town), make_ticket(town)
    for one in (ticket, named):
        client.get(f"/suivi/{one.number}/", {"c": one.secret})
        assert client.get(f"/suivi/{one.number}/").status_code == 200
    client.force_login(citizen)
    assert not kept_in_sessions(ticket)
    assert client.get(f"/suivi/{ticket.number}/").status_code == 404
    assert client.get(f"/suivi/{named.number}/").status_code == 200  # a couple's, say
