"""Unread private messages are told by mail after a while: several in one, never twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from pytest_django import Settings

from hub.conversations.actions import invite_agent, mark_read, post_message, write_to_citizen
from hub.conversations.models import Conversation, Message, Participant
from hub.conversations.reply_addresses import given_as
from hub.conversations.unread_mail import CAUSE, mail_unread
from hub.core.clock import now
from hub.deliveries.models import Delivery
from hub.files.actions import store_file
from hub.people.actions import close_account
from hub.people.models import Person
from hub.towns.models import Country, Town
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]

AFTER = timedelta(seconds=600)


@pytest.fixture
def talk(citizen: Person, mayor: Person, town: Town) -> Conversation:
    return factories.make_conversation(town, citizen)


def _pass(time: timedelta) -> None:
    """All that was written so far was written that much earlier."""
    for message in Message.objects.all():
        Message.objects.filter(pk=message.pk).update(at=message.at - time)
    for part in Participant.objects.exclude(unread_since=None):
        assert part.unread_since is not None
        Participant.objects.filter(pk=part.pk).update(unread_since=part.unread_since - time)


def _mails(to: Person | None = None) -> list[Delivery]:
    found = Delivery.objects.filter(dispatch__cause=CAUSE).order_by("pk")
    return list(found.filter(person=to) if to else found)


def test_a_message_is_told_once_it_has_been_unread_for_ten_minutes(
    talk: Conversation, citizen: Person, mayor: Person, settings: Settings
) -> None:
    factories.say(mayor, talk, "Le banc est réparé.")
    _pass(AFTER - timedelta(seconds=5))
    assert (mail_unread(), _mails()) == (0, [])
    _pass(timedelta(seconds=6))
    assert mail_unread() == 1
    (mail,) = _mails()
    assert (mail.address, mail.person) == (citizen.email, citizen)
    assert mail.subject == "Hélène Carpentier vous a écrit"
    for said in (mail.text, mail.html):
        assert "Le banc est réparé." in said
        assert "Hélène Carpentier, maire" in said
        assert f"{settings.LINK_BASE}/messages/{talk.pk}/" in said
    assert mail.headers["From"] == f"{talk.town.name} <parvis@localhost>"


def test_it_is_told_once_however_often_the_clock_rings(talk: Conversation, mayor: Person) -> None:
    factories.say(mayor, talk, "Bonjour")
    _pass(AFTER)
    assert [mail_unread(), mail_unread(), mail_unread()] == [1, 0, 0]
    _pass(AFTER)
    assert mail_unread() == 0


@pytest.mark.django_db(transaction=True)
def test_eight_clocks_at_once_tell_it_once(town: Town, mayor: Person) -> None:
    citizens = [factories.make_person(town=town) for _ in range(4)]
    for citizen in citizens:
        factories.say(mayor, factories.make_conversation(town, citizen, "Bonjour"), "Bonjour à vous")
    _pass(AFTER)

    def ring(_number: int) -> int:
        mails = mail_unread()
        connection.close()
        return mails

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(ring, range(8))) == 5
    assert sorted(mail.address for mail in _mails()) == sorted([mayor.email, *(citizen.email for citizen in citizens)])


def test_several_messages_come_in_one_mail_with_what_is_still_fresh(
    talk: Conversation, citizen: Person, mayor: Person
) -> None:
    for number in range(4):
        factories.say(mayor, talk, f"Nouvelle {number}")
    _pass(AFTER)
    factories.say(mayor, talk, "Toute fraîche")
    assert mail_unread() == 1
    (mail,) = _mails()
    assert mail.subject == "5 messages de Hélène Carpentier vous attendent"
    assert [f"Nouvelle {number}" in mail.text for number in range(4)] == [True, True, True, False]
    assert "et 2 autres messages" in mail.text
    _pass(AFTER)
    assert mail_unread() == 0


def test_several_conversations_come_in_one_mail(town: Town, mayor: Person) -> None:
    for number in range(10):
        citizen = factories.make_person(town=town, first_name=f"Personne {number}")
        factories.make_conversation(town, citizen, f"Question {number}")
    _pass(AFTER)
    assert mail_unread() == 1
    (mail,) = _mails(mayor)
    assert mail.subject == "10 messages vous attendent"
    assert mail.text.count("Question") == 8
    assert "2 autres conversations vous attendent." in mail.text
    assert "Reply-To" not in mail.headers  # none of them could be meant
    assert "n’arriverait à personne" in mail.text
    assert f"/mairie/{town.slug}/messages/" in mail.text


def test_a_mail_about_one_conversation_may_be_answered(
    talk: Conversation, citizen: Person, mayor: Person, town: Town
) -> None:
    factories.say(mayor, talk, "Le banc est réparé.")
    _pass(AFTER)
    assert mail_unread() == 1
    (sent,) = _mails(citizen)
    row = given_as(sent.headers["Reply-To"])
    assert row is not None
    assert (row.conversation_id, row.person) == (talk.pk, citizen)
    assert sent.headers["References"] == sent.headers["In-Reply-To"] == f"<conversation.{talk.pk}@parvis.test>"
    assert "répondez à ce courriel" in sent.text


def test_a_later_message_waits_its_own_ten_minutes(talk: Conversation, mayor: Person) -> None:
    factories.say(mayor, talk, "Le premier")
    _pass(AFTER)
    mail_unread()
    factories.say(mayor, talk, "Le second")
    assert mail_unread() == 0
    _pass(AFTER)
    assert mail_unread() == 1
    second = _mails()[-1]
    assert "Le second" in second.text
    assert "Le premier" not in second.text


def test_what_was_read_is_not_told(talk: Conversation, citizen: Person, mayor: Person) -> None:
    posted = factories.say(mayor, talk, "Bonjour")
    mark_read(actor=citizen, conversation_id=talk.pk, up_to=posted.seq)
    _pass(AFTER)
    assert mail_unread() == 0


def test_what_was_read_in_part_is_told_in_part(talk: Conversation, citizen: Person, mayor: Person) -> None:
    first = factories.say(mayor, talk, "Déjà lu")
    factories.say(mayor, talk, "Pas encore lu")
    mark_read(actor=citizen, conversation_id=talk.pk, up_to=first.seq)
    _pass(AFTER)
    mail_unread()
    (mail,) = _mails()
    assert "Pas encore lu" in mail.text
    assert "Déjà lu" not in mail.text


def test_nobody_is_told_of_their_own_words(talk: Conversation, citizen: Person, mayor: Person) -> None:
    factories.say(citizen, talk, "Bonjour")
    _pass(AFTER)
    mail_unread()
    assert [mail.person for mail in _mails()] == [mayor]


def test_two_towns_write_each_for_itself(citizen: Person, mayor: Person, talk: Conversation) -> None:
    other = factories.make_town("autre", name="Autre")
    factories.follow_town(person=citizen, town=other)
    mayor_there = factories.make_mayor(other)
    factories.say(mayor, talk, "D’ici")
    factories.say(mayor_there, factories.make_conversation(other, citizen), "De là-bas")
    _pass(AFTER)
    assert mail_unread() == 2
    by_town = {mail.headers["From"]: mail.text for mail in _mails(citizen)}
    assert len(by_town) == 2
    assert "De là-bas" not in by_town[f"{talk.town.name} <parvis@localhost>"]


def test_once_handed_over_the_agent_is_told_and_the_mayor_is_not(
    talk: Conversation, citizen: Person, mayor: Person, town: Town
) -> None:
    agent = factories.make_agent(town, first_name="Maude", last_name="Lavoie")
    invite_agent(actor=mayor, conversation_id=talk.pk, agent=agent, hand_over=True)
    factories.say(citizen, talk, "Bonjour")
    factories.say(agent, talk, "Je m’en occupe")
    _pass(AFTER)
    mail_unread()
    assert {mail.person for mail in _mails()} == {citizen, agent}
    assert "Maude Lavoie, pour la mairie" in _mails(citizen)[0].text


def test_a_file_without_words_is_named(talk: Conversation, mayor: Person) -> None:
    file = store_file(owner=mayor, name="plan du square.pdf", content=b"%PDF-1.7\n%%EOF")
    post_message(actor=mayor, conversation_id=talk.pk, key="k", body="", file_ids=[str(file.pk)])
    _pass(AFTER)
    mail_unread()
    assert "Pièce jointe\u00a0: plan du square.pdf" in _mails()[0].text


def test_words_can_not_become_markup(talk: Conversation, mayor: Person) -> None:
    factories.say(mayor, talk, "<img src=x onerror=alert(1)> & co")
    _pass(AFTER)
    mail_unread()
    assert "&lt;img src=x onerror=alert(1)&gt; &amp; co" in _mails()[0].html
    assert "<img src=x onerror=alert(1)> & co" in _mails()[0].text


def test_a_long_message_is_cut(talk: Conversation, mayor: Person) -> None:
    factories.say(mayor, talk, "mot " * 500)
    _pass(AFTER)
    mail_unread()
    line = next(line.strip() for line in _mails()[0].text.splitlines() if line.strip().startswith("mot"))
    assert (len(line) <= 281, line[-1]) == (True, "…")


@pytest.mark.parametrize(
    ("language", "country", "zone", "told"),
    [
        ("fr", Country.FRANCE, "Europe/Paris", "Samedi 14\u00a0mars 2026, 19\u00a0h\u00a030"),
        ("fr", Country.CANADA, "America/Toronto", "Samedi 14\u00a0mars 2026, 14\u00a0h\u00a030"),
        ("en", Country.CANADA, "America/Toronto", "Saturday, March 14, 2026, 2:30\u00a0p.m."),
        ("en", Country.FRANCE, "Europe/Paris", "Saturday 14 March 2026, 19:30"),
    ],
)
def test_it_speaks_the_readers_language_at_the_towns_hour(
    talk: Conversation, citizen: Person, mayor: Person, town: Town, language: str, country: str, zone: str, told: str
) -> None:
    citizen.language, town.country, town.time_zone = language, country, zone
    citizen.save()
    town.save()
    factories.say(mayor, talk, "Bonjour")
    at = datetime(2026, 3, 14, 19, 30, tzinfo=ZoneInfo("Europe/Paris"))
    Message.objects.update(at=at)
    Participant.objects.filter(person=citizen).update(unread_since=at)
    mail_unread()
    (mail,) = _mails(citizen)
    year_told = told if now().year != 2026 else told.replace(", 2026", "").replace(" 2026", "")
    assert year_told in mail.text
    assert f'<html lang="{language}">' in mail.html


def test_who_left_or_closed_their_account_or_has_no_address_is_not_told(
    talk: Conversation, citizen: Person, mayor: Person, town: Town
) -> None:
    nobody = factories.make_person(town=town)
    Person.objects.filter(pk=nobody.pk).update(email="")
    for person in (citizen, nobody):
        factories.say(mayor, write_to_citizen(actor=mayor, town=town, citizen=person), "Bonjour")
    close_account(person=citizen)
    _pass(AFTER)
    assert mail_unread() == 0


def test_an_address_that_nobody_proved_gets_nothing(talk: Conversation, citizen: Person, mayor: Person) -> None:
    factories.say(mayor, talk, "Bonjour")
    _pass(AFTER)
    citizen.self_registered = True
    citizen.save()
    citizen.emailaddress_set.update(verified=False)
    assert mail_unread() == 0
    citizen.emailaddress_set.update(verified=True)
    assert mail_unread() == 1


def test_a_mail_that_could_not_be_queued_is_tried_again(talk: Conversation, mayor: Person, settings: Settings) -> None:
    factories.say(mayor, talk, "Bonjour")
    _pass(AFTER)
    address = settings.EMAIL_FROM
    settings.EMAIL_FROM = "no address at all"
    assert (mail_unread(), _mails()) == (0, [])
    settings.EMAIL_FROM = address
    assert mail_unread() == 1
