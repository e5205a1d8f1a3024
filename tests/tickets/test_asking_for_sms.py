"""Asking for follow-ups by SMS: at the desk and on the page of a request; and whose number it is."""

from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from hub.core.clock import now
from hub.core.errors import Forbidden, Invalid
from hub.deliveries.models import Suppression, Why
from hub.people.actions import set_phones
from hub.people.models import Person
from hub.tickets.actions import Changes, change_ticket, create_ticket, split_ticket
from hub.tickets.drafts import Contact, Draft
from hub.tickets.models import Source, Ticket
from hub.tickets.reaching import reach_of
from hub.towns.models import Town
from tests.tickets.making import make_category
from tests.tickets.outbox import mails
from tests.tickets.texting import BASE, LANDLINE, MOBILE, OPEN, OTHER, by_phone, page, sms

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]


@pytest.fixture(autouse=True)
def ways_out(settings: Settings) -> None:
    settings.ADAPTERS = OPEN
    settings.LINK_BASE = BASE


@pytest.fixture
def desk(agent: Person) -> Client:
    client = Client()
    client.force_login(agent)
    return client


# Asking for them.


def typed(**fields: Any) -> dict[str, Any]:
    return {
        "key": "k", "source": "phone", "category": "Éclairage", "description": "Éteint.", "last_name": "Roy",
        "phone": "06 12 34 56 42", "priority": "important", "kind": "request", "wants_follow_ups": "on", **fields,
    }  # fmt: skip


def test_at_the_desk_a_mobile_is_enough(desk: Client, town: Town, agent: Person) -> None:
    make_category(town)
    path = f"/mairie/{town.slug}/requetes/nouvelle/"
    assert "par courriel ou, sans courriel, par SMS" in unescape(desk.get(path).content.decode())
    refused = desk.post(path, typed(phone="02 47 00 00 00"))
    assert refused.status_code == 400
    assert "il faut un courriel ou un numéro de mobile" in unescape(refused.content.decode())
    assert desk.post(path, typed()).status_code == 302
    made = Ticket.objects.get()
    assert (made.wants_follow_ups, made.phone) == (True, MOBILE)
    assert "Souhaités, par SMS" in page(desk, made, "?onglet=informations")
    part = split_ticket(actor=agent, number=made.number, draft=Draft(made.category_id, "Et le trottoir."))
    assert (part.wants_follow_ups, part.phone) == (True, MOBILE)
    corrected = {"title": made.title, "last_name": "Roy", "phone": "06 98 76 54 07", "wants_follow_ups": "on"}
    assert desk.post(f"/mairie/{town.slug}/requetes/{made.number}/informations/changer/", corrected).status_code == 302
    made.refresh_from_db()
    assert reach_of(made).address == OTHER


def test_a_wrong_number_corrected_reads_nothing_more(town: Town, agent: Person) -> None:
    """As with a wrong address (`test_secrecy`): the receipt that a stranger has opens it no longer."""
    typed = Contact("Ève", "Roy", phone=MOBILE, phone2=LANDLINE)
    draft = Draft(make_category(town).pk, "Éteint.", source=Source.PHONE, contact=typed, sms_will_do=True)
    ticket = create_ticket(actor=agent, town=town, draft=draft)
    stranger, path = Client(), f"/suivi/{ticket.number}/"
    stranger.get(path, {"c": ticket.secret})
    assert stranger.get(path).status_code == 200
    change_ticket(actor=agent, number=ticket.number, changes=Changes(contact=replace(typed, phone2="")))
    assert stranger.get(path).status_code == 200  # that was nobody's receipt
    right = replace(typed, phone=OTHER)
    change_ticket(actor=agent, number=ticket.number, changes=Changes(contact=right))
    assert stranger.get(path).status_code == stranger.get(path, {"c": ticket.secret}, follow=True).status_code == 404
    ticket.refresh_from_db()
    (receipt,) = sms(OTHER)
    assert ticket.secret in receipt.text
    change_ticket(actor=agent, number=ticket.number, changes=Changes(contact=replace(right, email="eve@x.example")))
    assert (Ticket.objects.get(pk=ticket.pk).secret, len(sms()), len(mails())) == (ticket.secret, 2, 0)
    # Who is registered has merely another number; who sent it themselves gives their own.
    registered = Person.objects.create_user("", None, first_name="Ève", last_name="Roy")
    set_phones(person=registered, numbers=[MOBILE])
    for one in (by_phone(town, requester=registered, created_by=agent), by_phone(town, first_name="Ève")):
        if one.requester != registered:
            Ticket.objects.filter(pk=one.pk).update(created_by=one.requester)
        corrected = Changes(contact=Contact("Ève", "Roy", phone=OTHER))
        change_ticket(actor=agent, number=one.number, changes=corrected)
        now_is = Ticket.objects.get(pk=one.pk)
        assert (now_is.secret, now_is.requester_id, now_is.phone) == (one.secret, one.requester_id, OTHER)


def test_who_is_registered_with_a_phone_only_is_told_too(town: Town, agent: Person) -> None:
    registered = Person.objects.create_user("", None, first_name="Ève", last_name="Roy")
    registered.memberships.create(town=town, role="citizen")
    set_phones(person=registered, numbers=[MOBILE])
    draft = Draft(
        make_category(town).pk, "Éteint.", source=Source.COUNTER, requester_id=registered.pk, wants_follow_ups=True,
        sms_will_do=True,
    )  # fmt: skip
    assert reach_of(create_ticket(actor=agent, town=town, draft=draft)).address == MOBILE


def test_citizens_forms_and_programs_ask_for_an_email(town: Town, citizen: Person, agent: Person) -> None:
    """S86, as the contract has it; a form of the town hall alone may offer SMS."""
    contact, category = Contact("Ève", "Roy", phone=MOBILE), make_category(town)
    for actor, source in ((agent, Source.PHONE), (None, Source.WEB)):
        draft = Draft(category.pk, "Éteint.", contact=contact, source=source, wants_follow_ups=True)
        with pytest.raises(Invalid) as refused:
            create_ticket(actor=actor, town=town, draft=draft)
        assert refused.value.field == "email"
    with pytest.raises(Forbidden):
        create_ticket(actor=citizen, town=town, draft=Draft(category.pk, "Éteint.", sms_will_do=True))
    ticket = by_phone(town, wants_follow_ups=False)
    with pytest.raises(Invalid) as refused:
        change_ticket(actor=agent, number=ticket.number, changes=Changes(wants_follow_ups=True))
    assert refused.value.field == "email"
    told = by_phone(town)  # a program may correct the number of who is told by SMS already
    change_ticket(actor=agent, number=told.number, changes=Changes(contact=Contact("Ève", "Roy", phone=OTHER)))
    with pytest.raises(Invalid):
        change_ticket(actor=agent, number=told.number, changes=Changes(contact=Contact("Ève", "Roy", phone=LANDLINE)))


def test_on_their_page_they_ask_for_them_and_stop(client: Client, town: Town, settings: Settings) -> None:
    ticket = by_phone(town, wants_follow_ups=False)
    path = f"/suivi/{ticket.number}/"
    client.get(path, {"c": ticket.secret})

    def shown() -> str:
        return unescape(client.get(path).content.decode())

    assert "Recevoir les réponses par SMS" in shown()
    assert "sans courriel, par SMS" in unescape(client.get(f"{path}coordonnees/").content.decode())
    assert client.post(f"{path}suivre/").status_code == 302
    assert "Ne plus recevoir de SMS" in shown()
    Suppression.objects.create(channel="sms", address=MOBILE, why=Why.STOPPED, at=now())
    assert "répondez REPRENDRE au même numéro" in shown()
    given = {"last_name": "Roy", "phone": "06 98 76 54 07", "wants_follow_ups": "on", "address": ticket.address}
    assert client.post(f"{path}coordonnees/", given).status_code == 302
    ticket.refresh_from_db()
    assert reach_of(ticket).address == OTHER
    assert client.post(f"{path}coordonnees/", {**given, "phone": "02 47 00 00 00"}).status_code == 400
    assert "par SMS. Elles restent" in unescape(client.post(f"{path}ne-plus-suivre/", follow=True).content.decode())
    ticket.refresh_from_db()
    assert not ticket.wants_follow_ups
    settings.ADAPTERS = {"email": ["smtp"], "sms": []}
    assert client.post(f"{path}suivre/").status_code == 400
    assert "sans courriel, par SMS" not in unescape(client.get(f"{path}coordonnees/").content.decode())
