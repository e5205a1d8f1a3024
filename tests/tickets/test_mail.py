"""What requesters are written to about their ticket: in which language, what it says, and what it never says."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from django.utils import translation
from pytest_django import Settings

from hub.conversations.models import Message, Side, Visibility
from hub.core.clock import now, standing_at
from hub.deliveries.models import Channel, Delivery
from hub.files.actions import store_file
from hub.people.models import Person
from hub.tickets import letters, mail, queries
from hub.tickets.models import Category, Status, Ticket, TicketFile, TicketKind, Watcher
from hub.towns.models import Country, Grammar, Town
from tests import factories
from tests.tickets.making import add_message, make_category, make_follower, make_service, make_staff, make_ticket
from tests.tickets.outbox import all_of, mails, only

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]


def test_the_receipt_says_number_link_who_is_accountable_and_the_date_promised(
    town: Town, mayor: Person, settings: Settings
) -> None:
    town.mayor_grammar, town.country = Grammar.FEMININE, Country.CANADA
    town.save()
    ticket = make_ticket(town, due_on=date(2099, 11, 27), email="alice@ailleurs.example")
    mail.send_receipt(ticket)
    sent = only("receipt")
    assert (sent.address, sent.person) == ("alice@ailleurs.example", ticket.requester)
    assert sent.subject == f"Votre demande est bien reçue [#{ticket.number}]"
    assert sent.headers["From"] == f"{town.name} <parvis@localhost>"
    for said in (sent.text, sent.html):
        for words in (
            ticket.number, ticket.secret, f"{settings.LINK_BASE}/suivi/{ticket.number}/?c={ticket.secret}", "Éclairage",
            "Le service «\u00a0Travaux publics\u00a0» s’en occupe.", "La maire, Hélène Carpentier, en est responsable.",
            "Elle sera traitée au plus tard le vendredi 27\u00a0novembre 2099.", "appelez le 911",
        ):  # fmt: skip
            assert words in said


def test_who_is_accountable_is_whom_the_town_names_or_its_mayor_or_nobody(town: Town) -> None:
    mail.send_receipt(make_ticket(town))
    assert "responsable" not in mails()[-1].text
    factories.make_mayor(town, first_name="Paul", last_name="Durand")
    mail.send_receipt(make_ticket(town))
    assert "Le maire, Paul Durand, en est responsable." in mails()[-1].text
    desk = queries.desk_settings(town)
    desk.accountable = "Jeanne Roy, directrice"
    desk.save()
    mail.send_receipt(make_ticket(town))
    assert "Jeanne Roy, directrice en est responsable." in mails()[-1].text


def test_a_strangers_words_never_leave_with_the_receipt(town: Town, citizen: Person) -> None:
    """Anybody may type anyone's address; who has proven it is greeted, and told their title."""
    words = {"title": "ACHETEZ", "description": "ACHETEZ ici", "address": "ACHETEZ", "first_name": "ACHETEZ"}
    mail.send_receipt(make_ticket(town, **words))
    mail.send_receipt(make_ticket(town, requester=citizen, **{**words, "email": "victime@ailleurs.example"}))
    assert [one for one in mails() if "ACHETEZ" in all_of(one)] == []
    mail.send_receipt(make_ticket(town, requester=citizen, title="Banc cassé"))
    assert "Bonjour Alice," in mails()[-1].text
    assert "Banc cassé" in mails()[-1].text


@pytest.mark.parametrize(
    ("kind", "subject"),
    [(TicketKind.COMPLAINT, "Votre plainte est"), (TicketKind.PERMIT, "Votre demande de permis est")],
)
def test_the_receipt_names_what_was_asked(town: Town, kind: str, subject: str) -> None:
    mail.send_receipt(make_ticket(town, kind=kind))
    assert only().subject.startswith(subject)


def test_what_the_call_centre_has_still_is_said_to_be_on_its_way(town: Town) -> None:
    mail.send_receipt(make_ticket(town, status=Status.NOT_TRANSFERRED))
    assert "Le centre d’appels la transmet au service «\u00a0Travaux publics\u00a0»." in only().text


def test_nothing_is_written_to_who_is_anonymous_or_to_a_colleague(town: Town, agent: Person) -> None:
    reach = {"email": "cache@ailleurs.example", "phone": "+33612345678", "wants_follow_ups": True}
    for hidden in ({"anonymous": True}, {"internal": True}):
        ticket = make_ticket(town, **hidden, **reach)
        mail.send_receipt(ticket)
        mail.send_started(ticket)
        mail.send_follow_up(ticket, add_message(ticket, agent))
        mail.send_closed(ticket)
        mail.send_reopened(ticket)
        assert mail.way_of_receipt(ticket) is None
    assert not Delivery.objects.exists()


def test_who_has_only_a_phone_gets_the_receipt_by_sms(town: Town, settings: Settings) -> None:
    settings.ADAPTERS = {"email": ["smtp"], "sms": ["capture"]}
    settings.LINK_BASE = "https://hub.saint-test.example"
    town.name = "L’Île-aux-Ormes"
    ticket = make_ticket(town, email="", phone="+33199000110", phone2="+33612345678", due_on=date(2099, 11, 27))
    mail.send_receipt(ticket)
    sms = Delivery.objects.get()
    assert (sms.channel, sms.address, sms.person, sms.html) == ("sms", "+33612345678", ticket.requester, "")
    assert sms.text == (
        f"L'Ile-aux-Ormes : demande {ticket.number} notée, code {ticket.secret}. Suivi : "
        f"https://hub.saint-test.example/suivi/{ticket.number}/?c={ticket.secret} Danger immédiat : 112."
    )
    assert len(sms.text) <= 160
    assert mail.way_of_receipt(ticket) == Channel.SMS


def test_a_short_sms_tells_the_date_too_and_a_long_one_leaves_out_what_does_not_fit(
    town: Town, settings: Settings
) -> None:
    settings.ADAPTERS = {"sms": ["capture"]}
    phone = {"email": "", "phone": "+33612345679", "due_on": queries.today_in(town).replace(day=1, month=12)}
    settings.LINK_BASE, town.name = "https://a.fr", "Ay"
    mail.send_receipt(make_ticket(town, **phone))
    settings.LINK_BASE = f"https://{'hub.' * 12}saint-test.example"
    mail.send_receipt(make_ticket(town, **phone))
    short, long = Delivery.objects.order_by("pk")
    assert short.text.endswith("Danger immédiat : 112. Traitée d'ici le 1er décembre.")
    assert long.text.endswith(f"?c={Ticket.objects.last().secret}")  # type: ignore[union-attr]


def test_without_a_way_out_for_sms_the_receipt_is_on_the_page_only(town: Town, settings: Settings) -> None:
    settings.ADAPTERS = {"email": ["smtp"], "sms": []}
    ticket = make_ticket(town, email="", phone="+33612345678")
    mail.send_receipt(ticket)
    assert mail.way_of_receipt(ticket) is None
    assert not Delivery.objects.exists()


def test_a_follow_up_goes_to_who_wants_them_with_the_names_of_its_files(
    town: Town, agent: Person, settings: Settings
) -> None:
    ticket = make_ticket(town)
    message = add_message(ticket, agent, "Bonjour,\n\nC’est <réparé> & payé.", system={"service": "Travaux publics"})
    for name, sent in (("devis.txt", True), ("interne.txt", False)):
        file = store_file(owner=agent, name=name, content=b"rien")
        TicketFile.objects.create(ticket=ticket, file=file, message=message, by_town=True, sent=sent)
    mail.send_follow_up(ticket, message)
    sent_mail = only("follow_up")
    assert (sent_mail.address, sent_mail.subject) == (
        ticket.email, f"La mairie vous répond : « Lampadaire éteint » [#{ticket.number}]",
    )  # fmt: skip
    assert "\n\nTravaux publics\n\n    Bonjour,\n    \n    C’est <réparé> & payé.\n" in sent_mail.text
    assert "Bonjour,<br><br>C’est &lt;réparé&gt; &amp; payé." in sent_mail.html
    assert "devis.txt" in sent_mail.text
    assert "interne.txt" not in sent_mail.text
    assert "Lavoie" not in all_of(sent_mail)
    assert f"/suivi/{ticket.number}/?c={ticket.secret}#repondre" in sent_mail.text


def test_who_merely_reported_hears_no_more_of_it(town: Town, agent: Person) -> None:
    for ticket in (make_ticket(town, wants_follow_ups=False), make_ticket(town, email="", wants_follow_ups=True)):
        mail.send_started(ticket)
        mail.send_follow_up(ticket, add_message(ticket, agent))
        mail.send_closed(ticket)
        mail.send_reopened(ticket)
    assert not Delivery.objects.exists()


def test_nobody_is_told_of_their_own_doing(town: Town) -> None:
    """An agent who lives in the town reports, and treats it too."""
    service = make_service(town, email="maude@saint-test.example")
    maude = make_staff(town, service, email="maude@saint-test.example")
    ticket = make_ticket(town, requester=maude, public=True)
    make_follower(ticket, person=maude)
    Watcher.objects.create(ticket=ticket, person=maude)
    mail.send_started(ticket, by=maude)
    mail.send_closed(ticket, by=maude)
    mail.send_reopened(ticket, by=maude)
    mail.send_assigned(ticket, by=maude)
    mail.send_follow_up(ticket, add_message(ticket, maude))
    mail.send_internal(ticket, add_message(ticket, maude, visibility=Visibility.INTERNAL))
    mail.send_answered(ticket, add_message(ticket, maude, side=Side.REQUESTER))
    assert not Delivery.objects.exists()


def test_treatment_begins_and_begins_again(town: Town, agent: Person) -> None:
    ticket = make_ticket(town, due_on=queries.today_in(town))
    mail.send_started(ticket, by=agent)
    Ticket.objects.filter(pk=ticket.pk).update(due_on=queries.today_in(town) - timedelta(days=1))
    mail.send_reopened(Ticket.objects.get(pk=ticket.pk), by=agent)
    started, reopened = mails()
    assert started.subject == f"Votre demande « Lampadaire éteint » est en traitement [#{ticket.number}]"
    assert "Elle sera traitée au plus tard" in started.text
    assert reopened.subject == f"Votre demande « Lampadaire éteint » est rouverte [#{ticket.number}]"
    assert "au plus tard" not in reopened.text  # a promise whose date is past is none


def test_closing_asks_whether_it_is_settled_and_acts_by_no_link(town: Town, agent: Person, settings: Settings) -> None:
    ticket = make_ticket(town, status=Status.CLOSED_DONE, closed_at=now())
    add_message(ticket, agent, "Le premier.")
    add_message(ticket, agent, "L’ampoule est changée.")
    add_message(ticket, agent, "Jamais dehors.", visibility=Visibility.INTERNAL)
    add_message(ticket, ticket.requester, "Merci", side=Side.REQUESTER)
    mail.send_closed(ticket, by=agent)
    sent = only("closed")
    page = f"{settings.LINK_BASE}/suivi/{ticket.number}/?c={ticket.secret}"
    assert f"C’est réglé\u202f?\n\nDites-le avant le {_in_two_weeks(town)}" in sent.text
    for said in (sent.text, sent.html.replace("&amp;", "&")):
        assert f"{page}&regle=oui#regle" in said
        assert f"{page}&regle=non#regle" in said
    assert "L’ampoule est changée." in sent.text
    assert "Le premier." not in sent.text
    assert "Jamais dehors." not in all_of(sent)


def _in_two_weeks(town: Town) -> str:
    day = queries.today_in(town) + timedelta(days=14)
    with translation.override("fr"):
        return letters.told(day, town)


def test_a_refusal_says_why(town: Town, agent: Person) -> None:
    ticket = make_ticket(
        town, status=Status.CLOSED_REFUSED, closed_at=now(), refusal_reason="C’est au ministère.\nMerci."
    )
    mail.send_closed(ticket, by=agent)
    sent = only("refused")
    assert "est refusée" in sent.subject
    assert "Voici pourquoi\u00a0:\n\nTravaux publics\n\n    C’est au ministère.\n    Merci.\n" in sent.text
    assert "C’est réglé" not in sent.text


def test_a_towns_own_words_stand_before_the_common_ones_in_the_readers_language(town: Town) -> None:
    desk = queries.desk_settings(town)
    desk.mail_texts = {"receipt": {"fr": "Fermé le 24.\n\nBonnes fêtes <3", "en": "Closed on the 24th."}}
    desk.save()
    for language in ("fr", "en"):
        ticket = make_ticket(town, language=language)
        mail.send_receipt(ticket)
        mail.send_started(ticket)
    french, _started, english, also = mails()
    assert "Bonjour,\n\nFermé le 24.\n\nBonnes fêtes <3\n\nLe service" in french.text
    assert "Bonnes fêtes &lt;3" in french.html
    assert "Closed on the 24th." in english.text
    assert "Fermé" not in english.text
    assert "Closed" not in also.text


def test_each_reads_their_language_and_the_towns_own_way_of_writing_it(town: Town) -> None:
    Category.objects.filter(pk=make_category(town).pk).update(name_en="Lighting")
    canada = factories.make_town("saint-ailleurs", country=Country.CANADA, time_zone="America/Toronto")
    for where in (town, canada):
        mail.send_receipt(make_ticket(where, language="en", due_on=date(2099, 11, 27)))
    here, there = mails()
    assert "Friday 27 November 2099" in here.text
    assert "Lighting" in here.text
    assert "Friday, November 27, 2099" in there.text
    assert '<html lang="en">' in here.html


def test_days_are_those_of_the_towns_clock(town: Town) -> None:
    town.time_zone = "America/Toronto"
    town.save()
    with standing_at(now().replace(year=2026, month=11, day=26, hour=2)):  # still the 25th there
        mail.send_closed(make_ticket(town, status=Status.CLOSED_DONE, closed_at=now()))
    assert "avant le mercredi 9\u00a0décembre" in only().text


def test_the_mails_of_a_ticket_stand_together_and_end_with_its_number(
    town: Town, agent: Person, settings: Settings
) -> None:
    settings.INBOUND_DOMAIN = "saint-test.example"
    ticket, other = make_ticket(town), make_ticket(town)
    mail.send_receipt(ticket)
    mail.send_assigned(ticket)
    mail.send_receipt(other)
    *both, third = mails()
    root = f"<ticket.{ticket.number}@saint-test.example>"
    assert {(one.headers["References"], one.headers["In-Reply-To"]) for one in both} == {(root, root)}
    assert all(one.subject.endswith(f" [#{ticket.number}]") for one in both)
    assert len({one.headers["Message-ID"] for one in both}) == 2
    assert both[0].headers["Auto-Submitted"] == "auto-generated"
    assert third.headers["References"] != root


def test_what_is_said_in_a_transaction_that_fails_never_leaves(town: Town, agent: Person) -> None:
    ticket = make_ticket(town)
    with transaction.atomic():
        mail.send_follow_up(ticket, add_message(ticket, agent))
        transaction.set_rollback(True)
    assert (Delivery.objects.count(), Message.objects.count()) == (0, 0)
