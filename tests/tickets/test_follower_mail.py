"""What followers of a public ticket are written to, and what they never learn."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from hub.conversations.models import Message, Side, Visibility
from hub.core.clock import now
from hub.deliveries import sender
from hub.deliveries.models import Delivery
from hub.people.models import Person
from hub.tickets import mail
from hub.tickets.models import Follower, Status, Ticket
from hub.towns.models import Town
from tests import factories
from tests.channels_adapters.relay import Relay
from tests.tickets.making import add_message, make_category, make_follower, make_ticket
from tests.tickets.outbox import all_of, mails, only

pytestmark = pytest.mark.django_db


def _public(town: Town, **fields: Any) -> Ticket:
    return make_ticket(town, public=True, title="Fuite chez Alice Moreau", last_name="Moreau", **fields)


def _private_to_followers(ticket: Ticket) -> tuple[str, ...]:
    return (ticket.secret, ticket.title, ticket.description, ticket.email, ticket.first_name, ticket.last_name)


def test_followers_get_what_the_town_says_and_never_whose_ticket_it_is(
    town: Town, agent: Person, settings: Settings
) -> None:
    ticket = _public(town)
    by_address = make_follower(ticket, "voisine@ailleurs.example", language="en")
    neighbour = factories.make_person("voisin@citoyen.example", town=town)
    with_account = make_follower(ticket, person=neighbour)
    add_message(ticket, ticket.requester, "Mes mots à moi", side=Side.REQUESTER)
    mail.send_follow_up(ticket, add_message(ticket, agent, "Nous passons jeudi."))
    Ticket.objects.filter(pk=ticket.pk).update(status=Status.CLOSED_DONE, closed_at=now())
    ticket.refresh_from_db()
    mail.send_closed(ticket, by=agent)
    theirs = [one for one in mails() if one.address != ticket.email]
    assert [one.address for one in theirs] == ["voisine@ailleurs.example", "voisin@citoyen.example"] * 2
    assert [one.person for one in theirs[:2]] == [None, neighbour]
    assert "Nous passons jeudi." in theirs[0].text
    assert ['lang="en"' in one.html for one in theirs] == [True, False, True, False]
    for one, follower in zip(theirs, [by_address, with_account] * 2, strict=True):
        leave = f"{settings.LINK_BASE}/suivi/abonnement/{follower.secret}/"
        assert one.headers["List-Unsubscribe"] == f"<{leave}>"
        assert "List-Unsubscribe-Post" not in one.headers  # not without https (RFC 8058, 3.1)
        assert leave in one.text
        assert f'href="{leave}"' in one.html
        assert f"{settings.LINK_BASE}/suivi/{ticket.number}/\n" in one.text
        for hidden in (*_private_to_followers(ticket), "Mes mots à moi", "réglé"):
            assert hidden not in all_of(one)


@pytest.mark.parametrize("host", ["parvis.test", "messagerie.communaute-de-communes-du-pays-de-saint-aurele.example"])
def test_a_mail_program_finds_how_to_leave_by_one_press_and_it_works(
    town: Town, agent: Person, settings: Settings, host: str
) -> None:
    """Through the relay: what is longer than a line arrives whole, and the two headers are as RFC 8058 asks."""
    settings.LINK_BASE, settings.INBOUND_DOMAIN = f"https://{host}", host
    ticket = _public(town)
    make_follower(ticket, "voisine@ailleurs.example")
    mail.send_follow_up(ticket, add_message(ticket, agent, "Nous passons jeudi."))
    with Relay() as relay:
        settings.ADAPTERS = {"email": ["smtp"]}
        settings.ADAPTER_OPTIONS = {"smtp": {"host": "127.0.0.1", "port": relay.port, "security": "none"}}
        assert sender.send_due("email", for_s=10) == len(mails())
    sent = {taken.recipients[0]: taken for taken in relay.taken}
    lines = (
        sent["voisine@ailleurs.example"].raw.decode("ascii").replace("\r\n ", " ").split("\r\n\r\n")[0].split("\r\n")
    )
    (leave,) = [line for line in lines if line.startswith("List-Unsubscribe:")]
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in lines
    assert f"References: <ticket.{ticket.number}@{host}>" in lines
    assert leave.startswith(f"List-Unsubscribe: <https://{host}/suivi/abonnement/")
    assert "List-Unsubscribe" not in sent[ticket.email].mail  # whose ticket it is, is no subscriber
    path = leave.partition(host)[2].removesuffix(">")
    assert Client(enforce_csrf_checks=True).post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Follower.objects.exists()


def test_followers_learn_why_it_is_refused(town: Town, agent: Person) -> None:
    ticket = _public(town, status=Status.CLOSED_REFUSED, closed_at=now(), refusal_reason="Terrain privé.")
    make_follower(ticket, "voisine@ailleurs.example")
    mail.send_closed(ticket, by=agent)
    (theirs,) = mails(to="voisine@ailleurs.example")
    assert theirs.subject == f"Demande refusée : Éclairage, 12, rue du Four [#{ticket.number}]"
    assert "Terrain privé." in theirs.text


@pytest.mark.parametrize("closed_off", [{"public": False}, {"merged": True}, {"status": Status.NOT_TRANSFERRED}])
def test_followers_hear_nothing_of_what_is_no_longer_public(
    town: Town, agent: Person, closed_off: dict[str, Any]
) -> None:
    ticket = _public(town, wants_follow_ups=False)
    make_follower(ticket, "voisine@ailleurs.example")
    for name, value in closed_off.items():
        setattr(ticket, name, value)
    mail.send_follow_up(ticket, add_message(ticket, agent))
    assert not Delivery.objects.exists()


def test_only_confirmed_followers_are_written_to_each_once_and_the_requester_as_such(
    town: Town, agent: Person, citizen: Person
) -> None:
    ticket = _public(town, requester=citizen)
    make_follower(ticket, person=citizen)
    make_follower(ticket, "pas@confirme.example", confirmed_at=None)
    neighbour = factories.make_person("voisin@citoyen.example", town=town)
    make_follower(ticket, person=neighbour)
    make_follower(ticket, "Voisin@citoyen.example")
    make_follower(ticket, citizen.email.upper())
    closed = factories.make_person("ferme@citoyen.example", town=town, is_active=False)
    make_follower(ticket, person=closed)
    mail.send_follow_up(ticket, add_message(ticket, agent))
    assert sorted(one.address for one in mails()) == [citizen.email, "voisin@citoyen.example"]
    assert f"c={ticket.secret}" in mails(to=citizen.email)[0].text


def test_an_address_is_asked_before_it_follows_and_told_nothing_that_a_stranger_typed(
    town: Town, settings: Settings
) -> None:
    ticket = _public(town)
    follower = make_follower(ticket, "voisine@ailleurs.example", confirmed_at=None)
    mail.send_confirmation(follower)
    sent = only("confirmation")
    assert sent.address == "voisine@ailleurs.example"
    assert f"{settings.LINK_BASE}/suivi/abonnement/{follower.secret}/" in sent.text
    for hidden in (*_private_to_followers(ticket), ticket.address):
        assert hidden not in all_of(sent)


def test_the_number_ends_even_the_longest_subject(town: Town) -> None:
    category = make_category(town, "C" * 80)
    ticket = _public(town, category=category, address="a" * 200)
    make_follower(ticket, "voisine@ailleurs.example")
    mail.send_follow_up(ticket, add_message(ticket, None))
    subject = mails(to="voisine@ailleurs.example")[0].subject
    assert subject.endswith(f"a… [#{ticket.number}]")
    assert len(subject) == 200


def test_words_never_leave_by_the_wrong_door(town: Town, agent: Person) -> None:
    """Were an action to mix them up: internal words are no follow-up, a requester's neither, a task has no answers."""
    ticket = _public(town)
    make_follower(ticket, "voisine@ailleurs.example")
    external = add_message(ticket, agent)
    internal = add_message(ticket, agent, visibility=Visibility.INTERNAL)
    theirs = add_message(ticket, ticket.requester, side=Side.REQUESTER)
    for message in (internal, theirs):
        mail.send_follow_up(ticket, message)
    for message in (external, theirs):
        mail.send_internal(ticket, message)
    task = make_ticket(town, internal=True)
    mail.send_answered(ticket, external)
    mail.send_answered(task, add_message(task, agent, side=Side.REQUESTER))
    assert not Delivery.objects.exists()


def test_who_closes_with_a_last_word_writes_one_mail_to_each(client: Client, town: Town, agent: Person) -> None:
    client.force_login(agent)
    ticket = _public(town, status=Status.IN_PROGRESS)
    make_follower(ticket, "voisine@ailleurs.example")
    desk = f"/mairie/{town.slug}/requetes/{ticket.number}"
    ending = {"status": "closed_done", "body": "L’ampoule est neuve."}
    assert client.post(f"{desk}/fermer/", ending).status_code == 302
    told = {one.address: one for one in mails()}
    assert (len(mails()), set(told)) == (2, {ticket.email, "voisine@ailleurs.example"})
    assert ["L’ampoule est neuve." in one.text for one in told.values()] == [True, True]
    client.post(f"{desk}/changer/", {"status": "in_progress"})
    Message.objects.update(at=now() - timedelta(hours=1))
    client.post(f"{desk}/fermer/", {"status": "closed_done", "body": ""})
    again = [one.text for one in mails("closed") if one.address == "voisine@ailleurs.example"]
    assert ["L’ampoule est neuve." in text for text in again] == [True, False]  # of the first end, and no other
