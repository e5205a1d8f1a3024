"""What can't be read is seen by somebody: the town that it is for, else who runs the hub."""

import pytest
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from hub.conversations.models import Part, Participant
from hub.core.clock import now
from hub.deliveries.bounce_addresses import address_for
from hub.deliveries.models import Delivery
from hub.doctor import Fault
from hub.people.models import Person
from hub.tickets import mail as ticket_mail
from hub.towns.models import Town
from inbound_email import commands, doctor
from inbound_email.looking import Tab, listed
from inbound_email.models import Door, InboundEmail, Reason, Status
from inbound_email.reading import read_waiting
from inbound_email.taking import take
from tests import factories
from tests.inbound_email.coming_in import answer, mail, read, waiting_mail
from tests.inbound_email.test_reading_once import BOMB
from tests.tickets.making import make_service, make_staff, make_ticket
from tests.tickets.outbox import mails

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores, pytest.mark.usefixtures("at_their_word")]


def again(row: InboundEmail) -> InboundEmail:
    return InboundEmail.objects.get(pk=row.pk)


def told(*, retry: tuple[int, ...] = (), dismiss: tuple[int, ...] = ()) -> int:
    return commands.mails(show=None, retry=retry, dismiss=dismiss)


def figures() -> dict[str, float]:
    """Of mails, by their state."""
    families = text_string_to_metric_families(generate_latest().decode())
    samples = [sample for family in families for sample in family.samples if sample.name == "parvis_mails"]
    return {sample.labels["state"]: sample.value for sample in samples}


def test_what_came_back_about_a_request_is_on_its_towns_desk(town: Town) -> None:
    ticket = make_ticket(town)
    ticket_mail.send_receipt(ticket)
    (sent,) = mails("receipt")
    row = read(BOMB, address_for(sent.pk))
    assert (row.status, row.town, row.conversation) == (Status.QUARANTINED, town, ticket.conversation)
    agent = make_staff(town, make_service(town))
    assert list(listed(agent, town, Tab.ASIDE)) == [row]
    assert "aucun" in doctor.CHECKS["Courriels en attente"]()


def test_what_came_back_about_no_conversation_is_its_towns(town: Town) -> None:
    ticket_mail.send_receipt(make_ticket(town))
    sent = Delivery.objects.select_related("dispatch").get(pk=mails("receipt")[0].pk)
    Delivery.objects.filter(pk=sent.pk).update(headers={})
    type(sent.dispatch).objects.filter(pk=sent.dispatch_id).update(town=town)
    row = read(BOMB, address_for(sent.pk))
    assert (row.status, row.town, row.conversation) == (Status.QUARANTINED, town, None)


def test_who_runs_the_hub_sees_what_is_for_no_town(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setattr(commands, "nudge", lambda: None)  # no broker stands here
    aside = read(BOMB, address_for(77))
    nobody = read(mail("Bonjour", sender="alice@ailleurs.example", subject="Coucou"), "parvis@parvis.test")
    take(mail("Votre serveur…", sender="abuse@ailleurs.example"), ["postmaster"], door=Door.SMTP)
    operators = InboundEmail.objects.get(recipient="postmaster")
    assert (nobody.status, nobody.reason) == (Status.REFUSED, Reason.UNKNOWN)
    assert told() == 0
    lines = capsysbinary.readouterr().out.decode().splitlines()
    assert [int(line.split()[0]) for line in lines] == [aside.pk, nobody.pk, operators.pk]
    assert "quarantined/too_much" in lines[0]
    assert "TooManyParts" in lines[0]
    assert "alice@ailleurs.example > parvis@parvis.test" in lines[1]
    with pytest.raises(Fault, match=r"^1 .*hub mails"):
        doctor.CHECKS["Courriels en attente"]()
    assert (figures()["quarantined"], figures()["unseen"], figures()["received"]) == (1, 1, 0)
    assert commands.mails(show=aside.pk, retry=(), dismiss=()) == 0
    assert capsysbinary.readouterr().out == aside.raw.data
    # Again, and then no more.
    assert told(retry=(aside.pk, nobody.pk)) == 0
    assert (again(aside).status, figures()["received"]) == (Status.RECEIVED, 2)
    assert read_waiting() == 2
    assert again(aside).status == Status.QUARANTINED
    assert told(retry=(operators.pk,)) == 65
    assert told(dismiss=(aside.pk, nobody.pk, operators.pk)) == 0
    assert (again(aside).status, again(aside).reason) == (Status.REFUSED, Reason.DISMISSED)
    assert again(operators).status == Status.NOTED
    capsysbinary.readouterr()
    assert (told(), capsysbinary.readouterr().out) == (0, b"")


def test_what_a_desk_shows_is_not_for_who_runs_the_hub(town: Town, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    row = waiting_mail(make_ticket(town))
    assert told() == 0
    assert commands.mails(show=row.pk, retry=(), dismiss=()) == 65
    assert told(dismiss=(row.pk,)) == 65
    assert capsysbinary.readouterr().out == b""
    assert again(row).status == Status.WAITING


def test_words_to_a_hall_where_nobody_takes_part_any_more_are_not_lost(
    town: Town, mayor: Person, citizen: Person, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    talk = factories.make_conversation(town, citizen, "Bonjour")
    answer(talk, "Encore moi.", sender="eve@ailleurs.example", about=citizen.email, person=citizen)
    told()
    assert capsysbinary.readouterr().out == b""
    Participant.objects.filter(conversation=talk).exclude(part=Part.CITIZEN).update(left_at=now())
    told()
    assert b"eve@ailleurs.example" in capsysbinary.readouterr().out
