"""Follow-ups by SMS, to who asked for them and gave a mobile phone and no email: what, to whom, how often."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from pytest_django import Settings

from hub.conversations.models import Visibility
from hub.core.clock import now, standing_at
from hub.deliveries import allowance, gsm
from hub.deliveries.models import Delivery, Lane, Suppression, Used, Why
from hub.people.models import Person
from hub.tickets import letters, mail, queries, short_letters
from hub.tickets.actions import Changes, change_ticket, group_under
from hub.tickets.actions.erasing import erase_requester
from hub.tickets.models import Status
from hub.tickets.reaching import Means, reach_of
from hub.towns.models import Country, Town
from tests import factories
from tests.tickets.making import add_message, make_service, make_ticket
from tests.tickets.outbox import mails
from tests.tickets.texting import BASE, LANDLINE, MOBILE, OPEN, OTHER, by_phone, page, say, sms

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]

LONG = "L’équipe passera jeudi matin : " + "le trottoir sera fermé de la fontaine à l’école, " * 8


@pytest.fixture(autouse=True)
def ways_out(settings: Settings) -> None:
    settings.ADAPTERS = OPEN
    settings.LINK_BASE = BASE


@pytest.fixture
def desk(agent: Person) -> Client:
    client = Client()
    client.force_login(agent)
    return client


# What it says.


def test_a_follow_up_says_its_first_words_and_where_to_read_on(town: Town, agent: Person) -> None:
    town.name = "L’Île-aux-Ormes"
    town.save()
    ticket = by_phone(town, phone=LANDLINE, phone2=MOBILE, status=Status.IN_PROGRESS)
    say(agent, ticket, "Bonjour,\n\nL’ampoule est changée, et le câble… aussi !")
    (one,) = sms()
    assert one.text == (
        f"L'Ile-aux-Ormes répond à la demande {ticket.number} :\n"
        "Bonjour, L'ampoule est changée, et le câble... aussi !\n".replace("â", "a")
        + f"Lire et répondre : {BASE}/suivi/{ticket.number}/?c={ticket.secret}#repondre"
    )
    assert (one.address, one.person, one.lane, one.dispatch.town) == (
        MOBILE, ticket.requester, Lane.TRANSACTIONAL, town
    )  # fmt: skip
    assert one.dispatch.cause == "ticket_follow_up"
    assert not mails()


@pytest.mark.parametrize(
    ("body", "cut"),
    [
        (LONG, True), ("mot " * 2_500, True), ("https://exemple.example/" + "a" * 400, False),
        ("[€] " * 200, True), ("Здравствуйте, " * 30, False), ("C’est noté ☔", False), ("", False),
    ],
)  # fmt: skip
def test_two_sms_at_most_whatever_is_said(town: Town, agent: Person, body: str, cut: bool) -> None:
    ticket = by_phone(town)
    mail.send_follow_up(ticket, add_message(ticket, agent, body))
    (one,) = sms()
    measured, lines = gsm.measure(one.text), one.text.split("\n")
    assert measured.segments <= short_letters.MOST_SMS
    assert lines[0].startswith(f"{town.name} répond à la demande {ticket.number}")
    assert lines[-1].endswith(f"/suivi/{ticket.number}/?c={ticket.secret}#repondre")
    if cut:
        assert lines[1].endswith("...")
        assert lines[1].removesuffix("...").split()[-1].strip(",:") in gsm.plain(body, strip=True)
        assert measured.segments == short_letters.MOST_SMS
        assert measured.left < 30  # no room is given away


def test_each_act_of_the_town_is_told_in_the_requesters_language(town: Town, agent: Person) -> None:
    ticket = by_phone(town, due_on=date(2099, 12, 1))
    change_ticket(actor=agent, number=ticket.number, changes=Changes(status="in_progress"))
    change_ticket(actor=agent, number=ticket.number, changes=Changes(status="closed_done"))
    change_ticket(actor=agent, number=ticket.number, changes=Changes(status="in_progress"))
    refused = by_phone(town, phone=OTHER)
    reason = Changes(status="closed_refused", reason="C’est au département.\nVoyez avec lui.")
    change_ticket(actor=agent, number=refused.number, changes=reason)
    named, link = f"{town.name} : demande {ticket.number}", f"{BASE}/suivi/{ticket.number}/?c={ticket.secret}"
    assert [one.text for one in sms(MOBILE)] == [
        f"{named} en traitement.\nTraitée d'ici le 1er décembre 2099.\nSuivi : {link}",
        f"{named} traitée.\nC'est réglé ? Dites-le avant le {_in_two_weeks(town)} : {link}#regle",
        f"{named} rouverte.\nTraitée d'ici le 1er décembre 2099.\nSuivi : {link}",
    ]
    (one,) = sms(OTHER)
    assert one.text == (
        f"{town.name} : demande {refused.number} refusée.\nC'est au département. Voyez avec lui.\n"
        f"Lire et répondre : {BASE}/suivi/{refused.number}/?c={refused.secret}#repondre"
    )
    assert [one.dispatch.cause for one in sms()] == [
        "ticket_started", "ticket_closed", "ticket_reopened", "ticket_refused",
    ]  # fmt: skip


def _in_two_weeks(town: Town) -> str:
    day = queries.today_in(town) + timedelta(days=14)
    return gsm.plain(letters.told(day, town), strip=True)


def test_closing_with_a_last_word_is_one_sms(desk: Client, town: Town, agent: Person) -> None:
    ticket = by_phone(town)
    neighbour = by_phone(town, phone=OTHER, parent=ticket)
    merged = by_phone(town, phone="+33698765408", parent=ticket, merged=True, status=Status.CLOSED_DONE)
    shown = page(desk, ticket, "fermeture/")
    assert "SMS au … 42 : les premiers mots, et le lien" in shown
    assert "2 requêtes réunies : 2 par SMS" in shown
    said = {"status": "closed_done", "body": "L’ampoule est neuve.", "key": "k"}
    assert desk.post(f"/mairie/{town.slug}/requetes/{ticket.number}/fermer/", said).status_code == 302
    for one, number in ((ticket, MOBILE), (neighbour, OTHER)):
        (told,) = sms(number)
        assert told.text.startswith(f"{town.name} : demande {one.number} traitée.\nL'ampoule est neuve.\nC'est réglé ?")
    (told,) = sms("+33698765408")  # closed before: only the words are news
    assert told.text.startswith(f"{town.name} répond à la demande {merged.number} :\nL'ampoule est neuve.")
    again = by_phone(town, status=Status.IN_PROGRESS)
    say(agent, again, "Il reste à peindre.")
    change_ticket(actor=agent, number=again.number, changes=Changes(status="closed_done"))
    words, end = sms(MOBILE)[1:]
    assert ("peindre" in words.text, "peindre" in end.text) == (True, False)  # that was told already


# Who gets one.


@pytest.mark.parametrize(
    ("fields", "means"),
    [
        ({}, Means.SMS), ({"phone": LANDLINE}, Means.UNREACHED), ({"phone": "+14185550142"}, Means.UNREACHED),
        ({"phone": "+33899000000"}, Means.UNREACHED), ({"phone": ""}, Means.UNREACHED),
        ({"wants_follow_ups": False}, Means.UNASKED), ({"email": "eve@citoyen.example"}, Means.MAIL),
        ({"anonymous": True}, Means.NOBODY), ({"internal": True}, Means.NOBODY),
    ],
)  # fmt: skip
def test_who_is_told_by_sms(town: Town, agent: Person, fields: dict[str, Any], means: Means) -> None:
    ticket = by_phone(town, **fields)
    assert reach_of(ticket).means is means
    mail.send_started(ticket)
    mail.send_follow_up(ticket, add_message(ticket, agent))
    assert len(sms()) == (2 if means is Means.SMS else 0)
    assert len(mails()) == (2 if means is Means.MAIL else 0)
    mail.send_follow_up(ticket, add_message(ticket, agent, visibility=Visibility.INTERNAL))
    mail.send_started(ticket, by=ticket.requester)  # their own doing
    assert len(sms()) + len(mails()) == (2 if means in {Means.SMS, Means.MAIL} else 0)


def test_a_number_of_north_america_may_be_a_mobiles(agent: Person, settings: Settings) -> None:
    quebec = factories.make_town(country=Country.CANADA, time_zone="America/Toronto")
    ticket = by_phone(quebec, phone="+14185550142")
    assert reach_of(ticket).means is Means.SMS
    settings.SMS_COUNTRIES = "FR"
    assert reach_of(ticket).means is Means.UNREACHED


def test_who_answered_stop_and_whoever_when_sms_have_no_way_out_get_none(
    desk: Client, town: Town, agent: Person, settings: Settings
) -> None:
    ticket = by_phone(town, status=Status.IN_PROGRESS)
    Suppression.objects.create(channel="sms", address=MOBILE, why=Why.STOPPED, at=now())
    assert "Pas prévenu : a répondu STOP aux SMS, du … 42" in page(desk, ticket)
    assert "a répondu STOP" in page(desk, ticket, "?onglet=informations")
    say(agent, ticket, "Un.")
    Suppression.objects.all().delete()
    settings.ADAPTERS = {"email": ["smtp"], "sms": []}
    assert "Pas prévenu : n’a pas laissé de courriel" in page(desk, ticket)
    say(agent, ticket, "Deux.")
    assert not Delivery.objects.exists()
    assert not Used.objects.exists()  # what does not leave is not counted


def test_what_is_said_in_a_transaction_that_fails_neither_leaves_nor_counts(town: Town, agent: Person) -> None:
    ticket = by_phone(town)
    with transaction.atomic():
        mail.send_follow_up(ticket, add_message(ticket, agent))
        transaction.set_rollback(True)
    assert (Delivery.objects.count(), Used.objects.count()) == (0, 0)


# How often.


def test_ten_small_follow_ups_are_three_sms_and_the_next_one_says_so(desk: Client, town: Town, agent: Person) -> None:
    ticket, other = by_phone(town, status=Status.IN_PROGRESS), by_phone(town, status=Status.IN_PROGRESS)
    noon = now().replace(hour=11)
    with standing_at(noon):
        for number in range(10):
            if number in {2, 3}:
                assert ("Assez de SMS" in page(desk, ticket)) == (number == 3)
            say(agent, ticket, f"Mot {number}.", key=f"k{number}")
        say(agent, ticket, "Mot 9.", key="k9")  # sent again by the same key: nothing more
        say(agent, other, "Autre demande.")
    assert [one.text.split("\n")[1] for one in sms()] == ["Mot 0.", "Mot 1.", "Mot 2.", "Autre demande."]
    with standing_at(noon + timedelta(days=1)):
        assert "Assez de SMS" not in page(desk, ticket)
        say(agent, ticket, LONG)
        say(agent, ticket, "Et voilà.")
    told, after = sms()[-2:]
    assert told.text.split("\n")[2] == "7 autres messages vous attendent sur la page."
    assert gsm.measure(told.text).segments == 2
    assert "attend" not in after.text


def test_its_end_may_be_one_more(desk: Client, town: Town, agent: Person) -> None:
    ticket = by_phone(town, status=Status.IN_PROGRESS)
    with standing_at(now().replace(hour=11)):
        for number in range(4):
            say(agent, ticket, f"Mot {number}.")
        assert "Assez de SMS" not in page(desk, ticket, "fermeture/")
        change_ticket(actor=agent, number=ticket.number, changes=Changes(status="closed_done"))
        assert len(sms()) == 4
        assert "1 autre message vous attend sur la page." in sms()[-1].text
        for status in ("in_progress", "closed_done"):
            change_ticket(actor=agent, number=ticket.number, changes=Changes(status=status))
    assert len(sms()) == 4
    with standing_at(now() + allowance.KEEP + timedelta(days=2)):
        allowance.forget()
    assert not Used.objects.exists()


# One incident, many neighbours.


def test_neighbours_are_told_each_by_their_channel_and_in_their_language(
    desk: Client, town: Town, agent: Person
) -> None:
    incident = by_phone(town, status=Status.IN_PROGRESS)
    same = by_phone(town, status=Status.IN_PROGRESS, parent=incident)  # the same person, who called twice
    english = by_phone(town, phone=OTHER, language="en", status=Status.IN_PROGRESS, parent=incident)
    mailed = make_ticket(town, status=Status.IN_PROGRESS, parent=incident)
    make_ticket(town, status=Status.IN_PROGRESS, parent=incident, email="", phone=LANDLINE, wants_follow_ups=True)
    shown = page(desk, incident)
    assert "SMS au … 42" in shown
    assert "4 requêtes réunies : 1 par courriel, 2 par SMS, 1 sur la page de suivi seulement" in shown
    for _twice in range(2):
        say(agent, incident, "L’eau revient à midi.", body_en="Water is back at noon.", key="k")
    (one,), (other,) = sms(MOBILE), sms(OTHER)
    assert "L'eau revient à midi." in one.text
    assert (incident.number in one.text, same.number in one.text) == (True, False)
    assert "Water is back at noon." in other.text
    assert english.number in other.text
    assert [letter.address for letter in mails()] == [mailed.email]
    change_ticket(actor=agent, number=incident.number, changes=Changes(status="closed_refused", reason="Privé."))
    (_words, one), (_words, other) = sms(MOBILE), sms(OTHER)
    assert ("refusée.\nPrivé." in one.text, "Privé." in other.text) == (True, True)
    assert len(sms()) == 4


def test_the_number_that_two_neighbours_share_is_told_once_wherever_the_answer_is_written(
    town: Town, agent: Person
) -> None:
    first = by_phone(town, status=Status.IN_PROGRESS)
    incident = make_ticket(town, anonymous=True, status=Status.IN_PROGRESS)
    second = by_phone(town, phone=LANDLINE, phone2=MOBILE, status=Status.IN_PROGRESS)
    for one in (first, second):
        group_under(actor=agent, number=one.number, parent=incident.number)
    say(agent, incident, "C’est réparé.")
    (told,) = sms()
    assert first.number in told.text


def test_who_is_erased_is_in_no_sms_either(town: Town, agent: Person, mayor: Person) -> None:
    ticket = by_phone(town, status=Status.IN_PROGRESS, service=make_service(town))
    say(agent, ticket, "C’est réparé.")
    assert sms(MOBILE)
    erase_requester(actor=mayor, number=ticket.number)
    assert not sms(MOBILE)
