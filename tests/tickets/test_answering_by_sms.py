"""What people answer by SMS about their requests: signed calls in, the desk lit, the right ticket."""

import json
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.test import Client
from pytest_django import Settings
from twilio.request_validator import RequestValidator

from hub.conversations.models import Message, Via
from hub.core.clock import now, standing_at
from hub.deliveries.models import Delivery, Did, InboundSms, State
from hub.people.models import Person, Phone
from hub.streams.models import Event
from hub.tickets import mail
from hub.tickets.actions import group_under
from hub.tickets.actions.erasing import erase_requester
from hub.tickets.kept_sms import see_to
from hub.tickets.models import Source, Status, Ticket
from hub.towns.models import Town
from tests.channels_adapters.twilio_there import ACCOUNT, AUTH_TOKEN, OURS
from tests.factories import make_person, make_town
from tests.tickets.making import make_category, make_ticket
from tests.tickets.texting import MOBILE, OTHER, by_phone, say, sms

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]

HOOK = "https://parvis.example/hooks/twilio/"


@pytest.fixture(autouse=True)
def ways_out(settings: Settings) -> None:
    settings.LINK_BASE = "https://parvis.example"
    settings.ADAPTERS = {"email": ["capture"], "sms": ["twilio"]}
    settings.ADAPTER_OPTIONS = {
        "twilio": {"account_sid": ACCOUNT, "auth_token": AUTH_TOKEN, "messaging_service_sid": "MG" + "1" * 32},
        "capture": {"directory": "unused"},
    }


def answers(text: str, sid: str = "SM1", *, sender: str = MOBILE, status: int = 200, **more: str) -> InboundSms | None:
    """Twilio says that this came in, signed as it signs."""
    said = {"MessageSid": sid, "SmsStatus": "received", "From": sender, "To": OURS, "Body": text, **more}
    signature = RequestValidator(AUTH_TOKEN if status == 200 else "a" * 32).compute_signature(HOOK, said)
    answer = Client().post(
        "/hooks/twilio/", urlencode(said), content_type="application/x-www-form-urlencoded",
        headers={"X-Twilio-Signature": signature},
    )  # fmt: skip
    assert answer.status_code == status
    return InboundSms.objects.filter(provider_id=sid).first()


def did(text: str, sid: str = "SM1", **more: str) -> str:
    row = answers(text, sid, **more)  # type: ignore[arg-type]
    assert row is not None
    return row.did


def lit(town: Town) -> int:
    """How often open pages of its desk were told that the list is another."""
    return Event.objects.filter(topic=f"desk.{town.slug}", name="sms.changed").count()


def told(ticket: Ticket, *, ago: timedelta = timedelta(minutes=1), to: str = MOBILE) -> None:
    """An SMS about it has left."""
    mail.send_started(ticket)
    Delivery.objects.filter(pk=sms(to)[-1].pk).update(state=State.SENT, sent_at=now() - ago)


def said_on(ticket: Ticket) -> list[str]:
    rows = Message.objects.filter(conversation=ticket.conversation_id, via=Via.SMS).order_by("seq")
    return list(rows.values_list("body", flat=True))


def heard(topic: str) -> list[dict[str, object]]:
    rows = Event.objects.filter(topic=topic, name="follow_up.added").order_by("seq")
    return [json.loads(payload) for payload in rows.values_list("payload", flat=True)]


def test_an_answer_is_the_requesters_and_lights_up_the_desk_once(town: Town, agent: Person) -> None:
    ticket = by_phone(town, assignee=agent)
    told(ticket)
    for _call in range(3):  # as providers do that had no answer
        assert did("C’est devant le 14, pas le 12.") == Did.NOTHING
    message = Message.objects.get(conversation=ticket.conversation_id)
    assert (message.body, message.via, message.side, message.author) == (
        "C’est devant le 14, pas le 12.", Via.SMS, "requester", ticket.requester,
    )  # fmt: skip
    assert heard(f"desk.{town.slug}") == [{"number": ticket.number, "side": "requester"}]
    (event,) = heard(ticket.topic)
    assert (event["via"], event["body"]) == ("sms", "C’est devant le 14, pas le 12.")
    ticket.refresh_from_db()
    assert ticket.answered_at is not None
    desk = Client()
    desk.force_login(agent)
    page = desk.get(f"/mairie/{town.slug}/requetes/{ticket.number}/").content.decode()
    assert "C’est devant le 14, pas le 12." in page


def test_what_is_not_signed_is_not_heard(town: Town) -> None:
    ticket = by_phone(town)
    told(ticket)
    assert answers("Annulez tout", status=403) is None
    assert said_on(ticket) == []


def test_the_ticket_that_wrote_last_is_meant_whatever_town_it_is_of(town: Town) -> None:
    other = make_town(name="Ailleurs")
    old, new = by_phone(town), by_phone(other)
    told(new, ago=timedelta(hours=2))
    told(old, ago=timedelta(days=3))
    waiting = by_phone(town)
    mail.send_started(waiting)  # nobody has read it yet
    assert did("Merci") == Did.NOTHING
    assert (said_on(old), said_on(new), said_on(waiting)) == ([], ["Merci"], [])
    told(old, ago=timedelta(minutes=5))
    did("Et encore merci", "SM2")
    assert said_on(old) == ["Et encore merci"]


def test_after_a_week_and_from_strangers_words_stay_kept(town: Town) -> None:
    ticket = by_phone(town)
    told(ticket, ago=timedelta(days=7, minutes=1))
    assert did("Merci") == Did.KEPT
    told(ticket)
    assert did("Merci", "SM2", sender=OTHER) == Did.KEPT
    assert did("Merci", "SM3", sender="Mairie") == Did.KEPT
    assert said_on(ticket) == []
    assert not sms(OTHER)


def test_a_number_that_is_no_longer_theirs_speaks_for_nobody(town: Town, mayor: Person) -> None:
    erased = by_phone(town)
    told(erased)
    erase_requester(actor=mayor, number=erased.number)
    assert did("Merci") == Did.KEPT
    mended = by_phone(town)
    told(mended)
    Ticket.objects.filter(pk=mended.pk).update(phone=OTHER)
    assert did("Merci", "SM0") == Did.KEPT
    # Still in their account, where they took it out of this one request.
    Phone.objects.create(person=mended.requester, number=MOBILE)
    told(Ticket.objects.get(pk=mended.pk), to=OTHER)
    Delivery.objects.filter(address=OTHER).update(address=MOBILE)
    assert did("C’est moi", "SM2") == Did.NOTHING
    assert said_on(mended) == ["C’est moi"]


@pytest.mark.parametrize("kept_from", ["anonymous", "internal"])
def test_nothing_is_said_on_a_ticket_whose_requester_is_hidden(town: Town, kept_from: str) -> None:
    """It was made so after the town had written to that number: their words would say whose it is."""
    ticket = by_phone(town)
    told(ticket)
    Ticket.objects.filter(pk=ticket.pk).update(**{kept_from: True})
    assert did("C’est moi, Alice") == Did.KEPT
    assert said_on(ticket) == []


def test_words_on_a_closed_ticket_take_it_up_again(town: Town) -> None:
    ticket = by_phone(town)
    told(ticket)
    Ticket.objects.filter(pk=ticket.pk).update(status=Status.CLOSED_DONE, closed_at=now() - timedelta(days=2))
    assert did("Il clignote encore") == Did.NOTHING
    ticket.refresh_from_db()
    assert (ticket.status, ticket.closed_at, said_on(ticket)) == (Status.IN_PROGRESS, None, ["Il clignote encore"])


def test_too_late_for_that_they_open_its_sequel_told_by_sms_too(town: Town) -> None:
    ticket = by_phone(town)
    told(ticket)
    Ticket.objects.filter(pk=ticket.pk).update(status=Status.CLOSED_DONE, closed_at=now() - timedelta(days=300))
    for _call in range(2):
        assert did("Il clignote encore") == Did.NOTHING
    sequel = Ticket.objects.get(split_from=ticket)
    assert (sequel.description, sequel.source, sequel.phone, sequel.requester, sequel.wants_follow_ups) == (
        "Il clignote encore", Source.SMS, MOBILE, ticket.requester, True,
    )  # fmt: skip
    ticket.refresh_from_db()
    assert (ticket.closed, said_on(ticket)) == (True, [])
    assert f"demande {sequel.number}" in sms(MOBILE)[-1].text  # its receipt, which may be answered too
    Delivery.objects.filter(pk=sms(MOBILE)[-1].pk).update(state=State.SENT, sent_at=now())
    did("Au 14", "SM2")
    assert said_on(sequel) == ["Au 14"]


def test_words_on_a_duplicate_stand_there_or_open_a_sequel_once_it_does_not_go_on(town: Town, mayor: Person) -> None:
    ticket, first = by_phone(town), make_ticket(town)
    told(ticket)
    group_under(actor=mayor, number=ticket.number, parent=first.number, merged=True)
    assert did("Et chez moi ?") == Did.NOTHING
    first.refresh_from_db()
    assert (said_on(ticket), first.answered_at is None) == (["Et chez moi ?"], False)
    Ticket.objects.filter(pk=first.pk).update(status=Status.CLOSED_DONE, closed_at=now())
    assert did("Toujours noir", "SM2") == Did.NOTHING
    assert Ticket.objects.get(split_from=ticket).description == "Toujours noir"


def test_keywords_are_done_first_and_reach_no_ticket(town: Town) -> None:
    ticket = by_phone(town)
    told(ticket)
    assert [did("STOP"), did("AIDE", "SM2")] == [Did.STOPPED, Did.HELPED]
    assert said_on(ticket) == []


def test_a_one_about_no_alert_is_an_answer_like_others(town: Town) -> None:
    ticket = by_phone(town)
    told(ticket)
    assert did("1") == Did.NOTHING
    assert said_on(ticket) == ["1"]


def test_pictures_are_named_as_not_received(town: Town) -> None:
    ticket = by_phone(town)
    told(ticket)
    did("Voilà", NumMedia="1")
    did("", "SM2", NumMedia="3")
    did("", "SM3")  # nothing at all: no answer
    assert said_on(ticket) == ["Voilà\n(photo non reçue)", "(3 photos non reçues)"]
    assert InboundSms.objects.get(provider_id="SM3").did == Did.KEPT


def test_who_writes_too_much_is_kept_and_not_lost(town: Town, settings: Settings) -> None:
    ticket = by_phone(town)
    told(ticket)
    with standing_at(now()):
        came = [did("encore", f"SM{count}") for count in range(42)]
    assert (came[:40], came[40:]) == ([Did.NOTHING] * 40, [Did.KEPT] * 2)
    assert len(said_on(ticket)) == 40


def test_a_colleague_may_answer_them_back(town: Town, agent: Person) -> None:
    person = make_person(town=town)
    Phone.objects.create(person=person, number=MOBILE)
    ticket = by_phone(town, requester=person, email="")
    told(ticket)
    did("Au 14")
    say(agent, ticket, "Merci, nous y passons demain.")
    assert sms(MOBILE)[-1].text.startswith(f"{town.name} répond à la demande {ticket.number}")


def test_what_no_ticket_took_is_shown_to_its_town_until_seen_to(town: Town, agent: Person) -> None:
    other = make_town(name="Ailleurs")
    make_category(town)
    ticket = by_phone(town)
    told(ticket, ago=timedelta(days=8))
    did("Un arbre est tombé, rue du Four")
    did("Merci", "SM2")
    did("D’un inconnu", "SM3", sender=OTHER)  # of no town: there are two
    desk, there = Client(), Client()
    desk.force_login(agent)
    there.force_login(make_person(town=other, roles=["agent"]))
    at = f"/mairie/{town.slug}/sms/"
    page = desk.get(at).content.decode()
    assert ("Un arbre est tombé" in page, "Merci" in page, "D’un inconnu" in page) == (True, True, False)
    board = desk.get(f"/mairie/{town.slug}/requetes/").content.decode()
    assert 'data-received="sms">2<span class="sr"> à décider' in board
    assert lit(town) == 2
    assert "Aucun SMS sans suite" in there.get(f"/mairie/{other.slug}/sms/").content.decode()
    told(by_phone(other))  # whose words they were is said when they come in
    assert "Merci" in desk.get(at).content.decode()
    tree, thanks = InboundSms.objects.get(provider_id="SM1"), InboundSms.objects.get(provider_id="SM2")
    new = f"/mairie/{town.slug}/requetes/nouvelle/?sms={tree.pk}"
    elsewhere = f"/mairie/{other.slug}/requetes/"
    assert there.get(f"{elsewhere}nouvelle/?sms={tree.pk}").status_code == 404
    assert there.post(f"/mairie/{other.slug}/sms/", {"sms": tree.pk}).status_code == 404
    form = desk.get(new).content.decode()
    assert ("Un arbre est tombé, rue du Four" in form, 'value="+33 6 12 34 56 42"' in form) == (True, True)
    typed = {
        "key": "k1", "source": "sms", "category": "éclairage", "description": "Un arbre est tombé, rue du Four",
        "phone": MOBILE, "kind": "request", "priority": "urgent",
    }  # fmt: skip
    for _press in range(2):
        assert desk.post(new, typed).status_code == 302
    assert Ticket.objects.get(key="k1").source == Source.SMS
    assert desk.post(at, {"sms": thanks.pk}).status_code == 302
    shown = desk.get(at).content.decode()
    assert ("Aucun SMS sans suite" in shown, 'data-received="sms" hidden' in shown) == (True, True)
    assert desk.post(at, {"sms": thanks.pk}).status_code == 404  # seen to, once
    assert lit(town) == 4


def test_who_does_not_see_the_details_of_citizens_does_not_see_these(town: Town) -> None:
    by_phone(town)
    sms_of = answers("Un arbre est tombé")
    assert sms_of is not None
    moderator = Client()
    moderator.force_login(make_person(town=town, roles=["moderator"]))
    desk = f"/mairie/{town.slug}"
    for path in (f"{desk}/sms/", f"{desk}/requetes/nouvelle/?sms={sms_of.pk}"):
        assert moderator.get(path).status_code == 403
    assert f'href="{desk}/sms/"' not in moderator.get(f"{desk}/requetes/").content.decode()
    assert lit(town) == 1
    for _press in range(2):
        see_to(sms_of)
    assert lit(town) == 2
