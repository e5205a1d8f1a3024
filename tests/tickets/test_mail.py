"""Every mail about a ticket: to whom, in which language, what it says, and what it never says."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import translation
from pytest_django import Settings

from hub.conversations.models import Message, Side, Via, Visibility
from hub.core.clock import now, standing_at
from hub.core.ids import new_secret
from hub.deliveries.models import Channel, Delivery
from hub.files.actions import store_file
from hub.people.models import Person, Role
from hub.tickets import mail, queries
from hub.tickets.models import Category, Follower, Priority, Status, Ticket, TicketFile, TicketKind, Watcher
from hub.towns.models import Country, Grammar, Town
from tests import factories
from tests.tickets.making import add_message, make_category, make_service, make_staff, make_ticket

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]


@pytest.fixture
def agent(town: Town) -> Person:
    return make_staff(
        town, make_service(town), email="agente@saint-test.example", first_name="Maude", last_name="Lavoie"
    )


def _mails(cause: str = "", to: str = "") -> list[Delivery]:
    found = Delivery.objects.filter(channel=Channel.EMAIL).order_by("pk")
    found = found.filter(dispatch__cause=f"ticket_{cause}") if cause else found
    return list(found.filter(address=to) if to else found)


def _only(cause: str = "") -> Delivery:
    (one,) = _mails(cause)
    return one


def _said(delivery: Delivery) -> str:
    """All that leaves, headers too."""
    return "\n".join([delivery.subject, delivery.text, delivery.html, str(delivery.headers)])


def _follower(ticket: Ticket, email: str = "", *, person: Person | None = None, **fields: Any) -> Follower:
    values = {"email": email, "person": person, "secret": new_secret(), "confirmed_at": now(), **fields}
    return Follower.objects.create(ticket=ticket, **values)


def _public(town: Town, **fields: Any) -> Ticket:
    return make_ticket(town, public=True, title="Fuite chez Alice Moreau", last_name="Moreau", **fields)


# The receipt.


def test_the_receipt_says_number_link_who_is_accountable_and_the_date_promised(
    town: Town, mayor: Person, settings: Settings
) -> None:
    town.mayor_grammar, town.country = Grammar.FEMININE, Country.CANADA
    town.save()
    ticket = make_ticket(town, due_on=date(2099, 11, 27), email="alice@ailleurs.example")
    mail.send_receipt(ticket)
    sent = _only("receipt")
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
    assert "responsable" not in _mails()[-1].text
    factories.make_mayor(town, first_name="Paul", last_name="Durand")
    mail.send_receipt(make_ticket(town))
    assert "Le maire, Paul Durand, en est responsable." in _mails()[-1].text
    desk = queries.desk_settings(town)
    desk.accountable = "Jeanne Roy, directrice"
    desk.save()
    mail.send_receipt(make_ticket(town))
    assert "Jeanne Roy, directrice en est responsable." in _mails()[-1].text


def test_a_strangers_words_never_leave_with_the_receipt(town: Town, citizen: Person) -> None:
    """Anybody may type anyone's address; who has proven it is greeted, and told their title."""
    words = {"title": "ACHETEZ", "description": "ACHETEZ ici", "address": "ACHETEZ", "first_name": "ACHETEZ"}
    mail.send_receipt(make_ticket(town, **words))
    mail.send_receipt(make_ticket(town, requester=citizen, **{**words, "email": "victime@ailleurs.example"}))
    assert [one for one in _mails() if "ACHETEZ" in _said(one)] == []
    mail.send_receipt(make_ticket(town, requester=citizen, title="Banc cassé"))
    assert "Bonjour Alice," in _mails()[-1].text
    assert "Banc cassé" in _mails()[-1].text


@pytest.mark.parametrize(
    ("kind", "subject"),
    [(TicketKind.COMPLAINT, "Votre plainte est"), (TicketKind.PERMIT, "Votre demande de permis est")],
)
def test_the_receipt_names_what_was_asked(town: Town, kind: str, subject: str) -> None:
    mail.send_receipt(make_ticket(town, kind=kind))
    assert _only().subject.startswith(subject)


def test_what_the_call_centre_has_still_is_said_to_be_on_its_way(town: Town) -> None:
    mail.send_receipt(make_ticket(town, status=Status.NOT_TRANSFERRED))
    assert "Le centre d’appels la transmet au service «\u00a0Travaux publics\u00a0»." in _only().text


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


# By SMS.


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
    phone = {"email": "", "phone": "+14185550110", "due_on": queries.today_in(town).replace(day=1, month=12)}
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


# What follows.


def test_a_follow_up_goes_to_who_wants_them_with_the_names_of_its_files(
    town: Town, agent: Person, settings: Settings
) -> None:
    ticket = make_ticket(town)
    message = add_message(ticket, agent, "Bonjour,\n\nC’est <réparé> & payé.", system={"service": "Travaux publics"})
    for name, sent in (("devis.txt", True), ("interne.txt", False)):
        file = store_file(owner=agent, name=name, content=b"rien")
        TicketFile.objects.create(ticket=ticket, file=file, message=message, by_town=True, sent=sent)
    mail.send_follow_up(ticket, message)
    sent_mail = _only("follow_up")
    assert (sent_mail.address, sent_mail.subject) == (
        ticket.email, f"La mairie vous répond : « Lampadaire éteint » [#{ticket.number}]",
    )  # fmt: skip
    assert "Maude Lavoie · Travaux publics\n\n    Bonjour,\n    \n    C’est <réparé> & payé.\n" in sent_mail.text
    assert "Bonjour,<br><br>C’est &lt;réparé&gt; &amp; payé." in sent_mail.html
    assert "devis.txt" in sent_mail.text
    assert "interne.txt" not in sent_mail.text
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
    _follower(ticket, person=maude)
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
    started, reopened = _mails()
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
    sent = _only("closed")
    page = f"{settings.LINK_BASE}/suivi/{ticket.number}/?c={ticket.secret}"
    assert f"C’est réglé\u202f?\n\nDites-le avant le {_in_two_weeks(town)}" in sent.text
    for said in (sent.text, sent.html.replace("&amp;", "&")):
        assert f"{page}&regle=oui#regle" in said
        assert f"{page}&regle=non#regle" in said
    assert "L’ampoule est changée." in sent.text
    assert "Le premier." not in sent.text
    assert "Jamais dehors." not in _said(sent)


def _in_two_weeks(town: Town) -> str:
    day = queries.today_in(town) + timedelta(days=14)
    with translation.override("fr"):
        return mail.letters.told(day, town)


def test_a_refusal_says_why(town: Town, agent: Person) -> None:
    ticket = make_ticket(
        town, status=Status.CLOSED_REFUSED, closed_at=now(), refusal_reason="C’est au ministère.\nMerci."
    )
    mail.send_closed(ticket, by=agent)
    sent = _only("refused")
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
    french, _started, english, also = _mails()
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
    here, there = _mails()
    assert "Friday 27 November 2099" in here.text
    assert "Lighting" in here.text
    assert "Friday, November 27, 2099" in there.text
    assert '<html lang="en">' in here.html


def test_days_are_those_of_the_towns_clock(town: Town) -> None:
    town.time_zone = "America/Toronto"
    town.save()
    with standing_at(now().replace(year=2026, month=11, day=26, hour=2)):  # still the 25th there
        mail.send_closed(make_ticket(town, status=Status.CLOSED_DONE, closed_at=now()))
    assert "avant le mercredi 9\u00a0décembre" in _only().text


# Threads.


def test_the_mails_of_a_ticket_stand_together_and_end_with_its_number(
    town: Town, agent: Person, settings: Settings
) -> None:
    settings.INBOUND_DOMAIN = "saint-test.example"
    ticket, other = make_ticket(town), make_ticket(town)
    mail.send_receipt(ticket)
    mail.send_assigned(ticket)
    mail.send_receipt(other)
    *both, third = _mails()
    root = f"<ticket.{ticket.number}@saint-test.example>"
    assert {(one.headers["References"], one.headers["In-Reply-To"]) for one in both} == {(root, root)}
    assert all(one.subject.endswith(f" [#{ticket.number}]") for one in both)
    assert len({one.headers["Message-ID"] for one in both}) == 2
    assert both[0].headers["Auto-Submitted"] == "auto-generated"
    assert third.headers["References"] != root


def test_the_number_ends_even_the_longest_subject(town: Town) -> None:
    category = make_category(town, "C" * 80)
    ticket = _public(town, category=category, address="a" * 200)
    _follower(ticket, "voisine@ailleurs.example")
    mail.send_follow_up(ticket, add_message(ticket, None))
    subject = _mails(to="voisine@ailleurs.example")[0].subject
    assert subject.endswith(f"a… [#{ticket.number}]")
    assert len(subject) == 200


# To the service.


def test_a_service_is_told_of_what_is_confided_to_it_and_not_whose_it_is(
    town: Town, mayor: Person, settings: Settings
) -> None:
    ticket = make_ticket(
        town, first_name="Zoé", last_name="Secrète", email="zoe@ailleurs.example", phone="+33612345678",
        priority=Priority.URGENT, due_on=date(2099, 11, 27), language="en",
    )  # fmt: skip
    mail.send_assigned(ticket, by=mayor)
    sent = _only("assigned")
    assert (sent.address, sent.person) == ("travaux-publics@saint-test.example", None)
    assert sent.subject == f"Urgent. Nouvelle requête : « Lampadaire éteint » [#{ticket.number}]"
    desk = f"{settings.LINK_BASE}/mairie/{town.slug}/requetes/{ticket.number}/"
    for words in (
        desk,
        ticket.description,
        "12, rue du Four",
        "Priorité\u00a0: Urgent",
        "vendredi 27\u00a0novembre 2099",
    ):
        assert words in sent.text
    for hidden in ("Zoé", "Secrète", "zoe@", "612345678", ticket.secret):
        assert hidden not in _said(sent)


def test_a_service_without_an_address_is_told_by_its_members_and_without_members_by_the_town_hall(town: Town) -> None:
    town.email = "mairie@saint-test.example"
    town.save()
    service = make_service(town, "Loisirs", email="")
    mail.send_assigned(make_ticket(town, service=service))
    first = make_staff(town, service, email="un@saint-test.example")
    make_staff(town, service, email="two@saint-test.example", language="en")
    gone = make_staff(town, service, email="parti@saint-test.example")
    Person.objects.filter(pk=gone.pk).update(is_active=False)
    unproven = make_staff(town, service, email="de-qui@saint-test.example", self_registered=True)
    unproven.emailaddress_set.all().delete()  # type: ignore[attr-defined]
    make_staff(town, make_service(town), email="autre@saint-test.example")
    mail.send_assigned(make_ticket(town, service=service))
    mail.send_assigned(make_ticket(town, service=service), by=first)
    mail.send_assigned(make_ticket(town, service=None))
    assert [one.address.split("@")[0] for one in _mails()] == ["mairie", "un", "two", "two"]
    assert '<html lang="en">' in _mails()[-1].html


def test_a_service_is_written_to_in_the_towns_first_language(town: Town) -> None:
    town.languages = ["en", "fr"]
    mail.send_assigned(make_ticket(town, service=make_service(town, email="roads@saint-test.example")))
    assert '<html lang="en">' in _only().html


def test_internal_words_go_to_service_assignee_and_watchers_who_may_still_read_them(
    town: Town, agent: Person, mayor: Person
) -> None:
    service, elsewhere = make_service(town), make_service(town, "Loisirs")
    ticket = make_ticket(town, assignee=make_staff(town, service, email="assignee@saint-test.example"), public=False)
    left = factories.make_person("partie@saint-test.example", town=town)  # no longer of the town hall
    moved = make_staff(town, elsewhere, email="ailleurs@saint-test.example")
    watching = make_staff(town, service, email="veille@saint-test.example")
    for person in (left, moved, watching, agent):
        Watcher.objects.create(ticket=ticket, person=person)
    _follower(ticket, "voisine@ailleurs.example")
    mail.send_internal(ticket, add_message(ticket, agent, "La nacelle est en panne.", visibility=Visibility.INTERNAL))
    assert sorted(one.address.split("@")[0] for one in _mails()) == ["assignee", "travaux-publics", "veille"]
    for one in _mails("internal"):
        assert "La nacelle est en panne." in one.text
        assert "Le demandeur ne voit pas ce suivi." in one.text
    assert agent.name in _mails()[0].text


def test_each_address_is_written_to_once(town: Town, mayor: Person) -> None:
    service = make_service(town, email="Maude@saint-test.example")
    maude = make_staff(town, service, email="maude@saint-test.example")
    ticket = make_ticket(town, service=service, assignee=maude)
    Watcher.objects.create(ticket=ticket, person=maude)
    mail.send_internal(ticket, add_message(ticket, mayor, visibility=Visibility.INTERNAL))
    assert [one.address for one in _mails()] == ["Maude@saint-test.example"]


def test_the_requesters_words_go_to_the_service_with_how_they_came(town: Town, agent: Person) -> None:
    ticket = make_ticket(town, assignee=agent)
    mail.send_answered(ticket, add_message(ticket, ticket.requester, "Merci\nà vous", side=Side.REQUESTER))
    noted = add_message(ticket, agent, "Elle rappelle.", side=Side.REQUESTER, via=Via.PHONE)
    mail.send_answered(ticket, noted)
    service, assignee, by_phone = _mails("answered")
    assert (service.address, assignee.address) == ("travaux-publics@saint-test.example", agent.email)
    assert "Alice Moreau\n\n    Merci\n    à vous\n" in service.text
    assert "Noté par" not in service.text
    assert by_phone.address == service.address
    assert "Reçu par\u00a0: Téléphone. Noté par Maude Lavoie." in by_phone.text


def test_what_the_call_centre_has_still_is_not_the_services_to_answer(town: Town, agent: Person) -> None:
    ticket = make_ticket(town, status=Status.NOT_TRANSFERRED)
    operator = factories.make_person("standard@operateur.example", town=town, roles=[Role.OPERATOR])
    Watcher.objects.create(ticket=ticket, person=operator)
    mail.send_answered(ticket, add_message(ticket, ticket.requester, side=Side.REQUESTER))
    assert [one.address for one in _mails()] == [operator.email]


def test_words_never_leave_by_the_wrong_door(town: Town, agent: Person) -> None:
    """Were an action to mix them up: internal words are no follow-up, a requester's neither, a task has no answers."""
    ticket = _public(town)
    _follower(ticket, "voisine@ailleurs.example")
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


# Those who follow a public ticket.


def _private_to_followers(ticket: Ticket) -> tuple[str, ...]:
    return (ticket.secret, ticket.title, ticket.description, ticket.email, ticket.first_name, ticket.last_name)


def test_followers_get_what_the_town_says_and_never_whose_ticket_it_is(
    town: Town, agent: Person, settings: Settings
) -> None:
    ticket = _public(town)
    by_address = _follower(ticket, "voisine@ailleurs.example", language="en")
    neighbour = factories.make_person("voisin@citoyen.example", town=town)
    with_account = _follower(ticket, person=neighbour)
    add_message(ticket, ticket.requester, "Mes mots à moi", side=Side.REQUESTER)
    mail.send_follow_up(ticket, add_message(ticket, agent, "Nous passons jeudi."))
    Ticket.objects.filter(pk=ticket.pk).update(status=Status.CLOSED_DONE, closed_at=now())
    ticket.refresh_from_db()
    mail.send_closed(ticket, by=agent)
    theirs = [one for one in _mails() if one.address != ticket.email]
    assert [one.address for one in theirs] == ["voisine@ailleurs.example", "voisin@citoyen.example"] * 2
    assert [one.person for one in theirs[:2]] == [None, neighbour]
    assert "Nous passons jeudi." in theirs[0].text
    assert ['lang="en"' in one.html for one in theirs] == [True, False, True, False]
    for one, follower in zip(theirs, [by_address, with_account] * 2, strict=True):
        leave = f"{settings.LINK_BASE}/suivi/abonnement/{follower.secret}/"
        assert one.headers["List-Unsubscribe"] == f"<{leave}>"
        assert leave in one.text
        assert f'href="{leave}"' in one.html
        assert f"{settings.LINK_BASE}/suivi/{ticket.number}/\n" in one.text
        for hidden in (*_private_to_followers(ticket), "Mes mots à moi", "réglé"):
            assert hidden not in _said(one)


def test_followers_learn_why_it_is_refused(town: Town, agent: Person) -> None:
    ticket = _public(town, status=Status.CLOSED_REFUSED, closed_at=now(), refusal_reason="Terrain privé.")
    _follower(ticket, "voisine@ailleurs.example")
    mail.send_closed(ticket, by=agent)
    (theirs,) = _mails(to="voisine@ailleurs.example")
    assert theirs.subject == f"Demande refusée : Éclairage, 12, rue du Four [#{ticket.number}]"
    assert "Terrain privé." in theirs.text


@pytest.mark.parametrize("closed_off", [{"public": False}, {"merged": True}, {"status": Status.NOT_TRANSFERRED}])
def test_followers_hear_nothing_of_what_is_no_longer_public(
    town: Town, agent: Person, closed_off: dict[str, Any]
) -> None:
    ticket = _public(town, wants_follow_ups=False)
    _follower(ticket, "voisine@ailleurs.example")
    for name, value in closed_off.items():
        setattr(ticket, name, value)
    mail.send_follow_up(ticket, add_message(ticket, agent))
    assert not Delivery.objects.exists()


def test_only_confirmed_followers_are_written_to_each_once_and_the_requester_as_such(
    town: Town, agent: Person, citizen: Person
) -> None:
    ticket = _public(town, requester=citizen)
    _follower(ticket, person=citizen)
    _follower(ticket, "pas@confirme.example", confirmed_at=None)
    neighbour = factories.make_person("voisin@citoyen.example", town=town)
    _follower(ticket, person=neighbour)
    _follower(ticket, "Voisin@citoyen.example")
    _follower(ticket, citizen.email.upper())
    closed = factories.make_person("ferme@citoyen.example", town=town, is_active=False)
    _follower(ticket, person=closed)
    mail.send_follow_up(ticket, add_message(ticket, agent))
    assert sorted(one.address for one in _mails()) == [citizen.email, "voisin@citoyen.example"]
    assert f"c={ticket.secret}" in _mails(to=citizen.email)[0].text


def test_an_address_is_asked_before_it_follows_and_told_nothing_that_a_stranger_typed(
    town: Town, settings: Settings
) -> None:
    ticket = _public(town)
    follower = _follower(ticket, "voisine@ailleurs.example", confirmed_at=None)
    mail.send_confirmation(follower)
    sent = _only("confirmation")
    assert sent.address == "voisine@ailleurs.example"
    assert f"{settings.LINK_BASE}/suivi/abonnement/{follower.secret}/" in sent.text
    for hidden in (*_private_to_followers(ticket), ticket.address):
        assert hidden not in _said(sent)


def test_what_is_said_in_a_transaction_that_fails_never_leaves(town: Town, agent: Person) -> None:
    ticket = make_ticket(town)
    with transaction.atomic():
        mail.send_follow_up(ticket, add_message(ticket, agent))
        transaction.set_rollback(True)
    assert (Delivery.objects.count(), Message.objects.count()) == (0, 0)
