"""What people answer by SMS: STOP, START and HELP are done at once, and answered once."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from channels_adapters.base import Incoming
from hub.core.clock import now, standing_at
from hub.deliveries import incoming, ledger, records
from hub.deliveries.actions import prune, queue_sms
from hub.deliveries.models import Delivery, Did, Dispatch, InboundSms, State, Suppression, Why
from hub.deliveries.queries import sms_stopped
from hub.people.actions import set_phones
from hub.people.models import Person, Role
from hub.people.records import Asked
from hub.towns.models import Town
from tests.factories import make_person, make_town

NUMBER, OURS = "+33612340012", "+33939000001"

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]


def take(text: str, provider_id: str = "", sender: str = NUMBER) -> InboundSms:
    name = provider_id or f"SM{InboundSms.objects.count()}"
    incoming.take("twilio", Incoming(name, sender, OURS, text))
    return InboundSms.objects.get(provider_id=name)


def told() -> list[str]:
    answers = Delivery.objects.filter(dispatch__cause__startswith="sms_").order_by("pk")
    return list(answers.values_list("text", flat=True))


def test_stop_stops_and_its_answer_leaves_all_the_same(town: Town, citizen: Person) -> None:
    set_phones(person=citizen, numbers=[NUMBER])
    waiting = queue_sms(cause="receipt", to=NUMBER, text="Bonjour")
    assert take(" Arrêt !").did == Did.STOPPED
    assert Suppression.objects.get(channel="sms", address=NUMBER).why == Why.STOPPED
    (answer,) = Delivery.objects.filter(despite=True)
    assert (answer.address, answer.person, answer.dispatch.town) == (NUMBER, citizen, town)
    assert answer.text == (
        f"{town.name} : c'est noté, vous ne recevrez plus de SMS. Pour les reprendre, répondez REPRENDRE."
    )
    assert ledger.hold_back(ledger.claim("sms", 10)) == {waiting.pk}
    waiting.refresh_from_db()
    answer.refresh_from_db()
    assert (waiting.state, waiting.reason) == (State.SUPPRESSED, "stopped")
    assert answer.state == State.QUEUED
    assert set(sms_stopped([NUMBER, "+33612340099"])) == {NUMBER}


def test_the_same_call_again_changes_and_sends_nothing(citizen: Person) -> None:
    for _call in range(10):
        take("STOP", "SM1")
    take("START", "SM2")
    take("STOP", "SM1")  # late, and heard already
    assert (InboundSms.objects.count(), Suppression.objects.count(), len(told())) == (2, 0, 2)


def test_it_is_answered_once(citizen: Person) -> None:
    assert [take(text).did for text in ("STOP", "STOP", "Quit")] == [Did.STOPPED, Did.NOTHING, Did.NOTHING]
    assert [take(text).did for text in ("Reprendre", "START")] == [Did.RESUMED, Did.NOTHING]
    assert len(told()) == 2


def test_start_takes_back_a_stop_and_nothing_else() -> None:
    Suppression.objects.create(channel="sms", address=NUMBER, why=Why.GONE, at="2026-11-20T08:00Z")
    assert take("START").did == Did.NOTHING
    assert Suppression.objects.count() == 1


def test_help_says_how_to_reach_the_town_and_two_machines_do_not_talk_for_ever(citizen: Person) -> None:
    town = make_town(name="Saint-Aurèle", phone="+33261910010", languages=["fr"])
    resident = make_person(town=town, roles=[Role.CITIZEN])
    set_phones(person=resident, numbers=["+33612340044"])
    assert [take("AIDE", sender="+33612340044").did for _again in range(4)] == [
        Did.HELPED, Did.HELPED, Did.HELPED, Did.NOTHING,
    ]  # fmt: skip
    assert told()[0] == (
        "Saint-Aurèle : la mairie répond au 02 61 91 00 10. Pour ne plus recevoir de SMS, répondez STOP."
    )


def test_other_words_are_kept_and_not_answered(town: Town) -> None:
    assert take("Merci, l’eau est revenue", "SM9").did == Did.KEPT
    kept = InboundSms.objects.get(provider_id="SM9")
    assert (kept.text, kept.sender, kept.to) == ("Merci, l’eau est revenue", NUMBER, OURS)
    assert take("STOP", sender="Mairie").did == Did.KEPT  # nobody can be answered there
    assert (told(), Suppression.objects.count()) == ([], 0)


def test_the_answer_is_in_the_persons_language_else_that_of_the_word_else_the_towns(town: Town) -> None:
    english = make_person(town=town, language="en")
    set_phones(person=english, numbers=["+33612340077"])
    for text, sender in (("ARRET", "+33612340077"), ("UNSUBSCRIBE", "+33612340078"), ("STOP", "+33612340079")):
        take(text, sender=sender)
    languages = {}
    for one in Delivery.objects.filter(despite=True):
        languages[one.address[-2:]] = "fr" if "répondez" in one.text else "en"
    assert languages["79"] == "fr"
    assert languages["77"] == languages["78"]  # both English; the words are filled in at the end


def test_the_town_that_wrote_last_is_the_one_that_answers(town: Town, citizen: Person) -> None:
    set_phones(person=citizen, numbers=[NUMBER])
    other = make_town(name="Ailleurs")
    sent = queue_sms(cause="alert", to=NUMBER, text="Bonjour")
    Dispatch.objects.filter(pk=sent.dispatch_id).update(town=other)
    take("STOP")
    assert told()[0].startswith("Ailleurs : ")


def test_the_desk_and_the_person_read_that_they_answered_stop(
    client: Client, settings: Settings, town: Town, mayor: Person, citizen: Person
) -> None:
    set_phones(person=citizen, numbers=[NUMBER])
    take("STOP")
    client.force_login(mayor, settings.AUTHENTICATION_BACKENDS[0])
    page = client.get(f"/mairie/{town.slug}/citoyens/{citizen.pk}/").content.decode()
    assert "A répondu STOP le " in page
    assert "du 06" in page
    client.force_login(citizen, settings.AUTHENTICATION_BACKENDS[0])
    for path in ("/compte/coordonnees/", "/notifications/preferences/"):
        page = client.get(path).content.decode()
        assert "Vous avez répondu STOP le " in page, path
    take("START")
    assert "répondu STOP" not in client.get("/compte/coordonnees/").content.decode()


def test_what_one_wrote_is_theirs_to_read_when_the_number_is_known_to_be_theirs(citizen: Person) -> None:
    set_phones(person=citizen, numbers=[NUMBER])
    take("Merci")
    mine = Asked(citizen, citizen)
    assert list(records.collect_answers(mine).data) == []
    citizen.phones.update(verified_at=now())
    (kept,) = records.collect_answers(mine).data
    assert (kept["text"], kept["sender"]) == ("Merci", NUMBER)
    records.forget_answers(citizen)
    assert InboundSms.objects.count() == 0


def test_words_are_forgotten_in_time(citizen: Person) -> None:
    take("AIDE", "SM1")
    take("Merci", "SM2")
    with standing_at(now() + timedelta(days=31)):
        prune()
    assert InboundSms.objects.get().provider_id == "SM2"
    with standing_at(now() + timedelta(days=366)):
        prune()
    assert InboundSms.objects.count() == 0
